// The relative error of a textbook formula and of an accurate one, in float32 and float64, and a
// cursor that finds where the textbook form turns to 0 or to no number.
import { button, changes, checkbox, choice, connect, createPlot, format, make, navigate, onDrag, onSliderKeys,
  set, slider } from "./plot.js";
import { failure, formats, formulas, onGrid, relativeError } from "./precision.js";

const LOWEST = -18; // an error of 0 is drawn here
const KINDS = ["textbook", "accurate"];
const ROLES = { textbook: "difference", accurate: "overlay" };
const NAMES = { single: "float32", double: "float64" };

function build({ model, el }) {
  const name = model.get("formula");
  const formula = formulas[name];
  const root = make("div", { class: "actgrad", role: "group", "aria-label": `Explorer of the accuracy of ${formula.title}` });
  const stage = make("div");
  const view = { get x() { return model.get("x_range"); }, y: [LOWEST, 1] };
  const plot = createPlot(stage, { label: `Relative error of ${formula.title}`, view, axes: ["x", "relative error"], log: "y" });
  const { redraw, put, change, stop } = connect(model, () => plot.draw());
  const [least, most] = formula.limits;
  const within = (x, [from, to]) => Math.max(Math.ceil(1024 * from) / 1024, Math.min(Math.floor(1024 * to) / 1024, onGrid(x)));
  const setX = (x) => put({ x: within(x, view.x) });
  const setView = ({ x_range: [from, to] }) => {
    const range = [Math.max(least, from), Math.min(most, to)];
    if (range[1] - range[0] >= 0.5) put({ x_range: range, x: within(model.get("x"), range) });
  };

  const cursor = make("line", { class: "actgrad-cursor" });
  plot.content.append(cursor);
  const levels = [["float32", 2 ** -24], ["float64", 2 ** -53]].map(([text, error]) => {
    const parts = { line: make("line", { class: "actgrad-level" }), text: make("text", { "text-anchor": "end" }, `half an ulp, ${text}`), error };
    plot.content.append(parts.line, parts.text);
    return parts;
  });
  const rows = [];
  const body = make("tbody");
  const truth = { value: make("td", { "data-name": "truth" }) };
  body.append(make("tr", {}, make("th", { scope: "row" }, "true value"), truth.value, make("td")));
  for (const precision of ["single", "double"])
    for (const kind of KINDS) {
      const look = `actgrad-line actgrad-${ROLES[kind]} ${precision === "single" ? "actgrad-single" : ""}`;
      const curve = make("path", { class: look, "data-curve": `${kind}-${precision}` });
      const value = make("td", { "data-name": `${kind}-${precision}` });
      const error = make("td", { "data-name": `${kind}-${precision}-error` });
      const row = make("tr", {}, make("th", { scope: "row" }, make("span", {},
        make("svg", { width: 28, height: 10, "aria-hidden": "true" }, make("line", { x1: 0, x2: 28, y1: 5, y2: 5, class: look })), ` ${kind}, ${NAMES[precision]}`)), value, error);
      plot.content.append(curve);
      body.append(row);
      rows.push({ precision, kind, curve, value, error, row });
    }
  const handle = make("g", { role: "slider", tabindex: 0, "aria-label": "Place x of the values" },
    make("rect", { x: -22, y: -30, width: 44, height: 44, class: "actgrad-hit" }), make("path", { d: "M0-9l7 12h-14z", class: "actgrad-handle" }));
  plot.above.append(handle);
  const table = make("table", { class: "actgrad-table" }, make("thead", {}, make("tr", {},
    ...["formula", "value at x", "rel. error"].map((text) => make("th", { scope: "col" }, text)))), body);

  const pick = choice({ label: "formula", value: name, change: change("formula"), options: Object.entries(formulas).map(([key, { title }]) => [key, title]) });
  const position = slider({ label: "x", min: view.x[0], max: view.x[1], step: 1 / 64, value: model.get("x"), text: (v) => format(v, 5), change: setX });
  const shown = { single: checkbox({ label: "float32", value: model.get("single"), change: change("single") }),
    double: checkbox({ label: "float64", value: model.get("double"), change: change("double") }) };
  const note = make("p", { class: "actgrad-note", role: "status" });
  const find = (precision) => button(`Where ${NAMES[precision]} fails`, null, () => {
    const x = failure(name, precision);
    const half = (view.x[1] - view.x[0]) / 2;
    const seen = x >= view.x[0] && x <= view.x[1] ? [...view.x] : [Math.max(least, x - half), Math.min(most, x + half)];
    put({ x, x_range: seen, [precision]: true });
    const value = formula.textbook(x, formats[precision]);
    note.textContent = `At x = ${format(x, 6)} the textbook form in ${NAMES[precision]} first gives ${Number.isNaN(value) ? "no number" : format(value, 1)}; the truth is ${format(formula.truth(x)[0], 4)}.`;
  });
  const buttons = navigate(plot, { put: setView, anchor: () => [model.get("x"), 0], home: { x_range: view.x } });
  root.append(make("p", { class: "actgrad-note" }, `textbook: ${formula.textbookText}. accurate: ${formula.accurateText}.`), stage, table, note,
    make("div", { class: "actgrad-buttons" }, find("single"), find("double")),
    make("div", { class: "actgrad-controls" }, pick.element, position.element, shown.single.element, shown.double.element, buttons));
  el.replaceChildren(root);

  // The largest error of a few neighbours stands for each column: single points jump up and down.
  let columns = [];
  const moved = changes();
  function sample() {
    const width = Math.max(1, plot.x(view.x[1]) - plot.x(view.x[0]));
    const count = Math.ceil(width / 2);
    columns = Array.from({ length: count + 1 }, (_, n) => {
      const places = [0, 1 / 3, 2 / 3].map((part) => onGrid(view.x[0] + (view.x[1] - view.x[0]) * Math.min(1, (n + part) / count)));
      const errors = rows.map(() => 0);
      for (const x of places) {
        const exact = formula.truth(x);
        rows.forEach(({ precision, kind }, i) => { errors[i] = Math.max(errors[i], relativeError(formula[kind](x, formats[precision]), exact)); });
      }
      return [places[0], ...errors.map((error) => Math.max(LOWEST, Math.min(1, Math.log10(error))))];
    });
  }

  plot.layers.push(() => {
    const fresh = moved(view.x, plot.x(0), model.get("single"), model.get("double"));
    if (fresh) sample();
    const x = model.get("x");
    const exact = formula.truth(x);
    set(cursor, { x1: plot.x(x), x2: plot.x(x), y1: 0, y2: 999 });
    for (const { line, text, error } of levels) {
      const at = plot.y(Math.log10(error));
      set(line, { x1: plot.x(view.x[0]), x2: plot.x(view.x[1]), y1: at, y2: at });
      set(text, { x: plot.x(view.x[1]) - 4, y: at - 4 });
    }
    truth.value.textContent = format(exact[0], 4);
    set(truth.value, { "data-value": exact[0], "data-low": exact[1] });
    rows.forEach(({ precision, kind, curve, value, error, row }, i) => {
      const on = model.get(precision);
      const result = formula[kind](x, formats[precision]);
      const wrong = relativeError(result, exact);
      row.hidden = !on;
      if (fresh) set(curve, { d: on ? plot.polyline(columns.map((column) => [column[0], column[i + 1]])) : "" });
      value.textContent = format(result, 4);
      error.textContent = wrong === 1 ? "100 %" : wrong === Infinity ? "fails" : format(wrong, 2);
      set(value, { "data-value": result });
      set(error, { "data-value": wrong });
    });
    set(handle, { transform: `translate(${plot.x(Math.max(view.x[0], Math.min(view.x[1], x)))} ${plot.y(LOWEST) - 6})`,
      "aria-valuemin": view.x[0], "aria-valuemax": view.x[1], "aria-valuenow": x, "aria-valuetext": `x = ${format(x, 5)}` });
    set(position.input, { min: view.x[0], max: view.x[1] });
    position.show(x);
    for (const key of Object.keys(shown)) shown[key].show(model.get(key));
  });
  onDrag(plot, handle, { move: (px) => setX(plot.fromX(px)) });
  onSliderKeys(handle, { value: () => model.get("x"), min: () => view.x[0], max: () => view.x[1], step: 0.25, page: 5, change: setX });
  redraw();
  return () => { stop(); plot.destroy(); };
}

function render({ model, el }) {
  let stop = build({ model, el });
  const rebuild = () => {
    const focused = el.contains(document.activeElement) && document.activeElement.tagName === "SELECT";
    stop();
    stop = build({ model, el });
    if (focused) el.querySelector("select").focus();
  };
  // What a formula is shown with at first: the place where it goes wrong.
  const views = { "sigmoid-gradient": [-10, 60], "tanh-gradient": [-5, 30], softplus: [-60, 40], softmax: [-120, 120] };
  const reset = () => {
    const range = views[model.get("formula")];
    model.set({ x_range: range, x: Math.max(range[0], Math.min(range[1], model.get("x"))) });
    model.save_changes();
    rebuild();
  };
  model.on("change:formula", reset);
  return () => { model.off("change:formula", reset); stop(); };
}

export default { render };
