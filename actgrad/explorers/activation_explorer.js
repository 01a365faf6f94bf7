// f and f' on one plot, a point to drag with its tangent, the function's parameters, zoom and pan,
// another function or the finite-difference slope laid over.
import { changes, checkbox, choice, connect, createPlot, format, legend, make, navigate, onDrag,
  onSliderKeys, readouts, set, slider } from "./plot.js";
import { defaults, functions } from "./functions.js";

function build({ model, el }) {
  const name = model.get("function");
  const { title, kinks, parameters: controls } = functions[name];
  const settings = (which) => ({ ...defaults(which), ...(which === name ? model.get("parameters") : {}) });
  const value = (x, which = name) => functions[which].value(x, settings(which));
  const slope = (x) => kinks.includes(x) ? model.get("slope_at_kink") : functions[name].derivative(x, settings(name));
  const difference = (x) => {
    const h = 10 ** model.get("log_step");
    return (value(x + h) - value(x - h)) / (2 * h);
  };

  const root = make("div", { class: "actgrad", role: "group", "aria-label": `Explorer of ${title} and its derivative` });
  const entries = legend([["function", "f(x)"], ["derivative", "f′(x)"], ["overlay", ""], ["difference", "(f(x+h) − f(x−h)) / 2h"]]);
  const entry = (role) => entries.querySelector(`[data-role="${role}"]`);
  const stage = make("div");
  const view = { get x() { return model.get("x_range"); }, get y() { return model.get("y_range"); } };
  const plot = createPlot(stage, { label: `Plot of ${title} and its derivative`, view, axes: ["x", ""] });
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

  const { redraw, put, change, stop } = connect(model, () => plot.draw());
  const within = (x, [from, to]) => Math.max(from, Math.min(to, x));
  const setX = (x) => put({ x: within(x, view.x) });
  // The point comes along where the view leaves it behind.
  const setView = (changes) => put({ ...changes, x: within(model.get("x"), changes.x_range) });

  const numbers = readouts({ x: "x", y: "f(x)", slope: "f′(x)", difference: "slope with h" });
  const position = slider({ label: "x", min: view.x[0], max: view.x[1], step: 0.01, value: model.get("x"), text: (v) => format(v, 4), change: setX });
  const sliders = Object.entries(controls).map(([key, control]) => [key, slider({
    label: control.title, min: control.min, max: control.max, step: (control.max - control.min) / 198, value: settings(name)[key],
    change: (next) => put({ parameters: { ...settings(name), [key]: next } }) })]);
  const kink = slider({ label: kinks.length > 1 ? "f′ at a kink" : `f′ at ${kinks[0]}`, min: 0, max: 1, step: 0.05,
    value: model.get("slope_at_kink"), change: change("slope_at_kink") });
  kink.element.hidden = kinks.length === 0;
  const others = Object.keys(functions).filter((other) => other !== name);
  const overlay = choice({ label: "Compare with", value: model.get("overlay"), change: change("overlay"),
    options: [["", "nothing"], ...others.map((other) => [other, functions[other].title])] });
  const differenceOn = checkbox({ label: "Finite-difference slope", value: model.get("difference"), change: change("difference") });
  const step = slider({ label: "h", min: -16, max: 0, step: 0.25, value: model.get("log_step"),
    text: (v) => format(10 ** v, 2), change: change("log_step") });
  const home = { x_range: view.x, y_range: view.y };
  const buttons = navigate(plot, { put: setView, home, anchor: () => [model.get("x"), value(model.get("x"))] });

  root.append(entries, stage, numbers.element,
    make("div", { class: "actgrad-controls" }, position.element, ...sliders.map(([, s]) => s.element),
      kink.element, overlay.element, differenceOn.element, step.element, buttons));
  el.replaceChildren(root);

  const moved = changes();
  plot.layers.push(() => {
    const x = model.get("x");
    const y = value(x);
    const m = slope(x);
    const over = model.get("overlay");
    const withDifference = model.get("difference");
    if (moved(view.x, view.y, plot.x(0), settings(name), over, withDifference, model.get("log_step"))) {
      set(curves.function, { d: plot.path(value, kinks) });
      set(curves.derivative, { d: plot.path(slope, kinks) });
      set(curves.overlay, { d: over ? plot.path((t) => value(t, over), functions[over].kinks) : "" });
      set(curves.difference, { d: withDifference ? plot.path(difference) : "" });
    }
    const reach = (view.x[1] - view.x[0]) * 0.16;
    set(tangent, { x1: plot.x(x - reach), x2: plot.x(x + reach), y1: plot.y(y - m * reach), y2: plot.y(y + m * reach) });
    set(guide, { x1: plot.x(x), x2: plot.x(x), y1: plot.y(y), y2: plot.y(m) });
    set(dot, { cx: plot.x(x), cy: plot.y(m) });
    // The handle stays on the plot's edge where the curve has left the view.
    set(handle, { transform: `translate(${plot.x(within(x, view.x))} ${plot.y(within(y, view.y))})`,
      "aria-valuemin": view.x[0], "aria-valuemax": view.x[1], "aria-valuenow": x,
      "aria-valuetext": `x = ${format(x, 4)}, f(x) = ${format(y, 4)}, slope ${format(m, 4)}` });
    numbers.show({ x, y, slope: m, difference: difference(x) });
    set(position.input, { min: view.x[0], max: view.x[1] });
    position.show(x);
    for (const [key, control] of sliders) control.show(settings(name)[key]);
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
  onDrag(plot, handle, { move: (px) => setX(plot.fromX(px)) });
  onSliderKeys(handle, { value: () => model.get("x"), min: () => view.x[0], max: () => view.x[1], step: 0.1, page: 1, change: setX });
  redraw();
  return () => { stop(); plot.destroy(); };
}

function render({ model, el }) {
  let stop = build({ model, el });
  const rebuild = () => { stop(); stop = build({ model, el }); };
  model.on("change:function", rebuild);
  return () => { model.off("change:function", rebuild); stop(); };
}

export default { render };
