"""The search finds what readers look for in their own words, from a server and from disk."""

import json
import re
from pathlib import Path
from urllib.parse import quote_plus

import pytest

pytestmark = pytest.mark.browser

# What readers type -> the page that must be among the first three.
QUERIES = {
    "relu": "relu",
    "dying relu": "relu",
    "why do relu neurons die": "relu",
    "derivative of sigmoid": "sigmoid",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "tanh derivative proof": "tanh",
    "hyperbolic tangent": "tanh",
    "softmax jacobian": "softmax",
    "how to differentiate softmax": "softmax",
    "log(1 + exp(x))": "softplus",
    "swish": "silu",
    "gelu": "gelu",
    "selu": "leaky-and-exponential",
    "glu": "gated-units",
    "xor": "linear",
    "vanishing gradients": "backpropagation",
    "cross entropy": "backpropagation",
    "vjp": "vector-jacobian-products",
    "quotient rule": "differentiation-rules",
    "chain rule": "differentiation-rules",
    "overflow exp": "numerical-accuracy",
    "pytorch relu at 0": "conventions",
    "kronecker delta": "softmax",
    "api reference": "api",
    "softmx": "softmax",
    "backpropogation": "backpropagation",
}


# The reference's docstrings name their sources by key; instructors are told of files.
BY_KEY_AND_PATH = re.compile(r"chapters/(api[-\w]*|instructors|own-exercises)\.html")


def found(page):
    """Return the stems of the pages that the results name, in order."""
    links = page.query_selector_all("#search-results > li > a")
    return [link.get_attribute("href").split("/")[-1].removesuffix(".html") for link in links]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_its_page(open_page, query):
    watched = open_page(f"search.html?q={quote_plus(query)}")
    assert QUERIES[query] in found(watched.page)[:3]
    assert watched.failures == watched.complaints == []


def test_chapters_stand_before_what_is_looked_up(open_page):
    stems = found(open_page("search.html?q=softmax").page)
    assert stems[0] == "softmax"
    behind = stems.index("api") if "api" in stems else len(stems)
    assert stems.index("vector-jacobian-products") < behind


def test_search_while_typing_with_links_into_the_page(open_page):
    watched = open_page("search.html")
    page = watched.page
    assert page.evaluate("document.activeElement.id") == "search-query"
    assert found(page) == []
    page.keyboard.type("vanishing")
    page.wait_for_selector(".search-section a")
    assert "pages for “vanishing”" in page.inner_text("#search-status")
    link = page.query_selector(".search-section a")
    target = link.get_attribute("href").partition("#")[2]
    link.click()
    page.wait_for_load_state()
    assert page.query_selector(f"[id='{target}']")


def test_nothing_found_says_what_to_do(open_page):
    page = open_page("search.html?q=zzzzzz").page
    assert found(page) == []
    assert "Try another word" in page.inner_text("#search-status")


def test_a_query_is_text_and_not_markup(open_page):
    watched = open_page(f"search.html?q={quote_plus('<img src=x onerror=alert(1)> relu')}")
    assert watched.page.query_selector("#search-results img, #search-status img") is None
    assert "relu" in found(watched.page)[:3]
    assert watched.failures == watched.complaints == []


def test_search_works_from_disk(open_page, book):
    watched = open_page((book / "search.html").as_uri() + "?q=logistic")
    assert found(watched.page)[0] == "sigmoid"
    assert watched.failures == watched.complaints == []


def test_the_dialog_of_every_page_leads_to_the_results(open_page):
    page = open_page("chapters/tanh.html").page
    page.keyboard.press("Control+k")
    page.keyboard.type("swish")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=swish")
    page.wait_for_selector("#search-results > li")
    assert "silu" in found(page)[:3]


def test_no_other_page_loads_the_search(open_page):
    watched = open_page("chapters/sigmoid.html")
    assert not [url for url in watched.requests if "search" in url]


def test_what_is_searched_is_prose(book):
    data = (book / "_static" / "search" / "sections.js").read_text("utf-8")
    bibliography = Path(__file__).parents[2] / "chapters" / "references.bib"
    # The keys of programs are their names.
    keys = re.findall(r"(?m)^@\w+\{(\w*\d+),$", bibliography.read_text("utf-8"))
    raw = re.compile(rf"\b(?:{'|'.join(keys)})\b|\.\./|chapters/|\0|\{{cite")
    assert len(keys) > 80
    said = [
        (page["url"], section["anchor"], raw.search(f"{section['heading']} {section['text']}"))
        for page in json.loads(data.removeprefix("const PAGES = "))
        for section in page["sections"]
        if not BY_KEY_AND_PATH.fullmatch(page["url"])
    ]
    assert len(said) > 500
    assert [where for where in said if where[-1]] == []
