"""(h) Very many points, and very few."""

import os
import subprocess
import time

import tools
from markdown import against, milliseconds, seconds, table, three, times
from measure import Sample, alternating
from problems import Problem
from workers import OURS, Worker, environment

TITLE = "A file larger than is read at once, and small data"

LARGE = Problem(100_000_000, 10, 10, precision="float32")
IN_MEMORY = Problem(10_000_000, 10, 10, precision="float32")
SMALL = Problem(300, 2, 2)
STEPS = 2  # iterations that are timed of the large one
SLOWER = 1.3  # times, at most, per point
MEGABYTES = 200
MILLISECONDS = 1


def run(settings):
    return streaming(settings) + [""] + small(settings)


def streaming(settings):
    large = Problem(400_000, 10, 10, precision="float32") if settings.quick else LARGE
    inside = Problem(100_000, 10, 10, precision="float32") if settings.quick else IN_MEMORY
    steps = {large: STEPS, inside: STEPS * large.n // inside.n}
    options = {large: ["--stream"], inside: ["--no-stream"]}
    peaks = {}

    def timed(problem):
        def run():
            first = command(problem, 1, options[problem])[0]
            all, peaks[problem] = command(problem, 1 + steps[problem], options[problem])
            return (all - first) / steps[problem]

        return run

    found = alternating(settings, {problem: timed(problem) for problem in (inside, large)})
    samples = {problem: Sample(values) for problem, values in found.items()}
    each = {problem: sample.median / problem.n for problem, sample in samples.items()}
    ratio = each[large] / each[inside]
    print(f"  {large.label} {1e9 * each[large]:.3g} ns a point, {inside.label} {1e9 * each[inside]:.3g}", flush=True)
    peak = peaks[large] / 1e6
    rows = [
        [inside.label, f"{inside.bytes / 1e6:.0f} MB in memory", seconds(samples[inside]),
         three(1e9 * each[inside]), "", "", three(peaks[inside] / 1e6), ""],
        [large.label, f"{large.bytes / 1e6:.0f} MB from a file", seconds(samples[large]),
         three(1e9 * each[large]), times(ratio), against(SLOWER, ratio <= SLOWER, "×"),
         three(peak), against(MEGABYTES, peak < MEGABYTES, " MB")],
    ]  # fmt: skip
    return [
        "`mixture fit` of an NPY file of float32, VVV, two threads; the seconds of an iteration are the difference of two runs. A file that "
        "has just been written may lie in the system's cache: what a slow disk adds is not in here.",
        "",
    ] + table(["n, d, K", "points", "s per iteration:", "ns a point:", "ratio:", "target:", "peak memory, MB:", "target:"], rows)


def command(problem, iterations, options):
    """Seconds of a fit, and the most memory that it held."""
    line = [tools.COMMAND, "fit", problem.data, "--start", problem.start + ".json", "--structure", "VVV",
            "--iterations", iterations, "--threads", "2", "-o", tools.BUILD / "model.json", *options]  # fmt: skip
    begin = time.perf_counter()
    process = subprocess.Popen([str(word) for word in line], env=environment(2), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise tools.Failure(f"mixture fit ended with status {process.returncode}")
    return time.perf_counter() - begin, usage.ru_maxrss * 1024


def small(settings):
    rows = []
    for structure in settings.structures:
        with Worker(OURS, SMALL, structure, 2) as worker:
            found = alternating(settings, {
                count: lambda count=count: worker.ask("fit", count)["seconds"] for count in (1, 10)
            })  # fmt: skip
        one, ten = Sample(found[1]), Sample(found[10])
        rows.append([SMALL.label, structure, milliseconds(one),
                     against(MILLISECONDS, 1e3 * one.median < MILLISECONDS, " ms"), milliseconds(ten)])  # fmt: skip
    return [
        "A whole fit inside the process, two threads: checks, k-means, EM until an iteration gains less than 10⁻⁸ per point, the result; "
        "with one start, and with the ten that are made as it comes.",
        "",
    ] + table(["n, d, K", "structure", "one start, ms:", "target:", "ten starts, ms:"], rows)
