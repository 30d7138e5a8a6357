"""(f) How time grows with n, d and K."""

import math
from dataclasses import replace

from markdown import table, three
from measure import iterations
from problems import Problem, count
from workers import OURS

TITLE = "Growth in n, d and K"

BASE = Problem(100_000, 16, 8)
SMALL_BASE = Problem(4_000, 8, 4)
FACTORS = [1, 2, 4, 8]
NAMES = {"n": "n", "d": "d", "k": "K"}


def run(settings):
    base = SMALL_BASE if settings.quick else BASE
    rows = []
    for structure in ["VVV", "VVI"]:
        for letter in NAMES:
            sizes = [getattr(base, letter) * factor for factor in FACTORS]
            problems = [replace(base, **{letter: size}) for size in sizes]
            times = [iterations(settings, p, structure, 2, [OURS])["ours"].median for p in problems]
            label = "{}…{}".format(count(sizes[0]), count(sizes[-1]))
            rows.append([structure, f"{NAMES[letter]} = {label}", *(three(1e3 * t) for t in times),
                         f"{slope(sizes, times):.2f}"])  # fmt: skip
    return [
        f"Ours, two threads, from (n, d, K) = {base.label}, one of them doubled three times; milliseconds per iteration. The slope is "
        "that of the logarithms: 1 is proportional, and 2 is the limit in d for full covariances.",
        "",
    ] + table(["structure", "grows", *(f"×{factor}:" for factor in FACTORS), "slope:"], rows)


def slope(sizes, times):
    """Of the line of least squares through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(time) for time in times]
    centre = sum(x) / len(x)
    return sum((a - centre) * b for a, b in zip(x, y)) / sum((a - centre) ** 2 for a in x)
