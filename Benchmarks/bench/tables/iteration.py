"""(a) Time per iteration on the grid."""

from dataclasses import replace

from markdown import against, milliseconds, table, times
from measure import iterations
from workers import ARMADILLO, MCLUST, OURS, OURS_ALONE, PEERS, SKLEARN

TITLE = "Time per EM iteration"

# How many times faster than scikit-learn and Armadillo two threads should be.
TARGETS = {
    (1_000_000, 2, 3): ({"VVV": 150, "VVI": 100, "EEE": 120, "VII": 100}, {"VVV": 40, "VVI": 30}),
    (1_000_000, 10, 10): ({"VVV": 60, "VVI": 30, "EEE": 70, "VII": 40}, {"VVV": 20, "VVI": 12}),
    (200_000, 64, 32): ({"VVV": 15, "VVI": 12, "EEE": 50, "VII": 14}, {"VVV": 15, "VVI": 6}),
    (100_000, 128, 16): ({"VVV": 10, "VVI": 9, "EEE": 35, "VII": 9}, {}),
}
# With one thread Armadillo takes a minute an iteration where d ≥ 64.
ONE_THREAD = [OURS, SKLEARN, replace(ARMADILLO, widest=32), MCLUST]
SCALING = 1.9  # from one to two threads, where d ≥ 10


def run(settings):
    single, double = [], []
    for problem in settings.grid:
        for structure in settings.structures:
            one = iterations(settings, problem, structure, 1, ONE_THREAD)
            two = iterations(settings, problem, structure, 2, [*PEERS, OURS_ALONE])
            single.append([problem.label, structure, *compared(one, [SKLEARN, ARMADILLO, MCLUST])])
            double.append([
                problem.label, structure,
                *compared(two, [SKLEARN, ARMADILLO], targets(problem, structure)),
                scaling(two, problem),
            ])  # fmt: skip
    head = ["n, d, K", "structure", "ours, ms:"]
    lines = [
        "Nothing of ours is left out by an option; on these points, whose components overlap, nothing is left out by itself either: table (i).",
        "",
        "Two threads:",
        "",
    ] + table(
        head + ["scikit-learn, ms:", "ratio:", "target:", "Armadillo, ms:", "ratio:", "target:", "ours, one to two threads:"],
        double,
    )
    lines += ["", "One thread:", ""] + table(
        head + ["scikit-learn, ms:", "ratio:", "Armadillo, ms:", "ratio:", "mclust, ms:", "ratio:"],
        single,
    )
    return lines


def targets(problem, structure):
    sklearn, armadillo = TARGETS.get((problem.n, problem.d, problem.k), ({}, {}))
    return {"scikit-learn": sklearn.get(structure), "Armadillo": armadillo.get(structure)}


def compared(samples, peers, targets=None):
    """Our time, then each peer's with the ratio and, if asked for, the target."""
    ours = samples["ours"]
    cells = [milliseconds(ours)]
    for peer in peers:
        sample = samples.get(peer.name)
        width = 2 if targets is None else 3
        if sample is None:
            cells += ["–"] + [""] * (width - 1)
            continue
        difference = sample.differs_from(ours)
        if difference is not None:
            cells += [milliseconds(sample), f"void: ℓ differs by {difference:.1e}"] + [""] * (width - 2)
            continue
        ratio = sample.median / ours.median
        cells += [milliseconds(sample), f"**{times(ratio)}**"]
        if targets is not None:
            target = targets[peer.name]
            cells.append(against(target, target is not None and ratio >= target, "×"))
    return cells


def scaling(samples, problem):
    found = samples[OURS_ALONE.name].median / samples[OURS.name].median
    return times(found) + (f" {'✓' if found >= SCALING else '✗'}" if problem.d >= 10 else "")
