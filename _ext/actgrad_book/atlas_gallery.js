// Sorts and filters the gallery of the atlas; without this script all of it is there. What is asked
// for stands in the address, ?is=smooth&is=bounded&order=year, so that it can be kept and sent.
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("atlas-controls"));
  const list = /** @type {HTMLElement} */ (document.getElementById("atlas-list"));
  const status = /** @type {HTMLElement} */ (document.getElementById("atlas-status"));
  const cards = /** @type {HTMLElement[]} */ ([...list.children]);
  const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("order"));
  /** @type {Map<any, any>} */
  const places = new Map(cards.map((card, place) => [card, place]));
  const name = (card) => card.querySelector("a").textContent;
  const orders = {
    family: (a, b) => places.get(a) - places.get(b),
    name: (a, b) => name(a).localeCompare(name(b), "en"),
    year: (a, b) => (a.dataset.year || 9999) - (b.dataset.year || 9999),
    kinks: (a, b) => a.dataset.kinks - b.dataset.kinks,
  };

  function update() {
    const asked = new FormData(form);
    const wanted = asked.getAll("is");
    const order = orders[String(asked.get("order"))];
    for (const card of cards) {
      const traits = (card.dataset.is ?? "").split(" ");
      card.hidden = !wanted.every((trait) => traits.includes(String(trait)));
    }
    const sorted = cards.toSorted((a, b) => order(a, b) || orders.family(a, b));
    // A card that is moved loses the focus.
    if (sorted.some((card, place) => card !== list.children[place])) list.append(...sorted);
    const shown = cards.filter((card) => !card.hidden).length;
    status.textContent = `${shown} of ${cards.length} functions`;
  }

  // The boxes say what the address says.
  function restore() {
    const asked = new URLSearchParams(location.search);
    for (const box of form.querySelectorAll("input")) {
      box.checked = asked.getAll("is").includes(box.value);
    }
    const order = asked.get("order") ?? "";
    choice.value = Object.hasOwn(orders, order) ? order : "family";
    update();
  }

  form.addEventListener("change", () => {
    const asked = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    if (asked.get("order") === "family") asked.delete("order");
    history.pushState(null, "", `${location.pathname}${asked.size ? "?" : ""}${asked}`);
    update();
  });
  addEventListener("popstate", restore);
  // A browser puts back what it has kept of a form: the address counts.
  addEventListener("pageshow", restore);
  form.hidden = false;
  restore();

  // Before the filters come the links to all pages.
  const skip = document.createElement("a");
  skip.href = "#atlas-controls";
  skip.textContent = "Skip to the filters";
  document.getElementById("pst-skip-link")?.append(" · ", skip);
})();
