// The plot of a function that was typed, and of its slope, with a slider for each parameter.
import { controls, group, legend, slider } from "./controls.js";
import { make, oncePerFrame, set } from "./dom.js";
import { evaluate, written } from "./language.js";
import { Plot } from "./plot.js";
import { format } from "./text.js";
import { navigate } from "./view.js";

const WIDE = [-6, 6];
const SAMPLES = 240;
const AT_FIRST = 0.5; // a parameter: most families are themselves there
const ROLES = ["overlay", "derivative", "function"];

/** The slope by differences: to about ten digits, more than a plot shows. */
const differences = (f) => (x) => {
  const h = 1e-3 * Math.max(1, Math.abs(x));
  return (8 * (f(x + h / 2) - f(x - h / 2)) - (f(x + h) - f(x - h))) / (6 * h);
};

/** The heights in which most of the values have room: a pole does not flatten the rest. */
function roomFor(curves) {
  const values = curves
    .flatMap((f) =>
      Array.from({ length: SAMPLES + 1 }, (_, i) =>
        f(WIDE[0] + ((WIDE[1] - WIDE[0]) * (i + 0.5)) / (SAMPLES + 1)),
      ),
    )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (!values.length) return [-1, 1];
  const at = (share) => values[Math.round(share * (values.length - 1))];
  const middle = at(0.9) - at(0.1);
  const low = Math.max(values[0], at(0.1) - 2 * middle, -1e6);
  const high = Math.min(values[values.length - 1], at(0.9) + 2 * middle, 1e6);
  const padding = 0.08 * Math.max(high - low, 0.5);
  return [low - padding, high + padding];
}

export class Picture {
  /** @param {HTMLElement} el */
  constructor(el) {
    this.range = { x: WIDE, y: [-1, 1] };
    const curve = (role) =>
      make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": role });
    this.paths = Object.fromEntries(ROLES.map((role) => [role, curve(role)]));
    const place = make("div", {});
    const view = rangeOf(this);
    this.sliders = controls();
    this.root = group("Plot", place);
    el.append(this.root);
    this.plot = new Plot(place, {
      label: "f and its derivative",
      view,
      aspect: 0.5,
      axes: ["x", ""],
    });
    this.plot.content.append(...Object.values(this.paths));
    this.plot.layers.push(() => this.drawCurves());
    this.redraw = oncePerFrame(() => this.plot.draw());
    const put = ({ x_range = this.range.x, y_range = this.range.y }) => {
      this.range = { x: x_range, y: y_range };
      this.redraw();
    };
    this.home = { x_range: WIDE, y_range: [-1, 1] };
    const buttons = navigate(this.plot, {
      put,
      anchor: () => [0, this.value?.(0) || 0],
      home: this.home,
    });
    this.root.append(
      legend([
        ["function", "f(x)"],
        ["derivative", "f′(x)"],
        ["overlay", ""],
      ]),
      buttons,
      this.sliders,
    );
    this.given = {};
    this.text = "";
    /** @type {((x: number) => number) | null} */
    this.other = null;
    this.compare(null, {}, "");
  }

  /** Show a tree; its letters but the variable get sliders. */
  show(tree, names, variable, at = {}) {
    const others = names.filter((name) => name !== variable);
    if (written(tree) !== this.text) {
      this.text = written(tree);
      this.given = Object.fromEntries(others.map((name) => [name, at[name] ?? AT_FIRST]));
      this.sliders.replaceChildren(...others.map((name) => this.slider(name)));
    }
    this.value = (x) => Number(evaluate(tree, { ...this.given, [variable]: x }));
    this.slope = differences(this.value);
    this.plot.axes = [variable, ""];
    this.home.y_range = roomFor([this.value, this.slope]);
    this.range = { x: WIDE, y: this.home.y_range };
    this.plot.draw();
  }

  /** Draw another function too, at its defaults; none without a tree. */
  compare(tree, at, title) {
    this.other = tree ? (x) => Number(evaluate(tree, { ...at, x })) : null;
    const entry = this.root.querySelector('[data-role="overlay"]');
    if (entry instanceof HTMLElement) {
      entry.hidden = !tree;
      entry.querySelector("span")?.replaceChildren(title);
    }
    this.redraw();
  }

  /** Draw the slope by its formula instead of by differences. */
  prove(tree, variable) {
    this.slope = (x) => Number(evaluate(tree, { ...this.given, [variable]: x }));
    this.redraw();
  }

  slider(name) {
    const change = (value) => {
      this.given[name] = value;
      this.redraw();
    };
    const text = (value) => format(value, 3);
    const shown = {
      label: name,
      min: -5,
      max: 5,
      step: 0.05,
      value: this.given[name],
      text,
      change,
    };
    return slider(shown).element;
  }

  drawCurves() {
    const { value, slope } = this;
    if (!value || !slope) return;
    set(this.paths.function, { d: this.plot.path(value) });
    set(this.paths.derivative, { d: this.plot.path(slope) });
    set(this.paths.overlay, { d: this.other ? this.plot.path(this.other) : "" });
  }
}

/** The view that a plot reads: its range at this moment. */
const rangeOf = (picture) => ({
  get x() {
    return picture.range.x;
  },
  get y() {
    return picture.range.y;
  },
});
