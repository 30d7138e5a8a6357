"""What the tour promises beyond what every page does: its EM is the library's, and its controls work."""

import csv
import json
from pathlib import Path

from pages import Maker, Page


def expect(condition, message: str):
    if not condition:
        raise AssertionError(message)


def expect_close(found, expected, tolerance: float, what: str):
    expect(abs(found - expected) <= tolerance, f"{what}: found {found}, expected {expected}")


def made(maker: Maker) -> Page:
    """The page in a file."""
    path = maker.folder / "tour.html"
    maker.run("tour", "-o", path)
    return Page("tour", path, has_film=True)


def check_em(tab):
    """From the first frame of each film, em.js comes to every later frame, which the library has computed."""
    gaps = tab.evaluate(
        """() => [...document.querySelectorAll("[data-lab]")].map((box) => {
          const { film } = box.querySelector("[data-film]").film;
          const { structure } = box.lab.data;
          let model = film.frames[0];
          let gap = 0;
          for (const frame of film.frames) {
            const step = mixtures.step(model, film.points, structure);
            const pairs = [[step.logLikelihood, frame.logLikelihood]];
            model.weights.forEach((weight, k) => {
              pairs.push([weight, frame.weights[k]]);
              model.means[k].forEach((mean, i) => {
                pairs.push([mean, frame.means[k][i]]);
                model.covariances[k][i].forEach((c, j) => pairs.push([c, frame.covariances[k][i][j]]));
              });
            });
            for (const [own, other] of pairs) gap = Math.max(gap, Math.abs(own - other) / Math.max(1, Math.abs(other)));
            model = step.model;
          }
          return { frames: film.frames.length, gap };
        })""")
    expect(len(gaps) == 2, f"{len(gaps)} films with a start to move")
    for one in gaps:
        expect(one["frames"] > 5 and one["gap"] < 1e-9, f"frames are off by {one['gap']}")


def check_shares(tab):
    """The table beside the first film tells the responsibilities of the frame that is shown, as the table of the text does."""
    tab.locator("[data-controls] input[type=range]").first.focus()
    tab.keyboard.press("Home")
    text = tab.eval_on_selector_all("[data-value^='r-']", "all => all.map((one) => one.textContent)")
    cells = "[data-value^='share']"
    beside = tab.eval_on_selector_all(cells, "all => all.map((one) => one.textContent)")
    expect(len(text) == 10 and text == beside, f"{beside} beside {text}")
    tab.locator("[data-film]").first.get_by_role("button", name="Step on").click()
    later = tab.eval_on_selector_all(cells, "all => all.map((one) => one.textContent)")
    expect(later != beside, "the table stays as it was")


def moved_start(tab, number: int) -> dict:
    """What the film of a lab begins with after its sliders were moved, and where it ends."""
    return tab.evaluate(
        """(number) => {
          const { frames } = document.querySelectorAll("[data-lab]")[number].querySelector("[data-film]").film.film;
          return { start: frames[0], end: frames.at(-1) };
        }""", number)


def model_file(folder: Path, model: dict, structure: str) -> Path:
    path = folder / "moved.json"
    components = [
        {"weight": weight, "mean": model["means"][k], "covariance": model["covariances"][k]}
        for k, weight in enumerate(model["weights"])
    ]
    path.write_text(json.dumps({
        "format": "mixtures.model", "version": 1, "family": "gaussian", "structure": structure,
        "components": components}), encoding="utf-8")
    return path


def points_file(folder: Path, tab, number: int) -> Path:
    points = tab.evaluate(
        'number => document.querySelectorAll("[data-film]")[number].film.film.points', number)
    path = folder / "points.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{column + 1}" for column in range(len(points[0]))])
        writer.writerows([[repr(value) for value in point] for point in points])
    return path


def check_moving(tab, maker: Maker, number: int, structure: str):
    """Sliders obey the keyboard, and from where they stand EM ends where `mixture fit` does."""
    lab = tab.locator("[data-lab]").nth(number)
    slider = lab.locator("[data-mean]").first
    before = slider.input_value()
    slider.focus()
    for _ in range(4):
        tab.keyboard.press("ArrowRight")
    expect_close(float(slider.input_value()), float(before) + 0.4, 1e-9, "the slider")
    shown = lab.locator("output").first.inner_text().replace("\u2212", "-")
    expect_close(float(shown), float(slider.input_value()), 1e-9, "the number beside it")
    state = lab.locator("[data-state]").inner_text()
    expect("Iteration 0 of" in state, f"the film begins with {state}")
    found = moved_start(tab, number)
    expect_close(found["start"]["means"][0][0], float(slider.input_value()), 1e-12, "the start")
    document = json.loads(maker.run(
        "fit", points_file(maker.folder, tab, number), "-k", len(found["start"]["weights"]), "--structure", structure,
        "--start", model_file(maker.folder, found["start"], structure), "--iterations", found["end"]["iteration"], "--json"))
    expected = document["logLikelihood"]
    expect_close(found["end"]["logLikelihood"], expected, 1e-8 * abs(expected), "where EM ends")
    told = lab.locator("[data-outcome]").inner_text().replace("\u2212", "-")
    expect(f"{expected:.3f}" in told, f"told is: {told}")


def check_retold(tab, number: int):
    """Axes, curve, marker, words and table of a film whose start was moved are those of its own frames."""
    faults = tab.evaluate(
        """(number) => {
          const film = document.querySelectorAll("[data-lab]")[number].querySelector("[data-film]");
          const [curve, marker] = ["[data-trace]", "[data-marker]"].map((name) => film.querySelector(name));
          const panel = film.querySelectorAll(".panel")[1];
          const { dataset } = panel;
          const faults = [];
          const places = curve.getAttribute("d").split(/[ML]/).slice(1);
          const { frames } = film.film.film;
          const last = frames.at(-1);
          if (places.length !== frames.length) faults.push(`${places.length} places of ${frames.length} frames`);
          if (!curve.closest("[clip-path]")) faults.push("the curve is not cut off");
          if (Number(dataset.x1) !== Math.max(1, last.iteration)) faults.push(`the axis ends at ${dataset.x1}`);
          const axes = {
            middle: { at: "x", shift: 0, ends: ["x0", "x1", "left", "right"] },
            end: { at: "y", shift: -4, ends: ["y0", "y1", "bottom", "top"] },
          };
          for (const [anchor, axis] of Object.entries(axes)) {
            const [low, high, start, end] = axis.ends.map((name) => Number(dataset[name]));
            const labels = [...panel.querySelectorAll(`:scope > text[font-size="11"][text-anchor="${anchor}"]`)];
            if (labels.length < 2) faults.push(`${labels.length} marks along ${axis.at}`);
            for (const label of labels) {
              const value = Number(label.textContent.replace("\u2212", "-"));
              const wanted = start + (value - low) / (high - low) * (end - start);
              if (Math.abs(Number(label.getAttribute(axis.at)) + axis.shift - wanted) > 0.2) faults.push(`${label.textContent} is misplaced`);
              const box = label.getBBox();
              if (box.x < 0) faults.push(`${label.textContent} is cut off`);
            }
          }
          for (const [index, frame] of frames.entries()) {
            film.film.show(index);
            if (marker.getAttribute("visibility") !== "visible") faults.push(`no marker at ${index}`);
            if (`${marker.getAttribute("cx")} ${marker.getAttribute("cy")}` !== places[index]) faults.push(`frame ${index} is not on the curve`);
            if (Number(marker.getAttribute("cy")) < Number(dataset.top)) faults.push(`frame ${index} is above the axis`);
          }
          film.film.show(0);
          const words = film.querySelector("desc").textContent;
          if (!words.endsWith(` in ${last.iteration} iteration${last.iteration === 1 ? "" : "s"}.`)) faults.push(`described as: ${words}`);
          const rows = [...film.querySelectorAll("details tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
          const own = frames.map((frame) => [String(frame.iteration),
            ...[frame.logLikelihood, ...frame.weights].map((value) => value.toFixed(4).replace("-", "\u2212"))]);
          if (JSON.stringify(rows) !== JSON.stringify(own)) faults.push("the table is that of another film");
          return faults;
        }""", number)
    expect(not faults, f"{faults[:5]}")


def check_presets(tab):
    """Each start leads where the text says: two of them to the same maximum, the last to a lower one."""
    lab = tab.locator("[data-lab]").nth(1)
    ends = []
    for number in range(3):
        button = lab.locator(f"[data-preset='{number}']")
        button.focus()
        tab.keyboard.press("Enter")
        ends.append(moved_start(tab, 1)["end"])
        check_retold(tab, 1)
    expect_close(ends[0]["logLikelihood"], ends[1]["logLikelihood"], 1e-3, "the clump")
    expect(ends[1]["iteration"] > 60, f"a plateau of {ends[1]['iteration']} iterations")
    expect(ends[2]["logLikelihood"] < ends[0]["logLikelihood"] - 10, "the third start finds the best maximum")
    told = lab.locator("[data-outcome]").inner_text()
    expect("lower" in told, f"told is: {told}")


def check_playing(tab):
    """Every film plays to its end and back."""
    for film in tab.locator("[data-film]").all():
        slider = film.locator("[data-controls] input[type=range]")
        last = slider.get_attribute("max")
        slider.focus()
        tab.keyboard.press("Home")
        picture = film.locator("svg").inner_html()
        film.locator("[data-action=play]").click()
        tab.clock.run_for(500 * (int(last) + 2))
        expect(slider.input_value() == last, f"played to {slider.input_value()} of {last}")
        expect(film.locator("svg").inner_html() != picture, "the picture stays")
        tab.keyboard.press("Tab")
        slider.focus()
        tab.keyboard.press("Home")
        expect(film.locator("svg").inner_html() == picture, "the start is not what it was")


def check_contents(tab):
    """The table of contents leads to every chapter."""
    links = tab.eval_on_selector_all("nav a", "all => all.map((one) => one.getAttribute('href'))")
    headings = tab.eval_on_selector_all("h2", "all => all.map((one) => '#' + one.id)")
    expect(len(links) == 12 and links == headings, f"{links} lead to {headings}")


def check_formulas(tab):
    """Formulas are drawn: each has a size, and none shows a mark of how it was written."""
    faults = tab.evaluate(
        """() => [...document.querySelectorAll("math")].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width < 2 || box.height < 2 || /[{}$]|frac|sqrt|matrix/.test(one.textContent);
        }).map((one) => one.textContent)""")
    expect(not faults, f"formulas: {faults[:5]}")


def check_without_scripts(tab):
    """Controls that would do nothing are not shown; the pictures are."""
    for controls in tab.locator("[data-controls], [data-start]").all():
        expect(not controls.is_visible(), "controls that do nothing are shown")
    for film in tab.locator("[data-film] svg").all():
        expect(film.is_visible(), "no picture")


def check_all(checks, tab, maker: Maker):
    """What can be checked in an open tab."""
    parts = {
        "contents": lambda: check_contents(tab),
        "formulas": lambda: check_formulas(tab),
        "em.js is the library's EM": lambda: check_em(tab),
        "responsibilities": lambda: check_shares(tab),
        "films": lambda: check_playing(tab),
        "moved start in one dimension": lambda: check_moving(tab, maker, 0, "V"),
        "moved start in two dimensions": lambda: check_moving(tab, maker, 1, "VVV"),
        "film of a moved start in one dimension": lambda: check_retold(tab, 0),
        "film of a moved start in two dimensions": lambda: check_retold(tab, 1),
        "other starts": lambda: check_presets(tab),
    }
    for name, part in parts.items():
        with checks.check(f"tour, {name}"):
            part()
