// Several functions and their derivatives on one plot, each to be switched on and off; sliders
// for their parameters; one of them can be scaled, stretched and shifted to lie on another.

import {
  checkbox,
  controls,
  createPosition,
  group,
  readouts,
  slider,
  tabulated,
} from "./controls.js";
import { changes, connect, make, set, uid, write } from "./dom.js";
import { defaults, functions } from "./functions.js";
import { kinksOf, slopeOf } from "./kinks.js";
import { createCursor, Plot } from "./plot.js";
import { format, upToRounding } from "./text.js";
import { inside, navigate, viewOf } from "./view.js";

// One mark a function, so that no curve is known by its colour alone.
const MARKS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M-3.5-3.5h7v7h-7z",
  "M0-5l4.5 8h-9z",
  "M0-5l5 5l-5 5l-5-5z",
  "M0 5l4.5-8h-9z",
  "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
];
const SAMPLES = 400;

/** Value, slope and kinks of one of the functions, rescaled if it is the one that moves. */
function curveOf(model, name) {
  const own = { ...defaults(name), ...model.get("parameters")[name] };
  const [a, s, c] =
    name === model.get("rescale")
      ? ["scale", "stretch", "shift"].map((key) => model.get(key))
      : [1, 1, 0];
  const slope = slopeOf(name, own, 0);
  return {
    own,
    settings: [own, a, s, c],
    breaks: kinksOf(name, own).map((kink) => kink / s),
    value: (x) => a * functions[name].value(s * x, own) + c,
    slope: (x) => a * s * slope(s * x),
  };
}

const titleOf = (model, name) =>
  name === model.get("rescale")
    ? `a · ${functions[name].title}(s·x) + c`
    : functions[name].title;

/** Evenly spaced places of a range, both ends included. */
const places = ([from, to]) =>
  Array.from({ length: SAMPLES + 1 }, (_, i) => from + ((to - from) * i) / SAMPLES);

/** The y_range in which every curve that is shown has room. */
function roomFor(model, xRange) {
  const kinds = [
    ["values", "value"],
    ["derivatives", "slope"],
  ]
    .filter(([key]) => model.get(key))
    .map(([, kind]) => kind);
  const heights = model.get("functions").flatMap((name) => {
    const curve = curveOf(model, name);
    return kinds.flatMap((kind) => places(xRange).map(curve[kind]));
  });
  if (!heights.length) return model.get("y_range");
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const padding = 0.08 * Math.max(high - low, 1e-3);
  return [low - padding, high + padding];
}

/** A function's row in the table: its switch, its sample, its numbers; `show()` sets them. */
function createRow(model, put, name, i) {
  const names = model.get("functions");
  const input = make("input", { id: uid("shown"), type: "checkbox" });
  input.addEventListener("change", () =>
    put({
      shown: names.filter((other) =>
        other === name ? input.checked : model.get("shown").includes(other),
      ),
    }),
  );
  const look = `actgrad-series-${i}`;
  const picture = make(
    "svg",
    { width: 34, height: 14, "aria-hidden": "true", viewBox: "-17 -7 34 14" },
    make("path", { d: "M-17 0H17", class: `actgrad-line ${look}` }),
    make("path", { d: MARKS[i], class: `actgrad-mark ${look}` }),
  );
  const cells = ["value", "slope"].map((kind) =>
    make("td", { "data-name": `${name}-${kind}` }),
  );
  const row = make(
    "tr",
    {},
    make(
      "th",
      { scope: "row" },
      make("label", { for: input.id }, input, picture, make("span", {}, titleOf(model, name))),
    ),
    ...cells,
  );
  return {
    row,
    show() {
      const on = model.get("shown").includes(name);
      const { value, slope } = curveOf(model, name);
      input.checked = on;
      row.classList.toggle("actgrad-off", !on);
      [value, slope].forEach((f, n) => {
        const number = f(model.get("x"));
        write(cells[n], format(number, 4));
        set(cells[n], { "data-value": number, title: String(number) });
      });
    },
  };
}

/**
 * f solid, f′ dashed, and marks on what is drawn of them, one of them at x itself.
 *
 * @param {Plot} plot
 */
function createCurves(plot, model, name, i) {
  const path = (kind, look) =>
    make("path", { class: `${look} actgrad-series-${i}`, "data-curve": `${name}-${kind}` });
  const slopes = path("slope", "actgrad-line actgrad-thin");
  const values = path("value", "actgrad-line");
  const marks = path("marks", "actgrad-mark");
  plot.content.append(slopes, values, marks);
  const moved = changes();
  return () => {
    const [from, to] = plot.drawn.x;
    const on = model.get("shown").includes(name);
    const [withValues, withSlopes] = ["values", "derivatives"].map(
      (key) => on && model.get(key),
    );
    const { settings, value, slope, breaks } = curveOf(model, name);
    if (moved(plot.drawn, plot.width, withValues, withSlopes, settings)) {
      set(values, { d: withValues ? plot.path(value, breaks) : "" });
      set(slopes, { d: withSlopes ? plot.path(slope, breaks) : "" });
    }
    const marked = withValues ? value : slope;
    const at = [model.get("x"), ...[1, 3, 5, 7, 9].map((k) => from + ((to - from) * k) / 10)];
    const shape = (x) =>
      MARKS[i].replace(
        /^M(-?[\d.]+)([- ])(-?[\d.]+)/,
        (_, dx, gap, dy) =>
          `M${(plot.x(x) + Number(dx)).toFixed(2)} `
          + (plot.y(marked(x)) + Number(gap.trim() + dy)).toFixed(2),
      );
    set(marks, { d: withValues || withSlopes ? at.map(shape).join("") : "" });
  };
}

/** The sliders of the functions' parameters and of the one that is rescaled. */
function createSliders(model, { put, change }) {
  const sliders = model.get("functions").flatMap((name) => {
    const read = () => curveOf(model, name).own;
    return Object.entries(functions[name].parameters).map(([key, parameter]) => [
      () => read()[key],
      slider({
        ...parameter,
        label: `${functions[name].title} ${parameter.title}`,
        value: read()[key],
        change: (next) =>
          put({
            parameters: { ...model.get("parameters"), [name]: { ...read(), [key]: next } },
          }),
      }),
    ]);
  });
  if (!model.get("rescale")) return sliders;
  const affine = [
    ["scale", "a", -4, 4],
    ["stretch", "s", 0.1, 4],
    ["shift", "c", -4, 4],
  ];
  return [
    ...sliders,
    ...affine.map(([key, label, min, max]) => [
      () => model.get(key),
      slider({ label, min, max, step: 0.05, value: model.get(key), change: change(key) }),
    ]),
  ];
}

/** With two functions: the largest gap between them in the view, and that of their slopes. */
function createGaps(model) {
  const names = model.get("functions");
  const sizes = {};
  const numbers = readouts(
    { gap: "largest gap of f", slope_gap: "largest gap of f′" },
    (value, name) => upToRounding(value, sizes[name], (rest) => `: ${format(rest, 2)}`),
  );
  numbers.element.hidden = names.length !== 2;
  const moved = changes();
  return {
    element: numbers.element,
    show() {
      if (names.length !== 2) return;
      const [f, g] = names.map((name) => curveOf(model, name));
      if (!moved(model.get("x_range"), f.settings, g.settings)) return;
      const gaps = {};
      for (const [name, kind] of [
        ["gap", "value"],
        ["slope_gap", "slope"],
      ]) {
        const pairs = places(model.get("x_range")).map((x) => [f[kind](x), g[kind](x)]);
        sizes[name] = Math.max(...pairs.flat().map(Math.abs));
        gaps[name] = Math.max(...pairs.map(([a, b]) => Math.abs(a - b)));
      }
      numbers.show(gaps);
    },
  };
}

/** Check boxes that show functions and slopes: slopes alone need another height. */
function createKinds(model, put, home) {
  const kind = (key, text) => [
    () => model.get(key),
    checkbox({
      label: text,
      value: model.get(key),
      change: (on) => {
        put({ [key]: on });
        home.y_range = roomFor(model, home.x_range);
        put({ y_range: roomFor(model, model.get("x_range")) });
      },
    }),
  ];
  return [
    kind("values", "Functions f (solid)"),
    kind("derivatives", "Derivatives f′ (dashed)"),
  ];
}

function build({ model, el }) {
  const names = model.get("functions");
  const view = viewOf(model);
  const stage = make("div");
  const label = "Plot of the functions and their derivatives";
  const plot = new Plot(stage, { label, view, axes: ["x", ""] });
  const link = connect(model, () => plot.draw());
  const { put } = link;
  const setX = (x) => put({ x: inside(x, view.x) });
  const home = { x_range: view.x, y_range: view.y };
  const navigation = navigate(plot, {
    home,
    put: (next) => put({ ...next, x: inside(model.get("x"), next.x_range) }),
    anchor: () => [model.get("x"), (view.y[0] + view.y[1]) / 2],
  });
  const showCursor = createCursor(plot, {
    label: "Place x of the values",
    value: () => model.get("x"),
    step: 0.1,
    page: 1,
    change: setX,
  });
  const rows = names.map((name, i) => createRow(model, put, name, i));
  plot.layers.push(...names.map((name, i) => createCurves(plot, model, name, i)));
  const gaps = createGaps(model);
  const position = createPosition(model, setX);
  const shown = [...createSliders(model, link), ...createKinds(model, put, home)];
  plot.layers.push(() => {
    const [from, to] = view.x;
    const x = model.get("x");
    showCursor(x, from, to, `x = ${format(x, 4)}`);
    for (const row of rows) row.show();
    gaps.show();
    set(position.input, { min: from, max: to });
    position.show(x);
    for (const [read, control] of shown) control.show(read());
  });
  const title = `Comparison of ${names.map((name) => functions[name].title).join(", ")}`;
  const body = make("tbody", {}, ...rows.map(({ row }) => row));
  const numbers = tabulated(["function", "f(x)", "f′(x)"], body);
  el.replaceChildren(
    group(
      title,
      stage,
      numbers,
      gaps.element,
      controls(position.element, ...shown.map(([, { element }]) => element), navigation),
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
    stop();
    stop = build({ model, el });
  };
  const events = "change:functions change:rescale";
  model.on(events, rebuild);
  return () => {
    model.off(events, rebuild);
    stop();
  };
}

export default { render };
