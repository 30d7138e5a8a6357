"""(i) What is left out of sums, where components overlap and where they don't."""

from dataclasses import replace

from markdown import against, milliseconds, table, times
from measure import iterations
from workers import OURS, OURS_DENSE

TITLE = "Leaving out what cannot matter"


def run(settings):
    rows = []
    for problem in settings.grid:
        if problem.d < 64 and not settings.quick:
            continue
        for structure in [name for name in settings.structures if name in ("VVV", "VVI")]:
            apart = replace(problem, distance=4.2 * problem.d**0.5)
            near, far = (iterations(settings, p, structure, 2, [OURS, OURS_DENSE]) for p in (problem, apart))
            rows.append([problem.label, structure, *gain(near, 0.97), *gain(far, 2)])
    return [
        "Ours, two threads: with `--no-skipping` against as it comes, where responsibilities that round to nothing are left out. "
        "Components overlap (means 3 standard deviations apart) or are well separated (3 along each coordinate).",
        "",
    ] + table(
        ["n, d, K", "structure", "overlapping, all, ms:", "as it comes, ms:", "ratio:", "target:",
         "separated, all, ms:", "as it comes, ms:", "ratio:", "target:"],
        rows,
    )  # fmt: skip


def gain(samples, target):
    dense, skipping = samples[OURS_DENSE.name], samples[OURS.name]
    ratio = dense.median / skipping.median
    if dense.differs_from(skipping):
        return [milliseconds(dense), milliseconds(skipping), "void: ℓ differs", ""]
    return [milliseconds(dense), milliseconds(skipping), times(ratio), against(target, ratio >= target, "×")]
