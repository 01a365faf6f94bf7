// f and f' on one plot, a point to drag with its tangent, the function's parameters, zoom and
// pan, another function or the finite-difference slope laid over.

import {
  checkbox,
  choice,
  controls,
  createPosition,
  group,
  legend,
  readouts,
  slider,
} from "./controls.js";
import { changes, connect, make, set, write } from "./dom.js";
import { defaults, functions } from "./functions.js";
import { kinksOf, slopeOf } from "./kinks.js";
import { createHandle, onDrag, onSliderKeys, Plot } from "./plot.js";
import { format } from "./text.js";
import { inside, navigate, viewOf } from "./view.js";

const DIFFERENCE = "(f(x+h) − f(x−h)) / 2h";
const ROLES = ["overlay-slope", "overlay", "difference", "derivative", "function"];

/** What the model says of f: its value, slope, kinks, and the slope by differences. */
function mathematics(model) {
  const name = model.get("function");
  const own = { ...defaults(name), ...model.get("parameters") };
  const value = (x) => functions[name].value(x, own);
  const h = 10 ** model.get("log_step");
  return {
    own,
    value,
    slope: slopeOf(name, own, model.get("kink_weight")),
    kinks: kinksOf(name, own),
    difference: (x) => (value(x + h) - value(x - h)) / (2 * h),
  };
}

/**
 * The curves, which are sampled anew only where they differ.
 *
 * @param {Plot} plot
 */
function createCurves(plot, model) {
  const curves = Object.fromEntries(
    ROLES.map((role) => [
      role,
      make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": role }),
    ]),
  );
  plot.content.append(...Object.values(curves));
  const moved = changes();
  plot.layers.push(() => {
    const settings = ["function", "parameters", "overlay", "difference", "log_step"];
    if (
      !moved(
        plot.drawn,
        plot.width,
        settings.map((key) => model.get(key)),
      )
    )
      return;
    const { value, slope, difference, kinks } = mathematics(model);
    const over = model.get("overlay");
    const own = over && defaults(over);
    const breaks = over && kinksOf(over, own);
    const paths = {
      function: plot.path(value, kinks),
      derivative: plot.path(slope, kinks),
      difference: model.get("difference") ? plot.path(difference) : "",
      overlay: over && plot.path((x) => functions[over].value(x, own), breaks),
      "overlay-slope": over && plot.path(slopeOf(over, own, 0), breaks),
    };
    for (const role of ROLES) set(curves[role], { d: paths[role] });
  });
}

/**
 * The point on f, its tangent, and the point below or above it on f′.
 *
 * @param {Plot} plot
 */
function createPoint(plot, model, setX) {
  const guide = make("line", { class: "actgrad-guide" });
  const tangent = make("line", { class: "actgrad-tangent", "data-curve": "tangent" });
  const dot = make("circle", { r: 4.5, class: "actgrad-dot" });
  plot.content.append(guide, tangent, dot);
  const handle = createHandle(
    plot,
    "Point x on the curve",
    make("circle", { r: 22, class: "actgrad-hit" }),
    make("circle", { r: 7, class: "actgrad-handle" }),
  );
  onDrag(plot, handle, { move: (px) => setX(plot.roundX(px)) });
  onSliderKeys(handle, { value: () => model.get("x"), step: 0.1, page: 1, change: setX });
  plot.layers.push(() => {
    const x = model.get("x");
    const { value, slope } = mathematics(model);
    const [y, m, view] = [value(x), slope(x), plot.drawn];
    const reach = (view.x[1] - view.x[0]) * 0.16;
    set(tangent, {
      x1: plot.x(x - reach),
      x2: plot.x(x + reach),
      y1: plot.y(y - m * reach),
      y2: plot.y(y + m * reach),
    });
    set(guide, { x1: plot.x(x), x2: plot.x(x), y1: plot.y(y), y2: plot.y(m) });
    set(dot, { cx: plot.x(x), cy: plot.y(m) });
    // The handle stays on the plot's edge where the curve has left the view.
    const edge = (at, [from, to]) => Math.max(from, Math.min(to, at));
    set(handle, {
      transform: `translate(${plot.x(edge(x, view.x))} ${plot.y(edge(y, view.y))})`,
      "aria-valuemin": view.x[0],
      "aria-valuemax": view.x[1],
      "aria-valuenow": x,
      "aria-valuetext": `x = ${format(x, 4)}, f(x) = ${format(y, 4)}, slope ${format(m, 4)}`,
    });
  });
}

/**
 * Sliders of the function's parameters by name.
 *
 * @returns {[string, import("./controls.js").Control][]}
 */
const createParameters = (model, put, own) =>
  Object.entries(functions[model.get("function")].parameters).map(([key, parameter]) => [
    key,
    slider({
      ...parameter,
      label: parameter.title,
      value: own()[key],
      change: (next) => put({ parameters: { ...own(), [key]: next } }),
    }),
  ]);

/** A choice of another function to lay over. */
function createOverlay(model, change) {
  const others = Object.keys(functions).filter((name) => name !== model.get("function"));
  return choice({
    label: "Compare with",
    value: "",
    change: change("overlay"),
    options: [["", "nothing"], ...others.map((name) => [name, functions[name].title])],
  });
}

/** Everything below the plot, and `show()`, which sets it to the model. */
function createControls(model, { change, put }, setX) {
  const own = () => mathematics(model).own;
  const position = createPosition(model, setX);
  const sliders = createParameters(model, put, own);
  const kinks = () => mathematics(model).kinks;
  const every = functions[model.get("function")].kinks(own());
  const kink = slider({
    label: every.length > 1 ? "f′ at its kinks" : `f′ at ${every[0]}`,
    min: 0,
    max: 1,
    step: 0.05,
    value: 0,
    change: change("kink_weight"),
    text: () =>
      kinks()
        .map((at) => format(mathematics(model).slope(at), 3))
        .join(", "),
  });
  const overlay = createOverlay(model, change);
  const difference = checkbox({
    label: "Finite-difference slope",
    value: false,
    change: change("difference"),
  });
  const step = slider({
    label: "h",
    min: -16,
    max: 0,
    step: 0.25,
    value: 0,
    text: (v) => format(10 ** v, 2),
    change: change("log_step"),
  });
  return {
    elements: [
      position,
      ...sliders.map(([, control]) => control),
      kink,
      overlay,
      difference,
      step,
    ].map(({ element }) => element),
    show() {
      const [min, max] = model.get("x_range");
      set(position.input, { min, max });
      position.show(model.get("x"));
      for (const [key, control] of sliders) control.show(own()[key]);
      kink.show(model.get("kink_weight"));
      kink.element.hidden = kinks().length === 0;
      overlay.show(model.get("overlay"));
      difference.show(model.get("difference"));
      step.show(model.get("log_step"));
      step.element.hidden = !model.get("difference");
    },
  };
}

function build({ model, el }) {
  const { title } = functions[model.get("function")];
  const view = viewOf(model);
  const entries = legend([
    ["function", "f(x)"],
    ["derivative", "f′(x)"],
    ["overlay", ""],
    ["overlay-slope", ""],
    ["difference", DIFFERENCE],
  ]);
  const stage = make("div");
  const label = `Plot of ${title} and its derivative`;
  const plot = new Plot(stage, { label, view, axes: ["x", ""] });
  const link = connect(model, () => plot.draw());
  const setX = (x) => link.put({ x: inside(x, view.x) });
  // The point comes along where the view leaves it behind.
  const setView = (next) => link.put({ ...next, x: inside(model.get("x"), next.x_range) });
  createCurves(plot, model);
  createPoint(plot, model, setX);
  const below = createControls(model, link, setX);
  const numbers = readouts({ x: "x", y: "f(x)", slope: "f′(x)", difference: "slope with h" });
  const buttons = navigate(plot, {
    put: setView,
    home: { x_range: view.x, y_range: view.y },
    anchor: () => [model.get("x"), mathematics(model).value(model.get("x"))],
  });
  el.replaceChildren(
    group(
      `Explorer of ${title} and its derivative`,
      entries,
      stage,
      numbers.element,
      controls(...below.elements, buttons),
    ),
  );

  const entry = (role) => entries.querySelector(`[data-role="${role}"]`);
  plot.layers.push(() => {
    const x = model.get("x");
    const { value, slope, difference } = mathematics(model);
    numbers.show({ x, y: value(x), slope: slope(x), difference: difference(x) });
    below.show();
    const over = model.get("overlay");
    const shown = { overlay: over, "overlay-slope": over, difference: model.get("difference") };
    for (const [role, on] of Object.entries(shown)) entry(role).hidden = !on;
    numbers.hide("difference", !shown.difference);
    if (!over) return;
    write(entry("overlay").lastChild, functions[over].title);
    write(entry("overlay-slope").lastChild, `${functions[over].title}, slope`);
  });
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
  model.on("change:function", rebuild);
  return () => {
    model.off("change:function", rebuild);
    stop();
  };
}

export default { render };
