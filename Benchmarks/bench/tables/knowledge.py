"""(j) What weights, labels and missing cells cost beside the plain fit."""

from dataclasses import replace

from markdown import against, milliseconds, table, times
from measure import iterations
from problems import Problem
from workers import OURS

TITLE = "Weights, labels, missing cells"

PROBLEM = Problem(1_000_000, 10, 10)
SMALL_PROBLEM = Problem(20_000, 5, 3)

# What is different, its name, and the target: how many times the plain iteration.
VARIANTS = [
    ("weights", "weights between ½ and 1½", 1.05),
    ("labels", "every tenth point labelled", 1.05),
    ("holes", "every tenth cell missing", 4),
]


def run(settings):
    problem = SMALL_PROBLEM if settings.quick else PROBLEM
    rows = []
    for structure in [name for name in settings.structures if name in ("VVV", "VVI")]:
        peers = [OURS] + [replace(OURS, name=name, variant=(name,)) for name, _, _ in VARIANTS]
        samples = iterations(settings, problem, structure, 2, peers)
        plain = samples[OURS.name]
        for name, label, target in VARIANTS:
            ratio = samples[name].median / plain.median
            rows.append([structure, label, milliseconds(plain), milliseconds(samples[name]), times(ratio),
                         against(target, ratio <= target, "×")])  # fmt: skip
    return [
        f"Ours, two threads, {problem.label}: an iteration with what is known or not known of single points, as a multiple of the plain one.",
        "",
    ] + table(["structure", "what", "plain, ms:", "with it, ms:", "cost:", "at most:"], rows)
