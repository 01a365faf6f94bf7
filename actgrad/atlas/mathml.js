// A tree as MathML, which browsers set by themselves: how a text is read, shown while it is typed.

import { written } from "./language.js";
import { table } from "./table.js";

const SET = "http://www.w3.org/1998/Math/MathML";
const LETTERS = new Map(Object.entries(table.greek).map(([letter, name]) => [name, letter]));
const COMPARED = { "<=": "≤", ">=": "≥", "!=": "≠", "==": "=" };
const SHORT = { log: "ln", sigma: "σ", Phi: "Φ", phi: "φ", gamma: "Γ" };
const LOOSE_TERMS = ["sum", "negative"];
const APPLIED = "\u2061"; // not seen: what stands before it is applied to what follows
const TIMES = "\u2062";

function math(name, ...children) {
  const made = document.createElementNS(SET, name);
  made.append(...children);
  return made;
}

const sign = (text) => math("mo", text);

function lettered(name) {
  const [stem, index] = (name === "lam" ? "lambda" : name).split("_");
  const letter = math("mi", LETTERS.get(stem) ?? stem);
  return index ? math("msub", letter, math(/^\d/.test(index) ? "mn" : "mi", index)) : letter;
}

function bracketed(...inside) {
  const made = math("mrow", sign("("), ...inside, sign(")"));
  // Without a font for mathematics a bracket grows where nothing asks it to.
  if (!made.querySelector("mfrac, msup, mtable"))
    for (const bracket of [made.firstElementChild, made.lastElementChild])
      bracket?.setAttribute("stretchy", "false");
  return made;
}
const tight = (tree, ...loose) =>
  loose.includes(tree.kind) ? bracketed(set(tree)) : set(tree);

function beside(factors) {
  const parts = factors.flatMap((factor, at) => {
    const between = at ? [sign(factor.kind === "number" ? "·" : TIMES)] : [];
    return [...between, factors.length > 1 ? tight(factor, ...LOOSE_TERMS) : set(factor)];
  });
  return parts.length ? math("mrow", ...parts) : math("mn", "1");
}

function quotient(factors) {
  const below = factors.filter(({ kind }) => kind === "reciprocal");
  const above = beside(factors.filter(({ kind }) => kind !== "reciprocal"));
  if (!below.length) return above;
  return math("mfrac", above, beside(below.map(({ children: [factor] }) => factor)));
}

function sum([first, ...rest]) {
  const terms = rest.flatMap((term) =>
    term.kind === "negative"
      ? [sign("−"), tight(term.children[0], ...LOOSE_TERMS)]
      : [sign("+"), set(term)],
  );
  return math("mrow", set(first), ...terms);
}

function cases(children) {
  const rows = [];
  for (let at = 0; at < children.length; at += 2) {
    const cells = [children[at], children[at + 1]].map((tree) => math("mtd", set(tree)));
    rows.push(math("mtr", ...cells));
  }
  return math("mrow", sign("{"), math("mtable", ...rows));
}

function applied(name, children) {
  const parts = children.flatMap((child, at) => (at ? [sign(","), set(child)] : [set(child)]));
  if (name === "D" && children.length === 2) {
    const by = math("mrow", math("mi", "d"), parts[2]);
    return math("mrow", math("mfrac", math("mi", "d"), by), bracketed(parts[0]));
  }
  if (name === "abs") return math("mrow", sign("|"), ...parts, sign("|"));
  if (name === "sqrt") return math("msqrt", ...parts);
  return math("mrow", math("mi", SHORT[name] ?? name), sign(APPLIED), bracketed(...parts));
}

function set(tree) {
  const { kind, value, children } = tree;
  const [first, second] = children;
  switch (kind) {
    case "number":
      return math("mn", value);
    case "name":
    case "constant":
      return lettered(value);
    case "sum":
      return sum(children);
    case "negative":
      return math("mrow", sign("−"), tight(first, ...LOOSE_TERMS));
    case "reciprocal":
      return math("mfrac", math("mn", "1"), set(first));
    case "product":
      return quotient(children);
    case "power": {
      const base = tight(first, ...LOOSE_TERMS, "product", "power", "reciprocal", "call");
      return math("msup", base, set(second));
    }
    case "cases":
      return cases(children);
    case "relation":
      return math("mrow", set(first), sign(COMPARED[value] ?? value), set(second));
    case "and":
      return math("mrow", set(first), sign(","), set(second));
    case "call":
      return applied(value, children);
    default:
      return math("mtext", kind === "otherwise" ? "otherwise" : written(tree));
  }
}

/** The formula of a tree. */
export function mathml(tree) {
  const made = math("math", math("mrow", set(tree)));
  made.setAttribute("display", "block");
  made.setAttribute("alttext", written(tree));
  return made;
}
