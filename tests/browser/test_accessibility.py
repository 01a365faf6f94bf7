"""axe-core finds no violation of WCAG 2.2 A and AA, light and dark, explorers moving."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What remains of the theme: (rule, a part of the element's selector) -> why it stays.
KNOWN: dict[tuple[str, str], str] = {}
RUN = """tags => axe.run(document, {
  runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  rules: { "target-size": { enabled: true } },
})"""


@pytest.fixture(scope="session")
def axe() -> Path:
    """Return axe-core's script, fetched by lockfile."""
    sys.path.insert(0, str(ROOT / "_ext"))
    try:
        from actgrad_book.assets import fetch
    finally:
        sys.path.remove(str(ROOT / "_ext"))
    return fetch(development=True) / "axe-core" / "axe.min.js"


def violations(page, axe):
    page.add_script_tag(path=axe)
    found = page.evaluate(RUN, TAGS)
    assert len(found["passes"]) > 20
    return [
        (violation["id"], str(node["target"]), node["failureSummary"])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def unknown(found):
    return [
        item
        for item in found
        if not any(item[0] == rule and part in item[1] for rule, part in KNOWN)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page(open_page, axe, page_name, scheme):
    page = open_page(page_name, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert unknown(violations(page, axe)) == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explorers(open_page, explorers_address, axe, scheme, width):
    page = open_page(
        f"{explorers_address}explorers.html",
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    ).page
    assert unknown(violations(page, axe)) == []


def test_axe_would_see_a_fault(open_page, explorers_address, axe):
    page = open_page(f"{explorers_address}explorers.html").page
    page.evaluate(
        "() => { document.querySelector('.actgrad input').labels[0].remove();"
        " document.querySelector('.actgrad-note').style.color = '#ccc'; }"
    )
    assert {"label", "color-contrast"} <= {rule for rule, _, _ in violations(page, axe)}
