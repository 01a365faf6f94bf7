// Logits to drag, their stretch and a constant added to all; the probabilities; the Jacobian,
// in which each cell explains itself.

import { createBars, createMatrix, indexed, replaced } from "./bars.js";
import { controls, group, readouts, slider } from "./controls.js";
import { connect, make, write } from "./dom.js";
import { entropy, jacobian, others, softmax } from "./softmax.js";
import { format, upToRounding } from "./text.js";

/** The logits and the probabilities, side by side. */
function createPanels(model, put) {
  const z = () => model.get("logits");
  const c = () => model.get("shift");
  const shifted = () => z().map((v) => v + c());
  const y = () => softmax(shifted(), model.get("stretch"));
  const panel = (caption, options) => {
    const stage = make("div");
    const element = make("div", {}, make("p", { class: "actgrad-caption" }, caption), stage);
    return { element, plot: createBars(stage, options) };
  };
  return [
    panel("Logits z + c: drag", {
      label: "Logits",
      letter: "z",
      role: "overlay",
      read: shifted,
      range: () => [Math.min(-6, c() - 6), Math.max(6, c() + 6)],
      drag: {
        min: -5,
        max: 5,
        step: 0.1,
        of: (i) => z()[i],
        change: (i, value) => put({ logits: replaced(z(), i, value) }),
      },
    }),
    panel("Probabilities y = softmax(s (z + c))", {
      label: "Probabilities",
      letter: "y",
      role: "function",
      range: () => [0, 1.12],
      read: y,
    }),
  ];
}

function createControls(model, { put, change }) {
  const z = () => model.get("logits");
  const read = {
    stretch: () => model.get("stretch"),
    shift: () => model.get("shift"),
    size: () => z().length,
  };
  const resize = (count) =>
    put({
      logits: Array.from({ length: count }, (_, i) => z()[i] ?? 0),
      cell: model.get("cell").map((n) => Math.min(n, count)),
    });
  const list = {
    stretch: slider({
      label: "stretch s",
      min: 0.1,
      max: 10,
      step: 0.1,
      value: read.stretch(),
      change: change("stretch"),
    }),
    shift: slider({
      label: "add c to all",
      min: -5,
      max: 5,
      step: 0.1,
      value: read.shift(),
      change: change("shift"),
    }),
    size: slider({
      label: "classes k",
      min: 2,
      max: 6,
      step: 1,
      value: read.size(),
      text: String,
      change: resize,
    }),
  };
  return {
    elements: Object.values(list).map(({ element }) => element),
    show() {
      for (const [key, control] of Object.entries(list)) control.show(read[key]());
    },
  };
}

/** How the picked entry of the Jacobian comes about, in words and numbers. */
function explain(y, s, [i, j]) {
  const [a, b, c] = [indexed("y", i - 1), indexed("y", j - 1), indexed("z", j - 1)];
  const value = format(jacobian(y, s)[i - 1][j - 1], 4);
  const [yi, yj] = [format(y[i - 1], 4), format(y[j - 1], 4)];
  return i === j
    ? `i = j: ∂${a}/∂${c} = s ${a} (1 − ${a}) = ${format(s, 3)} · ${yi} · ${format(
        others(y, i - 1),
        4,
      )} = ${value}. More ${c} gives more ${a}.`
    : `i ≠ j: ∂${a}/∂${c} = −s ${a} ${b} = −${format(s, 3)} · ${yi} · ${yj} = ${value}. `
        + `More ${c} takes from ${a}.`;
}

function build({ model, el }) {
  const z = () => model.get("logits");
  const s = () => model.get("stretch");
  const y = (c) =>
    softmax(
      z().map((v) => v + c),
      s(),
    );
  const size = z().length;
  const link = connect(model, draw);
  const panels = createPanels(model, link.put);
  const below = createControls(model, link);
  const numbers = readouts(
    { sum: "sum of y", moved: "moved by c", entropy: "entropy of y" },
    (value, name) => (name === "moved" ? upToRounding(value, 10 * s()) : format(value)),
  );
  const picked = () => model.get("cell").map((n) => Math.min(n, size));
  const matrix = createMatrix({
    label: "Jacobian of softmax: row i, column j",
    size,
    rows: "y",
    columns: "z",
    picked,
    pick: link.change("cell"),
  });
  const rule = make("p", { class: "actgrad-note", role: "status" });
  el.replaceChildren(
    group(
      "Explorer of softmax and its Jacobian",
      make("div", { class: "actgrad-panels" }, ...panels.map(({ element }) => element)),
      numbers.element,
      controls(...below.elements),
      make("p", { class: "actgrad-caption" }, "Jacobian ∂yᵢ/∂zⱼ: pick a cell"),
      matrix.element,
      rule,
    ),
  );

  function draw() {
    if (z().length !== size) return;
    for (const { plot } of panels) plot.draw();
    const [now, plain] = [y(model.get("shift")), y(0)];
    numbers.show({
      sum: now.reduce((a, b) => a + b, 0),
      entropy: entropy(now),
      moved: Math.max(...now.map((v, i) => Math.abs(v - plain[i]))),
    });
    below.show();
    matrix.show(jacobian(now, s()));
    write(rule, explain(now, s(), picked()));
  }
  link.redraw();
  return {
    size,
    stop: () => {
      link.stop();
      for (const { plot } of panels) plot.destroy();
    },
  };
}

const labelOf = (control) =>
  control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent;

function render({ model, el }) {
  let built = build({ model, el });
  const rebuild = () => {
    if (model.get("logits").length === built.size) return;
    built.stop();
    const hand = document.activeElement;
    const focused = el.contains(hand) ? labelOf(hand) : null;
    built = build({ model, el });
    // The control in the reader's hand was rebuilt with the rest.
    if (focused) [...el.querySelectorAll("input")].find((i) => labelOf(i) === focused)?.focus();
  };
  model.on("change:logits", rebuild);
  return () => {
    model.off("change:logits", rebuild);
    built.stop();
  };
}

export default { render };
