// The search page: every section of the book is a document, a page is shown with its best ones.
(() => {
  const SHOWN_PAGES = 12;
  const SHOWN_SECTIONS = 3;
  const CONTEXT = 90;
  const SILENT = new Set(
    (
      "a about an and are as at be by can d do does for from get gets how i if in into is it "
      + "its me my of on or s that the their then there this to use was we what when where "
      + "which who why will with you"
    ).split(" "),
  );

  const options = {
    processTerm: (term) => {
      const word = term.toLowerCase();
      return SILENT.has(word) ? null : word;
    },
    searchOptions: {
      boost: { title: 8, keywords: 6, headings: 3, heading: 3, code: 0.5 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      weights: { prefix: 0.4, fuzzy: 0.25 },
    },
  };

  // Pages are ranked as a whole; their sections say where in the page to go.
  const pages = new MiniSearch({
    ...options,
    fields: ["title", "keywords", "headings", "text", "code"],
  });
  pages.addAll(
    PAGES.map(({ title, keywords, sections }, id) => ({
      id,
      title,
      keywords,
      headings: sections.map((section) => section.heading).join("\n"),
      text: sections.map((section) => section.text).join("\n"),
      code: sections.map((section) => section.code).join("\n"),
    })),
  );
  const sections = new MiniSearch({
    ...options,
    fields: ["heading", "text", "code"],
    storeFields: ["page", "section"],
  });
  sections.addAll(
    PAGES.flatMap((page, number) =>
      page.sections.map((section, place) => ({
        ...section,
        id: `${number}#${place}`,
        page: number,
        section,
      })),
    ),
  );

  // A page with all the words of the query stands before one that has one of them often.
  function ranked(query) {
    const hits = pages.search(query, { boostDocument: (id) => PAGES[id].weight });
    const asked = Math.max(...hits.map((hit) => hit.queryTerms.length));
    const score = (hit) => hit.score * (hit.queryTerms.length / asked) ** 2;
    return hits.sort((a, b) => score(b) - score(a));
  }

  function found(query) {
    const hits = sections.search(query);
    return ranked(query)
      .slice(0, SHOWN_PAGES)
      .map(({ id }) => {
        const page = PAGES[id];
        const best = hits.filter((hit) => hit.page === id).slice(0, SHOWN_SECTIONS);
        return {
          page,
          sections: best.length ? best : [{ section: page.sections[0], terms: [] }],
        };
      });
  }

  function element(name, text = "", attributes = {}) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(text);
    return made;
  }

  // The words around the first match, with the matches marked.
  function excerpt(text, terms) {
    const pattern = new RegExp(
      terms.map((term) => term.replace(/[.*+\-?^${}()|[\]\\]/g, "\\$&")).join("|") || "$^",
      "giu",
    );
    const first = Math.max(0, text.search(pattern));
    const start = first > CONTEXT ? text.indexOf(" ", first - CONTEXT) + 1 : 0;
    const piece = text.slice(start, first + 2 * CONTEXT);
    const shown = element("p", start ? "… " : "", { className: "search-excerpt" });
    let last = 0;
    for (const match of piece.matchAll(pattern)) {
      shown.append(piece.slice(last, match.index), element("mark", match[0]));
      last = match.index + match[0].length;
    }
    shown.append(piece.slice(last), start + piece.length < text.length ? " …" : "");
    return shown;
  }

  function entryOf({ page, sections }) {
    const item = element("li", element("a", page.title, { href: page.url }));
    for (const { section, terms } of sections) {
      if (section.heading !== page.title) {
        const link = element("a", section.heading, { href: `${page.url}#${section.anchor}` });
        item.append(element("p", link, { className: "search-section" }));
      }
      if (section.text) item.append(excerpt(section.text, terms));
    }
    return item;
  }

  function show(query) {
    const asked = query.trim();
    const entries = asked ? found(asked) : [];
    results.replaceChildren(...entries.map(entryOf));
    status.textContent = !asked
      ? ""
      : entries.length
        ? `${entries.length} ${entries.length === 1 ? "page" : "pages"} for “${asked}”`
        : `Nothing found for “${asked}”. Try another word, or look into the glossary.`;
  }

  const field = /** @type {HTMLInputElement} */ (document.getElementById("search-query"));
  const [form, status, results] = ["search", "search-status", "search-results"].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  const address = () => `?${new URLSearchParams({ q: field.value })}`;
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => show(field.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", address());
    show(field.value);
  });
  show(field.value);
  field.focus();
})();
