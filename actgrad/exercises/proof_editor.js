// A derivation written line by line; the kernel judges each line, and the page shows what it says.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const MARKS = { equal: "✓", wrong: "✗", undecided: "?", unreadable: "✗" };

/** The parts of a message: what stands between backticks is code. */
const marked = (message) =>
  message.split("`").map((part, at) => (at % 2 ? element("code", {}, part) : part));

export default {
  render({ model, el }) {
    const input = element("input", {
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "2*x + d/dx(x^2)",
    });
    const button = (text, type = "button") => element("button", { type }, text);
    const check = button("Check line", "submit");
    const hint = button("Hint");
    const undo = button("Undo");
    const lines = element("ol", { "aria-label": `Derivation: ${model.get("title")}` });
    const status = element("p", { role: "status", "aria-live": "polite" });
    const form = element(
      "form",
      { class: "actgrad-proof" },
      lines,
      element("label", {}, "Your next line", input),
      element("div", {}, check, hint, undo),
      status,
    );

    const ask = (what, more = false) => {
      const { number = 0 } = model.get("request");
      status.replaceChildren("…");
      model.set("request", { number: number + 1, what, more, line: input.value });
      model.save_changes();
    };
    const draw = () => {
      const shown = [{ text: model.get("start"), message: "" }, ...model.get("lines")];
      // Text only: neither a line nor a message can become markup.
      lines.replaceChildren(
        ...shown.map(({ text, message }) =>
          element("li", {}, element("code", {}, text), element("span", {}, message)),
        ),
      );
      undo.disabled = shown.length === 1;
    };
    const answer = () => {
      const { status: found = "", message = "", more = false } = model.get("answer");
      status.dataset.status = found;
      const mark = MARKS[found] ? `${MARKS[found]} ` : "";
      status.replaceChildren(element("strong", {}, mark), ...marked(message));
      input.setAttribute("aria-invalid", String(found === "wrong" || found === "unreadable"));
      if (found === "equal") input.value = "";
      hint.textContent = more ? "Show the next line" : "Hint";
      if (found && found !== "hint") input.focus();
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask("check");
    });
    // In JupyterLab the browser does not submit a form by Enter.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    hint.addEventListener("click", () => ask("hint", model.get("answer").more ?? false));
    undo.addEventListener("click", () => ask("undo"));
    model.on("change:lines", draw);
    model.on("change:answer", answer);
    draw();
    const summary = element("summary", {}, "Prove it line by line");
    el.append(model.get("folded") ? element("details", {}, summary, form) : form);
    return () => {
      model.off("change:lines", draw);
      model.off("change:answer", answer);
    };
  },
};
