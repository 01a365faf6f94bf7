"""What the book's pages weigh, and how long a slow machine works on them."""

import gzip
import re
import shutil
from pathlib import Path

TITLE = "Pages: KB that travel (gzip), elements; main thread at 4x throttle in Chromium"
ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
SHARED = ("pages.css", "pages.js", "formulas.woff2")
KIND = re.compile(r'"module":"([0-9a-f]{12})"')
MEASURED = ("chapters/index.html", "chapters/sigmoid.html", "chapters/softmax.html")
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WATCH = """
window.shifted = 0; window.longest = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
}).observe({ type: "longtask", buffered: true });
"""


def travelling(path):
    """Return the bytes of a file on the line: a font is compressed already."""
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data))


def weigh(book):
    """Return what each page weighs: a dict of bytes and counts, by the page's name.

    ``html`` is the page alone, ``cold`` all that a first visit fetches, ``kinds`` the number of
    its kinds of explorer, whose ``modules`` are fetched as they come into view.
    """
    static = book / "_static"
    shared = sum(travelling(static / name) for name in SHARED)
    found = {}
    for page in sorted([*book.glob("chapters/*.html"), *book.glob("atlas/*.html")]):
        text = page.read_text(encoding="utf-8")
        kinds = sorted(set(KIND.findall(text)))
        visible = re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", text, flags=re.S)
        html = travelling(page)
        found[page.relative_to(book).as_posix()] = {
            "html": html,
            "cold": html + shared,
            "kinds": len(kinds),
            "modules": sum(travelling(static / "explorers" / f"{key}.js") for key in kinds),
            "elements": len(re.findall(r"<[a-zA-Z]", visible)),
        }
    return found


def _timed(page, address):
    """Return milliseconds of work and of the longest task, and how far the layout shifts."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    metrics = session.send("Performance.getMetrics")["metrics"]
    work = next(m["value"] for m in metrics if m["name"] == "TaskDuration")
    longest, shift = page.evaluate("[longest, shifted]")
    return {"work ms": 1000 * work, "longest task ms": longest, "CLS": shift}


def run():
    """Return the worst page of each measure, what is shared, and three pages in Chromium."""
    from playwright.sync_api import sync_playwright

    if not (BOOK / "index.html").is_file():
        raise SystemExit("no finished book: run `make book` first")
    pages = weigh(BOOK)
    rows = []
    for measure in ("html", "cold", "modules", "elements"):
        name, worst = max(pages.items(), key=lambda item: item[1][measure])
        value = worst[measure] if measure == "elements" else worst[measure] / 1000
        rows.append({"measure": measure, "worst or of": name, "value": value})
    rows += [
        {
            "measure": "shared",
            "worst or of": n,
            "value": travelling(BOOK / "_static" / n) / 1000,
        }
        for n in SHARED
    ]
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        return rows
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in MEASURED:
            page = browser.new_context(viewport={"width": 412, "height": 823}).new_page()
            for measure, value in _timed(page, (BOOK / name).as_uri()).items():
                rows.append({"measure": measure, "worst or of": name, "value": value})
        browser.close()
    return rows
