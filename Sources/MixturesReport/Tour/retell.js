"use strict";

// What a film needs beside film.js to show other frames than those of the page: retell(box, frames) makes the axes of its trace,
// its description and its table those of the frames, before the film of that box loads them. Axes are chosen as the library chooses them.
const retell = (() => {
  const shown = (value, decimals) => value.toFixed(decimals).replace("-", "\u2212");
  const pixels = (value) => value.toFixed(1);

  /** 1, 2 or 5 times a power of ten: the first that is no less. */
  function roundStep(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least * (1 - 1e-9));
  }

  const decimals = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

  /** Multiples of a round step, about `count` of them, and more where there would be but one or two. */
  function ticks([low, high], count, leastStep) {
    const tried = [count, 2 * count, 4 * count].map((number) => {
      const step = roundStep(Math.max((high - low) / number, leastStep));
      const first = Math.ceil(low / step - 1e-9);
      const length = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
      return Array.from({ length }, (_, index) =>
        ({ value: (first + index) * step, text: shown((first + index) * step, decimals(step)) }));
    });
    return tried.find((marks) => marks.length > 2) ?? tried[2];
  }

  /** The axes of the panel below a film's picture. */
  class Axes {
    constructor(panel) {
      const { left, right, top, bottom } = panel.dataset;
      this.panel = panel;
      [this.left, this.right, this.top, this.bottom] = [left, right, top, bottom].map(Number);
      // Titles are larger.
      this.labels = [...panel.querySelectorAll(":scope > text[font-size='11']")];
    }

    /** As long as the film, and as high as it climbs: high enough for labels that have room and tell the whole number. */
    load(frames, objective) {
      const values = frames.map((frame) => frame.logLikelihood).filter(Number.isFinite);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const middle = low / 2 + high / 2;
      const step = this.leastStep(Math.max(-low, high));
      const span = 1.24 * Math.max(high - low, 7e-5 * Math.abs(middle), 3 * step);
      const [x, y] = [[0, Math.max(1, frames.at(-1).iteration)], [middle - span / 2, middle + span / 2]];
      Object.assign(this.panel.dataset, { x0: x[0], x1: x[1], y0: y[0], y1: y[1] });
      this.mark(
        ticks(x, Math.floor((this.right - this.left) / 88), 1)
          .map(({ value, text }) => ({ text, at: this.left + (value - x[0]) / (x[1] - x[0]) * (this.right - this.left) })),
        ticks(y, Math.max(3, Math.floor((this.bottom - this.top) / 48)), step)
          .map(({ value, text }) => ({ text, at: this.bottom - (value - y[0]) / (y[1] - y[0]) * (this.bottom - this.top) })));
      this.panel.querySelector("[data-heading] text").textContent = objective;
    }

    /** The least step of which labels of numbers of this size have room beside the axis. */
    leastStep(magnitude) {
      const room = Math.floor((this.left - 8) / 6.7);
      const digits = Math.max(1, Math.floor(Math.log10(Math.max(1, magnitude))) + 1);
      return 10 ** -Math.max(0, Math.min(9, room - digits - 2));
    }

    mark(x, y) {
      this.panel.querySelector(":scope > path").setAttribute("d",
        x.map(({ at }) => `M${pixels(at)} ${pixels(this.top)}V${pixels(this.bottom)}`).join("")
        + y.map(({ at }) => `M${pixels(this.left)} ${pixels(at)}H${pixels(this.right)}`).join(""));
      const labels = this.relabelled("middle", x, "x", 0).concat(this.relabelled("end", y, "y", 4));
      this.panel.querySelector(":scope > rect").after(...labels);
      for (const label of this.labels) label.remove();
    }

    /** Labels like those that are there, at other places along an axis. */
    relabelled(anchor, marks, name, shift) {
      const sample = this.labels.find((label) => label.getAttribute("text-anchor") === anchor);
      return marks.map(({ at, text }) => {
        const label = sample.cloneNode();
        label.textContent = text;
        label.setAttribute(name, pixels(at + shift));
        return label;
      });
    }
  }

  function describe(words, frames, objective) {
    const [first, last] = [frames[0], frames.at(-1)];
    const number = (value) => String(Number(value.toPrecision(7))).replace("-", "\u2212");
    words.textContent = words.textContent.replace(/ Below, the .*/,
      ` Below, the ${objective} rises from ${number(first.logLikelihood)} to ${number(last.logLikelihood)} in `
      + `${last.iteration} iteration${last.iteration === 1 ? "" : "s"}.`);
  }

  function row(frame) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = String(frame.iteration);
    row.append(head);
    for (const value of [frame.logLikelihood, ...frame.weights]) row.insertCell().textContent = shown(value, 4);
    return row;
  }

  return (box, frames) => {
    const { objective } = box.film.film;
    new Axes(box.querySelectorAll("svg .panel")[1]).load(frames, objective);
    describe(box.querySelector("desc"), frames, objective);
    box.querySelector("details tbody").replaceChildren(...frames.map(row));
  };
})();
