"""script/bench: our engine beside scikit-learn, Armadillo and mclust, on the same data in the same minute.

Installs what it needs, measures, and writes Benchmarks/RESULTS.md. Nothing here is needed to build
or test the library.
"""

import argparse
import sys

import report
import tools
from problems import Problem, Settings
from tables import convergence, extremes, growth, iteration, knowledge, memory, peak, predict, process, search, skipping

TABLES = {
    "a": iteration,
    "b": convergence,
    "c": process,
    "d": predict,
    "e": memory,
    "f": growth,
    "g": peak,
    "h": extremes,
    "i": skipping,
    "j": knowledge,
    "k": search,
}


def parse(arguments):
    lines = [f"  {letter}  {table.TITLE}" for letter, table in TABLES.items()]
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=__doc__,
        epilog="tables:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="a,c", help="measure only these tables; the others stay in RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that all works; prints, and leaves RESULTS.md as it is")
    parser.add_argument("--size", metavar="NxDxK", action="append", help="of the grid, only this size; prints, and leaves RESULTS.md as it is")
    parser.add_argument("--structure", metavar="VVV", action="append", help="of the grid, only this structure; as --size")
    parser.add_argument("--rounds", type=int, default=None, metavar="5", help="how often each is run, alternating (default: 5; quick: 2); with fewer than 5, prints, and leaves RESULTS.md as it is")
    options = parser.parse_args(arguments)
    letters = options.only.split(",") if options.only else list(TABLES)
    for letter in letters:
        if letter not in TABLES:
            parser.error(f"--only: unknown table {letter!r}. Known: {', '.join(TABLES)}.")
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"--rounds: expected at least 1, found {options.rounds}.")
    return options, letters


def main():
    options, letters = parse(sys.argv[1:])
    rounds = options.rounds or (2 if options.quick else Settings.ENOUGH_ROUNDS)
    settings = Settings(options.quick, rounds, options.size, options.structure)
    if not settings.grid or not settings.structures:
        sys.exit(f"Nothing of the grid is left. Sizes: {', '.join(str(p) for p in Problem.GRID)}; "
                 f"structures: {', '.join(Settings.STRUCTURES)}.")
    tools.prepare()
    sections = {}
    for letter in letters:
        table = TABLES[letter]
        print(f"({letter}) {table.TITLE}", flush=True)
        sections[letter] = report.section(letter, table.TITLE, table.run(settings), rounds)
        if not settings.is_partial:
            report.write({letter: sections[letter]})
    if settings.is_partial:
        print("\n" + report.page(sections))


try:
    main()
except tools.Failure as failure:
    sys.exit(f"script/bench: {failure}")
except KeyboardInterrupt:
    sys.exit(130)
