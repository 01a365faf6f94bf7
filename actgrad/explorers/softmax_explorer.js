// Logits to drag, their stretch and a constant added to all; the probabilities; the Jacobian, in
// which each cell explains itself.
import { connect, format, make, readouts, slider } from "./plot.js";
import { createBars, createMatrix, indexed } from "./bars.js";
import { jacobian, softmax } from "./softmax.js";

function build({ model, el }) {
  const z = () => model.get("logits");
  const s = () => model.get("stretch");
  const shifted = () => z().map((v) => v + model.get("shift"));
  const y = () => softmax(shifted(), s());
  const size = z().length;

  const root = make("div", { class: "actgrad", role: "group", "aria-label": "Explorer of softmax and its Jacobian" });
  const { redraw, put, change, stop } = connect(model, draw);
  const panel = (caption) => {
    const stage = make("div");
    return { stage, element: make("div", {}, make("p", { class: "actgrad-caption" }, caption), stage) };
  };
  const logits = panel("Logits z + c: drag");
  const chances = panel("Probabilities y = softmax(s (z + c))");
  const plots = [
    createBars(logits.stage, { label: "Logits", letter: "z", role: "overlay", range: () => [-11, 11], read: shifted,
      drag: { min: -5, max: 5, step: 0.1, of: (i) => z()[i], change: (i, value) => put({ logits: z().map((old, j) => j === i ? value : old) }) } }),
    createBars(chances.stage, { label: "Probabilities", letter: "y", role: "function", range: () => [0, 1.12], read: y }),
  ];
  const controls = {
    stretch: slider({ label: "stretch s", min: 0.1, max: 10, step: 0.1, value: s(), change: change("stretch") }),
    shift: slider({ label: "add c to all", min: -5, max: 5, step: 0.1, value: model.get("shift"), change: change("shift") }),
    size: slider({ label: "classes k", min: 2, max: 6, step: 1, value: size, text: String, change: (count) => put({
      logits: Array.from({ length: count }, (_, i) => z()[i] ?? 0), cell: model.get("cell").map((n) => Math.min(n, count)) }) }),
  };
  const numbers = readouts({ sum: "sum of y", moved: "moved by c", entropy: "entropy of y" });
  const matrix = createMatrix({ label: "Jacobian of softmax: row i, column k", size, rows: "y", columns: "z", pick: change("cell") });
  const rule = make("p", { class: "actgrad-note", role: "status" });
  root.append(make("div", { class: "actgrad-panels" }, logits.element, chances.element), numbers.element,
    make("div", { class: "actgrad-controls" }, ...Object.values(controls).map(({ element }) => element)),
    make("p", { class: "actgrad-caption" }, "Jacobian ∂yᵢ/∂zₖ: pick a cell"), matrix.element, rule);
  el.replaceChildren(root);

  function draw() {
    if (z().length !== size) return;
    for (const plot of plots) plot.draw();
    const now = y();
    const plain = softmax(z(), s());
    const entries = jacobian(now, s());
    numbers.show({ sum: now.reduce((a, b) => a + b, 0), moved: Math.max(...now.map((v, i) => Math.abs(v - plain[i]))),
      entropy: now.reduce((h, v) => v > 0 ? h - v * Math.log(v) : h, 0) });
    controls.stretch.show(s());
    controls.shift.show(model.get("shift"));
    controls.size.show(size);
    const [i, k] = model.get("cell").map((n) => Math.min(n, size));
    matrix.show(entries, [i, k]);
    const [yi, yk] = [now[i - 1], now[k - 1]];
    const [a, b, c] = [indexed("y", i - 1), indexed("y", k - 1), indexed("z", k - 1)];
    const value = format(entries[i - 1][k - 1], 4);
    rule.textContent = i === k
      ? `i = k: ∂${a}/∂${c} = s ${a} (1 − ${a}) = ${format(s(), 3)} · ${format(yi, 4)} · ${format(1 - yi, 4)} = ${value}. More ${c} gives more ${a}.`
      : `i ≠ k: ∂${a}/∂${c} = −s ${a} ${b} = −${format(s(), 3)} · ${format(yi, 4)} · ${format(yk, 4)} = ${value}. More ${c} takes from ${a}.`;
  }
  redraw();
  return { size, stop: () => { stop(); plots.forEach((plot) => plot.destroy()); } };
}

function render({ model, el }) {
  let built = build({ model, el });
  const rebuild = () => {
    if (model.get("logits").length === built.size) return;
    built.stop();
    const focused = el.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") ?? document.activeElement.labels?.[0]?.textContent : null;
    built = build({ model, el });
    // The control in the reader's hand was rebuilt with the rest.
    if (focused) [...el.querySelectorAll("input")].find((input) => input.labels?.[0]?.textContent === focused)?.focus();
  };
  model.on("change:logits", rebuild);
  return () => { model.off("change:logits", rebuild); built.stop(); };
}

export default { render };
