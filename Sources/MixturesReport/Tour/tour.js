"use strict";

// Lets the reader move the means of a start: EM runs from there by em.js, and the film of the page shows it.
(() => {
  const shown = (value, decimals) => value.toFixed(decimals).replace("-", "\u2212");

  class Lab {
    constructor(box) {
      this.box = box;
      this.film = box.querySelector("[data-film]").film;
      this.data = JSON.parse(box.querySelector(":scope > script").textContent);
      this.sliders = [...box.querySelectorAll("[data-mean]")];
      this.outcome = box.querySelector("[data-outcome]");
      this.cells = [...box.querySelectorAll("[data-value^='share']")];
      for (const slider of this.sliders) slider.addEventListener("input", () => this.run());
      for (const button of box.querySelectorAll("[data-preset]")) {
        button.addEventListener("click", () => this.choose(Number(button.dataset.preset)));
      }
      box.addEventListener("film:frame", (event) => this.tell(event.detail.index));
      box.querySelector("[data-start]").hidden = false;
      this.frames = this.film.film.frames;
      this.first = this.frames[0];
    }

    choose(number) {
      for (const slider of this.sliders) {
        const [k, column] = this.place(slider);
        slider.value = String(this.data.presets[number][k][column]);
      }
      this.run();
    }

    place(slider) { return slider.dataset.mean.split(" ").map(Number); }

    /** The start that the sliders say. */
    get start() {
      const means = this.first.means.map((mean) => [...mean]);
      for (const slider of this.sliders) {
        const [k, column] = this.place(slider);
        means[k][column] = Number(slider.value);
      }
      return { ...this.first, means };
    }

    run() {
      for (const slider of this.sliders) {
        const text = shown(Number(slider.value), 1);
        slider.nextElementSibling.value = text;
        slider.setAttribute("aria-valuetext", text);
      }
      this.frames = this.emFrom(this.start);
      retell(this.film.box, this.frames);
      this.film.load(this.frames);
      this.sum();
    }

    /** Frames from the start to where EM ends; before a component that has collapsed to fewer points than it needs. */
    emFrom(start) {
      const points = this.film.film.points;
      const frames = [];
      let model = start;
      for (let iteration = 0; ; iteration++) {
        const { model: next, logLikelihood } = mixtures.step(model, points, this.data.structure);
        const before = frames.at(-1);
        frames.push({ ...model, iteration, logLikelihood });
        const gain = before ? logLikelihood - before.logLikelihood : Infinity;
        const isUsable = points.every((point) => mixtures.logDensities(next, point).every(Number.isFinite));
        if (!isUsable || iteration === this.data.limit || gain < this.data.tolerance * points.length) return frames;
        model = next;
      }
    }

    /** Where the film ends, in words. */
    sum() {
      const end = this.frames.at(-1);
      const below = this.data.best - end.logLikelihood;
      const verdict = Math.abs(below) < 0.01 ? "where the film of the page ends, too"
        : `${shown(Math.abs(below), 3)} ${below > 0 ? "lower" : "higher"} than the film of the page`;
      this.outcome.textContent = `From this start \u2113 ends at ${shown(end.logLikelihood, 3)} `
        + `after ${end.iteration} iteration${end.iteration === 1 ? "" : "s"}: ${verdict}.`;
    }

    /** The responsibilities of the frame that is shown. */
    tell(index) {
      const frame = this.film.film.frames[index];
      for (const cell of this.cells) {
        const [, row, k] = cell.dataset.value.split(" ").map(Number);
        cell.textContent = mixtures.responsibilities(frame, this.film.film.points[row])[k].toFixed(5);
      }
    }
  }

  for (const box of document.querySelectorAll("[data-lab]")) box.lab = new Lab(box);
})();
