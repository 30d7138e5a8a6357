"""The programs that are compared, as processes that read the points once and then answer commands.

A worker is started with STRUCTURE DATA.npy START, ours possibly with weights, labels or holes at the end, and says its version. Then, a line for a line:

    iterate N             N iterations of EM from the start: seconds, logLikelihood (of the result); with "dense" at
                          the end, ours leaves out nothing
    converge TOL LIMIT    until the gain per point is below TOL: the same, and iterations; with "plain" at the
                          end, ours makes no accelerated steps
    predict               the component of each point under the last fit: seconds, counts (of points by component)
    fit STARTS            ours: a whole fit with so many k-means starts: seconds, logLikelihood

Seconds are those of the library's call alone: reading and scoring are outside.
"""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass

import tools

# With these set, OpenBLAS may use a slower kernel than the machine has.
HANDICAPS = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}


def environment(threads):
    plain = {name: value for name, value in os.environ.items() if name not in HANDICAPS}
    return plain | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}


@dataclass(frozen=True)
class Peer:
    """One of the programs."""

    name: str
    command: tuple
    structures: tuple = ("VVV", "VVI", "EEE", "VII")
    largest: float = float("inf")  # n·K·d² beyond which it is left out
    widest: float = float("inf")  # d beyond which it is left out with full covariances
    threads: int = 1024  # at most
    own_threads: int = None  # where it is not as many as the others have
    kernel: str = None  # the instruction set, where it is not the widest
    iterate: str = "iterate {}"
    variant: tuple = ()  # ours: what is known of single points

    def takes(self, problem, structure, threads):
        work = problem.n * problem.k * problem.d**2
        is_wide = structure == "VVV" and problem.d > self.widest
        return structure in self.structures and work <= self.largest and not is_wide and threads <= self.threads


OURS = Peer("ours", (tools.OUR_WORKER,))
OURS_DENSE = Peer("ours, nothing left out", (tools.OUR_WORKER,), iterate="iterate {} dense")
OURS_ALONE = Peer("ours, one thread", (tools.OUR_WORKER,), own_threads=1)
OURS_AVX2 = Peer("ours, AVX2", (tools.OUR_WORKER,), kernel="avx2")
OURS_SSE2 = Peer("ours, SSE2", (tools.OUR_WORKER,), kernel="baseline")
SKLEARN = Peer("scikit-learn", (tools.PYTHON, tools.PEERS / "sklearn_worker.py"))
# At d = 128 an iteration of gmm_full takes half a minute and more.
ARMADILLO = Peer("Armadillo", (tools.ARMADILLO_WORKER,), structures=("VVV", "VVI"), widest=64)
MCLUST = Peer(
    "mclust", ("Rscript", "--vanilla", tools.PEERS / "mclust_worker.R"), largest=2e9, threads=1
)
PEERS = [OURS, SKLEARN, ARMADILLO, MCLUST]


class Worker:
    """A program at work on one problem; `with` ends it."""

    def __init__(self, peer, problem, structure, threads):
        self.peer = peer
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            [str(word) for word in (*peer.command, structure, problem.data, problem.start, *peer.variant)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            env=environment(peer.own_threads or threads) | ({"MIXTURES_KERNEL": peer.kernel} if peer.kernel else {}),
        )  # fmt: skip
        self.peak_memory = None
        self.version = self.answer()["version"]

    def iterate(self, count):
        return self.ask(self.peer.iterate.format(count))

    def ask(self, *words):
        try:
            print(*words, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # the missing answer says more
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            raise tools.Failure(f"{self.peer.name} ended early:\n{self.errors.read()[-2000:]}")
        return json.loads(line)

    def close(self):
        """Ends it, and notes the most memory that it held; in bytes."""
        if self.process.returncode is not None:
            return
        self.process.stdin.close()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.stdout.close()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_memory = usage.ru_maxrss * 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
