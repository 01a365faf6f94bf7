// Formulas as MathML Core, set as TeX would set them: KaTeX reads the formula, what it makes is
// put right for browsers. Runs in Node when the book is built, and after KaTeX in a page.
(() => {
  const KATEX = "../assets/node_modules/katex/dist/katex.min.js";
  const parser = typeof katex === "undefined" ? require(KATEX) : katex;

  // The classes of operators that MathML and TeX space alike, and those that end a term.
  const BINARY = "+−±∓⋅×∘⊙∗÷";
  const RELATION = "=<>≤≥≠≈≡∼≪≫∈→←↦⇒⇔:";
  const OPEN = "([{⟨⌊⌈";
  const CLOSE = ")]}⟩⌋⌉";
  const LARGE = "∑∏∫";
  const APPLY = "\u2061";
  // Children that are set smaller, by the element that they stand in.
  const SCRIPTS = {
    ...{ msub: [1], msup: [1], msubsup: [1, 2], munder: [1], mover: [1] },
    ...{ munderover: [1, 2], mroot: [1] },
  };
  // First code points of A, a and 0 in the alphabets of Unicode.
  const ALPHABETS = {
    bold: [0x1d400, 0x1d41a, 0x1d7ce],
    "sans-serif": [0x1d5a0, 0x1d5ba, 0x1d7e2],
    monospace: [0x1d670, 0x1d68a, 0x1d7f6],
  };
  const DOUBLE_STRUCK = { C: "ℂ", N: "ℕ", Q: "ℚ", R: "ℝ", Z: "ℤ" };

  const ACCENT = { accent: "true" };
  const ACCENTS = { "^": "ˆ", "~": "˜" };

  const node = (tag, children = [], attributes = {}) => ({ tag, attributes, children });
  const leaf = (tag, text, attributes = {}) => ({ tag, attributes, children: [], text });

  function letter(character, variant) {
    if (variant === "double-struck") return DOUBLE_STRUCK[character] ?? character;
    const place = [/[A-Z]/, /[a-z]/, /[0-9]/].findIndex((range) => range.test(character));
    const first = ALPHABETS[variant]?.[place];
    const offset = character.charCodeAt(0) - "Aa0".charCodeAt(place);
    return first ? String.fromCodePoint(first + offset) : character;
  }

  /** A token of KaTeX's as MathML Core has it. */
  function token(tag, text, { mathvariant, ...attributes }) {
    if (mathvariant && mathvariant !== "normal")
      return leaf(tag, [...text].map((one) => letter(one, mathvariant)).join(""));
    if (tag === "mo" || /^[/∣∥|]$/.test(text)) {
      const upright = text.replace("∣", "|");
      const fence = attributes.fence || attributes.minsize;
      const { minsize, maxsize } = attributes;
      const size = minsize ? { minsize, maxsize } : {};
      return {
        ...leaf("mo", upright, size),
        stretchy: Boolean(fence) || attributes.stretchy === "true",
      };
    }
    // As a letter: the slanted sign, which browsers would not all take for it.
    if (text === "∂") return leaf("mi", "𝜕");
    const plain = tag === "mi" && mathvariant && /^[\p{L}∇]$/u.test(text);
    return { ...leaf(tag, text, plain ? { mathvariant } : {}), upright: Boolean(mathvariant) };
  }

  const PRIMES = ["", "′", "″", "‴"];

  /** Primes are raised by the font: as a superscript they would be raised, and shrunk, twice. */
  function scripted(tag, parts, attributes) {
    const [base, ...scripts] = parts;
    const last = scripts.at(-1);
    const marks = last.tag === "mrow" ? last.children : [last];
    const other = marks.findIndex(({ text }) => text !== "′");
    const count = other < 0 ? marks.length : other;
    if (!PRIMES[count] || !tag.startsWith("msu"))
      return node(tag, [base, ...scripts], attributes);
    const primed = node("mrow", [base, leaf("mo", PRIMES[count])]);
    const rest = marks.slice(count);
    const lower = tag === "msubsup" ? [scripts[0]] : [];
    if (rest.length) return node(tag, [primed, ...lower, node("mrow", rest)], attributes);
    return lower.length ? node("msub", [primed, ...lower]) : primed;
  }

  /** Letters of one upright name, which KaTeX sets one by one, become one name. */
  function named(children) {
    const joined = [];
    for (const child of children) {
      const last = joined.at(-1);
      const both = last?.upright && child.upright && last.tag === "mi" && child.tag === "mi";
      if (both)
        joined[joined.length - 1] = { ...last, text: last.text + child.text, attributes: {} };
      else joined.push(child);
    }
    return joined;
  }

  /** KaTeX's tree as ours, without what MathML Core does not know. */
  function read(tree) {
    const { type, width, attributes = {}, children = [] } = tree;
    if (width !== undefined) return node("mspace", [], { width: `${+width.toFixed(4)}em` });
    if (!type) return node("mrow", children.map(read));
    if (/^m(?:[ino]|text)$/.test(type))
      return token(type, children.map((child) => child.text).join(""), attributes);
    if (type === "semantics") return read(children[0]);
    const inside = named(children.map(read)).filter((child) => child.text !== "");
    if (type === "math") return node("math", inside);
    if (type === "mtable") {
      const { columnalign: align = "", rowspacing } = attributes;
      const kinds = { "left left": "cases", "right left": "aligned" };
      const kind = rowspacing === "0.1em" ? "stacked" : kinds[align];
      return node("mtable", inside, kind ? { class: kind } : {});
    }
    if (type === "msqrt" && !inside.every(low)) return node(type, inside, { class: "tall" });
    if (type === "mtr" || type === "mtd") return node(type, inside);
    if (type === "mstyle" && attributes.mathcolor)
      return node("mrow", inside, { class: "changed" });
    if (attributes.accent) {
      const [base, { text }] = inside;
      return node(
        type,
        [base, leaf("mo", ACCENTS[text] ?? text, { stretchy: "false" })],
        ACCENT,
      );
    }
    if (SCRIPTS[type]) return scripted(type, inside, {});
    return node(type, inside, attributes);
  }

  /** No higher than a line with superscripts: brackets around it need not grow. */
  function low({ tag, text, stretchy, children }) {
    if (tag === "mo") return !stretchy && !LARGE.includes(text);
    if (tag === "msub" || tag === "msup" || tag === "msubsup" || tag === "mrow")
      return children.every(low);
    return /^(mi|mn|mtext|mspace)$/.test(tag);
  }

  /** Let brackets around what is low be as they are: a browser would set them wider. */
  function lowered(tree) {
    const children = tree.children.map(lowered);
    const fenced = tree.tag === "mrow" && children.some(stretches);
    if (fenced && children.every((child) => stretches(child) || low(child)))
      return {
        ...tree,
        children: children.map((c) =>
          stretches(c) ? { ...c, stretchy: false, fence: true } : c,
        ),
      };
    return { ...tree, children };
  }

  const stretches = (child) =>
    child.tag === "mo" && child.stretchy && !child.attributes.minsize;
  const isRow = ({ tag, attributes }) => tag === "mrow" && !Object.keys(attributes).length;
  const ROWS = new Set(["math", "mrow", "mstyle", "msqrt", "mtd", "mphantom"]);

  /** Leave out rows that group nothing: one child, or part of a row without brackets to stretch. */
  function flat(tree) {
    let children = tree.children.map(flat);
    if (ROWS.has(tree.tag))
      children = children.flatMap((child) =>
        isRow(child)
        && child.children.length
        && (tree.children.length === 1 || !child.children.some(stretches))
          ? child.children
          : [child],
      );
    const whole = { ...tree, children };
    const [only] = children;
    // What is changed is marked where it is one element.
    if (tree.attributes.class === "changed" && children.length === 1 && !only.attributes.class)
      return { ...only, attributes: { ...only.attributes, class: "changed" } };
    return isRow(whole) && children.length === 1 ? children[0] : whole;
  }

  /** The styles that TeX would be in: a style said where it holds already is left out. */
  function styled(tree, display, level) {
    let [inner, depth] = [display, level];
    if (tree.tag === "mstyle") {
      inner = (tree.attributes.displaystyle ?? String(display)) === "true";
      depth = Number(tree.attributes.scriptlevel ?? level);
      const same = inner === display && depth === level;
      const attributes = { displaystyle: String(inner), scriptlevel: String(depth) };
      tree = { ...tree, tag: "mrow", attributes: same ? {} : attributes };
    }
    const small = SCRIPTS[tree.tag];
    const children = tree.children.map((child, place) => {
      if (tree.tag === "mfrac") return styled(child, false, depth + (inner ? 0 : 1));
      if (tree.tag === "mtable") return styled(child, false, depth);
      return small?.includes(place)
        ? styled(child, false, depth + 1)
        : styled(child, inner, depth);
    });
    return { ...tree, children, level: depth };
  }

  /** The parts of a row from left to right; rows in it, coloured ones too, are transparent. */
  function* line(row, group = row) {
    for (const [place, child] of row.children.entries())
      if (child.tag === "mrow" && child.children.length) yield* line(child, child);
      else yield { part: child, place, group };
  }

  function kind(part) {
    if (!part) return "start";
    const core = /^(m(sub|sup|under|over))/.test(part.tag) ? kind(part.children[0]) : "";
    if (core === "name" || core === "large") return core;
    if (part.tag === "mi" && [...part.text].length > 1) return "name";
    if (part.tag === "mrow") return part.children[1]?.text === APPLY ? "name" : "term";
    if (part.tag !== "mo") return part.tag === "mspace" ? "space" : "term";
    const { text } = part;
    if (text === APPLY) return "apply";
    if (text === "," || text === ";") return "mark";
    const kinds = {
      binary: BINARY,
      relation: RELATION,
      open: OPEN,
      close: CLOSE,
      large: LARGE,
    };
    return Object.keys(kinds).find((name) => kinds[name].includes(text)) ?? "term";
  }

  // After these a plus or minus is a sign; a name that follows others stands off from them.
  const BEFORE_SIGN = new Set([
    "start",
    "open",
    "binary",
    "relation",
    "mark",
    "large",
    "apply",
  ]);
  const TERM = new Set(["term", "close", "name"]);

  /** Which of two equal strokes opens: the first, and each that follows no term. */
  function fences(parts) {
    let open = 0;
    for (const [at, { part }] of parts.entries()) {
      if (part.text !== "|" && part.text !== "∥") continue;
      const before = kind(parts[at - 1]?.part);
      part.side = open && TERM.has(before) ? "close" : "open";
      open += part.side === "open" ? 1 : -1;
    }
  }

  /** Space an operator as TeX does where MathML's own table says otherwise. */
  function space(part, place, group, before, after) {
    const spaced = (left, right) =>
      Object.assign(part.attributes, { lspace: left, rspace: right });
    const own = part.side ?? kind(part);
    const first = place === 0;
    const last = place === group.children.length - 1;
    if (own === "open" || own === "close") {
      if (!part.stretchy) part.attributes.stretchy = "false";
      if (part.side)
        Object.assign(part.attributes, { form: own === "open" ? "prefix" : "postfix" });
      // A bracket after a fraction or another one stands off from it.
      // Grown brackets stand off from what is outside; so does one after a fraction or another.
      const grown = part.stretchy && (before === "apply" || !BEFORE_SIGN.has(before));
      const fenced = part.fence && before === "fraction";
      if (own === "open" && (grown || fenced || (part.stretchy && part.text === "{")))
        spaced("thin", "0");
      if (own === "close" && part.stretchy) spaced("0", ".1em");
    } else if (own === "binary" || own === "relation") {
      const sign = own === "binary" && BEFORE_SIGN.has(before);
      if (sign && !first) part.attributes.form = "prefix";
      if (!sign && (first || last)) part.attributes.form = "infix";
      if (own === "relation" && before === "start") spaced("0", "thick");
      else if (sign) {
        if (!first) spaced("0", "0");
      } else if (part.level > 0) spaced("0", "0");
      else if ("⋅×±∓∘⊙∗÷".includes(part.text)) spaced("medium", "medium");
      else if (":→↦←⇒⇔≪≫∈".includes(part.text)) spaced("thick", "thick");
    } else if (own === "mark") {
      if (part.level > 0) spaced("0", "0");
      else if (first || last) spaced("0", "thin");
    } else if (own === "large") {
      if (!TERM.has(before)) part.attributes.lspace = "0";
    } else if (own === "apply") {
      if (after === "term" || after === "name" || after === "large") spaced("0", "thin");
    } else if ("…⋯".includes(part.text)) spaced("0", after === "mark" ? "thin" : "0");
    else spaced("0", "0");
  }

  const LENGTHS = { thin: ".1667em", medium: ".2222em", thick: ".2778em" };

  function setSpaces(tree) {
    const parts = [...line(tree)];
    fences(parts);
    for (const [at, { part, place, group }] of parts.entries()) {
      const previous = parts[at - 1]?.part;
      let before = previous?.side ?? kind(previous);
      if (previous?.tag === "mo" && (previous.fence || previous.stretchy))
        previous.fenced = before === "close";
      if (previous?.tag === "mfrac" || before === "close") before = "fraction";
      const next = parts[at + 1]?.part;
      if (part.tag === "mo") space(part, place, group, before, next?.side ?? kind(next));
      for (const side of ["lspace", "rspace"])
        part.attributes[side] = LENGTHS[part.attributes[side]] ?? part.attributes[side];
      // A named function stands off from what it is multiplied with.
      const own = kind(part);
      const named = own === "name" && (TERM.has(before) || before === "fraction");
      const after = before === "name" && (own === "term" || own === "large");
      const fenced = previous?.fenced && own === "term" && !/^[.!?]/.test(part.text ?? "");
      if (part.tag !== "mo" && (named || after || fenced)) part.standsOff = true;
      if (ROWS.has(part.tag)) setSpaces(part);
      else for (const child of part.children) setSpaces(node("mrow", [child]));
    }
  }

  const isBracket = (part, side) =>
    part?.tag === "mo"
    && part.attributes.stretchy === "false"
    && side.includes(part.text.at(-1));
  const TIGHT = { stretchy: "false", lspace: "0", rspace: "0" };

  /** Brackets that follow one another become one operator; before them "apply" is not said. */
  function gathered(tree) {
    const children = [];
    for (const child of tree.children.map(gathered)) {
      const last = children.at(-1);
      const same = [OPEN, CLOSE].some(
        (side) => isBracket(last, side) && isBracket(child, side),
      );
      const spaced = child.attributes.lspace && child.attributes.lspace !== "0";
      if (ROWS.has(tree.tag) && same && !spaced && !last.attributes.class)
        children[children.length - 1] = {
          ...last,
          text: last.text + child.text,
          attributes: TIGHT,
        };
      else {
        if (ROWS.has(tree.tag) && last?.text === APPLY && isBracket(child, OPEN))
          children.pop();
        children.push(child);
      }
    }
    return { ...tree, children };
  }

  const escaped = (text) =>
    text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  function write({ tag, attributes, children, text, standsOff }) {
    const said = Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join("");
    const inside = text === undefined ? children.map(write).join("") : escaped(text);
    const off = standsOff ? `<mspace width="${LENGTHS.thin}"></mspace>` : "";
    return `${off}<${tag}${said}>${inside}</${tag}>`;
  }

  /** The formula as MathML; what KaTeX cannot read, if that is allowed, as its message. */
  function renderToString(latex, options = {}) {
    const display = Boolean(options.displayMode);
    const made = parser.__renderToDomTree(latex, { ...options, output: "mathml" });
    const [math] = made.children ?? [];
    if (math?.type !== "math") return made.toMarkup();
    let tree = flat(styled(flat(lowered(read(math))), display, 0));
    const [only] = tree.children;
    if (tree.children.length === 1 && only.attributes.displaystyle === "true" && !only.level) {
      tree = flat(node("math", [node("mrow", only.children)], { displaystyle: "true" }));
    }
    if (display) tree.attributes.display = "block";
    setSpaces(node("mrow", tree.children));
    return write(gathered(tree));
  }

  if (typeof module === "object") module.exports = { renderToString };
  else parser.renderToString = renderToString;
})();
