// The language of `_language.py`, read in a page: text to a tree, the tree to a value.
// Nothing is ever run as a program. Words, signs and messages come from `_table.py`.

import { gamma } from "./gamma.js";
import { erf, erfc } from "./special.js";
import { table } from "./table.js";

const OWN = { erf, erfc, gamma };
const SPELLINGS = new Map(Object.entries(table.spellings));
const GREEK = new Map(Object.entries(table.greek));
const SIGNS = new Map(Object.entries(table.signs));
const LATEX = new Map(Object.entries(table.latex));
const RAISED = new Map(Object.entries(table.raised));
const CONSTANTS = new Map(Object.entries(table.constants));
const BRACKETS = new Map(Object.entries(table.brackets));
const TOKEN = new RegExp(
  Object.entries(table.tokens)
    .map(([kind, form]) => `(?<${kind}>${form})`)
    .join("|"),
  "y",
);
const LEFT = new RegExp(table.leftSide, "y");
const ABOVE = /^d[A-Za-z0-9_]*$/;
const BELOW = /^d[A-Za-z0-9_]+$/;

export class ParseError extends Error {
  constructor(message, code, position) {
    super(message);
    this.code = code;
    this.position = position;
  }
}

/** @typedef {{ kind: string, value: string, children: Tree[] }} Tree */
/** @typedef {{ kind: string, text: string, start: number, end: number }} Token */

/** @type {(kind: string, value?: string, children?: Tree[]) => Tree} */
const node = (kind, value = "", children = []) => ({ kind, value, children });
const negative = (child) => node("negative", "", [child]);
const reciprocal = (child) => node("reciprocal", "", [child]);
const isDigits = (text) => /^[0-9]+$/.test(text);
const filled = (message, ...words) => message.replace(/\{(\d)\}/g, (_, at) => words[at]);

/** Return the tree of a text in which these letters may stand, or every name if it is free. */
export const read = (
  text,
  letters = [],
  { others = [], free = false, derivatives = false } = {},
) => new Reader(text, letters, others, free, derivatives).expression();

class Reader {
  constructor(text, letters, others, free, derivatives) {
    this.text = text;
    this.letters = new Set(letters);
    this.others = others;
    this.free = free;
    this.derivatives = derivatives;
    /** @type {Token[]} */
    this.tokens = [];
    this.index = 0;
    this.depth = 0;
    this.bars = 0;
    this.lists = 0;
    /** @type {[number, string]} */
    this.bare = [-1, ""];
    const length = [...text].length;
    if (length > table.maxLength) this.fail("length", [length], 0);
    this.tokenize();
    this.alone = new Set(
      this.tokens
        .filter(({ kind, text }) => kind === "name" && text.length === 1)
        .map((token) => token.text),
    );
  }

  // Text to tokens

  tokenize() {
    let end = this.text.replace(/[ \t\r\n]+$/, "").length;
    let position = this.text.slice(0, end).search(/[^ \t\r\n]|$/);
    if (end - position > 1 && this.text[position] === "$" && this.text[end - 1] === "$") {
      position += 1;
      end -= 1;
    }
    const text = this.text.slice(0, end);
    LEFT.lastIndex = position;
    if (LEFT.test(text)) position = LEFT.lastIndex;
    while (position < end) {
      TOKEN.lastIndex = position;
      const found = TOKEN.exec(text);
      if (!found) {
        const code = text.codePointAt(position);
        const control = code < 32 || code === 127;
        const shown = control
          ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`
          : String.fromCodePoint(code);
        this.fail("character", [shown], position);
      }
      for (const [kind, value] of Object.entries(found.groups ?? {}))
        if (value !== undefined && kind !== "space")
          this.tokens.push(this.token(kind, value, position));
      position = TOKEN.lastIndex;
    }
    if (this.tokens.length > table.maxSigns) this.fail("signs", [this.tokens.length], 0);
    this.tokens.push({ kind: "end", text: "", start: end, end });
  }

  token(kind, raw, start) {
    const end = start + raw.length;
    let text = raw;
    if (kind === "sign") text = (SIGNS.get(raw) ?? raw).replace(/^\\/, "");
    if (kind === "number") text = raw.replace("−", "-");
    if (kind === "raised") text = [...raw].map((letter) => RAISED.get(letter)).join("");
    if (kind === "name") {
      text = raw.replaceAll("′", "'");
      text = (GREEK.get(text[0]) ?? text[0]) + text.slice(1);
    }
    if (kind === "latex") {
      const word = /\{(.*)\}/.exec(raw)?.[1] ?? raw.slice(1);
      text = LATEX.get(word) ?? word;
      if (SPELLINGS.has(text) || table.letters.includes(text) || raw.includes("{"))
        kind = "name";
      else if (!/^[A-Za-z]+$/.test(text)) kind = "sign";
      else if (text !== "frac") this.fail("latex", [`\\${word}`], start);
    }
    return { kind, text, start, end };
  }

  /** @returns {never} */
  fail(code, words = [], at = this.here.start) {
    const before = [...this.text.slice(0, at)];
    const after = [...this.text.slice(at)];
    const shown = [...before.slice(-20), ...after.slice(0, 20)]
      .join("")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a message cannot show
      .replace(/[\x00-\x1f\x7f]/g, " ")
      .replace(/^ +| +$/g, "");
    const where = shown ? ` (at character ${before.length + 1}: '${shown}')` : "";
    throw new ParseError(
      filled(table.messages[code], ...words) + where,
      code,
      before.length + 1,
    );
  }

  get here() {
    return this.tokens[this.index];
  }

  ahead(count) {
    return this.tokens[Math.min(this.index + count, this.tokens.length - 1)];
  }

  take() {
    return this.tokens[this.index++];
  }

  sees(...signs) {
    return this.here.kind === "sign" && signs.includes(this.here.text);
  }

  seesBracket() {
    return this.here.kind === "sign" && BRACKETS.has(this.here.text);
  }

  accept(...signs) {
    return this.sees(...signs) ? this.take().text : "";
  }

  expect(sign) {
    if (!this.accept(sign)) this.fail("expected", [sign, this.shown()]);
  }

  source() {
    return this.text.slice(this.here.start, this.here.end);
  }

  shown() {
    return this.here.text ? `'${this.source()}'` : "the end";
  }

  deeper(rule) {
    if (++this.depth > table.maxDepth) this.fail("depth");
    const tree = rule();
    this.depth -= 1;
    return tree;
  }

  /** Read in a bracket of its own: bars and lists outside do not reach in. */
  inside(lists, rule) {
    const outside = [this.bars, this.lists];
    [this.bars, this.lists] = [0, lists];
    const found = rule();
    [this.bars, this.lists] = outside;
    return found;
  }

  // Tokens to a tree

  expression() {
    if (this.here.kind === "end") this.fail("empty", [], 0);
    const tree = this.sum();
    if (this.here.kind !== "end") {
      if (this.sees("=", "==")) this.fail("equals");
      this.fail("follows", [this.source()]);
    }
    return tree;
  }

  sum() {
    return this.deeper(() => {
      const terms = [this.product()];
      while (this.sees("+") || this.sees("-")) {
        const sign = this.take().text;
        const term = this.product();
        terms.push(sign === "-" ? negative(term) : term);
      }
      return terms.length === 1 ? terms[0] : node("sum", "", terms);
    });
  }

  product() {
    if (this.accept("-")) return this.deeper(() => negative(this.product()));
    const factors = [this.signed()];
    for (;;) {
      if (this.accept("*")) factors.push(this.signed());
      else if (this.accept("/")) factors.push(this.divisor());
      else if (this.startsAFactor()) factors.push(this.power());
      else return factors.length === 1 ? factors[0] : node("product", "", factors);
    }
  }

  divisor() {
    const place = this.here.start;
    const tree = this.signed();
    let bare = tree;
    while (bare.kind === "negative") [bare] = bare.children;
    if (bare.kind === "number" && Number(bare.value) === 0) this.fail("zero", [], place);
    return reciprocal(tree);
  }

  startsAFactor() {
    const { kind, text } = this.here;
    const number = (word) => word === "number" || word === "fraction";
    if (number(kind))
      this.fail(number(this.tokens[this.index - 1].kind) ? "numbers" : "number after");
    const starts =
      kind === "name"
      || kind === "latex"
      || this.seesBracket()
      || this.sees("√")
      || (this.sees("|") && !this.bars);
    const [place, name] = this.bare;
    if (starts && place === this.index && !SPELLINGS.has(text))
      this.fail("bare argument", [name]);
    return starts;
  }

  signed() {
    while (this.accept("+"));
    if (!this.accept("-")) return this.power();
    return this.deeper(() => negative(this.signed()));
  }

  power() {
    const base = this.atom();
    const [place, name] = this.bare;
    const raised = this.here.kind === "raised";
    if (place === this.index && (this.sees("^") || raised)) this.fail("bare argument", [name]);
    if (raised) return node("power", "", [base, this.raised()]);
    if (!this.accept("^")) return base;
    const { start } = this.here;
    const exponent = this.deeper(() => this.signed());
    if (!isEuler(base) && size(exponent) > table.maxExponent) this.fail("exponent", [], start);
    return node("power", "", [base, exponent]);
  }

  raised() {
    const token = this.take();
    const digits = token.text.replace(/^[+-]+/, "");
    let tree = node("number", digits);
    if (isDigits(digits)) {
      if (digits.length > 3 || Number(digits) > table.maxExponent)
        this.fail("exponent", [], token.start);
    } else {
      if (!this.letters.has(digits) && !this.free) this.unknown(digits, token);
      tree = node("name", digits);
    }
    return token.text[0] === "-" ? negative(tree) : tree;
  }

  atom() {
    const token = this.here;
    if (token.kind === "name") return this.named(this.take());
    if (token.kind === "number") return this.number();
    if (token.kind === "fraction") {
      const [above, below] = table.fractions[this.take().text]
        .split("/")
        .map((digits) => node("number", digits));
      return node("product", "", [above, reciprocal(below)]);
    }
    if (token.kind === "latex") return this.fraction(this.take());
    if (this.seesBracket()) return this.bracket(BRACKETS.get(this.take().text));
    if (this.accept("√")) return this.call("sqrt", token);
    if (this.accept("|")) {
      this.bars += 1;
      const { lists } = this;
      this.lists = 0;
      const tree = this.sum();
      this.lists = lists;
      this.expect("|");
      this.bars -= 1;
      return node("call", "abs", [tree]);
    }
    return this.fail("operand", [this.shown()]);
  }

  number() {
    const token = this.take();
    let { text } = token;
    if (!this.lists && this.sees(",") && this.here.start === token.end) {
      const after = this.ahead(1);
      if (after.kind === "number" && after.start === this.here.end) {
        const thousands = after.text.length === 3 && text[0] !== "0" && text.length < 4;
        if (thousands || !isDigits(text) || !isDigits(after.text))
          this.fail("comma", [`${text},${after.text}`], token.start);
        this.index += 2;
        text = `${text}.${after.text}`;
      }
    }
    text = text.toLowerCase();
    const [mantissa, exponent = ""] = text.split("e");
    if (mantissa.length > table.maxDigits) this.fail("digits", [], token.start);
    if (exponent.length > 4 || Math.abs(Number(exponent)) > table.maxExponent)
      this.fail("exponent", [], token.start);
    const tree = node("number", text);
    return this.accept("%")
      ? node("product", "", [tree, reciprocal(node("number", "100"))])
      : tree;
  }

  bracket(closing) {
    return this.inside(0, () => {
      const tree = this.sum();
      this.expect(closing);
      return tree;
    });
  }

  fraction(token) {
    const [open, top, closed, opened, bottom, close] = [0, 1, 2, 3, 4, 5].map(
      (place) => this.ahead(place).text,
    );
    const bars = open + closed + opened + close === "{}{}";
    if (this.derivatives && bars && ABOVE.test(top) && BELOW.test(bottom)) {
      this.index += 6;
      return this.differentiated(top, bottom, token);
    }
    const [above, below] = [0, 1].map(() => this.group(token));
    return node("product", "", [above, reciprocal(below)]);
  }

  /** Read what a fraction takes; without braces that is one digit or one letter. */
  group(token) {
    if (this.accept("{")) return this.bracket("}");
    const { kind, text, start, end } = this.here;
    if (kind === "name" && text.length === 1) return this.named(this.take());
    if (kind !== "number" || !isDigits(text)) this.fail("group", [], token.start);
    if (text.length === 1) this.index += 1;
    else this.tokens[this.index] = { kind, text: text.slice(1), start: start + 1, end };
    return node("number", text[0]);
  }

  // Names

  named(token) {
    const name = token.text;
    const derivative = this.derivatives ? this.derivative(token) : null;
    if (derivative) return derivative;
    if (this.letters.has(name)) return this.letter(token);
    if (this.others.includes(name))
      this.fail("outside", [[...this.letters].sort().join(", "), name], token.start);
    if (table.cases.includes(name)) return this.cases(name);
    if (SPELLINGS.has(name) && (!table.letters.includes(name) || this.isCalled()))
      return this.call(SPELLINGS.get(name), token);
    if (CONSTANTS.has(name)) return node("constant", CONSTANTS.get(name));
    const parts = this.parts(name);
    if (!parts.length) return this.letter(token);
    const split = parts.map(([text, at]) => {
      const start = token.start + at;
      return { kind: "name", text, start, end: start + text.length };
    });
    this.index -= 1;
    this.tokens.splice(this.index, 1, ...split);
    return this.named(this.take());
  }

  /** Return the derivative that begins at the name just taken, null if none does. */
  derivative(token) {
    const name = token.text;
    const bare = name.slice(0, -1);
    if (name === "D") {
      if (!this.accept("(")) this.fail("argument", [name]);
      return node("call", name, this.arguments(")"));
    }
    if (name.endsWith("'") && SPELLINGS.has(bare) && this.accept("(")) {
      const children = this.arguments(")");
      if (children.length !== 1 || children[0].kind !== "name")
        this.fail("prime argument", [name], token.start);
      return node("call", "D", [node("call", SPELLINGS.get(bare), children), ...children]);
    }
    if (!ABOVE.test(name) || !this.sees("/") || !BELOW.test(this.ahead(1).text)) return null;
    this.take();
    return this.differentiated(name, this.take().text, token);
  }

  /** Return d(...)/dx, what stands in brackets read, or du/dx. */
  differentiated(above, below, token) {
    const variable = node("name", below.slice(1));
    if (above.length > 1) return node("call", "D", [node("name", above.slice(1)), variable]);
    if (!this.seesBracket()) this.fail("derivative", [below], token.start);
    const tree = node("call", "D", [this.bracket(BRACKETS.get(this.take().text)), variable]);
    if (this.sees("^") || this.here.kind === "raised")
      this.fail("derivative", [below], token.start);
    return tree;
  }

  isCalled() {
    if (this.here.kind === "raised") return this.ahead(1).text === "(";
    if (this.sees("^")) return this.ahead(1).kind === "number" && this.ahead(2).text === "(";
    return this.sees("(");
  }

  letter(token) {
    const name = token.text;
    if (!this.letters.has(name)) {
      if (name.endsWith("'")) this.fail("prime", [name], token.start);
      if (name.endsWith("_") || name.includes("__")) this.fail("name", [name], token.start);
      const looks =
        (name.length > 1 && !table.letters.includes(name))
        || table.likeFunctions.includes(name);
      if (this.sees("(") && looks) this.unknownFunction(name, token);
      if (SPELLINGS.has(name) && !this.free) this.fail("argument", [name], token.start);
      if (!this.free) this.unknown(name, token);
      if (/^[A-Za-z]{3,}$/.test(name) && !table.letters.includes(name) && this.isJoined())
        this.fail("word", [name], token.start);
    }
    if (
      this.sees("[")
      && this.ahead(2).text === "]"
      && ["number", "name"].includes(this.ahead(1).kind)
    )
      this.fail("indices", [name]);
    return node("name", name);
  }

  /** Whether the name just taken is a factor without a sign. */
  isJoined() {
    const before = this.tokens[this.index - 2] ?? { kind: "end", text: "" };
    const after =
      ["name", "latex"].includes(this.here.kind) || this.seesBracket() || this.sees("√");
    if (before.kind === "sign")
      return after || [...BRACKETS.values(), "%"].includes(before.text);
    return after || (before.kind !== "end" && !SPELLINGS.has(before.text));
  }

  knows(letter) {
    return (
      this.letters.has(letter)
      || this.others.includes(letter)
      || letter === "e"
      || (this.free && this.alone.has(letter))
    );
  }

  parts(word) {
    if (!/^[A-Za-z]+$/.test(word) || table.letters.includes(word)) return [];
    const called = this.sees("(");
    const letters = [...word];
    const known = letters.map((letter) => this.knows(letter));
    const places = letters.map((letter, at) => [letter, at]);
    for (let at = 1; called && at < word.length - 1; at++)
      if (SPELLINGS.has(word.slice(at)) && known.slice(0, at).every(Boolean))
        return [...places.slice(0, at), [word.slice(at), at]];
    const pair = this.free && word.length === 2 && !called;
    return word.length > 1 && (pair || known.every(Boolean)) ? places : [];
  }

  unknown(name, token) {
    const letters = [...this.letters].sort();
    const which = letters.length
      ? filled(table.theLetters, letters.join(", "))
      : table.noLetters;
    const near = nearest(name, [...letters, ...SPELLINGS.keys(), ...CONSTANTS.keys()]);
    const advice = near ? `; ${filled(table.didYouMean, near)}` : "";
    this.fail("letter", [name, which, advice], token.start);
  }

  unknownFunction(name, token) {
    const near = nearest(name, [...SPELLINGS.keys()]);
    const known = filled(table.theFunctions, Object.keys(table.functions).join(", "));
    this.fail("function", [name, near ? filled(table.didYouMean, near) : known], token.start);
  }

  call(name, token) {
    const exponent = this.functionPower(name, token);
    let children;
    if (this.seesBracket()) children = this.arguments(BRACKETS.get(this.take().text));
    else if (this.sees("|") && !this.bars) children = [this.atom()];
    else children = [this.bareArgument(name, token)];
    const [arity] = table.functions[name];
    if (arity && children.length !== arity)
      this.fail("arity", [name, arity, children.length], token.start);
    if (!arity && children.length < 2) this.fail("few", [name], token.start);
    const tree = node("call", name, children);
    return exponent ? node("power", "", [tree, exponent]) : tree;
  }

  functionPower(name, token) {
    let exponent;
    if (this.here.kind === "raised") exponent = this.raised();
    else if (this.accept("^")) {
      const closing = BRACKETS.get(this.accept("{", "("));
      const minus = this.accept("-");
      if (this.here.kind !== "number") this.fail("function power", [name], token.start);
      exponent = minus ? negative(this.number()) : this.number();
      if (closing) this.expect(closing);
    } else return null;
    const inverse = exponent.kind === "negative" && exponent.children[0].value === "1";
    if (inverse && SPELLINGS.has(`arc${name}`)) this.fail("inverse", [name], token.start);
    if (exponent.kind !== "number" || !isDigits(exponent.value) || size(exponent) > 99)
      this.fail("function power", [name], token.start);
    return exponent;
  }

  bareArgument(name, token) {
    const factors = this.here.kind === "number" ? [this.number()] : [];
    const joined = this.tokens[this.index - 1].end === this.here.start && token.text !== "√";
    const word = this.here.text;
    if (this.here.kind === "name" && (!factors.length || joined)) {
      if (SPELLINGS.has(word) && !table.letters.includes(word))
        this.fail("bare argument", [name]);
      const end = this.index + (this.parts(word).length || 1);
      while (this.index < end) factors.push(this.named(this.take()));
    }
    if (!factors.length) this.fail("argument", [name], token.start);
    this.bare = [this.index, name];
    return factors.length === 1 ? factors[0] : node("product", "", factors);
  }

  arguments(closing) {
    return this.inside(1, () => {
      const children = [this.sum()];
      while (this.accept(",")) children.push(this.sum());
      this.expect(closing);
      return children;
    });
  }

  // Cases

  cases(name) {
    if (!this.accept("(")) this.fail("cases", [name]);
    return this.inside(1, () => {
      const parts = [];
      while (!parts.length || this.accept(",")) {
        this.expect("(");
        parts.push(this.sum());
        this.expect(",");
        parts.push(this.condition());
        this.expect(")");
      }
      this.expect(")");
      return node("cases", "", parts);
    });
  }

  condition() {
    if (table.otherwise.includes(this.here.text)) {
      this.take();
      return node("otherwise");
    }
    const left = this.sum();
    const sign = this.accept(...table.relations);
    if (!sign) this.fail("condition");
    const middle = this.sum();
    const first = node("relation", sign, [left, middle]);
    const second = this.accept(...table.relations);
    if (!second) return first;
    if (![sign, second].every((s) => s === "<" || s === "<=")) this.fail("chain");
    return node("and", "", [first, node("relation", second, [middle, this.sum()])]);
  }
}

const isEuler = ({ kind, value }) => kind === "constant" && value === "e";

/** Bound a constant from above without computing it; 0 for what holds names. */
function size({ kind, value, children }) {
  if (kind === "number") return Math.min(Number(value), 1e9);
  if (kind === "constant") return 4;
  const sizes = children.filter((child) => child.kind !== "reciprocal").map(size);
  if (["name", "call", "index", "cases"].includes(kind) || sizes.includes(0)) return 0;
  if (kind === "sum") return sizes.reduce((a, b) => a + b);
  if (kind === "power") {
    if (children[1].kind === "negative") return 1;
    return sizes[0] * sizes[1] < 100 ? sizes[0] ** sizes[1] : 1e9;
  }
  return Math.min(
    sizes.reduce((a, b) => a * b, 1),
    1e9,
  );
}

/** The name that is one or two slips of the pen away, or an empty text. */
function nearest(word, names) {
  if (word.length > 20) return "";
  let far = 1 + Number(word.length > 4);
  let found = "";
  for (const name of names) {
    if (name.toLowerCase() === word.toLowerCase()) return name;
    const apart = word.length > 2 && name.length > 2 ? distance(word, name) : 99;
    if (apart <= far) [found, far] = [name, apart - 1];
  }
  return found;
}

function distance(first, second) {
  const row = [...Array(second.length + 1).keys()];
  [...first].forEach((letter, count) => {
    let diagonal = row[0];
    row[0] = count + 1;
    [...second].forEach((other, at) => {
      const above = row[at + 1];
      row[at + 1] = Math.min(above + 1, row[at] + 1, diagonal + Number(letter !== other));
      diagonal = above;
    });
  });
  return row[second.length];
}

const [SUM, PRODUCT, POWER, ATOM] = [1, 2, 3, 4];

/** The expression in plain notation, with the brackets that show how it was read. */
export function written(tree, level = 0) {
  const { kind, children } = tree;
  let [text, own] = ["", SUM];
  if (kind === "sum")
    text =
      written(children[0], SUM)
      + children
        .slice(1)
        .map((term) =>
          term.kind === "negative"
            ? ` - ${written(term.children[0], PRODUCT)}`
            : ` + ${written(term, PRODUCT)}`,
        )
        .join("");
  else if (kind === "negative") text = `-${written(children[0], PRODUCT)}`;
  else if (kind === "product") {
    own = PRODUCT;
    text = written(children[0], POWER);
    children.slice(1).forEach((factor, at) => {
      if (children[at].kind === "reciprocal") text = `(${text})`;
      text +=
        factor.kind === "reciprocal"
          ? `/${written(factor.children[0], POWER)}`
          : `*${written(factor, POWER)}`;
    });
  } else if (kind === "power") {
    own = POWER;
    text = `${written(children[0], ATOM)}^${written(children[1], ATOM)}`;
  } else return writtenAtom(tree);
  return own < level ? `(${text})` : text;
}

function writtenAtom({ kind, value, children }) {
  const parts = children.map((child) => written(child));
  if (kind === "call") return `${value}(${parts.join(", ")})`;
  if (kind === "relation") return `${parts[0]} ${value} ${parts[1]}`;
  if (kind === "and") return parts[0] + parts[1].slice(written(children[1].children[0]).length);
  if (kind === "cases") {
    const pairs = parts
      .filter((_, at) => at % 2 === 0)
      .map((part, at) => `(${part}, ${parts[2 * at + 1]})`);
    return `Piecewise(${pairs.join(", ")})`;
  }
  return value || kind;
}

const definitions = new Map();

function called(name, values) {
  const own = table.functions[name][1];
  if (own) {
    const library = OWN[own] ?? Math[own];
    return library(...values);
  }
  if (!definitions.has(name)) definitions.set(name, read(table.definitions[name], ["x"]));
  return evaluate(definitions.get(name), { x: values[0] });
}

const COMPARE = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** The value of a tree in float64; what is undefined is NaN. */
export function evaluate(tree, values) {
  const of = (part) => evaluate(part, values);
  const { kind, value, children } = tree;
  switch (kind) {
    case "number":
      return Number(value);
    case "constant":
      return value === "e" ? Math.E : Math.PI;
    case "name":
      return values[value];
    case "otherwise":
      return true;
    case "sum":
      return children.map(of).reduce((a, b) => a + b);
    case "negative":
      return -of(children[0]);
    case "product":
      return children
        .slice(1)
        .reduce(
          (result, factor) =>
            factor.kind === "reciprocal"
              ? result / of(factor.children[0])
              : result * of(factor),
          of(children[0]),
        );
    case "power":
      return isEuler(children[0])
        ? Math.exp(of(children[1]))
        : of(children[0]) ** of(children[1]);
    case "reciprocal":
      return 1 / of(children[0]);
    case "call":
      return called(value, children.map(of));
    case "relation":
      return COMPARE[value](...children.map(of));
    case "and":
      return children.every(of);
    case "cases": {
      const holds = children.findIndex((child, at) => at % 2 === 1 && of(child));
      return holds < 0 ? NaN : of(children[holds - 1]);
    }
    default:
      throw new Error(`${written(tree)} has no value`);
  }
}
