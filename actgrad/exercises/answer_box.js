// An answer box for exercises that are answered by an expression or a number, with no kernel.
// The text is read by recursive descent into a tree and evaluated at the page's sample points:
// nothing is ever run as a program. `_expression.py` speaks the same language.

const MAX_LENGTH = 500;
const MAX_DEPTH = 60;

const FUNCTIONS = new Map([
  ["exp", Math.exp], ["expm1", Math.expm1], ["log", Math.log], ["log1p", Math.log1p],
  ["sqrt", Math.sqrt], ["sin", Math.sin], ["cos", Math.cos], ["tan", Math.tan],
  ["sinh", Math.sinh], ["cosh", Math.cosh], ["tanh", Math.tanh], ["abs", Math.abs],
  ["sign", Math.sign], ["sigma", (x) => 0.5 * (1 + Math.tanh(0.5 * x))],
  ["relu", (x) => Math.max(x, 0)],
  ["softplus", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  ["max", (x, y) => Math.max(x, y)], ["min", (x, y) => Math.min(x, y)],
]);
const ALIASES = new Map([
  ["ln", "log"], ["sigmoid", "sigma"], ["σ", "sigma"], ["Abs", "abs"], ["Max", "max"],
  ["Min", "min"],
]);
const CONSTANTS = new Map([["pi", Math.PI], ["π", Math.PI], ["e", Math.E]]);
const SIGNS = new Map(Object.entries({
  "−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "²": "^2", "³": "^3",
}));
const TOKEN =
  /\s*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|[-+*/^(),]))/uy;

export class ExpressionError extends Error {}

function tokens(text) {
  const found = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const position = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) {
      const letter = [...text.slice(position).trimStart()][0];
      throw new ExpressionError(`I cannot read '${letter}' (character ${position + 1})`);
    }
    const kind = match[1] ? "number" : match[2] ? "name" : "sign";
    const value = match[1] ?? match[2] ?? match[3];
    found.push({ kind, text: value, where: TOKEN.lastIndex - value.length + 1 });
  }
  return [...found, { kind: "end", text: "", where: text.length + 1 }];
}

export function parse(source, letters = []) {
  if (source.length > MAX_LENGTH)
    throw new ExpressionError(
      `the answer has ${source.length} characters; at most ${MAX_LENGTH} are read`);
  const list = tokens([...source].map((letter) => SIGNS.get(letter) ?? letter).join(""));
  let position = 0;
  let depth = 0;
  const token = () => list[position];
  const advance = () => list[position++].text;
  const shown = ({ text }) => (text ? `'${text}'` : "the end");
  const fail = (message) => { throw new ExpressionError(message); };

  function expect(sign) {
    if (token().text !== sign)
      fail(`I expected '${sign}', not ${shown(token())} (character ${token().where})`);
    advance();
  }
  function deeper(rule) {
    if (++depth > MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels of parentheses or powers`);
    const node = rule();
    depth -= 1;
    return node;
  }
  const sum = () => deeper(() => {
    let node = product();
    while (token().text === "+" || token().text === "-")
      node = { kind: advance(), children: [node, product()] };
    return node;
  });
  function product() {
    let node = unary();
    for (;;) {
      const { kind, text } = token();
      if (text === "*" || text === "/") node = { kind: advance(), children: [node, unary()] };
      else if (kind === "number" || kind === "name" || text === "(")
        node = { kind: "*", children: [node, power()] };
      else return node;
    }
  }
  const unary = () => deeper(() => {
    const { text } = token();
    if (text !== "+" && text !== "-") return power();
    advance();
    const inner = unary();
    return text === "-" ? { kind: "negative", children: [inner] } : inner;
  });
  function power() {
    const node = atom();
    if (token().text !== "^" && token().text !== "**") return node;
    advance();
    return { kind: "^", children: [node, unary()] };
  }
  function atom() {
    const { kind, text, where } = token();
    if (kind === "number") return { kind, value: Number(advance()) };
    if (text === "(") {
      advance();
      const node = sum();
      expect(")");
      return node;
    }
    if (kind === "name") {
      advance();
      return named(text, where);
    }
    return fail(
      `I expected a number, a name or '(', not ${shown(token())} (character ${where})`);
  }
  function named(text, where) {
    if (letters.includes(text)) return { kind: "name", value: text };
    const name = ALIASES.get(text) ?? text;
    if (FUNCTIONS.has(name)) {
      expect("(");
      const children = [sum()];
      while (token().text === ",") {
        advance();
        children.push(sum());
      }
      expect(")");
      const arity = FUNCTIONS.get(name).length;
      if (children.length !== arity)
        fail(`${text} takes ${arity} argument${arity > 1 ? "s" : ""}, not ${children.length}`);
      return { kind: "call", value: name, children };
    }
    if (CONSTANTS.has(text)) return { kind: "number", value: CONSTANTS.get(text) };
    const known = [...letters].sort().join(", ") || "none: the answer is a number";
    return fail(
      `I do not know '${text}' (character ${where}); the letters of this exercise are: ` +
      `${known}; a product needs a '*'`);
  }

  if (token().kind === "end") fail("the answer is empty");
  const node = sum();
  if (token().kind !== "end")
    fail(`I did not expect '${token().text}' here (character ${token().where})`);
  return node;
}

export function evaluate(node, values) {
  if (node.kind === "number") return node.value;
  if (node.kind === "name") return values[node.value];
  const [left, right] = node.children.map((child) => evaluate(child, values));
  switch (node.kind) {
    case "call": return FUNCTIONS.get(node.value)(left, right);
    case "negative": return -left;
    case "+": return left + right;
    case "-": return left - right;
    case "*": return left * right;
    case "/": return left / right;
    default: return left ** right;
  }
}

const short = (value) => String(Number(value.toPrecision(6)));

export function written(node) {
  const parts = (node.children ?? []).map(written);
  switch (node.kind) {
    case "number": return short(node.value);
    case "name": return node.value;
    case "negative": return `(-${parts[0]})`;
    case "call": return `${node.value}(${parts.join(", ")})`;
    default: return `(${parts[0]} ${node.kind} ${parts[1]})`;
  }
}

// A number that is the answer must not stand in the page: its neighbourhood, cut into small
// steps, stands there as hashes. (A seal, not a safe: it can be broken by trying numbers.)
export function seal(value, step, salt) {
  const place = value === 0 ? "0" : `${Math.sign(value)}/${Math.round(Math.log(Math.abs(value)) / step)}`;
  let hash = 0x811c9dc5;
  let other = 0x1b873593;
  for (const letter of `${salt}:${place}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    other = Math.imul(other ^ letter.charCodeAt(0), 0x85ebca6b);
    other ^= other >>> 13;
  }
  return `${(hash >>> 0).toString(16)}.${(other >>> 0).toString(16)}`;
}

export function judge(text, { letters, samples, expected, mistakes, step, salt, learnt }) {
  if (!text.trim()) return { status: "empty", message: "Type an answer first." };
  let tree;
  try {
    tree = parse(text, letters);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { status: "unreadable", message: `The answer cannot be read: ${error.message}.` };
  }
  const reading = written(tree);
  if (!letters.length) {
    const mark = seal(evaluate(tree, {}), step, salt);
    if (expected.includes(mark)) return { status: "right", message: learnt, reading };
    const known = mistakes.find(({ values }) => values.includes(mark));
    return { status: "wrong", message: known?.says ?? "That is not the number.", reading };
  }
  const got = samples.map((values) => evaluate(tree, values));
  const close = (a, b) => Math.abs(a - b) <= 1e-9 + 1e-7 * Math.abs(b);
  const wrong = got.findIndex((value, index) => !close(value, expected[index]));
  if (wrong < 0) return { status: "right", message: learnt, reading };
  const known = mistakes.find(({ values }) => got.every((value, i) => close(value, values[i])));
  const at = letters.map((letter) => `${letter} = ${short(samples[wrong][letter])}`).join(", ");
  const numbers =
    `At ${at} it gives ${short(got[wrong])}; expected ${short(expected[wrong])}.`;
  return {
    status: "wrong", message: known ? `${known.says} ${numbers}` : numbers, reading,
  };
}

const HEADS = { right: "✓ Right.", wrong: "✗ Not yet.", empty: "", unreadable: "✗" };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export default {
  render({ model, el }) {
    const data = model.get("data");
    const input = element("input", {
      type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      maxlength: String(MAX_LENGTH), placeholder: data.letters.length ? "2*x*exp(-x)" : "1.5",
    });
    const what = data.letters.length ? ` (letters: ${data.letters.join(", ")})` : " (a number)";
    const result = element("p", { role: "status", "aria-live": "polite" });
    const form = element("form", { class: "actgrad-answer" },
      element("label", {}, `Your answer: ${data.title}${what}`, input),
      element("button", { type: "submit" }, "Check"), result);
    input.value = model.get("answer");

    const check = (event) => {
      event.preventDefault();
      const { status, message, reading } = judge(input.value, data);
      result.dataset.status = status;
      // Text only: neither the answer nor a message can become markup.
      result.replaceChildren(element("strong", {}, HEADS[status]), ` ${message}`);
      if (reading) result.append(element("span", {}, `Read as ${reading}`));
      input.setAttribute("aria-invalid", String(status !== "right"));
      model.set("answer", input.value);
      model.set("status", status);
      model.save_changes();
    };
    const follow = () => { if (input.value !== model.get("answer")) input.value = model.get("answer"); };
    form.addEventListener("submit", check);
    // In JupyterLab the browser does not submit a form by Enter.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    model.on("change:answer", follow);
    el.append(form);
    return () => model.off("change:answer", follow);
  },
};
