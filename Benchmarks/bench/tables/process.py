"""(c) The whole process: a CSV file in, a model file out."""

import json
import subprocess
import time

import tools
from markdown import against, seconds, table, times
from measure import LARGEST_DIFFERENCE, Sample, alternating
from problems import Problem
from workers import environment

TITLE = "Whole process, CSV in, model out"
TARGET = 10  # times faster

PROBLEM = Problem(1_000_000, 10, 10)
SMALL_PROBLEM = Problem(20_000, 5, 3)


def run(settings):
    problem = SMALL_PROBLEM if settings.quick else PROBLEM
    k = str(problem.k)
    cases = [
        ("same start, 10 iterations",
         ["--start", problem.start + ".json", "--iterations", "10"],
         {"start": problem.start + ".npy", "max_iter": 10, "tol": 0, "reg_covar": 0}, True),
        ("one k-means start each, gain per point below 10⁻³",
         ["-k", k, "--restarts", "1", "--tolerance", "1e-3"],
         {"max_iter": 1000, "tol": 1e-3, "random_state": 1}, False),
        ("each as it comes",
         ["-k", k],
         {"random_state": 1}, False),
    ]  # fmt: skip
    return [
        f"`mixture fit` against Python with pandas.read_csv and scikit-learn: {problem.label}, {size(problem)} MB of text, VVV, two threads, from the "
        "start of the process to its end. As they come, scikit-learn stops where an iteration gains less than 10⁻³ per point, ours at 10⁻⁸, and "
        "starts differ: ℓ per point says what was reached; Python's is taken in a process of its own.",
        "",
    ] + table(
        ["what", "ours, s:", "Python, s:", "ratio:", "target:", "iterations:", "Python's:", "ℓ per point:", "Python's:"],
        [row(settings, problem, *case) for case in cases],
    )


def size(problem):
    with open(problem.csv, "rb") as file:
        return f"{file.seek(0, 2) / 1e6:.0f}"


def row(settings, problem, what, our_options, options, is_exact):
    model = tools.BUILD / "model.json"
    their_model = tools.BUILD / "sklearn-model.pickle"
    ours = [tools.COMMAND, "fit", problem.csv, "--structure", "VVV", "--threads", "2", "--json", *our_options]
    python = [tools.PYTHON, tools.PEERS / "sklearn_process.py", problem.csv, their_model]
    theirs = [*python, json.dumps({"n_components": problem.k} | options)]
    work = {"ours": lambda: timed(ours, model), "theirs": lambda: timed(theirs)}
    samples = {name: Sample(values) for name, values in alternating(settings, work).items()}
    print(f"  {what}: ours {samples['ours'].median:.3g} s, Python {samples['theirs'].median:.3g} s", flush=True)
    found = json.loads(model.read_text())
    score = tools.BUILD / "score.json"
    timed([*python, "score"], score)
    their = json.loads(score.read_text())
    ratio = samples["theirs"].median / samples["ours"].median
    difference = abs(found["logLikelihood"] / their["logLikelihood"] - 1)
    if is_exact and difference > LARGEST_DIFFERENCE:
        verdict = [f"void: ℓ differs by {difference:.1e}", ""]
    else:
        verdict = [f"**{times(ratio)}**", against(TARGET, ratio >= TARGET, "×")]
    return [
        what, seconds(samples["ours"]), seconds(samples["theirs"]), *verdict,
        str(found["iterations"]), str(their["iterations"]),
        *(f"{document['logLikelihood'] / problem.n:.6f}" for document in (found, their)),
    ]  # fmt: skip


def timed(line, output=None):
    """Seconds of a process from start to end; what it prints goes to `output`."""
    begin = time.perf_counter()
    with open(output or "/dev/null", "w") as file:
        done = subprocess.run([str(word) for word in line], env=environment(2), stdout=file, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise tools.Failure(f"{line[0]} ended with status {done.returncode}:\n{done.stderr[-2000:]}")
    return time.perf_counter() - begin
