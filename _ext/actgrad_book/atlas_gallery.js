// Sorts and filters the gallery of the atlas; without this script all of it is there.
(() => {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("atlas-controls"));
  const list = /** @type {HTMLElement} */ (document.getElementById("atlas-list"));
  const status = /** @type {HTMLElement} */ (document.getElementById("atlas-status"));
  const cards = /** @type {HTMLElement[]} */ ([...list.children]);
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
    list.append(...cards.toSorted((a, b) => order(a, b) || orders.family(a, b)));
    const shown = cards.filter((card) => !card.hidden).length;
    status.textContent = `${shown} of ${cards.length} functions`;
  }

  form.addEventListener("change", update);
  // A reader who comes back from a page finds the boxes as they were left, set by the browser.
  addEventListener("pageshow", update);
  form.hidden = false;
  update();
})();
