// The vector-Jacobian product of softmax two ways: in closed form, and through the full Jacobian;
// and what each costs as the number of classes grows.
import { changes, connect, createPlot, format, grouped, legend, make, readouts, set, slider, write } from "./plot.js";
import { createBars, createMatrix, indexed } from "./bars.js";
import { jacobian, softmax } from "./softmax.js";

/** Operations on numbers, as the chapter counts them. */
const closed = (k) => 5 * k - 1; // ⟨y,g⟩: 2k − 1; minus c, times y, times s: k each
const full = (k) => 4 * k * k; // J: k² products, k differences, k² times s; Jᵀg: 2k² − k
const bytes = (numbers) => {
  const power = Math.min(4, Math.floor(Math.log10(8 * numbers) / 3));
  return `${format(8 * numbers / 1000 ** power, 3)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
};

function render({ model, el }) {
  const z = () => model.get("logits");
  const g = () => model.get("cotangent");
  const s = () => model.get("stretch");
  const size = z().length;
  const y = () => softmax(z(), s());
  const dot = (a, b) => a.reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);
  const gradient = () => {
    const [now, c] = [y(), dot(y(), g())];
    return now.map((v, i) => s() * v * ((g()[i] ?? 0) - c));
  };
  const replaced = (list, i, value) => list.map((old, j) => j === i ? value : old);
  const steep = () => Math.max(0.05, ...gradient().map(Math.abs)) * 1.4;

  const root = make("div", { class: "actgrad", role: "group", "aria-label": "Explorer of the vector-Jacobian product of softmax" });
  const { redraw, put, change, stop } = connect(model, draw);
  const panels = make("div", { class: "actgrad-panels" });
  const panel = (caption, options) => {
    const stage = make("div");
    panels.append(make("div", {}, make("p", { class: "actgrad-caption" }, caption), stage));
    return createBars(stage, { label: caption, ...options });
  };
  const plots = [
    panel("Logits z: drag", { letter: "z", role: "overlay", range: () => [-6, 6], read: z,
      drag: { min: -5, max: 5, step: 0.1, of: (i) => z()[i], change: (i, value) => put({ logits: replaced(z(), i, value) }) } }),
    panel("Output y = softmax(s z)", { letter: "y", role: "function", range: () => [0, 1.15], read: y }),
    panel("Cotangent g = dL/dy in: drag", { letter: "g", role: "overlay", range: () => [-2.6, 2.6], read: g,
      drag: { min: -2, max: 2, step: 0.1, of: (i) => g()[i], change: (i, value) => put({ cotangent: replaced(g(), i, value) }) } }),
    panel("Gradient dL/dz = s y (g − c) out", { letter: "d", role: "derivative", range: () => [-steep(), steep()], read: gradient }),
  ];
  const mean = make("line", { class: "actgrad-mean", "data-curve": "c" });
  const meanName = make("text", { "text-anchor": "end" }, "c");
  plots[2].content.append(mean, meanName);
  plots[2].layers.push((plot) => {
    const c = dot(y(), g());
    const [from, to] = plot.view.x;
    set(mean, { x1: plot.x(from), x2: plot.x(to), y1: plot.y(c), y2: plot.y(c) });
    set(meanName, { x: plot.x(to) - 3, y: plot.y(c) - 4 });
  });
  const numbers = readouts({ c: "c = ⟨y, g⟩", sum: "sum of dL/dz", gap: "closed form − Jᵀg" });
  const stretch = slider({ label: "stretch s", min: 0.1, max: 10, step: 0.1, value: s(), change: change("stretch") });

  let picked = [1, 1];
  const matrix = createMatrix({ label: "Jacobian of softmax: row i, column k", size, rows: "y", columns: "z",
    pick: (cell) => { picked = cell; redraw(); } });
  const sum = make("p", { class: "actgrad-note", role: "status" });

  const counts = readouts({ closed: "closed form", full: "full Jacobian", ratio: "times as many" },
    (value) => Number.isInteger(value) ? grouped(value) : format(value, 4));
  const memory = make("p", { class: "actgrad-note" });
  const stage = make("div");
  const growth = createPlot(stage, { label: "Operations as the number of classes grows", view: { x: [0.3, 5], y: [0, 11] }, log: "xy", axes: ["k", "operations"], aspect: 0.45 });
  const lines = ["function", "overlay"].map((role) => make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": role === "function" ? "closed" : "full" }));
  const cursor = make("line", { class: "actgrad-guide" });
  growth.content.append(cursor, ...lines);
  const classes = slider({ label: "classes k", min: 0.3, max: 5, step: 0.01, value: Math.log10(model.get("size")),
    text: () => grouped(model.get("size")), change: (power) => put({ size: Math.round(10 ** power) }) });
  const moved = changes();
  growth.layers.push((plot) => {
    const at = Math.log10(model.get("size"));
    if (!moved(at, plot.x(0))) return;
    [closed, full].forEach((count, n) => set(lines[n], { d: plot.path((x) => Math.log10(count(10 ** x))) }));
    set(cursor, { x1: plot.x(at), x2: plot.x(at), y1: 0, y2: 999 });
  });

  root.append(panels, numbers.element, make("div", { class: "actgrad-controls" }, stretch.element),
    make("p", { class: "actgrad-caption" }, "The same through the full Jacobian: pick a column"), matrix.element, sum,
    make("p", { class: "actgrad-caption" }, "Operations for k classes"), legend([["function", "closed form, 5k − 1"], ["overlay", "full Jacobian, 4k²"]]),
    stage, counts.element, memory, make("div", { class: "actgrad-controls" }, classes.element));
  el.replaceChildren(root);

  function draw() {
    for (const plot of [...plots, growth]) plot.draw();
    const entries = jacobian(y(), s());
    const product = z().map((_, k) => dot(entries.map((row) => row[k]), g()));
    const direct = gradient();
    numbers.show({ c: dot(y(), g()), sum: direct.reduce((a, b) => a + b, 0), gap: Math.max(...direct.map((v, i) => Math.abs(v - product[i]))) });
    stretch.show(s());
    matrix.show(entries, picked);
    const k = picked[1] - 1;
    write(sum, `dL/d${indexed("z", k)} = ${entries.map((row, i) => `${format(row[k], 3)} · ${format(g()[i] ?? 0, 3)}`).join(" + ").replaceAll("+ −", "− ")} = ${format(product[k], 4)}`);
    set(sum, { "data-value": product[k] });
    const n = model.get("size");
    counts.show({ closed: closed(n), full: full(n), ratio: full(n) / closed(n) });
    write(memory, `In float64 the closed form holds ${bytes(n)}, the Jacobian of one row ${bytes(n * n)}.`);
    classes.show(Math.log10(n));
  }
  redraw();
  return () => { stop(); [...plots, growth].forEach((plot) => plot.destroy()); };
}

function rebuilding({ model, el }) {
  let stop = render({ model, el });
  let size = model.get("logits").length;
  const rebuild = () => {
    if (model.get("logits").length === size) return;
    size = model.get("logits").length;
    stop();
    stop = render({ model, el });
  };
  model.on("change:logits", rebuild);
  return () => { model.off("change:logits", rebuild); stop(); };
}

export default { render: rebuilding };
