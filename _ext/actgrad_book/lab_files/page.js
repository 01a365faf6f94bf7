// Elements of the lab's page.

/** @type {<T extends HTMLElement>(id: string) => T} */
export const part = (id) => /** @type {any} */ (document.getElementById(`lab-${id}`));

export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function say(text) {
  const status = part("status");
  if (status.textContent !== text) status.textContent = text;
}

/** A formula, as the rest of the book sets it. */
export function formula(latex, wide = false) {
  const made = make("span", { class: "math" });
  // As text, which keeps the colours as the style sheet knows them.
  made.innerHTML = katex.renderToString(wide ? `\\displaystyle ${latex}` : latex, {
    throwOnError: false,
  });
  return made;
}

/** What stands between dollar signs is a formula, between backticks code. */
export const prose = (text) =>
  text.split("$").flatMap((piece, at) => {
    if (at % 2) return [formula(piece)];
    return piece.split("`").map((word, odd) => (odd % 2 ? make("code", {}, word) : word));
  });

/** Show how a text is read, under its field; the tree, or null with the reason in its place. */
export function reading(tools, field, place, before, options) {
  try {
    const tree = tools.read(field.value, [], { free: true, ...options });
    place.replaceChildren(before, tools.mathml(tree));
    refused(field, place, "");
    return tree;
  } catch (error) {
    if (!(error instanceof tools.ParseError)) throw error;
    refused(field, place, `${/** @type {Error} */ (error).message}.`);
    return null;
  }
}

export function refused(field, place, reason) {
  field.setAttribute("aria-invalid", String(reason !== ""));
  place.classList.toggle("lab-refused", reason !== "");
  if (reason) place.replaceChildren(reason);
}
