// A tree as LaTeX, as `_latex.py` writes it in Python.

import { written } from "./language.js";
import { table } from "./table.js";

const WORDS = new Set(Object.values(table.greek));
const PLAIN = new Set("exp sin cos tan sinh cosh tanh sec csc cot coth max min".split(" "));
const ARCS = { log: "\\ln", atan: "\\arctan", asin: "\\arcsin", acos: "\\arccos" };
const SIGNED = { sigma: "\\sigma", Phi: "\\Phi", phi: "\\varphi", gamma: "\\Gamma" };
const COMPARED = { "<=": "\\le", ">=": "\\ge", "!=": "\\ne", "==": "=" };
const LOOSE = ["sum", "negative"];

function lettered(name) {
  const [stem, index] = (name === "lam" ? "lambda" : name).split("_");
  const letter = WORDS.has(stem) ? `\\${stem}` : stem.length > 1 ? `\\mathrm{${stem}}` : stem;
  return index ? `${letter}_{${index}}` : letter;
}

const bracketed = (tree, ...loose) =>
  loose.includes(tree.kind) ? `\\left(${latex(tree)}\\right)` : latex(tree);

const beside = (trees) =>
  trees
    .map((tree, at) => {
      const sign = !at ? "" : tree.kind === "number" ? " \\cdot " : " \\, ";
      return sign + (trees.length > 1 ? bracketed(tree, ...LOOSE) : latex(tree));
    })
    .join("") || "1";

function quotient(children) {
  const below = children.filter((child) => child.kind === "reciprocal");
  const above = children.filter((child) => child.kind !== "reciprocal");
  if (!below.length) return beside(above);
  return `\\frac{${beside(above)}}{${beside(below.map((child) => child.children[0]))}}`;
}

function braced(children) {
  const rows = [];
  for (let at = 0; at < children.length; at += 2)
    rows.push(`${latex(children[at])} & ${latex(children[at + 1])}`);
  return `\\begin{cases} ${rows.join(" \\\\ ")} \\end{cases}`;
}

function applied(name, children) {
  if (name === "D" && children.length === 2) {
    const [inner, variable] = children.map(latex);
    return `\\frac{d}{d ${variable}}\\left(${inner}\\right)`;
  }
  const joined = children.map(latex).join(", ");
  if (name === "abs") return `\\left\\lvert ${joined} \\right\\rvert`;
  if (name === "sqrt") return `\\sqrt{${joined}}`;
  const sign =
    ARCS[name] ?? SIGNED[name] ?? (PLAIN.has(name) ? `\\${name}` : `\\operatorname{${name}}`);
  return `${sign}\\left(${joined}\\right)`;
}

/** The LaTeX of a tree. */
export function latex(tree) {
  const { kind, value, children } = tree;
  const [first, second] = children;
  switch (kind) {
    case "number":
      return value;
    case "name":
    case "constant":
      return lettered(value);
    case "sum":
      return children
        .map((term, at) => {
          if (!at) return latex(term);
          if (term.kind !== "negative") return ` + ${latex(term)}`;
          return ` - ${bracketed(term.children[0], ...LOOSE)}`;
        })
        .join("");
    case "negative":
      return `-${bracketed(first, ...LOOSE)}`;
    case "reciprocal":
      return `\\frac{1}{${latex(first)}}`;
    case "product":
      return quotient(children);
    case "power": {
      const loose = [...LOOSE, "product", "power", "reciprocal", "call"];
      return `${bracketed(first, ...loose)}^{${latex(second)}}`;
    }
    case "cases":
      return braced(children);
    case "relation":
      return `${latex(first)} ${COMPARED[value] ?? value} ${latex(second)}`;
    case "and":
      return `${latex(first)}, ${latex(second)}`;
    case "otherwise":
      return "\\text{otherwise}";
    case "call":
      return applied(value, children);
    default:
      return `\\text{${written(tree)}}`;
  }
}
