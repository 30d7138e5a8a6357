"""Looks at every page in a real browser. Usage: check.py MIXTURE CHROMIUM

Prints a line for each check, and at the end "N passed, N failed".
"""

import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

import tour
from pages import Maker, Page

HERE = Path(__file__).resolve().parent
ACCESSIBILITY = (HERE / "accessibility.js").read_text(encoding="utf-8")
LOOKS = {"light": ("light", 1200), "dark": ("dark", 1200), "narrow": ("light", 390)}


class Checks:
    """Counts what passed and what failed."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    @contextmanager
    def check(self, name: str):
        """One check; it fails where its block raises."""
        try:
            yield
        except Exception as error:  # whatever it is, the next check is made
            self.failed += 1
            print(f"FAILED  {name}: {error}")
        else:
            self.passed += 1
            print(f"ok      {name}")


def expect(condition, message: str):
    if not condition:
        raise AssertionError(message)


def expect_close(found, expected, tolerance: float, what: str):
    expect(abs(found - expected) <= tolerance, f"{what}: found {found}, expected {expected}")


@contextmanager
def opened(browser, path: Path, **options):
    """The page in a window of its own. Fails on any message of the console, and on any request but for the page."""
    context = browser.new_context(**options)
    faults: list[str] = []
    tab = context.new_page()
    tab.on("console", lambda message: faults.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: faults.append(f"error: {error}"))
    tab.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    address = path.as_uri()
    tab.on("request", lambda request: None if request.url == address else faults.append(f"request: {request.url}"))
    tab.clock.install()
    try:
        tab.goto(address)
        yield tab
    finally:
        context.close()
    expect(not faults, "; ".join(faults))


def check_page(checks: Checks, browser, page: Page):
    """All that holds of any page."""
    with checks.check(f"{page.name}, silent"), opened(browser, page.path, reduced_motion="reduce") as tab:
        check_looks(checks, tab, page)
        with checks.check(f"{page.name}, numbers"):
            check_numbers(tab, page)
        if page.has_film:
            with checks.check(f"{page.name}, film"):
                check_film(tab, page)


def check_looks(checks: Checks, tab, page: Page):
    for name, (scheme, width) in LOOKS.items():
        with checks.check(f"{page.name}, {name}"):
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            check_accessible(tab)


def check_tour(checks: Checks, browser, maker: Maker):
    page = tour.made(maker)
    with checks.check("tour, silent"), opened(browser, page.path, reduced_motion="reduce") as tab:
        check_looks(checks, tab, page)
        with checks.check("tour, film"):
            check_film(tab, page)
        tour.check_all(checks, tab, maker)
    with checks.check("tour, without scripts"), \
            opened(browser, page.path, java_script_enabled=False) as tab:
        tour.check_without_scripts(tab)


def check_accessible(tab):
    """Folded and unfolded."""
    for is_open in [False, True]:
        tab.eval_on_selector_all("details", f"all => all.forEach(one => {{ one.open = {str(is_open).lower()}; }})")
        faults = tab.evaluate(ACCESSIBILITY)
        expect(not faults, "; ".join(faults[:12]))


def shown_values(tab) -> dict[str, str]:
    return tab.eval_on_selector_all(
        "[data-value]", "all => Object.fromEntries(all.map(one => [one.dataset.value, one.textContent]))")


def expected_values(document: dict) -> dict[str, float]:
    """What the document says, by the names that pages use."""
    values = {key: value for key, value in document.items() if isinstance(value, (int, float))}
    for number, component in enumerate(document["model"]["components"], 1):
        if document["schema"].startswith("mixtures.fit"):
            values[f"weight {number}"] = component["weight"]
            for column, mean in enumerate(component["mean"], 1):
                values[f"mean {number} {column}"] = mean
    for number, kind in enumerate(document.get("classes", []), 1):
        values[f"prior {number}"] = kind["prior"]
    for part in ["training", "crossValidation"]:
        for key, value in (document.get(part) or {}).items():
            if isinstance(value, (int, float)):
                values[f"{part} {key}"] = value
    # Of the classes, the page shows what was held out where something was.
    verdict = document.get("crossValidation") or document.get("training") or {}
    for name, key in [("classErrorRate", "classErrorRates"), ("classBrierScore", "classBrierScores")]:
        for index, value in enumerate(verdict.get(key, [])):
            values[f"{name} {index + 1}"] = value
    return values


def check_numbers(tab, page: Page):
    """What is shown is what `--json` says, to the digits shown."""
    expected = expected_values(page.document)
    shown = shown_values(tab)
    expect({"logLikelihood", "bic", "parameterCount"} <= shown.keys(), f"only {sorted(shown)} are shown")
    for key, text in shown.items():
        plain = as_typed(text)
        expect_close(float(plain), expected[key], last_place(key, plain) * (0.5 + 1e-9), key)


def as_typed(text: str) -> str:
    """A number that is written for people, as programs write it: -1.5e-7 for −1.5·10⁻⁷."""
    digits, _, power = text.partition("\u00b710")
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return digits.replace("\u2212", "-") + (f"e{power.translate(powers)}" if power else "")


def last_place(key: str, text: str) -> float:
    """What the last digit of a number is worth."""
    digits, _, power = text.partition("e")
    place = 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
    # Means have five digits, of which zeros at the end are not written.
    return min(place, 1e-4 * abs(float(text))) if key.startswith("mean") and float(text) else place


def model_of(page: Page) -> dict:
    """The model as em.js takes it."""
    model = json.loads(page.model.read_text(encoding="utf-8"))
    return {
        "weights": [component["weight"] for component in model["components"]],
        "means": [component["mean"] for component in model["components"]],
        "covariances": [component["covariance"] for component in model["components"]],
        "background": model.get("background"),
    }


def check_responsibilities(checks: Checks, browser, page: Page, maker: Maker):
    """em.js says of the points of the film what `predict` says of the rows."""
    with checks.check(f"{page.name}, em.js"), opened(browser, page.path) as tab:
        found = tab.evaluate(
            """model => {
              const { points } = document.querySelector("[data-film]").film.film;
              return points.map((point) => mixtures.responsibilities(model, point));
            }""",
            model_of(page))
        expected = maker.responsibilities(page)
        expect(len(found) == len(expected), f"{len(found)} of {len(expected)} points")
        for row, (own, other) in enumerate(zip(found, expected)):
            expect(len(own) == len(other), f"{len(own)} of {len(other)} shares")
            for one, two in zip(own, other):
                expect_close(one, two, 1e-9, f"row {row + 1}")


def check_steps(checks: Checks, browser, page: Page, maker: Maker):
    """A step of em.js is an iteration of the library, for each of its structures."""
    for structure in ["VVV", "VII", "EII"]:
        with checks.check(f"{page.name}, a step of {structure}"), opened(browser, page.path) as tab:
            found = tab.evaluate(
                """([model, structure]) => {
                  const { points } = document.querySelector("[data-film]").film.film;
                  const step = mixtures.step(model, points, structure);
                  const rows = points.map((point) => mixtures.responsibilities(step.model, point));
                  return { ...step, after: mixtures.logLikelihood(step.model, points),
                           bound: mixtures.lowerBound(step.model, points, rows) };
                }""",
                [model_of(page), structure])
            document = json.loads(maker.run(
                "fit", page.data, "--start", page.model, "--structure", structure, "--iterations", "1", "--json"))
            before, after = document["trace"]
            expect_close(found["logLikelihood"], before, 1e-9 * abs(before), "before the step")
            expect_close(found["after"], after, 1e-9 * abs(after), "after the step")
            expect_close(found["bound"], after, 1e-9 * abs(after), "the lower bound")
            for number, component in enumerate(document["model"]["components"]):
                expect_close(found["model"]["weights"][number], component["weight"], 1e-9, "weight")
                for one, two in zip(found["model"]["means"][number], component["mean"]):
                    expect_close(one, two, 1e-9 * abs(two), "mean")


LABELS_OVER_POINTS = """() => {
  const svg = document.querySelector("[data-film] svg");
  const labels = [...svg.querySelectorAll("[data-weight] text")].map((one) => one.getBoundingClientRect());
  return [...svg.querySelectorAll("[data-points] circle")].map((one) => one.getBoundingClientRect()).filter((dot) => {
    const [x, y] = [dot.x + dot.width / 2, dot.y + dot.height / 2];
    return labels.some((label) => x > label.left && x < label.right && y > label.top && y < label.bottom);
  }).length;
}"""


LABELS_OVER_LABELS = """() => {
  const box = document.querySelector("[data-film]");
  const overlaps = box.film.film.frames.filter((_, index) => {
    box.film.show(index);
    const labels = [...box.querySelectorAll("[data-weight] text")].map((one) => one.getBoundingClientRect());
    return labels.some((a, i) => labels.some((b, j) =>
      i < j && a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom));
  });
  box.film.show(0);
  return overlaps.map((frame) => frame.iteration);
}"""


STRAY_LABELS = """() => {
  const box = document.querySelector("[data-film]");
  const { film, stage } = box.film;
  if (film.columns.length < 2) return [];
  const [i, j] = film.columns;
  const strays = [];
  film.frames.forEach((frame, index) => {
    box.film.show(index);
    const centres = frame.means.map((mean) => [stage.x.at(mean[i]), stage.y.at(mean[j])]);
    for (const label of box.querySelectorAll("[data-weight]")) {
      const k = Number(label.dataset.weight);
      const place = label.transform.baseVal[0].matrix;
      const x = place.e + (8.5 * label.textContent.length + 17) / 2;
      const distances = centres.map(([left, top]) => Math.hypot(left - x, top - place.f));
      if (distances[k] > Math.min(...distances) + 0.2) strays.push(`${k + 1} at iteration ${frame.iteration}`);
    }
  });
  box.film.show(0);
  return strays;
}"""


def check_film(tab, page: Page):
    """Slider, buttons and keyboard move the film; what it shows is right."""
    box = tab.locator("[data-film]").first
    slider, state = box.locator("input[type=range]"), box.locator("[data-state]")
    last = int(slider.get_attribute("max"))
    expect(last > 0, "there is but one frame")

    def picture() -> str:
        return box.locator("svg").inner_html()

    def expect_at(frame: int, what: str):
        expect(slider.input_value() == str(frame), f"{what}: at frame {slider.input_value()}, not {frame}")

    def expect_free_labels():
        if page.name == "faithful":
            covered = tab.evaluate(LABELS_OVER_POINTS)
            expect(covered == 0, f"labels of frame {slider.input_value()} lie over {covered} points")

    start = picture()
    expect_free_labels()
    expect("Iteration 0 of" in state.inner_text(), f"starts with {state.inner_text()}")
    slider.focus()
    tab.keyboard.press("ArrowRight")
    expect_at(1, "arrow")
    expect("Iteration 1 of" in state.inner_text(), f"goes on with {state.inner_text()}")
    expect(picture() != start, "the picture stays")
    tab.keyboard.press("End")
    expect_at(last, "End")
    expect_free_labels()
    tab.keyboard.press("Home")
    expect_at(0, "Home")
    expect(picture() == start, "the start is not what it was")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    expect_at(1, "step on by keyboard")
    box.get_by_role("button", name="Step back").click()
    expect_at(0, "step back")
    box.get_by_role("button", name="Step back").click()
    expect_at(0, "no further back")
    play = box.locator("[data-action=play]")
    play.click()
    expect(play.inner_text() == "Pause", "the button plays on")
    expect(state.get_attribute("aria-live") == "off", "every frame is read aloud")
    tab.clock.run_for(500 * (last + 2))
    expect_at(last, "play")
    expect(play.inner_text() == "Play", "the film does not end")
    expect(state.get_attribute("aria-live") == "polite", "the end is not read aloud")
    moving = tab.eval_on_selector_all(
        "svg *", "all => all.filter(one => getComputedStyle(one).transitionDuration !== '0s').length")
    expect(moving == 0, f"{moving} marks move although motion is not wanted")
    gap = tab.evaluate(
        """() => {
          const { film } = document.querySelector("[data-film]").film;
          return Math.max(...film.frames.map((frame) =>
            Math.abs(mixtures.logLikelihood(frame, film.points) / frame.logLikelihood - 1)));
        }""")
    if page.name in ("faithful", "one", "iris", "missing", "background"):
        expect(gap < 1e-9, f"log-likelihoods of frames are off by {gap}")


def check_labels(checks: Checks, browser, page: Page):
    """In every frame each label is nearest to its own component, so that nobody takes it for another's, and over no other."""
    with checks.check(f"{page.name}, labels"), opened(browser, page.path) as tab:
        strays = tab.evaluate(STRAY_LABELS)
        expect(not strays, f"labels of other components: {strays[:5]}")
        overlaps = tab.evaluate(LABELS_OVER_LABELS)
        expect(not overlaps, f"labels over labels at the iterations {overlaps[:5]}")


def check_without_scripts(checks: Checks, browser, page: Page):
    """A page without scripts hides what would do nothing."""
    with checks.check(f"{page.name}, without scripts"), opened(browser, page.path, java_script_enabled=False) as tab:
        expect(tab.locator("[data-controls]").count() == 1, "no controls")
        expect(not tab.locator("[data-controls]").is_visible(), "controls that do nothing are shown")
        expect(tab.locator("[data-film] svg").is_visible(), "no picture")


def check_print(checks: Checks, browser, page: Page):
    with checks.check(f"{page.name}, print"), opened(browser, page.path, color_scheme="dark") as tab:
        tab.emulate_media(media="print", color_scheme="dark")
        expect(tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "dark paper")
        expect(not tab.locator("[data-controls]").is_visible(), "controls are printed")
        faults = [fault for fault in tab.evaluate(ACCESSIBILITY) if fault.startswith("contrast")]
        expect(not faults, "; ".join(faults[:12]))
        expect(len(tab.pdf()) > 10_000, "an empty document")


def main(mixture: str, chromium: str) -> int:
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        maker = Maker(mixture, Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pages = maker.all()
        for page in pages:
            check_page(checks, browser, page)
        by_name = {page.name: page for page in pages}
        for name in ["faithful", "one", "iris", "missing", "background"]:
            check_responsibilities(checks, browser, by_name[name], maker)
        check_steps(checks, browser, by_name["faithful"], maker)
        check_steps(checks, browser, by_name["one"], maker)
        for name in ["faithful", "ring", "line"]:
            check_labels(checks, browser, by_name[name])
        check_without_scripts(checks, browser, by_name["faithful"])
        check_print(checks, browser, by_name["faithful"])
        check_tour(checks, browser, maker)
        browser.close()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
