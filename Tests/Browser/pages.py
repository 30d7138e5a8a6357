"""The pages that are looked at, as `mixture` makes them, with what else it says of the same data."""

import csv
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "Tests" / "ReferenceData" / "data"
MISSING = PROJECT / "Tests" / "ReferenceData" / "missing"


@dataclass
class Page:
    """A page in a file, with the document that the same command prints."""

    name: str
    path: Path
    document: dict = field(default_factory=dict)
    model: Path | None = None
    data: Path | None = None
    has_film: bool = False


class Maker:
    """Runs `mixture`, and keeps what it writes in a folder."""

    def __init__(self, mixture: str, folder: Path):
        self.mixture = mixture
        self.folder = folder

    def run(self, *arguments) -> str:
        done = subprocess.run(
            [self.mixture, *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"mixture {arguments[0]} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def report(self, name: str, command: str, data: Path, *options) -> Page:
        path, model = self.folder / f"{name}.html", self.folder / f"{name}.json"
        printed = self.run(command, data, *options, "--json", "-o", model, "--report", path)
        return Page(
            name, path, json.loads(printed), model, data, has_film=command == "fit" and name != "single")

    def responsibilities(self, page: Page) -> list[list[float]]:
        """What `predict` says of every row."""
        lines = self.run("predict", page.model, page.data, "--responsibilities").splitlines()
        rows = list(csv.DictReader(lines))
        names = [name for name in rows[0] if name[0] == "r" and name[1:].isdigit()]
        # In pages the background, r0, comes last.
        names.sort(key=lambda name: (name == "r0", int(name[1:])))
        return [[float(row[name]) for name in names] for row in rows]

    def hostile(self) -> Path:
        """A table whose names are made to break out of HTML, SVG and scripts."""
        path = self.folder / "a \"<b>'&.csv"
        header = ["<script>alert(1)</script>", "</title></svg>\"'&", "</script><img src=x onerror=alert(1)>"]
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for row in range(40):
                kind = ["</script><script>alert(2)</script>", "<b>&amp;"][row % 2]
                writer.writerow([row % 7 + 9 * (row % 2), row % 5 - 4 * (row % 2), kind])
        return path

    def all(self) -> list[Page]:
        hostile = self.hostile()
        class_column = "</script><img src=x onerror=alert(1)>"
        return [
            self.report("faithful", "fit", DATA / "faithful.csv", "-k", "1...4", "--structure", "VVV,VVE,EEE,VII"),
            self.report("one", "fit", DATA / "acidity.csv", "-k", "1...3"),
            self.report("single", "fit", DATA / "faithful.csv", "-k", "1", "--structure", "VVV"),
            self.report("iris", "fit", DATA / "iris.csv", "-k", "2...3", "--truth", "class"),
            self.report("line", "fit", DATA / "galaxies.csv", "-k", "6", "--structure", "E"),
            self.report("ring", "fit", DATA / "wreath.csv", "-k", "9", "--structure", "VVV"),
            self.report("labels", "fit", DATA / "iris.csv", "-k", "3", "--structure", "VVV", "--labels", "class"),
            self.report("missing", "fit", MISSING / "iris_missing10.csv", "-k", "2", "--structure", "VVV",
                        "--exclude", "class"),
            self.report("background", "fit", DATA / "faithful_noise.csv", "-k", "2", "--structure", "VVV", "--background",
                        "--truth", "class"),
            self.report("cross-validation", "fit", DATA / "galaxies.csv", "-k", "1...4", "--criterion", "cv"),
            self.report("hostile", "fit", hostile, "-k", "2", "--structure", "VVI", "--truth", class_column,
                        "--floor", "1e-6"),
            self.report("classifier", "train", DATA / "iris.csv", "--class", "class"),
            self.report("hostile-classifier", "train", hostile, "--class", class_column,
                        "--structure", "EII", "--folds", "4"),
        ]
