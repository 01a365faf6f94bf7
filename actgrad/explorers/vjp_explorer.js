// The vector-Jacobian product of softmax two ways: in closed form, and through the full
// Jacobian; and what each costs as the number of classes grows.

import { createBars, createMatrix, indexed, replaced } from "./bars.js";
import { controls, group, legend, readouts, slider } from "./controls.js";
import { changes, connect, make, set, write } from "./dom.js";
import { Plot } from "./plot.js";
import { dot, jacobian, pullback, softmax } from "./softmax.js";
import { format, grouped, roundUp, upToRounding } from "./text.js";

/** Operations on numbers, as the chapter counts them. */
const closed = (k) => 5 * k - 1; // ⟨y,g⟩: 2k − 1; minus c, times y, times s: k each
const full = (k) => 4 * k * k; // J: k² products, k differences, k² times s; Jᵀg: 2k² − k
const bytes = (numbers) => {
  const power = Math.min(4, Math.floor(Math.log10(8 * numbers) / 3));
  const unit = ["B", "kB", "MB", "GB", "TB"][power];
  return `${format((8 * numbers) / 1000 ** power, 3)} ${unit}`;
};

/** What the model says: softmax, the cotangent with what is added to it, and the gradient. */
function mathematics(model) {
  const [z, s, own, shift] = ["logits", "stretch", "cotangent", "shift"].map((name) =>
    model.get(name),
  );
  const y = softmax(z, s);
  const g = z.map((_, i) => (own[i] ?? 0) + shift);
  return { z, s, own, shift, y, g, gradient: pullback(y, s, g) };
}

/** The bars of z, y, g and dL/dz. */
function createPanels(model, put) {
  const element = make("div", { class: "actgrad-panels" });
  const panel = (caption, options) => {
    const stage = make("div");
    element.append(make("div", {}, make("p", { class: "actgrad-caption" }, caption), stage));
    return createBars(stage, { label: caption, ...options });
  };
  const now = () => mathematics(model);
  const steep = () => roundUp(1.3 * Math.max(...now().gradient.map(Math.abs)) || 1);
  const drag = (name, most, of) => ({
    min: -most,
    max: most,
    step: 0.1,
    of: (i) => of()[i],
    change: (i, value) => put({ [name]: replaced(of(), i, value) }),
  });
  const plots = [
    panel("Logits z: drag", {
      letter: "z",
      role: "overlay",
      range: () => [-6, 6],
      read: () => now().z,
      drag: drag("logits", 5, () => now().z),
    }),
    panel("Output y = softmax(s z)", {
      letter: "y",
      role: "function",
      range: () => [0, 1.15],
      read: () => now().y,
    }),
    panel("Cotangent g = dL/dy in: drag", {
      letter: "g",
      role: "overlay",
      read: () => now().g,
      range: () => [Math.min(-2.6, now().shift - 2.6), Math.max(2.6, now().shift + 2.6)],
      drag: drag("cotangent", 2, () => now().z.map((_, i) => now().own[i] ?? 0)),
    }),
    panel("Gradient dL/dz = s y (g − c) out", {
      letter: "d",
      role: "derivative",
      range: () => [-steep(), steep()],
      read: () => now().gradient,
    }),
  ];
  const mean = make("line", { class: "actgrad-mean", "data-curve": "c" });
  const name = make("text", { "text-anchor": "end" }, "c");
  plots[2].content.append(mean, name);
  plots[2].layers.push((plot) => {
    const { y, g } = now();
    const height = plot.y(dot(y, g));
    set(mean, { x1: plot.margin.left, x2: plot.right, y1: height, y2: height });
    set(name, { x: plot.right - 3, y: height - 4 });
  });
  return { element, plots };
}

/** The same gradient through the full Jacobian: pick a column. */
function createProduct(model, redraw) {
  let cell = [1, 1];
  const matrix = createMatrix({
    label: "Jacobian of softmax: row i, column j",
    rows: "y",
    columns: "z",
    size: model.get("logits").length,
    picked: () => cell,
    pick: (next) => {
      cell = next;
      redraw();
    },
  });
  const sum = make("p", { class: "actgrad-note", role: "status" });
  return {
    elements: [matrix.element, sum],
    show() {
      const { y, s, g } = mathematics(model);
      const entries = jacobian(y, s);
      matrix.show(entries);
      const k = cell[1] - 1;
      const column = entries.map((row) => row[k]);
      const size = dot(column.map(Math.abs), g.map(Math.abs));
      const terms = column.map((v, i) => `${format(v, 3)} · ${format(g[i], 3)}`).join(" + ");
      write(
        sum,
        `dL/d${indexed("z", k)} = ${terms.replaceAll("+ −", "− ")} = ${upToRounding(
          dot(column, g),
          size,
        )}`,
      );
      set(sum, { "data-value": dot(column, g) });
    },
  };
}

/** Operations and memory of both ways for k classes. */
function createCosts(model, put) {
  const numbers = readouts(
    { closed: "closed form", full: "full Jacobian", ratio: "times as many" },
    (v) => (Number.isInteger(v) ? grouped(v) : format(v, 4)),
  );
  const memory = make("p", { class: "actgrad-note" });
  const stage = make("div");
  const plot = new Plot(stage, {
    label: "Operations as the number of classes grows",
    log: "xy",
    view: { x: [0.3, 5], y: [0, 11] },
    axes: ["k", "operations"],
    aspect: 0.45,
  });
  const lines = [
    ["function", "closed"],
    ["overlay", "full"],
  ].map(([role, name]) =>
    make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": name }),
  );
  const here = make("line", { class: "actgrad-guide" });
  plot.content.append(here, ...lines);
  const classes = slider({
    label: "classes k",
    min: 0.3,
    max: 5,
    step: 0.01,
    value: Math.log10(model.get("size")),
    text: () => grouped(model.get("size")),
    change: (power) => put({ size: Math.round(10 ** power) }),
  });
  const moved = changes();
  plot.layers.push(() => {
    const at = plot.x(Math.log10(model.get("size")));
    if (!moved(at, plot.width)) return;
    for (const [n, count] of [closed, full].entries())
      set(lines[n], { d: plot.path((x) => Math.log10(count(10 ** x))) });
    set(here, { x1: at, x2: at, y1: 0, y2: plot.bottom });
  });
  const names = legend([
    ["function", "closed form, 5k − 1"],
    ["overlay", "full Jacobian, 4k²"],
  ]);
  const elements = [names, stage, numbers.element, memory, controls(classes.element)];
  return {
    plot,
    elements,
    show() {
      plot.draw();
      const k = model.get("size");
      numbers.show({ closed: closed(k), full: full(k), ratio: full(k) / closed(k) });
      const [one, all] = [bytes(k), bytes(k * k)];
      write(memory, `In float64 the closed form holds ${one}, the Jacobian of one row ${all}.`);
      classes.show(Math.log10(k));
    },
  };
}

const createSliders = (model, change) => ({
  stretch: slider({
    label: "stretch s",
    min: 0.1,
    max: 10,
    step: 0.1,
    value: model.get("stretch"),
    change: change("stretch"),
  }),
  shift: slider({
    label: "add to every g",
    min: -5,
    max: 5,
    step: 0.1,
    value: model.get("shift"),
    change: change("shift"),
  }),
});

const caption = (text) => make("p", { class: "actgrad-caption" }, text);

function build({ model, el }) {
  const size = model.get("logits").length;
  const { redraw, put, change, stop } = connect(model, draw);
  const { element, plots } = createPanels(model, put);
  let scale = 1;
  const numbers = readouts(
    { c: "c = ⟨y, g⟩", sum: "sum of dL/dz", gap: "closed form − Jᵀg" },
    (value, name) => (name === "c" ? format(value) : upToRounding(value, scale)),
  );
  const { stretch, shift } = createSliders(model, change);
  const product = createProduct(model, redraw);
  const costs = createCosts(model, put);
  el.replaceChildren(
    group(
      "Explorer of the vector-Jacobian product of softmax",
      element,
      numbers.element,
      controls(stretch.element, shift.element),
      caption("The same through the full Jacobian: pick a column"),
      ...product.elements,
      caption("Operations for k classes"),
      ...costs.elements,
    ),
  );

  function draw() {
    if (model.get("logits").length !== size) return;
    for (const plot of plots) plot.draw();
    const { y, s, g, gradient } = mathematics(model);
    const rows = jacobian(y, s);
    const column = (k) => rows.map((row) => row[k]);
    const gaps = gradient.map((d, k) => Math.abs(d - dot(column(k), g)));
    scale = Math.max(...rows.flat().map(Math.abs)) * Math.max(...g.map(Math.abs)) * size;
    numbers.show({
      c: dot(y, g),
      sum: gradient.reduce((a, b) => a + b, 0),
      gap: Math.max(...gaps),
    });
    stretch.show(s);
    shift.show(model.get("shift"));
    product.show();
    costs.show();
  }
  redraw();
  const end = () => {
    stop();
    for (const plot of [...plots, costs.plot]) plot.destroy();
  };
  return { size, end };
}

function render({ model, el }) {
  let built = build({ model, el });
  const rebuild = () => {
    if (model.get("logits").length === built.size) return;
    built.end();
    built = build({ model, el });
  };
  model.on("change:logits", rebuild);
  return () => {
    model.off("change:logits", rebuild);
    built.end();
  };
}

export default { render };
