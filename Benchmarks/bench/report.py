"""Benchmarks/RESULTS.md: one section per table, each with what it was measured on."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

import tools
from workers import ARMADILLO, MCLUST, SKLEARN, Worker
from problems import Problem

PATH = tools.ROOT / "Benchmarks" / "RESULTS.md"

INTRODUCTION = """\
# Benchmark

Written by `script/bench`: our engine and the libraries that people use today, on the same data, in the same minute.

- Points are drawn from K overlapping components (`Benchmarks/peers/make_data.py`). All start from the same means, unit covariances
  and equal weights, and make the same number of iterations; where the log-likelihood then differs by more than 10⁻⁹
  relative, the comparison is void and says so.
- Programs take turns. A number is the median of the rounds, with the smallest and the largest in parentheses; a ratio is that of
  medians, and above one we are faster. Within a round they are run one after the other until each has had 0.3 s; where one takes more than
  4 s there are two rounds.
- VVV, VVI, EEE, VII are scikit-learn's full, diag, tied, spherical; Armadillo has `gmm_full` and `gmm_diag`. mclust has one thread.
- OpenBLAS chooses its kernel: `OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE` are not set.
- ✓ and ✗ stand beside a target that we set ourselves, for two threads.
"""


def section(letter, title, lines, rounds):
    """A table with its heading."""
    return "\n".join([f"## ({letter}) {title}", "", f"{provenance()} Rounds: {rounds}.", "", *lines, ""])


def page(sections):
    return "\n".join([INTRODUCTION, machine(), ""] + [sections[letter] for letter in sorted(sections)])


def write(sections):
    """Puts the sections in the place of those that the page has, and leaves the others."""
    kept = {}
    if PATH.exists():
        for part in re.split(r"^(?=## \()", PATH.read_text(), flags=re.MULTILINE)[1:]:
            kept[part[4]] = part.rstrip("\n") + "\n"
    PATH.write_text(page(kept | sections))
    print(f"Wrote {PATH.relative_to(Path.cwd()) if PATH.is_relative_to(Path.cwd()) else PATH}")


def provenance():
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    commit = said("git", "rev-parse", "--short", "HEAD")
    # Not counting this very page.
    others = ["--", ".", ":!Benchmarks/RESULTS.md"]
    changed = ", with changes" if said("git", "status", "--porcelain", "--untracked-files=no", *others) else ""
    kernel = os.environ.get("MIXTURES_KERNEL")
    return (f"Measured {now} at commit {commit}{changed} on {processor()}; load average {os.getloadavg()[0]:.1f}"
            + (f"; MIXTURES_KERNEL={kernel}" if kernel else "") + ".")


def machine():
    """What the page was measured on, and the versions."""
    small = Problem(1000, 2, 2)
    versions = []
    for peer in [SKLEARN, ARMADILLO, MCLUST]:
        with Worker(peer, small, "VVV", 1) as worker:
            versions.append(worker.version)
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return "\n".join([
        "| | |",
        "| --- | --- |",
        f"| processor | {processor()}, {os.cpu_count()} cores |",
        f"| memory | {gigabytes:.0f} GiB |",
        f"| system | {platform.system()} {platform.release()}, {system()} |",
        f"| Swift | {first_line('swift', '--version')} |",
        f"| C++ | {first_line('g++', '--version')}, -O3 -march=native -fopenmp |",
        f"| peers | {'; '.join(versions)}; pandas {pandas()} |",
    ])


def pandas():
    return re.search(r"pandas==(\S+)", (tools.PEERS / "requirements.txt").read_text()).group(1)


def processor():
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine()
    text = info.read_text()
    name = re.search(r"model name\s*: (.*)", text)
    flags = re.search(r"flags\s*: (.*)", text)
    widest = next((f for f in ["avx512f", "avx2", "sse2"] if flags and f in flags.group(1).split()), "")
    return f"{name.group(1) if name else platform.machine()} ({widest})"


def system():
    release = Path("/etc/os-release")
    found = re.search(r'PRETTY_NAME="(.*)"', release.read_text()) if release.exists() else None
    return found.group(1) if found else platform.version()


def first_line(*line):
    return said(*line).split("\n")[0]


def said(*line):
    done = subprocess.run(line, cwd=tools.ROOT, capture_output=True, text=True)
    return done.stdout.strip()
