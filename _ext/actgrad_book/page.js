// What the page's controls do: colour mode, sidebars, search dialog, menus, copying of code.
/** @type {(selector: string, root?: ParentNode) => any[]} */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
/** @type {(selector: string, root?: ParentNode) => any} */
const one = (selector, root = document) => root.querySelector(selector);
/** @type {(selector: string, event: string, listener: (event: any) => void) => void} */
const on = (selector, event, listener) => {
  for (const element of all(selector)) element.addEventListener(event, listener);
};
/** @type {any} */
const html = document.documentElement;

// The head's script has set mode and theme before the first paint.
const dark = matchMedia("(prefers-color-scheme: dark)");
function showMode(mode) {
  html.dataset.mode = mode;
  html.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
}
dark.addEventListener("change", () => showMode(html.dataset.mode));
on(".theme-switch-button", "click", () => {
  // From "auto" the next is always a change.
  const modes = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  showMode(modes[(modes.indexOf(html.dataset.mode) + 1) % 3]);
  localStorage.setItem("mode", html.dataset.mode);
});

/** Close a dialog when a click lands beside it. */
function closeOutside({ target, currentTarget: dialog, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  if (target === dialog && !inside) dialog.close();
}

const search = one("#pst-search-dialog");
const toggleSearch = () => {
  if (search.open) search.close();
  else search.showModal();
};
if (search) {
  search.addEventListener("click", closeOutside);
  on(".search-button__button", "click", toggleSearch);
  addEventListener(
    "keydown",
    (event) => {
      const command = event.ctrlKey !== event.metaKey && !event.shiftKey && !event.altKey;
      if (!command || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      toggleSearch();
    },
    true,
  );
}
if (/Mac|iP(hone|ad|od)/.test(navigator.platform))
  for (const key of all(".kbd-shortcut__modifier")) key.textContent = "⌘";

/** Move what stands in an element, and what it looks like, into another. */
function move(from, to) {
  to.append(...from.childNodes);
  to.classList.add(...from.classList);
  from.removeAttribute("class");
}

for (const name of ["primary", "secondary"]) {
  const sidebar = one(`#pst-${name}-sidebar`);
  const dialog = one(`#pst-${name}-sidebar-modal`);
  if (!sidebar || !dialog) continue;
  let button;
  on(`.${name}-toggle`, "click", (event) => {
    button = event.currentTarget;
    if (name === "primary" && matchMedia("(min-width: 992px)").matches) {
      sidebar.classList.toggle("pst-sidebar-hidden");
      return;
    }
    move(sidebar, dialog);
    dialog.showModal();
  });
  dialog.addEventListener("click", closeOutside);
  dialog.addEventListener("close", () => {
    move(dialog, sidebar);
    button.focus();
  });
}

for (const menu of all(".dropdown")) {
  const button = one(".dropdown-toggle", menu);
  const show = (shown) => {
    one(".dropdown-menu", menu).classList.toggle("show", shown);
    button.setAttribute("aria-expanded", shown);
  };
  button.addEventListener("click", () => show(button.ariaExpanded !== "true"));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) show(false);
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) show(false);
  });
}
on(".btn-fullscreen-button", "click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else html.requestFullscreen();
});

const back = one("#pst-back-to-top");
back?.addEventListener("click", () => scrollTo({ top: 0 }));
const helper = one("#pst-scroll-pixel-helper");
if (helper)
  new IntersectionObserver(([{ isIntersecting }]) => {
    document.body.classList.toggle("scrolled", !isIntersecting);
    if (back) back.style.display = isIntersecting ? "none" : "block";
  }).observe(helper);

// The contents say where one is: at the last heading that has entered the window's upper part.
const links = new Map(
  all("#pst-page-toc-nav a[href^='#']").map((link) => [
    document.getElementById(decodeURIComponent(link.hash.slice(1))),
    link,
  ]),
);
const reading = new IntersectionObserver(
  (entries) => {
    const entered = entries.filter((entry) => entry.isIntersecting).pop();
    if (!entered) return;
    const current = links.get(entered.target.parentElement);
    for (const link of links.values()) {
      link.classList.toggle("active", link === current);
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const entry of all("#pst-page-toc-nav .toc-entry"))
      entry.classList.toggle("active", entry.contains(current));
  },
  { rootMargin: "0px 0px -70% 0px" },
);
for (const section of links.keys()) {
  const heading = section && one("h1, h2, h3, h4", section);
  if (heading) reading.observe(heading);
}

// The sidebar opens at its top unless the page's own entry would be out of sight.
const own = one(".bd-docs-nav .current.active > a");
const contents = one(".bd-sidebar-primary");
if (own && own.offsetTop > contents.clientHeight - 80)
  contents.scrollTop = own.offsetTop - contents.clientHeight / 2;

// Code can be copied; what scrolls can be reached with the keyboard.
const COPY =
  '<svg viewBox="0 0 24 24" stroke-width="1.5" stroke="currentColor" fill="none">'
  + '<rect x="8" y="8" width="12" height="12" rx="2"/>'
  + '<path d="M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2"/></svg>';
// When there is nothing else to do: a page has many listings.
(window.requestIdleCallback ?? setTimeout)(() => {
  const boxes =
    "pre, div.math, .cell_output > .output, .cell_output, .pst-scrollable-table-container";
  // What a fold or a prediction hides has its size when it is opened.
  const sizes = new ResizeObserver((found) => {
    for (const { target } of found)
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
  });
  for (const box of all(boxes)) sizes.observe(box);
  for (const listing of all("div.highlight > pre")) {
    const button = document.createElement("button");
    button.className = "copybtn";
    button.type = "button";
    button.title = button.ariaLabel = "Copy";
    button.innerHTML = COPY;
    button.addEventListener("click", async () => {
      getSelection()?.selectAllChildren(listing);
      // A page over plain HTTP has no clipboard, but its selection can be copied.
      await (navigator.clipboard?.writeText(listing.textContent)
        ?? document.execCommand("copy"));
      getSelection()?.empty();
      button.classList.add("success");
      setTimeout(() => button.classList.remove("success"), 1500);
    });
    listing.after(button);
  }
});
