// The relative error of a textbook formula and of an accurate one, in float32 and float64, and
// a cursor that finds where the textbook form turns to 0 or to no number.

import {
  button,
  checkbox,
  choice,
  controls,
  group,
  sample,
  slider,
  tabulated,
} from "./controls.js";
import { changes, connect, make, set, write } from "./dom.js";
import { createCursor, Plot } from "./plot.js";
import { failure, formats, formulas, onGrid, relativeError } from "./precision.js";
import { format } from "./text.js";
import { navigate } from "./view.js";

const LOWEST = -18; // an error of 0 is drawn here
const ROLES = { textbook: "difference", accurate: "overlay" };
const NAMES = { single: "float32", double: "float64" };
const DIGITS = { single: 9, double: 17 }; // enough to tell any two numbers of the format apart
const ROWS = Object.keys(NAMES).flatMap((precision) =>
  Object.keys(ROLES).map((kind) => ({ precision, kind, name: `${kind}-${precision}` })),
);
// What a formula is shown with at first: the place where it goes wrong.
const VIEWS = {
  "sigmoid-gradient": [-10, 60],
  "tanh-gradient": [-5, 30],
  softplus: [-60, 40],
  softmax: [-120, 120],
};

const lookOf = ({ kind, precision }) =>
  `actgrad-${ROLES[kind]}${precision === "single" ? " actgrad-single" : ""}`;

/** The place within a range that both number formats hold and that is nearest to x. */
const within = (x, [from, to]) =>
  Math.max(Math.ceil(1024 * from) / 1024, Math.min(Math.floor(1024 * to) / 1024, onGrid(x)));

/** For each column of pixels its x and the errors, each the largest of a few neighbours. */
function sampleErrors(formula, [from, to], count) {
  return Array.from({ length: count + 1 }, (_, n) => {
    const errors = ROWS.map(() => 0);
    const place = (part) => onGrid(from + (to - from) * Math.min(1, (n + part) / count));
    // Single points jump up and down.
    for (const x of [0, 1 / 3, 2 / 3].map(place)) {
      const exact = formula.truth(x);
      ROWS.forEach(({ precision, kind }, i) => {
        const value = formula[kind](x, formats[precision]);
        errors[i] = Math.max(errors[i], relativeError(value, exact));
      });
    }
    return [place(0), ...errors.map((e) => Math.max(LOWEST, Math.min(1, Math.log10(e))))];
  });
}

/**
 * The rounding of both formats as levels, and the curves of the errors.
 *
 * @param {Plot} plot
 */
function createCurves(plot, model, formula) {
  const errors = { float32: 2 ** -24, float64: 2 ** -53 };
  const levels = Object.entries(errors).map(([name, error]) => {
    const line = make("line", { class: "actgrad-level" });
    const text = make("text", { "text-anchor": "end" }, `half an ulp, ${name}`);
    plot.content.append(line, text);
    return { line, text, height: Math.log10(error) };
  });
  const curves = ROWS.map((row) =>
    make("path", { class: `actgrad-line ${lookOf(row)}`, "data-curve": row.name }),
  );
  plot.content.append(...curves);
  const moved = changes();
  plot.layers.push(() => {
    const shown = ROWS.map(({ precision }) => model.get(precision));
    if (!moved(plot.drawn.x, plot.width, shown)) return;
    const [left, right] = [plot.margin.left, plot.right];
    for (const { line, text, height } of levels) {
      const y = plot.y(height);
      set(line, { x1: left, x2: right, y1: y, y2: y });
      set(text, { x: right - 4, y: y - 4 });
    }
    const count = Math.ceil(Math.max(1, right - left) / 2);
    const columns = sampleErrors(formula, plot.drawn.x, count);
    for (const [i, curve] of curves.entries())
      set(curve, {
        d: shown[i] ? plot.polyline(columns.map((column) => [column[0], column[i + 1]])) : "",
      });
  });
}

/** The true value at x and what each formula gives there, with as many digits as it has. */
function createTable(model, formula) {
  const cell = (name) => make("td", { "data-name": name });
  const truth = cell("truth");
  const rows = ROWS.map((row) => {
    const [value, error] = [cell(row.name), cell(`${row.name}-error`)];
    const name = ` ${row.kind}, ${NAMES[row.precision]}`;
    const title = make("span", {}, sample(lookOf(row)), name);
    const element = make("tr", {}, make("th", { scope: "row" }, title), value, error);
    return { ...row, value, error, element };
  });
  const first = make("tr", {}, make("th", { scope: "row" }, "true value"), truth, make("td"));
  const element = tabulated(
    ["formula", "value at x", "rel. error"],
    make("tbody", {}, first, ...rows.map((row) => row.element)),
  );
  element.classList.add("actgrad-digits");
  return {
    element,
    show(x) {
      const exact = formula.truth(x);
      write(truth, format(exact[0], DIGITS.double));
      set(truth, { "data-value": exact[0], "data-low": exact[1] });
      for (const { precision, kind, value, error, element: line } of rows) {
        const result = formula[kind](x, formats[precision]);
        const wrong = relativeError(result, exact);
        line.hidden = !model.get(precision);
        write(value, result === 0 ? "0" : format(result, DIGITS[precision]));
        write(error, wrong === 1 ? "100 %" : wrong === Infinity ? "fails" : format(wrong, 2));
        set(value, { "data-value": result });
        set(error, { "data-value": wrong });
      }
    },
  };
}

/** Buttons that lead to where the textbook form fails, and a line that says what happens. */
function createFinders(model, put, formula) {
  const note = make("p", { class: "actgrad-note", role: "status" });
  const find = (precision) =>
    button(`Where ${NAMES[precision]} fails`, null, () => {
      const [least, most] = formula.limits;
      const [from, to] = model.get("x_range");
      const x = failure(model.get("formula"), precision);
      if (x === null) return;
      const half = (to - from) / 2;
      put({
        x,
        [precision]: true,
        x_range:
          x >= from && x <= to
            ? [from, to]
            : [Math.max(least, x - half), Math.min(most, x + half)],
      });
      const value = formula.textbook(x, formats[precision]);
      const said = Number.isNaN(value) ? "no number" : format(value, 1);
      note.textContent =
        `At x = ${format(x, 6)} the textbook form in ${NAMES[precision]} `
        + `first gives ${said}; the truth is ${format(formula.truth(x)[0], 4)}.`;
    });
  const buttons = make("div", { class: "actgrad-buttons" }, find("single"), find("double"));
  return [note, buttons];
}

/** The formula, x and the number formats; `show()` sets them to the model. */
function createControls(model, { change }, setX) {
  const list = {
    formula: choice({
      label: "formula",
      value: "",
      change: change("formula"),
      options: Object.entries(formulas).map(([key, { title }]) => [key, title]),
    }),
    x: slider({
      label: "x",
      min: -740,
      max: 740,
      step: 1 / 64,
      value: 0,
      text: (v) => format(v, 5),
      change: setX,
    }),
    single: checkbox({ label: "float32", value: true, change: change("single") }),
    double: checkbox({ label: "float64", value: true, change: change("double") }),
  };
  return {
    elements: Object.values(list).map(({ element }) => element),
    show() {
      const [min, max] = model.get("x_range");
      set(list.x.input, { min, max });
      for (const [key, control] of Object.entries(list)) control.show(model.get(key));
    },
  };
}

/**
 * What a view changes: it stays within the formula's limits, and wide enough to see.
 *
 * @returns {{ x_range?: import("./plot.js").Range, x?: number }}
 */
function limited([from, to], { limits: [least, most] }, x) {
  /** @type {import("./plot.js").Range} */
  const range = [Math.max(least, from), Math.min(most, to)];
  return range[1] - range[0] < 0.5 ? {} : { x_range: range, x: within(x, range) };
}

function build({ model, el }) {
  const formula = formulas[model.get("formula")];
  /** @type {import("./plot.js").View} */
  const view = {
    get x() {
      return model.get("x_range");
    },
    y: [LOWEST, 1],
  };
  const stage = make("div");
  const plot = new Plot(stage, {
    label: `Relative error of ${formula.title}`,
    view,
    axes: ["x", "relative error"],
    log: "y",
  });
  const link = connect(model, () => plot.draw());
  const setX = (x) => link.put({ x: within(x, view.x) });
  const navigation = navigate(plot, {
    put: ({ x_range: range }) => link.put(limited(range, formula, model.get("x"))),
    home: { x_range: view.x },
    anchor: () => [model.get("x"), 0],
  });
  const showCursor = createCursor(plot, {
    label: "Place x of the values",
    value: () => model.get("x"),
    step: 0.25,
    page: 5,
    change: setX,
  });
  createCurves(plot, model, formula);
  const numbers = createTable(model, formula);
  const below = createControls(model, link, setX);
  plot.layers.push(() => {
    const x = model.get("x");
    showCursor(x, ...view.x, `x = ${format(x, 5)}`);
    numbers.show(x);
    below.show();
  });
  const forms = `textbook: ${formula.textbookText}. accurate: ${formula.accurateText}.`;
  el.replaceChildren(
    group(
      `Explorer of the accuracy of ${formula.title}`,
      make("p", { class: "actgrad-note" }, forms),
      stage,
      numbers.element,
      ...createFinders(model, link.put, formula),
      controls(...below.elements, navigation),
    ),
  );
  link.redraw();
  return () => {
    link.stop();
    plot.destroy();
  };
}

function render({ model, el }) {
  let stop = build({ model, el });
  const rebuild = () => {
    const hand = document.activeElement;
    const focused = el.contains(hand) && hand?.tagName === "SELECT";
    stop();
    stop = build({ model, el });
    if (focused) el.querySelector("select").focus();
  };
  const reset = () => {
    const range = VIEWS[model.get("formula")];
    model.set({ x_range: range, x: Math.max(range[0], Math.min(range[1], model.get("x"))) });
    model.save_changes();
    rebuild();
  };
  model.on("change:formula", reset);
  return () => {
    model.off("change:formula", reset);
    stop();
  };
}

export default { render };
