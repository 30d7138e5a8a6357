"""(g) The share of what the processor can do at most."""

import json
import subprocess

import tools
from markdown import against, milliseconds, table, three
from measure import iterations
from problems import Problem
from workers import OURS, OURS_AVX2, OURS_SSE2, environment

TITLE = "Fraction of the measured peak"

# By structure: the smallest dimension and the share of the peak from there on, in percent.
GEMM_SIZE = 1500  # rows and columns of the product that is timed
TARGETS = {"VVV": [(64, 75), (32, 60), (10, 50)], "VVI": [(64, 55)]}


def run(settings):
    middle = Problem(100_000, 32, 16)
    grid = settings.grid + ([] if settings.is_partial else [middle])
    limits = {threads: measured_peak(threads) for threads in [1, 2]}
    rows = []
    for structure in [name for name in settings.structures if name in TARGETS]:
        for problem in sorted(grid, key=lambda problem: problem.d):
            for threads in [1, 2]:
                rows.append(row(settings, problem, structure, threads))
    bits = limits[1]["bits"]
    return [
        f"Peak: fused multiply-adds in {bits}-bit registers, as `Benchmarks/peers/peak.c` measures them in turn with each row and with as many threads "
        f"(at the beginning: {limits[1]['flops'] / 1e9:.0f} GF/s with one, {limits[2]['flops'] / 1e9:.0f} with two; memory is read at "
        f"{limits[1]['bytesPerSecond'] / 1e9:.0f} and {limits[2]['bytesPerSecond'] / 1e9:.0f} GB/s). DGEMM: a product of two matrices of "
        f"{GEMM_SIZE} × {GEMM_SIZE} by OpenBLAS, in turn with them too.",
        "",
        "Useful operations per iteration: full covariance 2nKd(d + 1), half of them for the triangular whitening of each point, half for the "
        "triangle of each scatter; diagonal 8nKd: difference 1, scaling 1, square and sum 2, weighting 1, sum 1, square and sum 2. "
        "Exponentials, logarithms and transpositions are not counted. Points are read once per iteration: GB/s is the rate of that.",
        "",
    ] + table(
        ["structure", "n, d, K", "threads:", "ours, ms:", "GF/s:", "of the peak:", "target:", "of DGEMM:", "GB/s:"], rows
    ) + [""] + instruction_sets(settings, grid)


def instruction_sets(settings, grid):
    """What narrower vectors reach of the speed of the widest."""
    rows = []
    for problem in sorted(grid, key=lambda problem: problem.d):
        for structure in [name for name in settings.structures if name in TARGETS]:
            found = iterations(settings, problem, structure, 2, [OURS, OURS_AVX2, OURS_SSE2])
            cells = [problem.label, structure, milliseconds(found[OURS.name])]
            for peer, target in [(OURS_AVX2, 50), (OURS_SSE2, 20)]:
                share = 100 * found[OURS.name].median / found[peer.name].median
                cells += [milliseconds(found[peer.name]), f"{share:.0f} %", against(target, share >= target, " %")]
            rows.append(cells)
    return [
        "Two threads: the widest vectors of this processor beside AVX2 and the baseline (`MIXTURES_KERNEL`), and the share of the speed that is left.",
        "",
    ] + table(
        ["n, d, K", "structure", "widest, ms:", "AVX2, ms:", "share:", "target:", "baseline, ms:", "share:", "target:"],
        rows,
    )


def measured_peak(threads):
    return measured([tools.PEAK, str(threads)], threads)


def measured(line, threads):
    done = subprocess.run([str(word) for word in line], capture_output=True, text=True, check=True, env=environment(threads))
    return json.loads(done.stdout)


def row(settings, problem, structure, threads):
    limits = {
        "peak": lambda: 1 / measured_peak(threads)["flops"],
        "DGEMM": lambda: 1 / measured([tools.GEMM, GEMM_SIZE], threads)["flops"],
    }
    found = iterations(settings, problem, structure, threads, [OURS], beside=limits)
    sample = found[OURS.name]
    rate = operations(problem, structure) / sample.median
    share = 100 * rate * found["peak"].median
    target = next((share for d, share in TARGETS[structure] if problem.d >= d), None)
    return [
        structure, problem.label, str(threads), milliseconds(sample), three(rate / 1e9), f"{share:.0f} %",
        against(target, target is not None and share >= target, " %"),
        f"{100 * rate * found['DGEMM'].median:.0f} %",
        three(problem.bytes / sample.median / 1e9),
    ]  # fmt: skip


def operations(problem, structure):
    each = 2 * (problem.d + 1) if structure == "VVV" else 8
    return problem.n * problem.k * problem.d * each
