// f and f' on one plot, a point to drag with its tangent, the function's parameters, zoom and pan,
// another function or the finite-difference slope laid over.
import { button, checkbox, choice, createPlot, format, legend, make, oncePerFrame, onDrag,
  onSliderKeys, readouts, set, slider } from "./plot.js";

function render({ model, el }) {
  const name = () => model.get("function");
  const parameters = () => model.get("parameters");
  const settings = (which) => which === name() ? parameters() : defaults(which);
  const value = (x, which = name()) => functions[which].value(x, settings(which));
  const kinks = (which = name()) => functions[which].kinks;
  const slope = (x, which = name()) =>
    kinks(which).includes(x) ? model.get("slope_at_kink") : functions[which].derivative(x, settings(which));
  const difference = (x) => {
    const h = 10 ** model.get("log_step");
    return (value(x + h) - value(x - h)) / (2 * h);
  };

  const root = make("div", { class: "actgrad", role: "group", "aria-label": `Explorer of ${functions[name()].title} and its derivative` });
  const entries = legend([["function", "f(x)"], ["derivative", "f′(x)"], ["overlay", ""], ["difference", "(f(x+h) − f(x−h)) / 2h"]]);
  const entry = (role) => entries.querySelector(`[data-role="${role}"]`);
  const stage = make("div");
  const view = { x: [...model.get("x_range")], y: [...model.get("y_range")] };
  const plot = createPlot(stage, { label: "Plot of the function and its derivative", view, axes: ["x"] });
  const line = (role) => {
    const path = make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": role });
    plot.content.append(path);
    return path;
  };
  const curves = { overlay: line("overlay"), difference: line("difference"), derivative: line("derivative"), function: line("function") };
  const guide = make("line", { class: "actgrad-guide" });
  const tangent = make("line", { class: "actgrad-tangent", "data-curve": "tangent" });
  const dot = make("circle", { r: 4.5, class: "actgrad-dot" });
  plot.content.append(guide, tangent, dot);
  const handle = make("g", { role: "slider", tabindex: 0, "aria-label": "Point x on the curve" },
    make("circle", { r: 22, class: "actgrad-hit" }), make("circle", { r: 7, class: "actgrad-handle" }));
  plot.above.append(handle);

  const setX = (x) => {
    model.set("x", Math.max(view.x[0], Math.min(view.x[1], x)));
    save();
  };
  const save = oncePerFrame(() => model.save_changes());
  const state = (key) => (next) => { model.set(key, next); save(); };

  const numbers = readouts({ x: "x", y: "f(x)", slope: "f′(x)", difference: "slope with h" });
  set(numbers.element, { "aria-live": "off" });
  const position = slider({ label: "x", min: view.x[0], max: view.x[1], step: 0.01, value: model.get("x"), text: (v) => format(v, 4), change: setX });
  const sliders = Object.entries(functions[name()].parameters).map(([key, { min, max, title }]) => [key,
    slider({ label: title, min, max, step: (max - min) / 100, value: parameters()[key],
      change: (next) => { model.set("parameters", { ...parameters(), [key]: next }); save(); } })]);
  const kink = slider({ label: "f′ at 0", min: 0, max: 1, step: 0.05, value: model.get("slope_at_kink"), change: state("slope_at_kink") });
  kink.element.hidden = kinks().length === 0;
  const others = Object.keys(functions).filter((other) => other !== name());
  const overlay = choice({ label: "Compare with", value: model.get("overlay"), change: state("overlay"),
    options: [["", "nothing"], ...others.map((other) => [other, functions[other].title])] });
  const differenceOn = checkbox({ label: "Finite-difference slope", value: model.get("difference"), change: state("difference") });
  const step = slider({ label: "h", min: -16, max: 0, step: 0.25, value: model.get("log_step"),
    text: (v) => format(10 ** v, 2), change: state("log_step") });

  const zoom = (factor, centre = (view.x[0] + view.x[1]) / 2) => {
    const width = (view.x[1] - view.x[0]) * factor;
    if (width < 0.05 || width > 200) return;
    const lift = (view.y[1] - view.y[0]) * factor;
    const middle = factor < 1 ? value(model.get("x")) : (view.y[0] + view.y[1]) / 2;
    view.x = [0, 1].map((side) => centre + (view.x[side] - centre) * factor);
    view.y = [middle - lift / 2, middle + lift / 2];
    if (model.get("x") < view.x[0] || model.get("x") > view.x[1]) setX(model.get("x"));
    redraw();
  };
  const pan = (share) => {
    const shift = (view.x[1] - view.x[0]) * share;
    view.x = view.x.map((side) => side + shift);
    setX(model.get("x"));
    redraw();
  };
  const reset = () => {
    view.x = [...model.get("x_range")];
    view.y = [...model.get("y_range")];
    setX(model.get("x"));
    redraw();
  };
  const buttons = make("div", { class: "actgrad-buttons", role: "group", "aria-label": "View" },
    button("+", "Zoom in", () => zoom(0.5, model.get("x"))), button("−", "Zoom out", () => zoom(2)),
    button("◂", "Move the view left", () => pan(-0.25)), button("▸", "Move the view right", () => pan(0.25)),
    button("Reset", "Reset the view", reset));

  root.append(entries, stage, numbers.element,
    make("div", { class: "actgrad-controls" }, position.element, ...sliders.map(([, s]) => s.element),
      kink.element, overlay.element, differenceOn.element, step.element, buttons));
  el.replaceChildren(root);

  plot.layers.push(() => {
    const x = model.get("x");
    const y = value(x);
    const m = slope(x);
    const over = model.get("overlay");
    const withDifference = model.get("difference");
    set(curves.function, { d: plot.path(value, kinks()) });
    set(curves.derivative, { d: plot.path(slope, kinks()) });
    set(curves.overlay, { d: over ? plot.path((t) => value(t, over), kinks(over)) : "" });
    set(curves.difference, { d: withDifference ? plot.path(difference) : "" });
    const reach = (view.x[1] - view.x[0]) * 0.16;
    set(tangent, { x1: plot.x(x - reach), x2: plot.x(x + reach), y1: plot.y(y - m * reach), y2: plot.y(y + m * reach) });
    set(guide, { x1: plot.x(x), x2: plot.x(x), y1: plot.y(y), y2: plot.y(m) });
    set(dot, { cx: plot.x(x), cy: plot.y(m) });
    set(handle, { transform: `translate(${plot.x(x)} ${plot.y(y)})`,
      "aria-valuemin": view.x[0], "aria-valuemax": view.x[1], "aria-valuenow": x,
      "aria-valuetext": `x = ${format(x, 4)}, f(x) = ${format(y, 4)}, slope ${format(m, 4)}` });
    numbers.show({ x, y, slope: m, difference: difference(x) });
    set(position.input, { min: view.x[0], max: view.x[1] });
    position.show(x);
    for (const [key, control] of sliders) control.show(parameters()[key]);
    kink.show(model.get("slope_at_kink"));
    overlay.show(over);
    differenceOn.show(withDifference);
    step.show(model.get("log_step"));
    step.element.hidden = !withDifference;
    entry("difference").hidden = !withDifference;
    entry("overlay").hidden = !over;
    if (over) entry("overlay").querySelector("span").textContent = functions[over].title;
    numbers.element.querySelector('[data-name="difference"]').parentElement.hidden = !withDifference;
  });
  const redraw = oncePerFrame(() => plot.draw());

  onDrag(plot, handle, { move: (px) => setX(plot.fromX(px)) });
  onSliderKeys(handle, { value: () => model.get("x"), min: () => view.x[0], max: () => view.x[1], step: 0.1, page: 1, change: setX });
  let grabbed = null;
  onDrag(plot, plot.svg, {
    start: (px) => { grabbed = { at: px, view: [...view.x] }; },
    move: (px) => {
      const shift = (grabbed.at - px) * (grabbed.view[1] - grabbed.view[0]) / Math.max(1, plot.x(view.x[1]) - plot.x(view.x[0]));
      view.x = grabbed.view.map((side) => side + shift);
      setX(model.get("x"));
      redraw();
    },
  });
  // A bare wheel scrolls the page; with Ctrl (or a pinch) it zooms, as maps do.
  plot.svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, plot.fromX(event.offsetX));
  }, { passive: false });

  model.on("change", redraw);
  return () => { model.off("change", redraw); plot.destroy(); };
}

export default { render };
