"""(k) The whole search: how many components, which structure."""

import json
import subprocess

import tools
from markdown import against, seconds, table, times
from measure import Sample, alternating
from tables.process import timed
from workers import environment

TITLE = "The whole search, 1 to 9 components, all structures"

# Data sets that R has, and by how much we want to be faster with all our starts.
SETS = [("faithful", 2), ("iris", 2), ("diabetes", 2), ("gvhd", 5)]
ONE_START_TARGET = 10


def run(settings):
    rows = [row(settings, name, target) for name, target in (SETS[:1] if settings.quick else SETS)]
    return [
        "`mixture fit data.csv`, two threads, from the start of the process to its end, with all its starts and with one per cell "
        "(`--init hierarchical`), against `Mclust(X)` once R and the data are there. BIC: smaller is better.",
        "",
    ] + table(
        ["data", "mclust, s:", "ours, s:", "ratio:", "target:", "one start, s:", "ratio:", "target:", "mclust's BIC:", "ours:", "one start:"],
        rows,
    )  # fmt: skip


def row(settings, name, target):
    data = tools.BUILD / "data" / f"{name}.csv"
    model = tools.BUILD / "model.json"
    mclust = Searcher(name, data)
    command = [tools.COMMAND, "fit", data, "--threads", "2", "--json"]
    found = {}

    def ours(label, *options):
        took = timed([*command, *options], model)
        found[label] = json.loads(model.read_text())["bic"]
        return took

    work = {
        "mclust": mclust.search,
        "all": lambda: ours("all"),
        "one": lambda: ours("one", "--init", "hierarchical"),
    }
    samples = {label: Sample(values) for label, values in alternating(settings, work).items()}
    mclust.close()
    ratios = {label: samples["mclust"].median / samples[label].median for label in ("all", "one")}
    print(f"  {name}: mclust {samples['mclust'].median:.3g} s, ours {samples['all'].median:.3g} and {samples['one'].median:.3g} s", flush=True)
    return [
        name, seconds(samples["mclust"]),
        seconds(samples["all"]), f"**{times(ratios['all'])}**", against(target, ratios["all"] >= target, "×"),
        seconds(samples["one"]), f"**{times(ratios['one'])}**", against(ONE_START_TARGET, ratios["one"] >= ONE_START_TARGET, "×"),
        *(f"{value:.2f}" for value in (mclust.bic, found["all"], found["one"])),
    ]  # fmt: skip


class Searcher:
    """R with mclust, which writes the data to a file and then searches as often as it is asked to."""

    def __init__(self, name, data):
        data.parent.mkdir(parents=True, exist_ok=True)
        self.bic = None
        self.process = subprocess.Popen(
            ["Rscript", "--vanilla", str(tools.PEERS / "mclust_search.R"), name, str(data)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment(1),
        )  # fmt: skip
        self.answer()

    def search(self):
        print("search", file=self.process.stdin, flush=True)
        found = self.answer()
        self.bic = found["bic"]
        return found["seconds"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise tools.Failure("R ended early: see that `Rscript Benchmarks/peers/mclust_search.R faithful /tmp/faithful.csv` works")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
