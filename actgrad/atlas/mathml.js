// A tree as MathML, which browsers set by themselves: how a text is read, shown while it is typed.

import { written } from "./language.js";
import { table } from "./table.js";

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const GREEK_LETTERS = new Map(
  Object.entries(table.greek).map(([letter, name]) => [name, letter]),
);
const COMPARED = { "<=": "≤", ">=": "≥", "!=": "≠", "==": "=" };
const SHORT_NAMES = { log: "ln", sigma: "σ", Phi: "Φ", phi: "φ", gamma: "Γ" };
const LOOSE_TERMS = ["sum", "negative"];
const APPLIED = "\u2061"; // not seen: what stands before it is applied to what follows
const TIMES = "\u2062";

function math(name, ...children) {
  const made = document.createElementNS(NAMESPACE, name);
  made.append(...children);
  return made;
}

const operator = (text) => math("mo", text);

function drawnName(name) {
  const [stem, index] = (name === "lam" ? "lambda" : name).split("_");
  const letter = math("mi", GREEK_LETTERS.get(stem) ?? stem);
  return index ? math("msub", letter, math(/^\d/.test(index) ? "mn" : "mi", index)) : letter;
}

function inBrackets(...inside) {
  const made = math("mrow", operator("("), ...inside, operator(")"));
  // Without a font for mathematics a bracket grows where nothing asks it to.
  if (!made.querySelector("mfrac, msup, mtable"))
    for (const bracket of [made.firstElementChild, made.lastElementChild])
      bracket?.setAttribute("stretchy", "false");
  return made;
}
const tight = (tree, ...loose) =>
  loose.includes(tree.kind) ? inBrackets(drawn(tree)) : drawn(tree);

function drawnFactors(factors) {
  const parts = factors.flatMap((factor, at) => {
    const between = at ? [operator(factor.kind === "number" ? "·" : TIMES)] : [];
    return [...between, factors.length > 1 ? tight(factor, ...LOOSE_TERMS) : drawn(factor)];
  });
  return parts.length ? math("mrow", ...parts) : math("mn", "1");
}

function drawnProduct(factors) {
  const below = factors.filter(({ kind }) => kind === "reciprocal");
  const above = drawnFactors(factors.filter(({ kind }) => kind !== "reciprocal"));
  if (!below.length) return above;
  return math("mfrac", above, drawnFactors(below.map(({ children: [factor] }) => factor)));
}

function drawnSum([first, ...rest]) {
  const terms = rest.flatMap((term) =>
    term.kind === "negative"
      ? [operator("−"), tight(term.children[0], ...LOOSE_TERMS)]
      : [operator("+"), drawn(term)],
  );
  return math("mrow", drawn(first), ...terms);
}

function drawnCases(children) {
  const rows = [];
  for (let at = 0; at < children.length; at += 2) {
    const cells = [children[at], children[at + 1]].map((tree) => math("mtd", drawn(tree)));
    rows.push(math("mtr", ...cells));
  }
  return math("mrow", operator("{"), math("mtable", ...rows));
}

function drawnCall(name, children) {
  const parts = children.flatMap((child, at) =>
    at ? [operator(","), drawn(child)] : [drawn(child)],
  );
  if (name === "D" && children.length === 2) {
    const by = math("mrow", math("mi", "d"), parts[2]);
    return math("mrow", math("mfrac", math("mi", "d"), by), inBrackets(parts[0]));
  }
  if (name === "abs") return math("mrow", operator("|"), ...parts, operator("|"));
  if (name === "sqrt") return math("msqrt", ...parts);
  return math(
    "mrow",
    math("mi", SHORT_NAMES[name] ?? name),
    operator(APPLIED),
    inBrackets(...parts),
  );
}

function drawn(tree) {
  const { kind, value, children } = tree;
  const [first, second] = children;
  switch (kind) {
    case "number":
      return math("mn", value);
    case "name":
    case "constant":
      return drawnName(value);
    case "sum":
      return drawnSum(children);
    case "negative":
      return math("mrow", operator("−"), tight(first, ...LOOSE_TERMS));
    case "reciprocal":
      return math("mfrac", math("mn", "1"), drawn(first));
    case "product":
      return drawnProduct(children);
    case "power": {
      const base = tight(first, ...LOOSE_TERMS, "product", "power", "reciprocal", "call");
      return math("msup", base, drawn(second));
    }
    case "cases":
      return drawnCases(children);
    case "relation":
      return math("mrow", drawn(first), operator(COMPARED[value] ?? value), drawn(second));
    case "and":
      return math("mrow", drawn(first), operator(","), drawn(second));
    case "call":
      return drawnCall(value, children);
    default:
      return math("mtext", kind === "otherwise" ? "otherwise" : written(tree));
  }
}

/** The formula of a tree. */
export function mathml(tree) {
  const made = math("math", math("mrow", drawn(tree)));
  made.setAttribute("displaystyle", "true");
  made.setAttribute("alttext", written(tree));
  return made;
}
