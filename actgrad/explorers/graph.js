// A network of two inputs, two neurons and one output as a graph: values forward, derivatives
// in both directions. _graph.py computes the same ones.

export const LEAVES = ["x1", "x2", "w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2"];
export const NODES = ["z1", "z2", "a1", "a2", "y", "L"];

/** @typedef {{ from: string, by: string, local: number }} Parent what a node is made of */

/**
 * The values of L = (y − t)²/2 with z = x W + b, a = f(z), y = a v; and of each computed node
 * what it is made of, with the local derivative as a letter and as a number.
 */
export function graph({ f, slope, leaves, target }) {
  const at = Object.fromEntries(LEAVES.map((name, n) => [name, leaves[n]]));
  /** @type {Record<string, Parent[]>} */
  const parents = {};
  const product = (left, right) => [
    { from: left, by: right, local: at[right] },
    { from: right, by: left, local: at[left] },
  ];
  for (const j of [1, 2]) {
    const [z, b] = [`z${j}`, `b${j}`];
    at[z] = at.x1 * at[`w1${j}`] + at.x2 * at[`w2${j}`] + at[b];
    at[`a${j}`] = f(at[z]);
    parents[z] = [
      ...product("x1", `w1${j}`),
      ...product("x2", `w2${j}`),
      { from: b, by: "1", local: 1 },
    ];
    parents[`a${j}`] = [{ from: z, by: `f′(${z})`, local: slope(at[z]) }];
  }
  at.y = at.a1 * at.v1 + at.a2 * at.v2;
  at.t = target;
  parents.y = [...product("a1", "v1"), ...product("a2", "v2")];
  at.L = (at.y - target) ** 2 / 2;
  parents.L = [{ from: "y", by: "(y − t)", local: at.y - target }];
  return { at, parents };
}

/** The nodes that a node goes to, each with the local derivative. */
export const children = (parents, node) =>
  NODES.flatMap((to) =>
    parents[to].filter(({ from }) => from === node).map((parent) => ({ ...parent, to })),
  );

/** dL/d of every node and leaf, in one pass from L: upstream times local, added up. */
export function backward(parents) {
  const gradient = Object.fromEntries([...LEAVES, ...NODES].map((name) => [name, 0]));
  gradient.L = 1;
  for (const node of [...NODES].reverse())
    for (const { from, local } of parents[node]) gradient[from] += gradient[node] * local;
  return gradient;
}

/** The derivative of every node by one leaf, in one pass from the leaf. */
export function forward(parents, seed) {
  const tangent = Object.fromEntries(LEAVES.map((name) => [name, Number(name === seed)]));
  for (const node of NODES)
    tangent[node] = parents[node].reduce(
      (sum, { from, local }) => sum + local * tangent[from],
      0,
    );
  return tangent;
}
