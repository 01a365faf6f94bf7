"""The gallery of the atlas, sorted and filtered by hand and by keyboard, or without script."""

import pytest

from actgrad.atlas import DEFINITIONS

pytestmark = pytest.mark.browser

PAGE = "chapters/atlas.html"
COUNT = sum(record.kind == "element-wise" for record in DEFINITIONS.values())


def shown(page):
    """The names of the cards that stand on the page, in their order."""
    return page.eval_on_selector_all(
        "#atlas-list > li",
        "(all) => all.filter((e) => e.offsetHeight).map((e) => e.innerText.split('\\n')[0])",
    )


def test_cards_are_filtered_and_the_number_is_said(open_page):
    page = open_page(PAGE).page
    everything = shown(page)
    assert len(everything) == COUNT
    assert page.inner_text("#atlas-status") == f"{COUNT} of {COUNT} functions"
    page.check("input[value=kinks]")
    with_kinks = shown(page)
    assert "ReLU" in with_kinks
    assert "Sigmoid" not in with_kinks
    assert page.inner_text("#atlas-status") == f"{len(with_kinks)} of {COUNT} functions"
    page.check("input[value=smooth]")
    assert shown(page) == []
    page.uncheck("input[value=kinks]")
    assert sorted([*shown(page), *with_kinks]) == sorted(everything)


def test_cards_are_sorted(open_page):
    page = open_page(PAGE).page
    by_family = shown(page)
    page.select_option("select[name=order]", "name")
    names = shown(page)
    assert names == sorted(by_family, key=str.casefold)
    page.select_option("select[name=order]", "year")
    years = page.eval_on_selector_all(
        "#atlas-list > li", "(all) => all.map((e) => Number(e.dataset.year || 9999))"
    )
    assert years == sorted(years)
    assert years[0] < 1900  # the logistic curve
    page.select_option("select[name=order]", "family")
    assert shown(page) == by_family


def test_the_keyboard_reaches_controls_and_cards(open_page):
    page = open_page(PAGE).page
    page.focus("input[value=smooth]")
    page.keyboard.press("Space")
    assert "ReLU" not in shown(page)
    page.focus("select[name=order]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#atlas-list') !== null")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/atlas/" in page.url
    assert page.query_selector("h1").inner_text()


def test_without_a_script_all_cards_are_there_and_no_dead_control(open_page):
    page = open_page(PAGE, java_script_enabled=False).page
    cards = page.query_selector_all("#atlas-list > li")
    assert len(cards) == COUNT
    assert all(card.is_visible() for card in cards)
    assert not page.query_selector("#atlas-controls").is_visible()
    for card in cards:
        assert card.query_selector("svg").bounding_box()["height"] > 40


@pytest.mark.parametrize("width", [320, 1280])
def test_cards_stand_side_by_side_and_within_the_page(open_page, width):
    page = open_page(PAGE, viewport={"width": width, "height": 800}).page
    boxes = [card.bounding_box() for card in page.query_selector_all("#atlas-list > li")]
    columns = {round(box["x"]) for box in boxes}
    assert len(columns) >= (2 if width == 320 else 4)
    assert max(box["x"] + box["width"] for box in boxes) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_have_the_palettes_colours(open_page, scheme):
    page = open_page(PAGE, color_scheme=scheme).page
    colours = [
        page.eval_on_selector(f".atlas .{line}", "(e) => getComputedStyle(e).stroke")
        for line in ("f", "df")
    ]
    light = ["rgb(0, 114, 178)", "rgb(213, 94, 0)"]
    assert (colours == light) == (scheme == "light")
    assert colours[0] != colours[1]


def test_a_filter_holds_when_the_reader_comes_back(open_page):
    page = open_page(PAGE).page
    page.check("input[value=bounded]")
    found = shown(page)
    page.click("#atlas-list > li:not([hidden]) a")
    page.wait_for_url("**/atlas/*.html")
    page.go_back()
    page.wait_for_selector("input[value=bounded]:checked")
    page.wait_for_function("document.querySelector('#atlas-list > li[hidden]')")
    assert shown(page) == found
    assert len(found) < COUNT


def test_what_is_asked_for_stands_in_the_address(open_page):
    page = open_page(PAGE).page
    everything = shown(page)
    page.check("input[value=smooth]")
    smooth = shown(page)
    page.check("input[value=bounded]")
    page.select_option("select[name=order]", "year")
    found = shown(page)
    assert page.url.endswith("atlas.html?is=smooth&is=bounded&order=year")
    page.reload()
    assert shown(page) == found
    assert shown(open_page(page.url).page) == found
    page.go_back()
    page.go_back()
    assert (shown(page), page.url.partition("?")[2]) == (smooth, "is=smooth")
    assert not page.is_checked("input[value=bounded]")
    page.go_back()
    assert (shown(page), page.url.partition("?")[2]) == (everything, "")
    page.go_forward()
    assert shown(page) == smooth
    page.uncheck("input[value=smooth]")
    assert page.url.endswith("atlas.html")


def test_an_address_that_asks_for_what_is_not_there_shows_all(open_page):
    watched = open_page(f"{PAGE}?is=nonsense&order=toString")
    assert len(shown(watched.page)) == COUNT
    assert watched.page.input_value("select[name=order]") == "family"
    assert watched.complaints == []
    page = open_page(f"{PAGE}?is=smooth&order=year", java_script_enabled=False).page
    assert all(card.is_visible() for card in page.query_selector_all("#atlas-list > li"))


def test_the_address_holds_from_disk_too(open_page, book):
    watched = open_page((book / PAGE).as_uri())
    watched.page.check("input[value=kinks]")
    found = shown(watched.page)
    watched.page.reload()
    assert shown(watched.page) == found
    assert len(found) < COUNT
    assert watched.complaints == []


def test_a_few_stops_lead_to_the_filters(open_page):
    page = open_page(PAGE).page
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.value") == "smooth"
    page.keyboard.press("Space")
    assert "ReLU" not in shown(page)


def test_the_first_page_leads_to_gallery_lab_and_scoreboard(open_page):
    page = open_page("chapters/index.html").page
    for name in ("atlas", "lab", "scoreboard"):
        assert page.query_selector(f".bd-article p a[href='{name}.html']").is_visible()
