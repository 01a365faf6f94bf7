// A small network as a graph, stepped node by node: values forward, then derivatives, each with
// its number in its place. Inputs, weights, biases and the target are dragged.

import { button, choice, controls, group, legend, slider } from "./controls.js";
import { changes, connect, make, set, write } from "./dom.js";
import { defaults, functions } from "./functions.js";
import { backward, children, forward, graph, LEAVES, NODES } from "./graph.js";
import { createHandle, onDrag, onSliderKeys, Plot } from "./plot.js";
import { brief, subscript, tidy } from "./text.js";

const LIMIT = 3;
const STEP = 0.1;
const BACKWARD = ["y", "a1", "a2", "z1", "z2", "x1", "x2"];
const LAST = NODES.length + BACKWARD.length;
const SETTINGS = { x: "inputs", w: "weights", b: "biases", v: "output_weights" };
const EDGES = [
  ...["11", "12", "21", "22"].map((n) => [`x${n[0]}`, `z${n[1]}`, `w${n}`]),
  ...["1", "2"].map((n) => [`z${n}`, `a${n}`, null]),
  ...["1", "2"].map((n) => [`a${n}`, "y", `v${n}`]),
  ["y", "L", null],
];
const GATE = 20; // half of its width

const pretty = (text) => text.replace(/\d+/, subscript);
const number = (value) => brief(value, Math.abs(value) < 10 ? 3 : 2);
const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
const withinLimits = (value) => tidy(Math.max(-LIMIT, Math.min(LIMIT, value)));

/** What a reader may set, by its name in the graph: `of` reads it, `setting` is the change. */
function leavesOf(model) {
  const alike = (name) => LEAVES.filter(([letter]) => letter === name[0]);
  const of = (name) =>
    name === "t"
      ? model.get("target")
      : model.get(SETTINGS[name[0]])[alike(name).indexOf(name)];
  const setting = (name, value) =>
    name === "t"
      ? { target: value }
      : { [SETTINGS[name[0]]]: alike(name).map((n) => (n === name ? value : of(n))) };
  return { of, setting };
}

/** The graph with its derivatives, and what of it is known at the present step. */
function createState(model, leaves) {
  const moved = changes();
  let computed;
  const compute = () => {
    const [name, seed] = ["activation", "direction"].map((key) => model.get(key));
    const numbers = LEAVES.map(leaves.of);
    if (!moved(name, seed, numbers, leaves.of("t"))) return computed;
    const own = defaults(name);
    const { value, derivative } = functions[name];
    const { at, parents } = graph({
      f: (x) => value(x, own),
      slope: (x) => derivative(x, own),
      leaves: numbers,
      target: leaves.of("t"),
    });
    const from = seed === "backward" ? null : seed;
    computed = { at, parents, seed: from, back: backward(parents) };
    computed.slopes = from ? forward(parents, from) : computed.back;
    computed.order = [...NODES, ...(from ? [from, ...NODES] : BACKWARD)];
    return computed;
  };
  return () => {
    const state = compute();
    const step = model.get("step");
    const visited = state.order.slice(NODES.length, step);
    // With a node's derivative those of its weights and its bias are known.
    const ready = (name) =>
      visited.includes(name)
      || (!state.seed
        && (name === "L"
          ? visited.length > 0
          : /^[wbv]/.test(name)
            && children(state.parents, name).every(({ to }) => visited.includes(to))));
    const valued = (name) => !NODES.includes(name) || state.order.slice(0, step).includes(name);
    const reached = (name) =>
      name === state.seed || (state.parents[name] ?? []).some(({ from }) => reached(from));
    return { ...state, step, now: state.order[step - 1], ready, valued, reached };
  };
}

// --- where things stand: left to right, or on a narrow page from top to bottom

const ALONG = { x: 0.05, z: 0.38, b: 0.38, a: 0.55, y: 0.78, L: 0.95, t: 0.95 };
const isTall = (width) => width < 560;

/** @param {Plot} plot */
function place(plot, name) {
  const tall = isTall(plot.width);
  const side = name === "t" ? 1 : [0, -1, 1][name[1] ?? 0];
  const [near, far] = tall ? [0.21, 0.39] : [0.28, 0.42];
  const isFar = name[0] === "b" || (tall && name === "t");
  const across = 0.5 + side * (isFar ? far : near);
  const along = ALONG[name[0]] - (tall && name[0] === "b" ? 0.08 : 0);
  return tall
    ? [across * plot.width, along * plot.height]
    : [along * plot.width, across * plot.height];
}

/**
 * @param {Plot} plot
 * @param {any[]} edge
 */
function between(plot, [start, end], share) {
  const [from, to] = [place(plot, start), place(plot, end)];
  return from.map((u, i) => u + share * (to[i] - u));
}

/**
 * On each edge, how far along its weight and what it carries stand.
 *
 * @param {any[]} edge
 */
const sharesOf = ([start, end], tall) => {
  if (end === "y") return [0.38, 0.66];
  return start[1] === end[1] ? [0.5, tall ? 0.81 : 0.74] : [0.25, 0.7];
};

// --- what is drawn

/**
 * A number's slider: dragged to the side, or moved by keys.
 *
 * @param {Plot} plot
 */
function createGrip(plot, name, leaves, put) {
  const handle = createHandle(
    plot,
    pretty(name),
    make("rect", { class: "actgrad-hit" }),
    make("rect", { class: "actgrad-box actgrad-free", rx: 8 }),
  );
  const value = () => leaves.of(name);
  const change = (next) => put(leaves.setting(name, withinLimits(next)));
  let grabbed = [0, 0];
  onDrag(plot, handle, {
    start: (px) => {
      grabbed = [px, value()];
    },
    move: (px) => change(grabbed[1] + STEP * Math.round((px - grabbed[0]) / 8)),
  });
  onSliderKeys(handle, { value, step: STEP, page: 10 * STEP, change });
  return handle;
}

/**
 * A box with a letter, its value and its derivative; a slider where the reader may set it.
 *
 * @param {Plot} plot
 */
function createBox(plot, name, leaves, put) {
  const free = !NODES.includes(name);
  const box = free
    ? createGrip(plot, name, leaves, put)
    : make("g", {}, make("rect", { class: "actgrad-box", rx: 8 }));
  const value = make("text", { class: "actgrad-value", "data-name": name });
  const slope = make("text", { class: "actgrad-slope", "data-name": `d${name}` });
  box.append(value, slope);
  plot.above.append(box);
  const edge = EDGES.find(([, , by]) => by === name);
  return ({ at, slopes, ready, valued, now }) => {
    const wide = NODES.includes(name) || name[0] === "x" ? 74 : name[0] === "b" ? 54 : 58;
    const [x, y] = edge ? between(plot, edge, sharesOf(edge, false)[0]) : place(plot, name);
    for (const rect of box.querySelectorAll("rect")) {
      const high = rect.classList.contains("actgrad-hit") ? 44 : 38;
      set(rect, { x: -wide / 2, y: -high / 2, width: wide, height: high });
    }
    const shown = free ? at[name].toFixed(1).replace("-", "−") : number(at[name]);
    const known = valued(name);
    const derived = ready(name);
    const below = derived ? `∂ ${number(slopes[name])}` : "";
    set(box, { transform: `translate(${x} ${y})` });
    box.classList.toggle("actgrad-current", name === now);
    set(value, { y: derived ? -3 : 4, "data-value": known ? at[name] : null });
    set(slope, { y: 13, "data-value": derived ? slopes[name] : null });
    write(value, `${pretty(name)} ${known ? shown : "?"}`);
    write(slope, below);
    if (free)
      set(box, {
        "aria-valuemin": -LIMIT,
        "aria-valuemax": LIMIT,
        "aria-valuenow": at[name],
        "aria-valuetext": `${pretty(name)} = ${shown}, ${below}`.replace(/, $/, ""),
      });
  };
}

/** What an edge carries at this step: a value forward, or a derivative; null before that. */
function carried([start, end, weight], { at, parents, slopes, seed, reached, ready, valued }) {
  const { local } = parents[end].find(({ from }) => from === start);
  if (!weight) return ["slope", valued(end === "L" ? end : start) ? local : null];
  if (seed ? ready(end) && reached(start) : ready(start))
    return ["slope", slopes[seed ? start : end] * local];
  return ["value", valued(end) ? at[start] * local : null];
}

/**
 * The two leaves of a gate, as far apart as the slope is large.
 *
 * @param {[number, number]} middle
 */
function leaves(middle, slope, tall) {
  const open = GATE * Math.min(0.85, Math.abs(slope));
  const at = (off) => (tall ? [middle[0] + off, middle[1]] : [middle[0], middle[1] + off]);
  return [-1, 1].map((side) => `M${at(GATE * side)}L${at(open * side)}`).join("");
}

/**
 * An edge with what it carries; where f stands a gate, with the local derivative beside it.
 *
 * @param {Plot} plot
 */
function createEdge(plot, edge) {
  const [start, end, weight] = edge;
  const isGate = start[0] === "z";
  const line = make("path", { class: "actgrad-edge" });
  const gate = make("path", { class: "actgrad-gate" });
  const text = make("text", { "data-name": `${start}-${end}` });
  plot.content.append(line, gate);
  plot.above.append(text);
  return (state) => {
    const tall = isTall(plot.width);
    const [kind, value] = carried(edge, state);
    const [x, y] = between(plot, edge, weight ? sharesOf(edge, tall)[1] : 0.5);
    const beside = isGate ? (tall ? [GATE + 32, 4] : [0, -GATE - 6]) : [0, 4];
    set(line, { d: `M${place(plot, start)}L${place(plot, end)}` });
    line.classList.toggle("actgrad-current", [start, end].includes(state.now));
    set(text, {
      x: x + beside[0],
      y: y + beside[1],
      class: `actgrad-${kind}`,
      "data-value": value,
    });
    write(text, value === null ? "" : `${isGate ? "f′ " : ""}${number(value)}`);
    if (isGate) set(gate, { d: value === null ? "" : leaves([x, y], value, tall) });
  };
}

// --- what is said

/** A sum of products in letters and in numbers; a term is [letter, number, letter, number]. */
function equation(left, terms, value) {
  const one = ([a, , by]) => (by === "1" ? a : `${a} · ${pretty(by)}`);
  const other = ([, a, by, b]) => factor(a) + (by === "1" ? "" : ` · ${factor(b)}`);
  const sums = [one, other].map((written) => terms.map(written).join(" + "));
  return `${[left, ...sums, number(value)].join(" = ")}.`;
}

/** How the present value came about. */
function explainValue(node, { at, parents }) {
  if (node === "L")
    return `L = ½ (y − t)² = ½ (${number(at.y)} − ${factor(at.t)})² = ${number(at.L)}.`;
  if (node[0] === "a") {
    const [{ from, by, local }] = parents[node];
    const value = `${pretty(node)} = f(${pretty(from)}) = f(${number(at[from])}) = `;
    return `${value}${number(at[node])}. The gate is open by ${pretty(by)} = ${number(local)}.`;
  }
  const terms = parents[node]
    .filter(({ from }) => /^[xab]/.test(from))
    .map(({ from, by, local }) => [pretty(from), at[from], by, local]);
  return equation(pretty(node), terms, at[node]);
}

/** How the present derivative came about: upstream times local, added up. */
function explainDerivative(node, { parents, slopes, seed, reached, back }) {
  const named = (name) => (seed ? `∂${pretty(name)}/∂${pretty(seed)}` : `∂L/∂${pretty(name)}`);
  if (node === seed) return `${named(node)} = 1: the pass starts here and goes forward.`;
  const sources = seed
    ? parents[node].filter(({ from }) => reached(from))
    : children(parents, node).map((child) => ({ ...child, from: child.to }));
  if (!sources.length) return `${named(node)} = 0: ${pretty(seed)} does not lead there.`;
  const terms = sources.map(({ from, by, local }) => [named(from), slopes[from], by, local]);
  const said = equation(named(node), terms, slopes[node]);
  if (seed && node === "L")
    return `${said} The pass back from L gives this, ${number(back[seed])}, and all others.`;
  return terms.length < 2 || seed
    ? said
    : `${said} ${pretty(node)} goes to two neurons: what comes back from both is added.`;
}

function explain(state) {
  const { step, now } = state;
  if (!step) return "Go step by step. What stands in a dashed box can be dragged to the side.";
  return step <= NODES.length ? explainValue(now, state) : explainDerivative(now, state);
}

// --- what is handled

function createControls(model, { put, change }) {
  const step = () => model.get("step");
  const go = (next) => put({ step: Math.max(0, Math.min(LAST, next)) });
  const list = {
    activation: choice({
      label: "activation f",
      value: "",
      change: change("activation"),
      options: Object.entries(functions).map(([name, { title }]) => [name, title]),
    }),
    direction: choice({
      label: "derivatives",
      value: "",
      change: change("direction"),
      options: [
        ["backward", "backwards from L (VJP)"],
        ...LEAVES.map((name) => [name, `forwards from ${pretty(name)} (JVP)`]),
      ],
    }),
    step: slider({
      label: "step",
      min: 0,
      max: LAST,
      step: 1,
      value: 0,
      text: (v) => `${v} of ${LAST}`,
      change: go,
    }),
  };
  const back = [
    button("Start", "To the start", () => go(0)),
    button("◂ Back", "One step back", () => go(step() - 1)),
  ];
  const on = [
    button("Next ▸", "Next step", () => go(step() + 1)),
    button("All", "All steps", () => go(LAST)),
  ];
  return {
    element: controls(
      make("div", { class: "actgrad-buttons" }, ...back, ...on),
      ...["step", "activation", "direction"].map((key) => list[key].element),
    ),
    show() {
      for (const [key, control] of Object.entries(list)) control.show(model.get(key));
      for (const control of back) set(control, { "aria-disabled": step() === 0 });
      for (const control of on) set(control, { "aria-disabled": step() === LAST });
    },
  };
}

function render({ model, el }) {
  const link = connect(model, draw);
  const leaves = leavesOf(model);
  const stateOf = createState(model, leaves);
  const stage = make("div", { class: "actgrad-graph" });
  const plot = new Plot(stage, {
    label: "Graph of the network",
    view: { x: [0, 1], y: [0, 1] },
    height: (width) => (isTall(width) ? 560 : 330),
    xTicks: () => [],
    yTicks: () => [],
  });
  plot.margin = { left: 0, right: 0, top: 0, bottom: 0 };
  const parts = [
    ...EDGES.map((edge) => createEdge(plot, edge)),
    ...[...LEAVES, "t", ...NODES].map((name) => createBox(plot, name, leaves, link.put)),
  ];
  plot.layers.push(() => {
    const state = stateOf();
    for (const part of parts) part(state);
  });
  const said = make("p", { class: "actgrad-note actgrad-said", role: "status" });
  const below = createControls(model, link);
  el.replaceChildren(
    group(
      "Explorer of a network in numbers",
      legend([
        ["function", "values"],
        ["derivative", "after ∂: derivatives"],
      ]),
      stage,
      said,
      below.element,
    ),
  );

  function draw() {
    plot.draw();
    write(said, explain(stateOf()));
    below.show();
  }
  link.redraw();
  return () => {
    link.stop();
    plot.destroy();
  };
}

export default { render };
