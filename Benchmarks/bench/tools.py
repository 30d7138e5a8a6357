"""What the benchmark needs: found, else installed, else asked for with the line to type."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "Benchmarks" / "peers"
BUILD = ROOT / ".build" / "bench"
PYTHON = BUILD / "venv" / "bin" / "python"
COMMAND = ROOT / ".build" / "release" / "mixture"
OUR_WORKER = BUILD / "swift" / "release" / "OurWorker"
ARMADILLO_WORKER = BUILD / "armadillo_worker"
PEAK = BUILD / "peak"
GEMM = BUILD / "gemm"

PACKAGES = ["g++", "libarmadillo-dev", "libopenblas-dev", "python3-venv", "r-base-core", "r-cran-mclust"]


class Failure(Exception):
    """Something that the person at the keyboard has to put right."""


def prepare():
    """Installs and builds everything; quick where that is done."""
    BUILD.mkdir(parents=True, exist_ok=True)
    if shutil.which("swift") is None:
        raise Failure("Swift is missing. Install Swift 6.3 from https://www.swift.org/install")
    install_packages()
    make_environment()
    native = ["-O3", "-march=native", "-Wall"]
    build("g++", *native, "-fopenmp", PEERS / "armadillo_worker.cpp", "-o", ARMADILLO_WORKER, "-larmadillo")
    build("gcc", *native, "-pthread", PEERS / "peak.c", "-o", PEAK)
    build("gcc", *native, PEERS / "gemm.c", "-o", GEMM, "-lopenblas")
    build("swift", "build", "-c", "release", "--product", "mixture")
    build("swift", "build", "-c", "release", "--package-path", "Benchmarks", "--scratch-path", BUILD / "swift")


def install_packages():
    missing = [name for name in PACKAGES if not is_installed(name)]
    if not missing:
        return
    line = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None:
        raise Failure(f"these are missing, under their Debian names: {' '.join(missing)}. Install them.")
    if os.geteuid() != 0:
        raise Failure(f"packages are missing. Type: sudo {' '.join(line)}")
    print(f"Installing: {' '.join(line)}", flush=True)
    subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL)
    build(*line)


def is_installed(package):
    """By what it brings, so that it may come from elsewhere than Debian."""
    match package:
        case "g++":
            return shutil.which("g++") is not None
        case "libarmadillo-dev":
            return compiles("#include <armadillo>\nint main() {}", "-larmadillo")
        case "libopenblas-dev":
            return compiles("int main() {}", "-lopenblas")
        case "python3-venv":
            return succeeds("python3", "-c", "import ensurepip")
        case "r-base-core":
            return shutil.which("Rscript") is not None
        case "r-cran-mclust":
            return shutil.which("Rscript") is not None and succeeds("Rscript", "-e", "stopifnot(requireNamespace('mclust'))")


def make_environment():
    """A Python of our own with the releases that `requirements.txt` names."""
    wanted = PEERS / "requirements.txt"
    made = BUILD / "venv" / "requirements.txt"
    if made.exists() and made.read_text() == wanted.read_text():
        return
    print(f"Installing into {BUILD / 'venv'}: {', '.join(wanted.read_text().split())}", flush=True)
    build("python3", "-m", "venv", BUILD / "venv")
    build(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted)
    made.write_text(wanted.read_text())


def compiles(source, *libraries):
    if shutil.which("g++") is None:
        return False
    line = ["g++", "-x", "c++", "-", "-o", BUILD / "probe", *libraries]
    return subprocess.run(line, input=source, text=True, capture_output=True).returncode == 0


def succeeds(*line):
    return subprocess.run(line, capture_output=True).returncode == 0


def build(*line):
    """Runs a command of the set-up; what it prints is shown if it fails."""
    line = [str(word) for word in line]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"`{' '.join(line)}` failed:\n{(done.stdout + done.stderr)[-4000:]}")
