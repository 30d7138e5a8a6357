"""(e) Peak memory beside the points."""

import os
import subprocess

import tools
from markdown import against, table
from workers import ARMADILLO, SKLEARN, Worker, environment

TITLE = "Peak memory beside the data"
TARGET = 50  # MB, for ours


def run(settings):
    rows = []
    for problem in settings.grid:
        for structure in settings.structures:
            ours = beside(peak_of_command(problem, structure), problem)
            others = [
                f"{beside(peak_of(peer, problem, structure), problem):.0f}"
                if peer.takes(problem, structure, 2) else "–"
                for peer in [SKLEARN, ARMADILLO]
            ]  # fmt: skip
            print(f"  {problem.label} {structure}: ours {ours:.1f}, {others[0]}, {others[1]} MB", flush=True)
            rows.append([
                problem.label, structure, f"{problem.bytes / 1e6:.0f}", f"{ours:.1f}",
                against(TARGET, ours < TARGET, " MB"), *others,
            ])  # fmt: skip
    return [
        "The most memory that the process held (`ru_maxrss`), less the size of the points as float64; in MB, two threads. "
        "Ours is `mixture fit` from an NPY file to a model file. The others' interpreter and libraries count, as they do in use.",
        "",
    ] + table(["n, d, K", "structure", "points:", "ours:", "target:", "scikit-learn:", "Armadillo:"], rows)


def beside(peak, problem):
    return (peak - problem.bytes) / 1e6


def peak_of(peer, problem, structure):
    worker = Worker(peer, problem, structure, 2)
    worker.ask("iterate", 1)
    worker.close()
    return worker.peak_memory


def peak_of_command(problem, structure):
    line = [tools.COMMAND, "fit", problem.data, "--start", problem.start + ".json", "--structure", structure,
            "--iterations", "2", "--threads", "2", "-o", tools.BUILD / "model.json"]  # fmt: skip
    process = subprocess.Popen([str(word) for word in line], env=environment(2), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise tools.Failure(f"mixture fit ended with status {process.returncode}")
    return usage.ru_maxrss * 1024
