// What the reader has solved: on each card, at the top of its page, and on the first page.
import { askAll } from "./predictions.js";
import { forget, recall } from "./progress.js";

/** @type {(selector: string) => any[]} */
const found = (selector) => [...document.querySelectorAll(selector)];
const counted = (count) => `${count} ${count === 1 ? "exercise" : "exercises"}`;

function show() {
  const kept = recall();
  const isSolved = (id) => kept[id]?.solved === true;
  for (const card of found(".exercise")) {
    const solved = isSolved(card.dataset.exercise);
    card.classList.toggle("exercise-solved", solved);
    card.querySelector(".exercise-mark")?.remove();
    if (!solved) continue;
    const mark = document.createElement("span");
    mark.className = "exercise-mark";
    mark.textContent = " ✓ solved";
    card.querySelector("p")?.append(mark);
  }
  for (const line of found("[data-exercises]")) {
    const ids = line.dataset.exercises?.split(" ") ?? [];
    const solved = ids.filter(isSolved).length;
    const others = Object.keys(kept).filter((id) => isSolved(id) && !ids.includes(id)).length;
    const atlas = line.dataset.whole && others ? `, and ${others} of the atlas` : "";
    const open = ids.find((id) => !isSolved(id));
    const link = line.querySelector("a");
    if (link && open) link.setAttribute("href", `#exercise-${open}`);
    if (link) link.textContent = open && solved ? "the next" : counted(ids.length);
    const said = line.querySelector("span");
    said?.replaceChildren(
      solved || atlas ? `${solved} of ${counted(ids.length)} solved${atlas}. ` : "",
    );
  }
}

for (const button of found("[data-erase]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    forget();
    const said = button.parentElement?.querySelector("[role=status]");
    said?.replaceChildren("Erased: nothing is remembered in this browser.");
  });
}
document.addEventListener("actgrad-progress", show);
window.addEventListener("storage", show); // another page of the book
window.addEventListener("pageshow", show); // one comes back to it
askAll();
