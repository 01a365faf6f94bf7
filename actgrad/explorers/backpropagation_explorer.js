// A stack of layers: how large values and gradients are in each, and which units still learn.

import { button, choice, controls, group, legend, readouts, slider } from "./controls.js";
import { changes, connect, make, set } from "./dom.js";
import { defaults, functions } from "./functions.js";
import { liveliness, propagate, rms, WIDTH } from "./network.js";
import { createCursor, onDrag, Plot } from "./plot.js";
import { format } from "./text.js";

const SHADES = 5;
const KINDS = { backward: "derivative", forward: "function" };
const NOTE =
  "Below, each cell is a unit: the stronger its colour, the larger its mean slope "
  + "f′; × marks a dead unit, whose slope is 0 for every input.";

const depthOf = (model) => model.get("depth");
const layerOf = (model) => Math.min(model.get("layer"), depthOf(model));

/** Both passes through the stack, computed anew only where the model asks for others. */
function createPasses(model) {
  const moved = changes();
  let passes;
  return () => {
    const [name, depth, scale, seed] = ["activation", "depth", "scale", "seed"].map((key) =>
      model.get(key),
    );
    if (!moved(name, depth, scale, seed)) return passes;
    const own = defaults(name);
    const { value, derivative } = functions[name];
    const slope = (x) => derivative(x, own);
    const { values, gradients, slopes } = propagate({
      f: (x) => value(x, own),
      slope,
      depth,
      scale,
      seed,
    });
    const steps = Array.from({ length: 401 }, (_, i) => Math.abs(slope(i / 20 - 10)));
    passes = {
      forward: values.map(rms),
      backward: gradients.map(rms),
      units: slopes.map((list) => liveliness(list)),
      steepest: Math.max(...steps),
    };
    return passes;
  };
}

/** The sizes of values and gradients by layer; the layer is dragged along. */
function createSizes(el, model, passes, axis, setLayer) {
  const range = () => {
    const powers = [...passes().forward, ...passes().backward]
      .filter((v) => v > 0 && Number.isFinite(v))
      .map(Math.log10);
    const least = Math.max(-40, Math.min(-1, Math.floor(Math.min(...powers))));
    return [least, Math.max(1, Math.ceil(Math.max(...powers)))];
  };
  const plot = new Plot(el, {
    ...axis,
    label: "Size of values and gradients by layer",
    axes: ["layer", "root mean square"],
    log: "y",
    aspect: 0.45,
    view: {
      get x() {
        return axis.range();
      },
      get y() {
        return range();
      },
    },
  });
  const showCursor = createCursor(plot, {
    label: "Layer",
    value: () => layerOf(model),
    step: 1,
    page: 5,
    change: setLayer,
  });
  const parts = Object.entries(KINDS).map(([kind, role]) => [
    kind,
    make("path", { class: `actgrad-line actgrad-${role}`, "data-curve": kind }),
    make("circle", { r: 5, class: `actgrad-bar actgrad-${role}` }),
  ]);
  plot.content.append(...parts.map(([, curve]) => curve), ...parts.map(([, , dot]) => dot));
  plot.layers.push(() => {
    const at = layerOf(model);
    const here = {};
    for (const [kind, curve, dot] of parts) {
      const sizes = passes()[kind];
      here[kind] = format(sizes[at], 3);
      set(curve, { d: plot.polyline(sizes.map((size, n) => [n, Math.log10(size)])) });
      set(dot, { cx: plot.x(at), cy: plot.y(Math.max(-99, Math.log10(sizes[at]))) });
    }
    showCursor(
      at,
      0,
      depthOf(model),
      `layer ${at}: values ${here.forward}, gradient ${here.backward}`,
    );
  });
  return plot;
}

/**
 * The paths of the cells of live units, by shade, and of the crosses of dead ones.
 *
 * @param {Plot} plot
 */
function cellPaths(plot, { units, steepest }, wide, high) {
  const box = `h${wide.toFixed(1)}v${(high - 1).toFixed(1)}h-${wide.toFixed(1)}z`;
  /** @type {string[][]} */
  const cells = Array.from({ length: SHADES }, () => []);
  const crosses = [];
  const r = Math.min(3, high / 2 - 0.5);
  units.slice(1).forEach((layer, n) => {
    layer.forEach((slope, j) => {
      const [x, y] = [plot.x(n + 1) - wide / 2, plot.y(j + 1)];
      const [left, top] = [(x + wide / 2 - r).toFixed(1), (y + high / 2 - r).toFixed(1)];
      const d = 2 * r;
      if (slope === 0) crosses.push(`M${left} ${top}l${d} ${d}m0-${d}l-${d} ${d}`);
      else
        cells[Math.min(SHADES - 1, Math.floor((SHADES * slope) / steepest))].push(
          `M${x.toFixed(1)} ${(y + 0.5).toFixed(1)}${box}`,
        );
    });
  });
  return { cells: cells.map((list) => list.join("")), crosses: crosses.join("") };
}

/** The units of each layer as cells. */
function createUnits(el, model, passes, axis, setLayer) {
  const plot = new Plot(el, {
    ...axis,
    label: "Units by layer",
    yTicks: () => [],
    axes: ["layer", "units"],
    aspect: 0.3,
    least: 150,
    view: {
      get x() {
        return axis.range();
      },
      y: [0, WIDTH],
    },
  });
  const shades = Array.from({ length: SHADES }, (_, n) =>
    make("path", { class: "actgrad-unit", "fill-opacity": (n + 1) / SHADES }),
  );
  const dead = make("path", { class: "actgrad-dead", "data-curve": "dead" });
  const chosen = make("rect", { class: "actgrad-chosen" });
  plot.content.append(...shades, dead, chosen);
  const moved = changes();
  plot.layers.push(() => {
    const wide = (plot.x(1) - plot.x(0)) * 0.84;
    const high = plot.y(0) - plot.y(1);
    const at = layerOf(model);
    set(
      chosen,
      at
        ? {
            x: plot.x(at) - wide / 2 - 2,
            y: plot.y(WIDTH),
            width: wide + 4,
            height: plot.y(0) - plot.y(WIDTH),
          }
        : { width: 0, height: 0 },
    );
    if (!moved(wide, passes().units)) return;
    const { cells, crosses } = cellPaths(plot, passes(), wide, high);
    for (const [n, path] of shades.entries()) set(path, { d: cells[n] });
    set(dead, { d: crosses });
  });
  const pick = (px) => setLayer(plot.fromX(px));
  onDrag(plot, plot.svg, { start: pick, move: pick });
  return plot;
}

function createControls(model, { put, change }, setLayer) {
  const list = {
    activation: choice({
      label: "activation",
      value: "",
      change: change("activation"),
      options: Object.entries(functions).map(([name, { title }]) => [name, title]),
    }),
    depth: slider({
      label: "depth",
      min: 1,
      max: 30,
      step: 1,
      value: 1,
      text: String,
      change: (next) => put({ depth: next, layer: Math.min(layerOf(model), next) }),
    }),
    scale: slider({
      label: "scale of W",
      min: 0.1,
      max: 4,
      step: 0.05,
      value: 1,
      change: change("scale"),
    }),
    layer: slider({
      label: "layer",
      min: 0,
      max: 30,
      step: 1,
      value: 0,
      text: String,
      change: setLayer,
    }),
  };
  const fresh = button("New weights", null, () =>
    put({ seed: (model.get("seed") % 9999) + 1 }),
  );
  const element = controls(
    ...Object.values(list).map((control) => control.element),
    make("div", { class: "actgrad-buttons" }, fresh),
  );
  return {
    element,
    show() {
      set(list.layer.input, { max: depthOf(model) });
      const now = (key) => (key === "layer" ? layerOf(model) : model.get(key));
      for (const [key, control] of Object.entries(list)) control.show(now(key));
    },
  };
}

/** The axis of the layers, with at most eleven numbers at it. */
const layerAxis = (model) => ({
  range: () => [-0.5, depthOf(model) + 0.5],
  xTicks: () => {
    const every = Math.ceil(depthOf(model) / 10);
    return Array.from({ length: Math.floor(depthOf(model) / every) + 1 }, (_, n) => ({
      value: n * every,
      text: String(n * every),
    }));
  },
});

function render({ model, el }) {
  const { redraw, put, change, stop } = connect(model, draw);
  const passes = createPasses(model);
  const setLayer = (next) =>
    put({ layer: Math.max(0, Math.min(depthOf(model), Math.round(next))) });
  const axis = layerAxis(model);
  const stages = [make("div"), make("div")];
  const sizes = createSizes(stages[0], model, passes, axis, setLayer);
  const units = createUnits(stages[1], model, passes, axis, setLayer);
  const numbers = readouts(
    {
      forward: "values in the layer",
      backward: "gradient dL/dA",
      dead: "dead units",
      saturated: "saturated units",
      ratio: "first gradient / last",
    },
    (value) => (Number.isInteger(value) ? String(value) : format(value, 4)),
  );
  const below = createControls(model, { put, change }, setLayer);
  el.replaceChildren(
    group(
      "Explorer of a stack of layers",
      legend([
        ["function", "values A"],
        ["derivative", "gradients dL/dA"],
      ]),
      stages[0],
      make("p", { class: "actgrad-note" }, NOTE),
      stages[1],
      numbers.element,
      below.element,
    ),
  );

  function draw() {
    sizes.draw();
    units.draw();
    const at = layerOf(model);
    const { forward, backward, units: live, steepest } = passes();
    const slopes = live[at] ?? [];
    numbers.show({
      forward: forward[at],
      backward: backward[at],
      dead: slopes.filter((v) => v === 0).length,
      saturated: slopes.filter((v) => v > 0 && v < steepest / 10).length,
      ratio: backward[0] / backward.at(-1),
    });
    below.show();
  }
  redraw();
  return () => {
    stop();
    sizes.destroy();
    units.destroy();
  };
}

export default { render };
