"""The finished book in a real browser that can reach no other host."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "_build" / "html"
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every name but this machine's own is unresolvable.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def _unavailable(reason: str) -> None:
    """Skip with a reason on a reader's machine; fail where the tests are promised."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `page_name` once for every chapter, and for some of the atlas."""
    if "page_name" in metafunc.fixturenames:
        # The atlas's pages are alike: some stand for all.
        pages = [*BOOK.glob("chapters/**/*.html"), *sorted(BOOK.glob("atlas/*.html"))[::9]]
        names = sorted(path.relative_to(BOOK).as_posix() for path in pages)
        metafunc.parametrize("page_name", names or ["chapters/index.html"])


@pytest.fixture(scope="session")
def book() -> Path:
    """Return the folder of the finished book."""
    if not (BOOK / "index.html").is_file():
        _unavailable("no finished book: run `make book` first")
    return BOOK


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; yield its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def address(book: Path) -> Iterator[str]:
    """Serve the book on this machine alone and return its address."""
    with serve(book) as address:
        yield address


@pytest.fixture(scope="session")
def explorers_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the small book of every explorer, once for all workers; return its folder."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, done = shared / "explorers-book", shared / "explorers-book.done"
    try:
        shutil.copytree(Path(__file__).parent / "explorers_book", folder)
    except FileExistsError:
        limit = time.monotonic() + 400
        while not done.exists() and time.monotonic() < limit:
            time.sleep(0.5)
    else:
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        config["sphinx"]["local_extensions"] = {"actgrad_book": str(ROOT / "_ext")}
        for settings in (config, config["sphinx"]["config"]):
            for name in [name for name in settings if name.startswith("bibtex_")]:
                del settings[name]
        shutil.copy(ROOT / config["html"]["favicon"], folder)
        config["html"]["favicon"] = Path(config["html"]["favicon"]).name
        (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        build = "from jupyter_book.cli.main import main; main()"
        command = [sys.executable, "-c", build, "build", str(folder)]
        command += ["-W", "-n", "--keep-going"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=400)
        said = result.stdout[-3000:] + result.stderr[-3000:]
        done.write_text("" if result.returncode == 0 else said, encoding="utf-8")
    assert done.exists(), "the explorers' book was not built in time"
    assert done.read_text() == "", done.read_text()
    return folder / "_build" / "html"


@pytest.fixture(scope="session")
def explorers_address(explorers_book: Path) -> Iterator[str]:
    """Serve the explorers' book and return its address."""
    with serve(explorers_book) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Return a headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        _unavailable(f"no browser found (looked for {', '.join(CANDIDATES)})")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page and everything that it asked for or complained of."""

    page: object
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture
def open_page(
    chromium: object, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Watched]]:
    """Return a function that opens a page of the book, by path or by a whole address."""
    contexts = []

    def open_(
        path: str,
        *,
        wait: bool = True,
        keep_bodies: bool = False,
        script: str = "",
        **options: object,
    ) -> Watched:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page)
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on("requestfailed", lambda request: watched.failures.append(request.url))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))

        def complain(message: object) -> None:
            if message.type in ("error", "warning"):
                watched.complaints.append(f"{message.type}: {message.text}")

        responses = []

        def receive(response: object) -> None:
            if response.status >= 400:
                watched.failures.append(f"{response.status} {response.url}")
            responses.append(response)

        page.add_init_script(script)
        page.on("console", complain)
        page.on("response", receive)
        page.goto(path if "://" in path else request.getfixturevalue("address") + path)
        if wait and options.get("java_script_enabled", True):
            start_explorers(page)
        page.wait_for_load_state("networkidle")
        if keep_bodies:
            # A browser need not keep what it fetched ahead: the bytes are those of the files.
            site, folder = request.getfixturevalue("address"), request.getfixturevalue("book")
            watched.bodies = {
                r.url: (folder / urlsplit(r.url.removeprefix(site)).path).read_bytes()
                for r in responses
                if r.url.startswith(site) and r.ok
            }
        return watched

    yield open_
    for context in contexts:
        context.close()


def start_explorers(page: object) -> None:
    """Open what waits for a prediction, and scroll to every explorer until it is live."""
    page.evaluate(
        "for (const it of document.querySelectorAll('.prediction-outcome'))"
        " it.classList.add('prediction-open')"
    )
    for view in page.query_selector_all(".actgrad-explorer"):
        view.scroll_into_view_if_needed()
        page.wait_for_function("view => 'ready' in view.dataset", arg=view)
    page.evaluate("scrollTo(0, 0)")
