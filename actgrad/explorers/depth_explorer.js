// A gradient on its way through n layers of one neuron each, with weights 1: choose the
// function, drag n, see what is left of it.

import { choice, controls, group, slider } from "./controls.js";
import { changes, connect, make, set, write } from "./dom.js";
import { defaults, functions } from "./functions.js";
import { slopeOf } from "./kinks.js";
import { createCursor, Plot } from "./plot.js";
import { format } from "./text.js";

const MOST = 40;
const LOWEST = -30;

/** What is left of a gradient of 1 after 0, 1, ... layers that begin at x. */
function leftAfter(name, x) {
  const own = defaults(name);
  const slope = slopeOf(name, own, 0);
  const left = [1];
  for (let at = x; left.length <= MOST; at = functions[name].value(at, own))
    left.push(left[left.length - 1] * slope(at));
  return left;
}

const height = (left) => Math.max(LOWEST, Math.log10(Math.abs(left)));

/**
 * A dot a layer, full up to n and pale beyond, joined by a line.
 *
 * @param {Plot} plot
 */
function createDots(plot, model) {
  const ahead = make("path", { class: "actgrad-line actgrad-derivative actgrad-ahead" });
  const line = make("path", { class: "actgrad-line actgrad-derivative", "data-curve": "left" });
  const dots = Array.from({ length: MOST + 1 }, () =>
    make("circle", { r: 3, class: "actgrad-dot" }),
  );
  plot.content.append(ahead, line, ...dots);
  const moved = changes();
  plot.layers.push(() => {
    const [name, n, x] = ["function", "layers", "x"].map((key) => model.get(key));
    if (!moved(plot.width, name, n, x)) return;
    const points = leftAfter(name, x).map((left, k) => [k, height(left)]);
    set(line, { d: plot.polyline(points.slice(0, n + 1)) });
    set(ahead, { d: plot.polyline(points.slice(n)) });
    dots.forEach((dot, k) => {
      set(dot, { cx: plot.x(k), cy: plot.y(points[k][1]) });
      dot.classList.toggle("actgrad-ahead", k > n);
    });
  });
}

function render({ model, el }) {
  const stage = make("div");
  const plot = new Plot(stage, {
    label: "What is left of the gradient after each layer",
    view: { x: [0, MOST], y: [LOWEST, 1] },
    aspect: 0.42,
    least: 170,
    axes: ["layers n", "what is left"],
    log: "y",
  });
  const link = connect(model, () => plot.draw());
  const setLayers = (n) => link.put({ layers: Math.max(1, Math.min(MOST, Math.round(n))) });
  createDots(plot, model);
  const showCursor = createCursor(plot, {
    label: "Number of layers on the plot",
    value: () => model.get("layers"),
    step: 1,
    page: 5,
    change: setLayers,
  });
  const names = model.get("functions");
  const pick = choice({
    label: "function",
    options: names.map((name) => [name, functions[name].title]),
    value: model.get("function"),
    change: link.change("function"),
  });
  const layers = slider({
    label: "layers n",
    min: 1,
    max: MOST,
    step: 1,
    value: model.get("layers"),
    text: String,
    change: setLayers,
  });
  const said = make("p", { class: "actgrad-left", role: "status" });
  plot.layers.push(() => {
    const [name, n] = [model.get("function"), model.get("layers")];
    const left = leftAfter(name, model.get("x"))[n];
    pick.show(name);
    layers.show(n);
    const [many, leave] = n === 1 ? ["layer", "leaves"] : ["layers", "leave"];
    showCursor(n, 1, MOST, `${n} ${many}`);
    const much = left === 1 ? "all" : format(left, 2);
    write(said, `${n} ${many} of ${functions[name].title} ${leave} ${much} of it.`);
    set(said, { "data-value": left });
  });
  el.replaceChildren(
    group("A gradient through n layers", stage, said, controls(pick.element, layers.element)),
  );
  link.redraw();
  return () => {
    link.stop();
    plot.destroy();
  };
}

export default { render };
