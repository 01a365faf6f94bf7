// A prediction's choices become buttons; a choice opens what follows, and is remembered.
import { keep, recall } from "./progress.js";

const nameOf = (id) => `predict ${id}`;

/** @param {HTMLElement} question */
function ask(question) {
  const outcome = question.nextElementSibling;
  const said = question.querySelector(".prediction-said");
  const items = [...question.querySelectorAll(":scope > ul > li")];
  const name = nameOf(question.dataset.prediction);
  const right = Number(question.dataset.right) - 1;
  const buttons = items.map((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "prediction-choice";
    button.append(...(item.querySelector(":scope > p") ?? item).childNodes);
    item.replaceChildren(button);
    return button;
  });
  const open = (chosen) => {
    outcome?.classList.add("prediction-open");
    buttons.forEach((button, at) => {
      // It stays in reach: who has pressed it by the keyboard is still there.
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-pressed", String(at === chosen));
      button.classList.toggle("prediction-right", at === right);
    });
    const answer = [...buttons[right].childNodes].map((node) => node.cloneNode(true));
    const head = chosen === right ? "✓ As you predicted: " : "✗ Not as you predicted. It is: ";
    said?.replaceChildren(head, ...answer);
  };
  const kept = recall()[name]?.chosen;
  if (Number.isInteger(kept) && kept < buttons.length) open(kept);
  buttons.forEach((button, at) => {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled")) return;
      open(at);
      keep(name, { chosen: at });
    });
  });
}

/** Open what an address points at: nobody is asked who follows a link. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const outcome = target?.closest(".prediction-outcome:not(.prediction-open)");
  outcome?.classList.add("prediction-open");
  if (outcome) target?.scrollIntoView();
}

export function askAll() {
  for (const question of document.querySelectorAll(".prediction"))
    ask(/** @type {HTMLElement} */ (question));
  openTarget();
  window.addEventListener("hashchange", openTarget);
}
