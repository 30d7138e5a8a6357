"""(d) The component of each point under a fitted model."""

import contextlib

from markdown import milliseconds, table, three, times
from measure import Sample, alternating
from workers import ARMADILLO, OURS, SKLEARN, Worker

TITLE = "Throughput of predict"
LARGEST_DIFFERENCE = 1e-5  # of the counts by component, as a share of the points: a point between two may go either way


def run(settings):
    rows = [row(settings, problem, structure) for problem in settings.grid
            for structure in settings.structures if structure in ("VVV", "VVI")]
    return [
        "The most probable component of each point after one iteration, in memory, two threads; Mpoints/s is millions of points a second. "
        "Where the counts of points by component differ, the comparison is void.",
        "",
    ] + table(
        ["n, d, K", "structure", "ours, ms:", "Mpoints/s:", "scikit-learn, ms:", "ratio:", "Armadillo, ms:", "ratio:"],
        rows,
    )  # fmt: skip


def row(settings, problem, structure):
    with contextlib.ExitStack() as stack:
        workers = {
            peer.name: stack.enter_context(Worker(peer, problem, structure, 2))
            for peer in [OURS, SKLEARN, ARMADILLO] if peer.takes(problem, structure, 2)
        }
        for worker in workers.values():
            worker.ask("iterate", 1)
        counts = {name: worker.ask("predict")["counts"] for name, worker in workers.items()}
        work = {name: lambda worker=worker: worker.ask("predict")["seconds"] for name, worker in workers.items()}
        samples = {name: Sample(seconds) for name, seconds in alternating(settings, work).items()}
    ours = samples["ours"]
    print(f"  {problem.label} {structure}: " + ", ".join(f"{n} {1e3 * s.median:.4g} ms" for n, s in samples.items()), flush=True)
    cells = [problem.label, structure, milliseconds(ours), three(problem.n / ours.median / 1e6)]
    for name in ["scikit-learn", "Armadillo"]:
        if name not in samples:
            cells += ["–", ""]
            continue
        moved = sum(abs(a - b) for a, b in zip(counts[name], counts["ours"])) / problem.n
        ratio = f"**{times(samples[name].median / ours.median)}**" if moved <= LARGEST_DIFFERENCE else f"void: {moved:.1e} differ"
        cells += [milliseconds(samples[name]), ratio]
    return cells
