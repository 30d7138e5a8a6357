"""(b) Time from the same start to the same log-likelihood."""

import contextlib

from markdown import seconds, table, times
from measure import Sample, alternating
from problems import Problem
from workers import ARMADILLO, OURS, SKLEARN, Worker

TITLE = "Time to the same log-likelihood"

TOLERANCE = 1e-8  # gain per point
LIMIT = 5000
PROBLEMS = [
    Problem(100_000, 1, 2, distance=2.5),
    Problem(100_000, 2, 3, distance=2.5),
    Problem(100_000, 5, 4, distance=2.5),
    Problem(100_000, 10, 5, distance=2.5),
]
FEWER = 3  # times fewer iterations than plain EM


def run(settings):
    problems = [Problem(5_000, 2, 2, distance=3)] if settings.quick else PROBLEMS
    return [
        f"Overlapping components (means 2.5 standard deviations apart), VVV, two threads, until an iteration gains less than {TOLERANCE:g} per point. "
        "Armadillo has no such rule: it makes as many iterations as plain EM needs. ℓ is the final log-likelihood per point, as its "
        "difference from that of plain EM; a program that ends lower by more than 10⁻⁸ has not done the work, and its row is void.",
        "",
    ] + table(
        ["n, d, K", "program", "iterations:", "seconds:", "ours is faster:", "Δℓ per point:", "note"],
        [row for problem in problems for row in rows(settings, problem)],
    )


def rows(settings, problem):
    found = {}
    with contextlib.ExitStack() as stack:
        ours, sklearn, armadillo = (
            stack.enter_context(Worker(peer, problem, "VVV", 2)) for peer in [OURS, SKLEARN, ARMADILLO]
        )
        plain = ours.ask("converge", TOLERANCE, LIMIT, "plain")["iterations"]

        def timed(name, worker, *command):
            def run():
                reply = worker.ask(*command)
                found[name] = Sample([], reply["logLikelihood"], reply["iterations"])
                return reply["seconds"]

            return run

        work = {
            "ours": timed("ours", ours, "converge", TOLERANCE, LIMIT),
            "ours, plain EM": timed("ours, plain EM", ours, "converge", TOLERANCE, LIMIT, "plain"),
            "scikit-learn": timed("scikit-learn", sklearn, "converge", TOLERANCE, LIMIT),
            "Armadillo": timed("Armadillo", armadillo, "iterate", plain),
        }
        for name, values in alternating(settings, work).items():
            found[name].seconds = values
    print(f"  {problem.label}: " + ", ".join(
        f"{name} {sample.iterations} iterations, {sample.median:.4g} s" for name, sample in found.items()), flush=True)
    return [row(problem, name, found) for name in work]


def row(problem, name, found):
    sample, ours, plain = found[name], found["ours"], found["ours, plain EM"]
    behind = (sample.log_likelihood - plain.log_likelihood) / problem.n
    notes = []
    if name == "ours":
        fewer = plain.iterations / sample.iterations
        notes.append(f"{times(fewer)} fewer iterations than plain EM (target {FEWER}× {'✓' if fewer >= FEWER else '✗'})")
    elif behind < -TOLERANCE:
        notes.append("ends lower")
    if (ours.log_likelihood - sample.log_likelihood) / problem.n < -TOLERANCE:
        notes.append("void: ours ends lower")
    is_void = any(note.startswith("void") for note in notes)
    return [
        problem.label, name, str(sample.iterations), seconds(sample),
        "" if name == "ours" or is_void else f"**{times(sample.median / ours.median)}**",
        f"{behind:+.1e}", "; ".join(notes),
    ]  # fmt: skip
