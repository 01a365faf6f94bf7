"""The explorers on a static page: time until one moves, and time of one step of a slider.

The same page is loaded twice over a slow line (10 Mbit/s, 60 ms, a CPU four times slower): as
this book is built, and through the pipeline that Jupyter Book uses by default (require.js, the
HTML manager of ipywidgets, anywidget's bundle), here served from the same machine instead of
from three others. Its files come from the registries that the book's own come from.
"""

import functools
import gzip
import http.server
import json
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).parents[1]
TITLE = "Explorers: ready over 10 Mbit/s, 60 ms, CPU / 4; one slider step, not slowed (ms)"
REPEAT = 5
PACKAGES = {"@jupyter-widgets/html-manager": "1.0.14", "requirejs": "2.3.7"}
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SIZES = re.compile(r"\.(html|js|css|json|svg)$")

# Set by the page itself, on its own clock, as soon as the first curve is drawn.
NOTE_READY = """
new MutationObserver(() => {
  if (window.readyAt === undefined && document.querySelector('[data-curve="function"][d^="M"]'))
    window.readyAt = performance.now();
}).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
"""
# From the start of a frame until the explorer has drawn and the browser laid it out.
STEP = """([title, label, from, to, steps]) => new Promise((done) => {
  const root = document.querySelector(`.actgrad[aria-label^="${title}"]`);
  const input = [...root.querySelectorAll("input[type=range]")]
    .find((i) => i.labels[0].textContent === label);
  const times = [];
  const step = (n) => {
    if (n === steps) return done(times);
    let start;
    requestAnimationFrame(() => { start = performance.now(); });
    input.value = from + (to - from) * n / steps;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => {
      root.getBoundingClientRect();
      times.push(performance.now() - start);
      requestAnimationFrame(() => step(n + 1));
    });
  };
  step(0);
})"""
STEPS = {
    "ActivationExplorer": ("Explorer of Sigmoid", "x", -8, 8),
    "ComparisonExplorer": ("Comparison of Softplus", "Softplus β", 0.1, 10),
    "SoftmaxExplorer": ("Explorer of softmax", "stretch s", 0.1, 10),
    "VJPExplorer": ("Explorer of the vector", "stretch s", 0.1, 10),
    "BackpropagationExplorer": ("Explorer of a stack", "scale of W", 0.5, 4),
    "NetworkExplorer": ("Explorer of a network", "step", 0, 13),
    "PrecisionExplorer": ("Explorer of the accuracy", "x", -10, 60),
}


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """What hosts of static pages do: text travels compressed."""

    cache: ClassVar[dict[str, bytes]] = {}

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() or not path.is_file() or not SIZES.search(path.name):
            return super().do_GET()
        key = str(path)
        if key not in self.cache:
            self.cache[key] = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(key))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self.cache[key])))
        self.end_headers()
        self.wfile.write(self.cache[key])


@contextmanager
def serving(folder):
    """Serve a folder on this machine alone, compressed; yield its address."""
    handler = functools.partial(_Compressing, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _build(folder):
    """Build the small book of the browser tests; return its pages."""
    import yaml

    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "tests" / "browser" / "explorers_book", folder)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["local_extensions"] = {"actgrad_book": str(ROOT / "_ext")}
    config["sphinx"]["config"].pop("bibtex_reference_style", None)
    config.pop("bibtex_bibfiles", None)
    config["html"].pop("favicon", None)
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    build = "from jupyter_book.cli.main import main; main()"
    subprocess.run(
        [sys.executable, "-c", build, "build", str(folder)], check=True, capture_output=True
    )
    return folder / "_build" / "html"


def _default_pipeline(pages):
    """Write `default.html` and `ours.html`: one explorer through either pipeline."""
    import anywidget
    from ipywidgets.embed import embed_data

    from actgrad.explorers import ActivationExplorer

    sys.path.insert(0, str(ROOT / "_ext"))
    from actgrad_book.assets import NODE, _npm_script

    target = pages / "default"
    target.mkdir(exist_ok=True)
    for name, version in PACKAGES.items():
        done = subprocess.run(
            [NODE, _npm_script(), "pack", "--silent", f"{name}@{version}"],
            cwd=target,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(target / done.stdout.strip()) as archive:
            archive.extractall(target / name.rpartition("/")[2], filter="data")
    bundle = Path(anywidget.__file__).parent / "nbextension" / "index.js"
    explorer = ActivationExplorer("sigmoid")
    data = embed_data(views=[explorer], drop_defaults=False)
    module = data["manager_state"]["state"][explorer.model_id]["state"]["_model_module_version"]
    cdn = target / "cdn" / f"anywidget@{module}" / "dist"
    cdn.mkdir(parents=True, exist_ok=True)
    shutil.copy(bundle, cdn / "index.js")
    html = (pages / "ten.html").read_text(encoding="utf-8")
    scripts = r'<script type="application/json" id="actgrad-explorers">.*?</script>'
    html = re.sub(scripts, "", html, flags=re.S)
    # As the theme writes its scripts; require.js also trips over those that come after it.
    html = re.sub(r'<script defer(="defer")? src="(?!_static/scripts/)', '<script src="', html)
    start = html.index('<div class="actgrad-explorer"')
    end = html.index("</figure></div>", start) + len("</figure></div>")
    state = json.dumps(data["manager_state"]).replace("<", "\\u003c")
    view = json.dumps(data["view_specs"][0])
    scripts = (
        f'<script src="default/requirejs/package/require.js"></script>'
        f'<script src="default/html-manager/package/dist/embed-amd.js" '
        f'data-jupyter-widgets-cdn="default/cdn/"></script>'
        f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>'
    )
    element = f'<script type="application/vnd.jupyter.widget-view+json">{view}</script>'
    one = html[:start] + element + html[end:]
    # One explorer on both pages: the other nine go.
    one = re.sub(r'<div class="actgrad-explorer".*?</figure></div>', "", one, flags=re.S)
    (pages / "default.html").write_text(one.replace("</head>", scripts + "</head>"))
    (pages / "ours.html").write_text(_first_alone(pages))


def _first_alone(pages):
    html = (pages / "ten.html").read_text(encoding="utf-8")
    end = html.index("</figure></div>") + len("</figure></div>")
    rest = re.sub(
        r'<div class="actgrad-explorer".*?</figure></div>', "", html[end:], flags=re.S
    )

    def keep_one(match):
        data = json.loads(match[1].replace("\\u003c", "<"))
        identifier = re.findall(r'data-model="(\w+)"', html)[0]
        one = {identifier: data[identifier]}
        text = json.dumps(one, separators=(",", ":")).replace("<", "\\u003c")
        return match[0].replace(match[1], text)

    pattern = r'<script type="application/json" id="actgrad-explorers">(.*?)</script>'
    return re.sub(pattern, keep_one, html[:end] + rest, flags=re.S)


def _ready(browser, address):
    """Return the bytes that travelled and the milliseconds until the first curve is drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    line = {
        "offline": False,
        "latency": 60,
        "downloadThroughput": 1.25e6,
        "uploadThroughput": 1.25e6,
    }
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes = []
    session.on(
        "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
    )
    page.add_init_script(NOTE_READY)
    page.goto(address)
    page.wait_for_function("window.readyAt !== undefined", timeout=90_000)
    ready = page.evaluate("window.readyAt")
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(sizes), ready


def run():
    """Return one row for each pipeline and for each explorer."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        raise SystemExit(f"no browser found (looked for {', '.join(CANDIDATES)})")
    pages = _build(ROOT / "_build" / "bench" / "explorers-book")
    _default_pipeline(pages)
    rows = []
    with serving(pages) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        measured: dict[str, list[Any]] = {"default.html": [], "ours.html": []}
        for _ in range(REPEAT):  # in turn, so that a busy moment meets both
            for name, results in measured.items():
                results.append(_ready(browser, address + name))
        median = {
            name: [statistics.median(values) for values in zip(*results, strict=True)]
            for name, results in measured.items()
        }
        for name, text in (
            ("default.html", "default, self-hosted"),
            ("ours.html", "this book"),
        ):
            size, ready = median[name]
            rows.append(_row(f"ready: {text}", ready, size, median["default.html"][1] / ready))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}explorers.html")
        for view in page.query_selector_all(".actgrad-explorer"):
            view.evaluate("view => view.scrollIntoView()")
            page.wait_for_function("view => 'ready' in view.dataset", arg=view)
        for name, (title, label, low, high) in STEPS.items():
            page.locator(f'.actgrad[aria-label^="{title}"]').first.scroll_into_view_if_needed()
            times = page.evaluate(STEP, [title, label, low, high, 60])
            rows.append(_row(f"step: {name}", statistics.median(times), None, None))
        browser.close()
    return rows


def _row(what, milliseconds, size, ratio):
    return {"what": what, "ms": milliseconds, "bytes": size, "times sooner": ratio}
