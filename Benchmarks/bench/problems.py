"""What is measured: sizes, structures, and the files that hold the points."""

import subprocess
from dataclasses import dataclass, field

import tools


@dataclass(frozen=True)
class Problem:
    """n points in d dimensions from K components, and a start near the truth."""

    n: int
    d: int
    k: int
    distance: float = 3  # root mean square, between two means; the standard deviations are about 1
    seed: int = 1
    precision: str = "float64"  # of the file

    def __str__(self):
        return f"{self.n}x{self.d}x{self.k}"

    @property
    def label(self):
        return f"({count(self.n)}, {self.d}, {self.k})"

    @property
    def bytes(self):
        return (8 if self.precision == "float64" else 4) * self.n * self.d

    @property
    def path(self):
        name = f"{self}-{self.distance:g}-{self.seed}"
        return tools.BUILD / "data" / (name if self.precision == "float64" else f"{name}-{self.precision}")

    def make(self, csv=False):
        """Writes the files unless they are there, and says where."""
        path = self.path
        missing = not path.with_name(path.name + ".start.json").exists()
        if missing or (csv and not path.with_name(path.name + ".csv").exists()):
            path.parent.mkdir(parents=True, exist_ok=True)
            words = [self.n, self.d, self.k, self.distance, self.seed, path, self.precision]
            subprocess.run(
                [tools.PYTHON, tools.PEERS / "make_data.py", *map(str, words)]
                + (["--csv"] if csv else []),
                check=True,
            )
        return path

    @property
    def data(self):
        return f"{self.make()}.npy"

    @property
    def csv(self):
        return f"{self.make(csv=True)}.csv"

    @property
    def start(self):
        """Without its suffix: `.npy` has the means, `.json` the model."""
        return f"{self.make()}.start"


Problem.GRID = [
    Problem(1_000_000, 2, 3),
    Problem(1_000_000, 10, 10),
    Problem(200_000, 64, 32),
    Problem(100_000, 128, 16),
]
Problem.SMALL_GRID = [Problem(20_000, 2, 3), Problem(4_000, 16, 4)]


@dataclass
class Settings:
    """How much is measured."""

    quick: bool
    rounds: int
    sizes: list = field(default=None)
    only_structures: list = field(default=None)

    STRUCTURES = ["VVV", "VVI", "EEE", "VII"]
    ENOUGH_ROUNDS = 5  # for the page

    @property
    def is_partial(self):
        return bool(self.quick or self.sizes or self.only_structures or self.rounds < self.ENOUGH_ROUNDS)

    @property
    def grid(self):
        grid = Problem.SMALL_GRID if self.quick else Problem.GRID
        return [problem for problem in grid if not self.sizes or str(problem) in self.sizes]

    @property
    def structures(self):
        chosen = self.only_structures
        return [name for name in self.STRUCTURES if not chosen or name in chosen]

    @property
    def steps(self):
        """How many iterations are timed at once."""
        return 3


def count(n):
    """As in 200k or 10⁶."""
    digits = str(n)
    if n >= 1_000_000 and set(digits[1:]) == {"0"}:
        power = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(len(digits) - 1))
        return f"10{power}" if digits[0] == "1" else f"{digits[0]}·10{power}"
    return f"{n // 1000}k" if n % 1000 == 0 else digits
