"""Every page of the book: self-contained, light, silent, readable without JavaScript."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from actgrad.atlas import DEFINITIONS
from benchmarks.pages import WATCH, travelling, weigh

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser

# What may travel for a page, for what all pages share, for a kind of explorer; its elements.
HTML, KIND, ELEMENTS = 30_000, 9_216, 7_500
# What says these words may weigh more: the graph draws and steps, several functions are drawn
# side by side, the boxes read formulas.
HEAVY = {
    "Explorer of a network in numbers": 9_900,
    "Comparison of": 9_400,
    "actgrad-answer": 13_600,
}
SHARED = {"pages.css": 18_200, "pages.js": 3_000, "formulas.woff2": 20_000}
# More than that: pictures and tables of numbers; general formulas; the longest derivatives.
LONG = {
    "chapters/backpropagation.html": 31_500,
    "chapters/numerical-accuracy.html": 39_500,
    "chapters/sigmoid.html": 32_800,
    "chapters/softmax.html": 31_500,
    "chapters/tanh.html": 36_000,
}
MANY = {
    "chapters/softmax.html": 8_000,
    "atlas/bipolar_sigmoid.html": 8_500,
    "atlas/isrlu.html": 8_500,
    "atlas/smish.html": 11_200,
    "chapters/api-activations.html": 9_500,
}


def test_page_asks_no_other_host_and_complains_of_nothing(open_page, address, page_name):
    watched = open_page(page_name)
    assert [
        url for url in watched.requests if not url.startswith((address, "blob:", "data:"))
    ] == []
    assert watched.failures == []
    assert watched.complaints == []


def test_page_works_from_disk(open_page, book, page_name):
    watched = open_page((book / page_name).as_uri())
    allowed = ("file://", "blob:", "data:")
    assert [url for url in watched.requests if not url.startswith(allowed)] == []
    assert watched.failures == []
    assert watched.complaints == []
    views = watched.page.query_selector_all(".actgrad-explorer")
    assert all(view.get_attribute("data-ready") == "" for view in views)


def test_page_is_readable_without_javascript(open_page, page_name):
    watched = open_page(page_name, java_script_enabled=False)
    for view in watched.page.query_selector_all(".actgrad-explorer"):
        assert view.inner_html().strip(), "an explorer without a still picture"
    for picture in watched.page.query_selector_all(".actgrad-still svg"):
        assert picture.is_visible()
        assert len(picture.get_attribute("aria-label")) > 40
    for formula in watched.page.query_selector_all("span.math, div.math")[:20]:
        assert formula.query_selector("math")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_a_phone(open_page, page_name, scheme):
    watched = open_page(page_name, viewport={"width": 320, "height": 640}, color_scheme=scheme)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_pages_are_light(book):
    pages = weigh(book)
    assert len(pages) > 80
    assert {n: p for n, p in pages.items() if p["html"] > LONG.get(n, HTML)} == {}
    assert {n: p for n, p in pages.items() if p["elements"] > MANY.get(n, ELEMENTS)} == {}


def test_a_kind_of_explorer_is_light(book):
    kinds = list((book / "_static" / "explorers").glob("*.js"))
    assert len(kinds) > 6
    for path in kinds:
        text = path.read_text(encoding="utf-8")
        most = max([KIND, *(weight for words, weight in HEAVY.items() if words in text)])
        assert travelling(path) <= most, path.name


@pytest.mark.parametrize("name", SHARED)
def test_what_pages_share_is_light(book, name):
    assert travelling(book / "_static" / name) <= SHARED[name]


def test_a_page_fetches_what_is_counted_and_nothing_else(open_page, page_name):
    watched = open_page(page_name, wait=False)
    files = {urlsplit(url).path.rpartition("_static/")[2] for url in watched.requests}
    explorers = {name for name in files if name.startswith("explorers/")}
    own = {"favicon.svg", "exercises.js", urlsplit(watched.page.url).path}
    lab = {name for name in files if name.startswith("lab/lab-")}
    assert files - explorers - own - lab == set(SHARED)


def test_every_page_of_the_contents_is_built(book):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text())
    names = re.findall(r"'(?:root|file)': '([^']+)'", str(contents))
    built = {
        path.relative_to(book).with_suffix("").as_posix()
        for folder in ("chapters", "atlas")
        for path in book.glob(f"{folder}/**/*.html")
    }
    assert built == {*names, *(f"atlas/{name}" for name in DEFINITIONS)}


def test_mathematics_is_rendered(book: Path, page_name: str):
    html = (book / page_name).read_text(encoding="utf-8")
    assert "katex-error" not in html
    visible = re.sub(r"<(script|annotation|pre|code|title)\b.*?</\1>", "", html, flags=re.S)
    text = re.sub(r"<[^>]*>", "", visible)
    assert not re.search(r"\\(frac|sigma|begin|left|partial|mathrm|cdot)|\$\$", text)


def test_mentions_of_the_source_documents_are_links(book):
    target = (book / "chapters" / "bibliography.html").read_text("utf-8")
    linked_pages = 0
    for page in (book / "chapters").glob("*.html"):
        found = re.findall(
            r'href="bibliography\.html#(document-00\d)"', page.read_text("utf-8")
        )
        assert all(f'id="{name}"' in target for name in found)
        linked_pages += bool(found)
    assert linked_pages >= 8


WITH_LONG_LINES = ["layer-and-gradients", "sigmoid", "softmax", "tanh"]


@pytest.mark.parametrize("stem", WITH_LONG_LINES)
def test_derivations_are_whole_on_paper(open_page, stem):
    page = open_page(f"chapters/{stem}.html", viewport={"width": 700, "height": 900}).page
    page.emulate_media(media="print")
    widths = page.evaluate(
        "[...document.querySelectorAll('.derivation-line')].map("
        "(line) => [line.offsetWidth, line.parentElement.clientWidth])"
    )
    assert len(widths) > 10
    assert [pair for pair in widths if pair[0] < 0.8 * pair[1]] == []
    shut = page.evaluate(
        "[...document.querySelectorAll('details > :not(summary)')].filter("
        "(inside) => inside.textContent.trim() && !inside.offsetHeight).length"
    )
    assert shut == 0


@pytest.mark.parametrize("stem", WITH_LONG_LINES)
def test_a_long_line_of_a_derivation_breaks_or_scrolls(open_page, stem):
    page = open_page(f"chapters/{stem}.html", viewport={"width": 320, "height": 640}).page
    cut = page.evaluate(
        "[...document.querySelectorAll('.derivation-step')].map((box) => {"
        " const ends = [...box.querySelectorAll('.math')].map("
        "   (formula) => formula.getBoundingClientRect().right);"
        " box.scrollLeft = 1e6;"
        " const last = Math.max(...[...box.querySelectorAll('.math')].map("
        "   (formula) => formula.getBoundingClientRect().right));"
        " return [last - box.getBoundingClientRect().right, box.scrollLeft, ends.length]; })"
    )
    assert [hidden for hidden, *_ in cut if hidden > 2] == []
    assert any(pieces > 1 for *_, pieces in cut)
    # Fractions do not break; most lines fit as they are, or broken at an operator.
    assert sum(scrolled > 0 for _, scrolled, _ in cut) < len(cut) / 2


CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
READ = [
    entry["file"]
    for part in CONTENTS["parts"]
    if part["caption"] not in ("Atlas", "Appendices")
    for entry in part["chapters"]
]
# Of a chapter's height, what lines of code that nobody has unfolded take.
CODE = """() => {
  const height = (element) => element.getBoundingClientRect().height;
  const code = [...document.querySelectorAll("article .highlight")].filter(
    (block) => block.checkVisibility() && !block.parentElement.closest(".highlight"));
  const whole = height(document.querySelector("article"));
  return code.map(height).reduce((a, b) => a + b, 0) / whole;
}"""


PROMPT = r"Show the (\d+ lines? of code|\d+ steps|result( and its \d+ lines? of code)?)"


@pytest.mark.parametrize("chapter", READ)
def test_code_takes_little_of_a_chapter(open_page, chapter):
    page = open_page(f"{chapter}.html", wait=False).page
    assert page.evaluate(CODE) <= 0.12
    folds = page.locator("article details.hide > summary .collapsed").all_text_contents()
    assert all(re.fullmatch(PROMPT, f) for f in folds)


def test_code_and_derivation_light_each_other(open_page):
    page = open_page("chapters/sigmoid.html", wait=False).page
    lines = page.locator("a.actgrad-face")
    assert lines.count() >= 3
    ground = "(element) => getComputedStyle(element).backgroundColor"
    for link in lines.all():
        cell = page.locator(f"{link.get_attribute('href')} > td").last
        page.mouse.move(0, 0)
        before = cell.evaluate(ground), link.evaluate(ground)
        link.hover()
        assert cell.evaluate(ground) != before[0]
        cell.hover()
        assert link.evaluate(ground) != before[1]


# Their second derivatives are the longest formulas of the atlas.
LONGEST = ["gelu_tanh", "mish", "smish", "sqnl", "swiglu_clamped"]


@pytest.mark.parametrize("name", LONGEST)
def test_formulas_of_the_atlas_are_whole_on_paper(open_page, name):
    page = open_page(f"atlas/{name}.html", viewport={"width": 718, "height": 900}).page
    page.emulate_media(media="print")
    beyond = page.evaluate(
        "[...document.querySelectorAll('.bd-article math')].map((piece) =>"
        " piece.getBoundingClientRect().right - document.documentElement.clientWidth)"
    )
    assert len(beyond) > 50
    assert max(beyond) <= 0


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (375, 740)])
def test_the_front_page_begins_with_a_sentence_a_button_and_a_picture_to_move(
    open_page, width, height
):
    size = {"width": width, "height": height}
    page = open_page("chapters/index.html", viewport=size).page
    explorer = page.get_by_role("group", name="A gradient through n layers")
    for part in (page.locator(".front p"), page.locator(".front-start a"), explorer):
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    said = explorer.get_by_role("status")
    before = said.text_content()
    explorer.get_by_role("combobox").select_option("relu")
    explorer.get_by_role("slider", name="Number of layers").press("PageUp")
    page.wait_for_timeout(60)
    assert said.text_content() != before
    assert said.text_content() == "15 layers of ReLU leave all of it."


def test_every_chapter_has_its_card(open_page):
    page = open_page("chapters/index.html", wait=False).page
    cards = page.locator(".chapter-cards a")
    stems = [card.get_attribute("data-chapter") for card in cards.all()]
    files = [entry["file"] for part in CONTENTS["parts"] for entry in part["chapters"]]
    assert stems == [Path(name).stem for name in files]
    for stem in ("sigmoid", "relu", "gelu"):
        assert page.locator(f"[data-chapter={stem}] svg .f").get_attribute("d")
    assert all(
        (ROOT / "_build" / "html" / "chapters" / card.get_attribute("href")).is_file()
        for card in cards.all()
    )


def test_all_derivations_of_a_page_stand_on_one_grid(open_page):
    page = open_page("chapters/softmax.html", wait=False).page
    for part in (".derivation-number", ".derivation-step", ".derivation-rule"):
        starts = page.evaluate(
            "(part) => [...document.querySelectorAll('table.derivation ' + part)].filter("
            "  (element) => element.checkVisibility()).map("
            "  (element) => Math.round(element.getBoundingClientRect().left))",
            part,
        )
        assert len(starts) > 20
        assert len(set(starts)) == 1, part


def test_a_rule_says_its_sentence_where_one_points_or_tabs(open_page):
    page = open_page("chapters/sigmoid.html", wait=False).page
    name = page.locator(".rule-name").first
    said = "(element) => getComputedStyle(element, '::after').content"
    assert name.evaluate(said) == "none"
    name.focus()
    assert name.get_attribute("data-says") in name.evaluate(said)
    page.locator("article h1").last.click()
    assert name.evaluate(said) == "none"
    name.hover()
    assert name.get_attribute("data-says") in name.evaluate(said)


def test_prose_cites_a_line_by_its_number(open_page):
    page = open_page("chapters/sigmoid.html", wait=False).page
    cited = page.locator("a.derivation-cited")
    assert cited.count() >= 3
    for link in cited.all():
        line = page.locator(link.get_attribute("href"))
        assert line.locator(".derivation-number").text_content() == link.text_content()


def test_the_errata_are_a_list_on_a_phone(open_page):
    for width, shown in ((1280, "table-cell"), (375, "block")):
        size = {"width": width, "height": 740}
        page = open_page("chapters/errata.html", wait=False, viewport=size).page
        cell = page.locator(".errata-table td:nth-child(6)").first
        assert cell.evaluate("(element) => getComputedStyle(element).display") == shown
        assert (
            page.evaluate(
                "[...document.querySelectorAll('.errata-table td')].filter("
                "  (cell) => cell.getBoundingClientRect().right > innerWidth).length"
            )
            == 0
        )


@pytest.mark.parametrize("size", [(1280, 900), (375, 740)])
@pytest.mark.parametrize("name", ["chapters/index", "chapters/sigmoid", "atlas/smish"])
def test_nothing_moves_as_explorers_start(open_page, name, size):
    viewport = {"width": size[0], "height": size[1]}
    page = open_page(f"{name}.html", viewport=viewport, script=WATCH, wait=False).page
    # What waits for a prediction opens when a reader chooses, and may move what is below.
    for view in page.query_selector_all(".actgrad-explorer"):
        if view.is_visible():
            view.scroll_into_view_if_needed()
            page.wait_for_function("view => 'ready' in view.dataset", arg=view)
    page.wait_for_timeout(300)
    assert page.evaluate("shifted") <= 0.01


def test_the_watch_sees_a_move(open_page):
    page = open_page("chapters/glossary.html", script=WATCH).page
    page.evaluate("document.querySelector('article').style.paddingTop = '300px'")
    page.wait_for_function("shifted > 0.05")
