"use strict";

// Plays EM in the figures of a page. Each figure has its scales in the data attributes of its first panel, those of its
// trace in the second if it has one, and its points and frames as JSON beside it; every share is computed here by
// em.js. A frame is a model of em.js with its `iteration` and `logLikelihood`; of its covariances the page carries the
// lower triangles.
//
// An element [data-film] has its player as `film`: load(frames) puts other frames in the place of those of the
// page, on the axes that the trace has (retell.js gives it others), show(number), play() and pause() do what the controls do, and after every change of the picture
// the event "film:frame" bubbles from it, with the frame's number in detail.index.
(() => {
  // √(−2 ln(1 − p)): the radius in standard deviations of an ellipse that holds the share p.
  const radii = [0.5, 0.95].map((share) => Math.sqrt(-2 * Math.log(1 - share)));
  const delay = 450;

  // Colours mix in linear light, as the library mixes them.
  const toLight = (value) => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  const fromLight = (light) => {
    const s = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, s)));
  };
  const channels = (hex) => [1, 3, 5].map((start) => toLight(parseInt(hex.slice(start, start + 2), 16)));

  function mixed(colours, shares) {
    const light = [0, 1, 2].map((channel) =>
      shares.reduce((sum, share, k) => sum + share * colours[k][channel], 0));
    return "#" + light.map((value) => fromLight(value).toString(16).padStart(2, "0")).join("");
  }

  /** As the library writes a share. */
  function percent(share) {
    const hundredths = 100 * share;
    if (share > 0 && hundredths < 0.1) return "<0.1\u00a0%";
    if (share < 1 && hundredths >= 99.95) return ">99.9\u00a0%";
    const whole = (hundredths >= 9.95 && hundredths < 99) || share === 0 || share === 1;
    return `${hundredths.toFixed(whole ? 0 : 1)}\u00a0%`;
  }

  /** For people: with a true minus sign. */
  const shown = (value, decimals) => value.toFixed(decimals).replace("-", "\u2212");

  const pixels = (value) => value.toFixed(1);

  /** The whole of a symmetric matrix of which the lower triangle is given. */
  const symmetric = (rows) => rows.map((row, i) => rows.map((_, j) => (j <= i ? row[j] : rows[j][i])));

  /** A linear scale from the data to the panel. */
  function scale(panel, axis, low, high) {
    const [first, last, start, end] = [`${axis}0`, `${axis}1`, low, high].map((name) => Number(panel.dataset[name]));
    const factor = (end - start) / (last - first);
    return {
      factor, first, last, start, end, at: (value) => start + (value - first) * factor,
      holds: (value) => value >= first && value <= last,
    };
  }

  /** Draws each point anew, so that it has a colour of its own. */
  function redraw(svg, points, shape, attributes) {
    const group = svg.querySelector("[data-points]");
    const drawn = points.map((point, number) => {
      const values = attributes(point);
      if (!values) return null;
      const made = document.createElementNS("http://www.w3.org/2000/svg", shape);
      set(made, values);
      made.dataset.point = number;
      return made;
    }).filter((made) => made !== null);
    group.replaceChildren(...drawn);
    return drawn;
  }

  /** A label by its left end and its middle. */
  function move(label, left, middle) {
    label.setAttribute("transform", `translate(${pixels(left)} ${pixels(middle)})`);
  }

  /** Writes a label; returns about how wide it is with its square: the same at every zoom, so that it stays in its place. */
  function write(label, text) {
    label.querySelector("text").textContent = text;
    return 8.5 * text.length + 17;
  }

  const labelHeight = 17;
  // What a place costs that a reader takes for another component's: more than the points of a crowd, less than another label.
  const strayCost = 200;
  // Where a label may lie from what it labels, the most wanted place first.
  const directions = [[0, -1], [1, -1], [1, 0], [-1, -1], [-1, 0], [0, 1], [1, 1], [-1, 1]];

  /** Places around what is labelled, in rings from near to far, each with its ring; last the middle, for want of better. */
  function* candidates(label, half) {
    for (let ring = 0; ring < 8; ring++) {
      for (const [dx, dy] of directions) {
        // Around an ellipse corners lie nearer.
        const shrink = dx !== 0 && dy !== 0 ? 0.75 : 1;
        yield { ring, wanted: [dx, dy].map((step, axis) =>
          label.centre[axis] + step * (label.reach[axis] * shrink + 6 + 9 * ring + half[axis])) };
      }
    }
    yield { ring: 8, wanted: label.centre };
  }

  /** Whether a place lies nearer to the middle of another component than to that of its own. */
  function strays(label, x, y) {
    const distance = ([left, top]) => Math.hypot(left - x, top - y);
    const own = distance(label.centre);
    return label.others.some((other) => distance(other) < own);
  }

  /**
   * The box of a label that covers fewest obstacles and no other label, is nearest to its own component, and of those nearly
   * as good the nearest. As the library places labels.
   */
  function placed(label, bounds, obstacles, taken) {
    const half = [label.width / 2, labelHeight / 2];
    const within = (value, low, high) => Math.max(low + 3, Math.min(value, high - 3));
    let best = null;
    for (const { ring, wanted } of candidates(label, half)) {
      if (best !== null && best.cost <= 9 * ring / 30) break;
      const x = within(wanted[0], bounds.left + half[0], bounds.right - half[0]);
      const y = within(wanted[1], bounds.top + half[1], bounds.bottom - half[1]);
      const covers = (place, margin) => Math.abs(place.x - x) < half[0] + margin && Math.abs(place.y - y) < half[1] + margin;
      const overlaps = taken.filter((other) =>
        Math.abs(other.x - x) < half[0] + other.half[0] + 2 && Math.abs(other.y - y) < half[1] + other.half[1] + 2);
      const away = Math.abs(x - wanted[0]) + Math.abs(y - wanted[1]);
      const cost = 1000 * overlaps.length + obstacles.filter((place) => covers(place, 3)).length
        + (strays(label, x, y) ? strayCost : 0) + (9 * ring + away) / 30;
      if (best === null || cost < best.cost) best = { x, y, half, cost };
    }
    return best;
  }

  const isNumber = (value) => typeof value === "number";

  function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }

  /** What a page shows of EM in two columns: points coloured by their shares, and ellipses. */
  class Plane {
    constructor(svg, film) {
      const panel = svg.querySelectorAll(".panel")[0];
      this.film = film;
      this.x = scale(panel, "x", "left", "right");
      this.y = scale(panel, "y", "bottom", "top");
      const [i, j] = film.columns;
      this.points = redraw(svg, film.points, "circle", (point) => isNumber(point[i]) && isNumber(point[j])
        && { cx: pixels(this.x.at(point[i])), cy: pixels(this.y.at(point[j])), r: 3 });
      this.ellipses = [...svg.querySelectorAll("[data-ellipse]")];
      this.labels = [...svg.querySelectorAll("[data-weight]")];
      this.places = this.points.map((point) =>
        ({ x: Number(point.getAttribute("cx")), y: Number(point.getAttribute("cy")) }));
      this.bounds = { left: this.x.start, right: this.x.end, top: this.y.end, bottom: this.y.start };
    }

    show(model, shares) {
      for (const point of this.points) {
        point.setAttribute("fill", mixed(this.film.light, shares[Number(point.dataset.point)]));
      }
      for (const ellipse of this.ellipses) {
        const [k, number] = ellipse.dataset.ellipse.split(" ").map(Number);
        set(ellipse, this.ellipse(model.means[k], model.covariances[k], radii[number]));
      }
      this.placeLabels(model);
    }

    placeLabels(model) {
      const obstacles = this.places.concat(...model.means.flatMap((_, k) => radii.map((radius) => this.outline(model, k, radius))));
      const taken = [];
      const [i, j] = this.film.columns;
      const centres = model.means.map((mean) => [this.x.at(mean[i]), this.y.at(mean[j])]);
      for (const label of this.labels) {
        const k = Number(label.dataset.weight);
        const deviation = (column) => Math.sqrt(model.covariances[k][column][column]);
        const box = placed({
          width: write(label, this.film.names[k] + percent(model.weights[k])),
          centre: centres[k],
          others: centres.filter((_, other) => other !== k),
          reach: [deviation(i) * Math.abs(this.x.factor), deviation(j) * Math.abs(this.y.factor)]
            .map((length) => length * radii[radii.length - 1]),
        }, this.bounds, obstacles, taken);
        taken.push(box);
        move(label, box.x - box.half[0], box.y);
      }
    }

    /** Places along an ellipse. */
    outline(model, k, radius) {
      const [i, j] = this.film.columns;
      const [sx, sy] = [i, j].map((column) => Math.sqrt(model.covariances[k][column][column]));
      const r = Math.max(-1, Math.min(1, model.covariances[k][i][j] / (sx * sy)));
      return Array.from({ length: 48 }, (_, step) => {
        const [cos, sin] = [Math.cos(step * Math.PI / 24), Math.sin(step * Math.PI / 24)];
        return {
          x: this.x.at(model.means[k][i] + radius * sx * cos),
          y: this.y.at(model.means[k][j] + radius * sy * (r * cos + Math.sqrt(1 - r * r) * sin)),
        };
      });
    }

    /** The ellipse of a radius, its axes those of the covariance on the screen. */
    ellipse(mean, covariance, radius) {
      const [i, j] = this.film.columns;
      const a = covariance[i][i] * this.x.factor ** 2;
      const b = covariance[i][j] * this.x.factor * this.y.factor;
      const c = covariance[j][j] * this.y.factor ** 2;
      const half = Math.hypot((a - c) / 2, b);
      const angle = Math.atan2(2 * b, a - c) / 2;
      const [x, y] = [pixels(this.x.at(mean[i])), pixels(this.y.at(mean[j]))];
      return {
        rx: pixels(radius * Math.sqrt(Math.max(0, (a + c) / 2 + half))),
        ry: pixels(radius * Math.sqrt(Math.max(0, (a + c) / 2 - half))),
        transform: `translate(${x} ${y}) rotate(${pixels(angle * 180 / Math.PI)})`,
      };
    }
  }

  /** What a page shows of EM in one column: weighted densities over a histogram, and points below. */
  class Line {
    constructor(svg, film) {
      const panel = svg.querySelectorAll(".panel")[0];
      this.film = film;
      this.x = scale(panel, "x", "left", "right");
      this.y = scale(panel, "y", "bottom", "top");
      const bottom = this.y.at(this.y.first);
      this.points = redraw(svg, film.points, "path", (point) => isNumber(point[0])
        && { d: `M${pixels(this.x.at(point[0]))} ${pixels(bottom)}v-10` });
      this.curves = [...svg.querySelectorAll("[data-curve]")];
      this.total = svg.querySelector("[data-total]");
      this.labels = [...svg.querySelectorAll("[data-weight]")];
    }

    show(model, shares) {
      for (const point of this.points) {
        point.setAttribute("stroke", mixed(this.film.light, shares[Number(point.dataset.point)]));
      }
      const count = 240;
      const places = Array.from({ length: count + 1 }, (_, i) =>
        this.x.first + (this.x.last - this.x.first) * i / count);
      const terms = places.map((x) => mixtures.logDensities(model, [x]).map(Math.exp));
      const path = (height) => places.map((x, i) =>
        `${i ? "L" : "M"}${pixels(this.x.at(x))} ${pixels(this.y.at(height(terms[i])))}`).join("");
      for (const curve of this.curves) {
        const k = Number(curve.dataset.curve);
        curve.setAttribute("d", path((row) => row[k]));
      }
      if (this.total) {
        this.total.setAttribute("d", path((row) => row.reduce((sum, term) => sum + term, 0)));
      }
      const taken = [];
      for (const label of this.labels) taken.push(this.place(label, model, Number(label.dataset.weight), taken));
    }

    /** Above the peak, or as far below that as other labels are in the way. */
    place(label, model, k, taken) {
      const peak = Math.exp(mixtures.logDensities(model, model.means[k])[k]);
      const width = write(label, this.film.names[k] + percent(model.weights[k]));
      const left = this.x.at(model.means[k][0]) - width / 2;
      let middle = Math.max(this.y.at(this.y.last) + 10, this.y.at(peak) - 12);
      const isInTheWay = (other) => left < other.left + other.width && other.left < left + width
        && Math.abs(other.middle - middle) < labelHeight;
      for (let row = 0; row < taken.length && taken.some(isInTheWay); row++) middle += labelHeight;
      move(label, left, middle);
      return { left, width, middle };
    }
  }

  /** The curve of log-likelihoods below the picture, and where on it the film stands. */
  class Trace {
    constructor(svg) {
      this.curve = svg.querySelector("[data-trace]");
      this.marker = svg.querySelector("[data-marker]");
      this.panel = svg.querySelectorAll(".panel")[1];
      this.measure();
    }

    measure() {
      if (!this.curve || !this.marker || !this.panel) return;
      this.x = scale(this.panel, "x", "left", "right");
      this.y = scale(this.panel, "y", "bottom", "top");
    }

    /** The curve of other frames, on the axes that the panel has now: what lies outside them is not seen. */
    load(frames) {
      this.measure();
      if (!this.x) return;
      const places = frames.filter((frame) => Number.isFinite(frame.logLikelihood)).map((frame) =>
        `${pixels(this.x.at(frame.iteration))} ${pixels(this.y.at(frame.logLikelihood))}`);
      this.curve.setAttribute("d", places.length > 0 ? `M${places.join("L")}` : "");
    }

    show(frame) {
      if (!this.x) return;
      const isSeen = this.x.holds(frame.iteration) && this.y.holds(frame.logLikelihood);
      this.marker.setAttribute("visibility", isSeen ? "visible" : "hidden");
      if (!isSeen) return;
      set(this.marker, { cx: pixels(this.x.at(frame.iteration)), cy: pixels(this.y.at(frame.logLikelihood)) });
    }
  }

  class Player {
    constructor(box) {
      this.box = box;
      this.film = JSON.parse(box.querySelector("script[type='application/json']").textContent);
      this.film.light = this.film.colours.map(channels);
      for (const frame of this.film.frames) frame.covariances = frame.covariances.map(symmetric);
      const svg = box.querySelector("svg");
      this.stage = this.film.columns.length === 1 ? new Line(svg, this.film) : new Plane(svg, this.film);
      this.trace = new Trace(svg);
      this.controls = box.querySelector("[data-controls]");
      this.slider = box.querySelector("input[type='range']");
      this.state = box.querySelector("[data-state]");
      this.playButton = this.button("play", () => this.toggle());
      this.button("back", () => this.go(this.frame - 1));
      this.button("on", () => this.go(this.frame + 1));
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      this.shares = new Map();
      this.timer = null;
      this.controls.hidden = false;
      this.show(0);
    }

    button(name, action) {
      const button = this.controls.querySelector(`[data-action='${name}']`);
      button.addEventListener("click", action);
      return button;
    }

    get last() { return this.film.frames.length - 1; }
    get frame() { return Number(this.slider.value); }

    /** Other frames, of the same points. */
    load(frames) {
      this.pause();
      this.film.frames = frames;
      this.shares.clear();
      this.trace.load(frames);
      this.slider.max = String(this.last);
      this.show(0);
    }

    /** To a frame by hand: stops the film. */
    go(frame) {
      this.pause();
      this.show(Math.min(this.last, Math.max(0, frame)));
    }

    toggle() {
      if (this.timer === null) this.play();
      else this.pause();
    }

    play() {
      if (this.timer !== null) return;
      // Read aloud where the film stands at the end, not every frame on the way.
      this.state.setAttribute("aria-live", "off");
      if (this.frame === this.last) this.show(0);
      this.playButton.textContent = "Pause";
      this.timer = setInterval(() => {
        this.show(Math.min(this.last, this.frame + 1));
        if (this.frame === this.last) this.pause();
      }, delay);
    }

    pause() {
      if (this.timer === null) return;
      clearInterval(this.timer);
      this.timer = null;
      this.playButton.textContent = "Play";
      this.state.setAttribute("aria-live", "polite");
      this.describe(this.frame);
    }

    show(number) {
      const frame = this.film.frames[number];
      if (!this.shares.has(number)) {
        this.shares.set(number, this.film.points.map((x) => mixtures.responsibilities(frame, x)));
      }
      this.stage.show(frame, this.shares.get(number));
      this.trace.show(frame);
      this.slider.value = String(number);
      this.describe(number);
      this.box.dispatchEvent(new CustomEvent("film:frame", { bubbles: true, detail: { index: number } }));
    }

    describe(number) {
      const frame = this.film.frames[number];
      const weights = frame.weights.map(percent).join(", ");
      const total = this.film.frames[this.last].iteration;
      this.state.textContent =
        `Iteration ${frame.iteration} of ${total}: ${this.film.objective} `
        + `${shown(frame.logLikelihood, 3)}, mixing weights ${weights}`;
      this.slider.setAttribute("aria-valuetext", `iteration ${frame.iteration}`);
    }
  }

  for (const box of document.querySelectorAll("[data-film]")) box.film = new Player(box);
})();
