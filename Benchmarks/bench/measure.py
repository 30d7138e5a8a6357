"""Medians of alternating runs."""

import contextlib
import math
import time
from dataclasses import dataclass, field
from statistics import median

from tools import Failure
from workers import PEERS, Worker

ENOUGH = 0.3  # seconds that a quick program is run in each round, to even out what disturbs it
MOST_REPEATS = 20
MOST_STEPS = 100  # of a program whose iterations are so quick that a few drown in noise
SLOW = 1  # second: one step of such a program is enough
ATTEMPTS = 5  # at a difference of two times, which a disturbed machine can make negative
LARGEST_DIFFERENCE = 1e-9  # of log-likelihoods, relative: beyond, a comparison is void


@dataclass
class Sample:
    """What one program took, in seconds, and the log-likelihood it reached."""

    seconds: list = field(default_factory=list)
    log_likelihood: float = math.nan
    iterations: int = 0

    @property
    def median(self):
        return median(self.seconds)

    def differs_from(self, other):
        """By how much the log-likelihoods differ, relatively, if that is too much."""
        difference = abs(self.log_likelihood / other.log_likelihood - 1)
        return None if difference <= LARGEST_DIFFERENCE else difference


def alternating(settings, work):
    """Runs the entries of `work`, functions by name, in turn: their seconds, one per round."""
    seconds = {name: [] for name in work}
    slowest = max(run() for run in work.values())  # warms up
    rounds = settings.rounds if slowest < 4 else min(settings.rounds, 2)
    for index in range(rounds):
        names = list(work) if index % 2 == 0 else list(reversed(work))
        for name, found in in_turn(work, names).items():
            seconds[name].append(median(found))
    return seconds


def in_turn(work, names):
    """What `names` of `work` return, each run once after the other until each has had its time."""
    found = {name: [] for name in names}
    spent = dict.fromkeys(names, 0)
    while hungry := [name for name in names if spent[name] < ENOUGH and len(found[name]) < MOST_REPEATS]:
        for name in hungry:
            begin = time.perf_counter()
            found[name].append(work[name]())
            spent[name] += time.perf_counter() - begin
    return found


def iterations(settings, problem, structure, threads, peers=PEERS, beside={}):
    """Seconds per iteration of each program that takes the problem, by its name; and of what runs beside them.

    What is not iteration, such as checks before and a last E-step after, is taken out: a time is the
    difference of a run with more iterations and one with a single iteration, divided. The log-likelihoods that are compared
    are those after the same number of iterations. `beside` has functions by name, which take their turns with the programs and
    return seconds.
    """
    samples = {name: Sample() for name in beside}
    with contextlib.ExitStack() as stack:
        workers = {
            peer.name: stack.enter_context(Worker(peer, problem, structure, threads))
            for peer in peers
            if peer.takes(problem, structure, threads)
        }
        steps = dict.fromkeys(workers, settings.steps)

        def timed(name):
            def run():
                seconds, all = difference(workers[name], steps[name])
                if name not in samples:
                    samples[name] = Sample([], all["logLikelihood"], all["iterations"])
                    wanted = int(ENOUGH / max(seconds, ENOUGH / MOST_STEPS))
                    steps[name] = 1 if seconds > SLOW else max(settings.steps, wanted)
                return seconds

            return run

        seconds = alternating(settings, {name: timed(name) for name in workers} | beside)
    for name, sample in samples.items():
        sample.seconds = seconds[name]
    print(f"  {problem.label} {structure}, threads {threads}: "
          + ", ".join(f"{name} {1e3 * samples[name].median:.4g} ms" for name in workers), flush=True)
    return samples


def difference(worker, steps):
    """Seconds per iteration, and what the longer run answered."""
    for _ in range(ATTEMPTS):
        first = worker.iterate(1)
        all = worker.iterate(1 + steps)
        seconds = (all["seconds"] - first["seconds"]) / steps
        if seconds > 0:
            return seconds, all
    raise Failure(f"{worker.peer.name}: {steps} iterations took no time, {ATTEMPTS} times. Is something else running?")
