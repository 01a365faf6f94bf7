// A stack of layers: how large values and gradients are in each, and which units still learn.
import { button, changes, choice, connect, createPlot, format, legend, make, onDrag, onSliderKeys, readouts,
  set, slider } from "./plot.js";
import { defaults, functions } from "./functions.js";
import { WIDTH, liveliness, propagate, rms } from "./network.js";

const SHADES = 5;

function render({ model, el }) {
  const depth = () => model.get("depth");
  const layer = () => Math.min(model.get("layer"), depth());
  let passes = null;
  const moved = changes();
  const renamed = changes();
  const shaded = changes();
  let largestSlope = 1;
  function compute() {
    const [name, scale, seed] = ["activation", "scale", "seed"].map((key) => model.get(key));
    if (!moved(name, depth(), scale, seed)) return;
    const own = defaults(name);
    const { value, derivative } = functions[name];
    if (renamed(name))
      largestSlope = Math.max(...Array.from({ length: 401 }, (_, i) => Math.abs(derivative(i / 20 - 10, own))));
    passes = propagate({ f: (x) => value(x, own), slope: (x) => derivative(x, own), depth: depth(), scale, seed });
    const sizes = (layers) => layers.map(rms);
    Object.assign(passes, { forward: sizes(passes.values), backward: sizes(passes.gradients),
      units: passes.slopes.map((slopes) => slopes && liveliness(slopes)) });
  }

  const root = make("div", { class: "actgrad", role: "group", "aria-label": "Explorer of a stack of layers" });
  const { redraw, put, change, stop } = connect(model, draw);
  const stage = make("div");
  const strip = make("div");
  const range = () => {
    const powers = [...passes.forward, ...passes.backward].filter((v) => v > 0 && Number.isFinite(v)).map(Math.log10);
    return [Math.max(-40, Math.min(-1, Math.floor(Math.min(...powers)))), Math.max(1, Math.ceil(Math.max(...powers)))];
  };
  const layers = { get x() { return [-0.5, depth() + 0.5]; } };
  const every = () => Math.ceil(depth() / 10);
  const xTicks = () => Array.from({ length: depth() + 1 }, (_, value) => ({ value, text: String(value) })).filter(({ value }) => value % every() === 0);
  const plot = createPlot(stage, { label: "Size of values and gradients by layer", xTicks, axes: ["layer", "root mean square"], log: "y", aspect: 0.45,
    view: { get x() { return layers.x; }, get y() { return range(); } } });
  const units = createPlot(strip, { label: "Units by layer", xTicks, yTicks: () => [], axes: ["layer", "units"], aspect: 0.3, least: 150,
    view: { get x() { return layers.x; }, y: [0, WIDTH] } });

  const guide = make("line", { class: "actgrad-guide" });
  const curves = { backward: make("path", { class: "actgrad-line actgrad-derivative", "data-curve": "backward" }),
    forward: make("path", { class: "actgrad-line actgrad-function", "data-curve": "forward" }) };
  const dots = { backward: make("circle", { r: 5, class: "actgrad-dot" }), forward: make("circle", { r: 5, class: "actgrad-bar actgrad-function" }) };
  plot.content.append(guide, ...Object.values(curves), ...Object.values(dots));
  const handle = make("g", { role: "slider", tabindex: 0, "aria-label": "Layer" },
    make("rect", { x: -22, y: -30, width: 44, height: 44, class: "actgrad-hit" }), make("path", { d: "M0-9l7 12h-14z", class: "actgrad-handle" }));
  plot.above.append(handle);
  const setLayer = (next) => put({ layer: Math.max(0, Math.min(depth(), Math.round(next))) });
  onDrag(plot, handle, { move: (px) => setLayer(plot.fromX(px)) });
  onSliderKeys(handle, { value: layer, min: () => 0, max: depth, step: 1, page: 5, change: setLayer });

  const shades = Array.from({ length: SHADES }, (_, n) => make("path", { class: "actgrad-unit", "fill-opacity": (n + 1) / SHADES }));
  const dead = make("path", { class: "actgrad-dead", "data-curve": "dead" });
  const chosen = make("rect", { class: "actgrad-chosen" });
  units.content.append(...shades, dead, chosen);

  const numbers = readouts({ forward: "values in the layer", backward: "gradient dL/dA", dead: "dead units", saturated: "saturated units", ratio: "first gradient / last" },
    (value) => Number.isInteger(value) ? String(value) : format(value, 4));
  const controls = {
    activation: choice({ label: "activation", value: model.get("activation"), change: change("activation"),
      options: Object.entries(functions).map(([name, { title }]) => [name, title]) }),
    depth: slider({ label: "depth", min: 1, max: 30, step: 1, value: depth(), text: String, change: (next) => put({ depth: next, layer: Math.min(layer(), next) }) }),
    scale: slider({ label: "scale of W", min: 0.1, max: 4, step: 0.05, value: model.get("scale"), change: change("scale") }),
    layer: slider({ label: "layer", min: 0, max: depth(), step: 1, value: layer(), text: String, change: setLayer }),
  };
  const fresh = button("New weights", null, () => put({ seed: model.get("seed") % 9999 + 1 }));
  root.append(legend([["function", "values A"], ["derivative", "gradients dL/dA"]]), stage,
    make("p", { class: "actgrad-note" }, "Below, each cell is a unit: the stronger its colour, the larger its mean slope f′; × marks a dead unit, whose slope is 0 for every input."),
    strip, numbers.element, make("div", { class: "actgrad-controls" }, ...Object.values(controls).map(({ element }) => element),
      make("div", { class: "actgrad-buttons" }, fresh)));
  el.replaceChildren(root);

  plot.layers.push(() => {
    const at = layer();
    for (const kind of ["forward", "backward"]) {
      const sizes = passes[kind];
      set(curves[kind], { d: plot.polyline(sizes.map((size, n) => [n, Math.log10(size)])) });
      set(dots[kind], { cx: plot.x(at), cy: plot.y(Math.max(-99, Math.log10(sizes[at]))) });
    }
    set(guide, { x1: plot.x(at), x2: plot.x(at), y1: 0, y2: 999 });
    set(handle, { transform: `translate(${plot.x(at)} ${plot.y(plot.view.y[0]) - 6})`, "aria-valuemin": 0, "aria-valuemax": depth(), "aria-valuenow": at,
      "aria-valuetext": `layer ${at}: values ${format(passes.forward[at], 3)}, gradient ${format(passes.backward[at], 3)}` });
  });
  units.layers.push(() => {
    const wide = (units.x(1) - units.x(0)) * 0.84;
    const high = units.y(0) - units.y(1);
    const at = layer();
    set(chosen, at ? { x: units.x(at) - wide / 2 - 2, y: units.y(WIDTH), width: wide + 4, height: units.y(0) - units.y(WIDTH) } : { width: 0, height: 0 });
    if (!shaded(wide, passes.units)) return;
    const box = `h${wide.toFixed(1)}v${(high - 1).toFixed(1)}h-${wide.toFixed(1)}z`;
    const cells = Array.from({ length: SHADES }, () => []);
    const crosses = [];
    for (let n = 1; n <= depth(); n++)
      passes.units[n].forEach((slope, j) => {
        const [x, y] = [units.x(n) - wide / 2, units.y(j + 1)];
        if (slope === 0) {
          const [r, cx, cy] = [Math.min(3, high / 2 - 0.5), x + wide / 2, y + high / 2];
          crosses.push(`M${(cx - r).toFixed(1)} ${(cy - r).toFixed(1)}l${2 * r} ${2 * r}m0-${2 * r}l-${2 * r} ${2 * r}`);
        } else cells[Math.min(SHADES - 1, Math.floor(SHADES * slope / largestSlope))]
          .push(`M${x.toFixed(1)} ${(y + 0.5).toFixed(1)}${box}`);
      });
    shades.forEach((path, n) => set(path, { d: cells[n].join("") }));
    set(dead, { d: crosses.join("") });
  });
  onDrag(units, units.svg, { start: (px) => setLayer(units.fromX(px)), move: (px) => setLayer(units.fromX(px)) });

  function draw() {
    compute();
    plot.draw();
    units.draw();
    const at = layer();
    const slopes = passes.units[at] ?? [];
    numbers.show({ forward: passes.forward[at], backward: passes.backward[at], dead: slopes.filter((v) => v === 0).length,
      saturated: slopes.filter((v) => v > 0 && v < largestSlope / 10).length, ratio: passes.backward[0] / passes.backward[depth()] });
    controls.activation.show(model.get("activation"));
    controls.depth.show(depth());
    controls.scale.show(model.get("scale"));
    set(controls.layer.input, { max: depth() });
    controls.layer.show(at);
  }
  compute();
  redraw();
  return () => { stop(); plot.destroy(); units.destroy(); };
}

export default { render };
