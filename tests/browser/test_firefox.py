"""Every page in Firefox ESR, through WebDriver BiDi: silent, self-contained, movable."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from actgrad_book.assets import NODE, fetch

from actgrad.activations import ReLU
from actgrad.derivations import derive

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CANDIDATES = ("firefox-esr", "firefox")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def firefox():
    """Return a function that opens pages and returns what they did."""
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        pytest.skip(f"Firefox is not installed (looked for {', '.join(CANDIDATES)})")
    modules = fetch(development=True)

    def open_(*addresses, script="firefox.mjs"):
        command = [str(NODE), str(HERE / script), str(modules), path, *addresses]
        done = subprocess.run(command, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return open_


def check(address, seen):
    own = (address, "blob:", "data:", "file:")
    assert [url for url in seen["requests"] if not url.startswith(own)] == []
    assert seen["failures"] == []
    assert seen["complaints"] == []


def test_every_page_and_a_drag(firefox, book, address, explorers_address):
    pages = sorted(p.relative_to(book).as_posix() for p in book.glob("chapters/**/*.html"))
    results = firefox(f"{explorers_address}explorers.html", *(address + page for page in pages))
    used = results.pop("used")
    for page in pages:
        check(address, results[address + page])
        assert results[address + page]["ready"] == results[address + page]["explorers"]
    check(explorers_address, used)
    assert used["start"] == 1
    assert used["dragged"]["x"] > 1.5
    x = used["dragged"]["x"]
    np.testing.assert_allclose(used["dragged"]["y"], ReLU()(x), rtol=1e-12)
    assert used["stepped"] == pytest.approx(x - 0.1)
    assert used["lines"] == 2


def test_pages_from_disk(firefox, explorers_book):
    page = (explorers_book / "explorers.html").as_uri()
    used = firefox(page)["used"]
    check("file://", used)
    assert used["dragged"]["x"] > 1.5


def test_the_lab_over_http_and_from_disk(firefox, book, address):
    page = "chapters/lab.html"
    addresses = [address + page, (book / page).as_uri()]
    results = firefox(*addresses, script="firefox_lab.mjs")
    for opened, seen in results.items():
        own = (
            (address, "blob:", "data:")
            if opened.startswith("http")
            else ("file:", "blob:", "data:")
        )
        assert [url for url in seen["requests"] if not url.startswith(own)] == []
        assert seen["complaints"] == []
        derived, _, wrong, right, unread, _, stopped, last = seen["said"]
        steps = len(derive("x^3 sin(x)").steps)
        assert derived == f"{steps} steps, {steps} proved"
        assert "not the product of the derivatives" in wrong
        assert right.endswith("This is what was asked for: 1 step, 1 proved.")
        assert unread.startswith("Not derived: expected")
        assert stopped == "Stopped."
        assert last == "4 steps, 4 proved"
    assert len(results) == 2
