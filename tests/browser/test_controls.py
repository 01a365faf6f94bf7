"""The controls of every page: colour mode, sidebars, search dialog, menu, copying."""

import re

import pytest

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}


def theme(page):
    return page.evaluate("[...'x'].map(() => document.documentElement.dataset.theme)[0]")


def test_colour_mode_changes_at_once_and_is_remembered(open_page, explorers_address):
    page = open_page(f"{explorers_address}ten.html", color_scheme="dark", wait=False).page
    assert theme(page) == "dark"
    button = page.get_by_role("button", name="Color mode")
    button.click()
    assert theme(page) == "light"
    assert button.evaluate("(e) => e === document.activeElement")
    page.reload()
    assert theme(page) == "light"
    button.click()
    button.click()
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")


def test_no_flash_of_the_other_mode(open_page, explorers_address):
    """The theme is known before the page's script runs: it is never `auto` when painted."""
    watched = open_page("about:blank", wait=False, color_scheme="dark")
    page = watched.page
    page.route("**/pages.js*", lambda route: route.abort())
    page.goto(f"{explorers_address}ten.html")
    assert theme(page) == "dark"


def test_search_opens_by_button_and_by_keys(open_page, explorers_address):
    page = open_page(f"{explorers_address}ten.html", wait=False).page
    field = page.locator("#pst-search-dialog input")
    for open_ in (
        lambda: page.keyboard.press("Control+k"),
        lambda: page.locator(".search-button-field").click(),
    ):
        open_()
        assert field.evaluate("(e) => e === document.activeElement")
        page.keyboard.press("Escape")
        assert field.is_hidden()
    page.keyboard.press("Control+k")
    page.mouse.click(5, 5)
    assert field.is_hidden()


def test_sidebar_hides_on_a_desk_and_opens_over_a_phone(open_page, explorers_address):
    page = open_page(f"{explorers_address}ten.html", viewport=DESK, wait=False).page
    entry = page.locator(".bd-docs-nav a").first
    toggle = page.locator(".primary-toggle")
    assert entry.is_visible()
    assert page.locator("#pst-primary-sidebar").evaluate("(e) => e.scrollTop") == 0
    toggle.click()
    entry.wait_for(state="hidden")
    toggle.click()
    entry.wait_for(state="visible")
    page = open_page(f"{explorers_address}ten.html", viewport=PHONE, wait=False).page
    entry, toggle = page.locator(".bd-docs-nav a").first, page.locator(".primary-toggle")
    assert not entry.is_visible()
    toggle.click()
    assert entry.is_visible()
    page.keyboard.press("Escape")
    entry.wait_for(state="hidden")
    assert toggle.evaluate("(e) => e === document.activeElement")
    toggle.click()
    assert entry.is_visible()


def test_menu_opens_and_shuts(open_page, explorers_address):
    for size in (DESK, PHONE):
        page = open_page(f"{explorers_address}ten.html", viewport=size, wait=False).page
        button = page.get_by_role("button", name="Download this page")
        items = page.locator(".dropdown-menu")
        button.click()
        box = items.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        page.mouse.move(5, 300)
        page.keyboard.press("Escape")
        items.wait_for(state="hidden")
        assert button.evaluate("(e) => e === document.activeElement")
        button.click()
        page.mouse.click(5, 300)
        items.wait_for(state="hidden")


def test_contents_say_where_one_is(open_page, explorers_address):
    page = open_page(f"{explorers_address}explorers.html", viewport=DESK).page
    links = page.locator("#pst-page-toc-nav a")
    last = links.nth(links.count() - 2)
    last.click()
    page.wait_for_function("(link) => link.ariaCurrent === 'true'", arg=last.element_handle())
    assert page.locator("#pst-page-toc-nav a.active").count() == 1


def test_code_is_copied_with_its_line_breaks(open_page, explorers_address):
    allowed = ["clipboard-read", "clipboard-write"]
    page = open_page(f"{explorers_address}explorers.html", permissions=allowed).page
    long = re.compile(r"\S\n.*\S", re.S)
    listing = page.locator("div.highlight > pre:visible", has_text=long).first
    listing.hover()
    listing.locator("xpath=following-sibling::button").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == listing.text_content()
    assert copied.strip().count("\n") >= 1


def test_focus_is_seen_on_every_control(open_page, explorers_address):
    page = open_page(f"{explorers_address}ten.html", wait=False).page
    bare = page.evaluate(
        "() => { document.body.tabIndex = -1;"
        " return [...document.querySelectorAll('.bd-header-article :is(a, button),"
        " .bd-sidebar-primary :is(a, button)')].filter((e) => e.checkVisibility())"
        ".filter((e) => { e.focus({ focusVisible: true });"
        " const { outlineStyle, boxShadow } = getComputedStyle(e);"
        " return outlineStyle === 'none' && boxShadow === 'none'; })"
        ".map((e) => e.title || e.textContent); }"
    )
    assert bare == []


def test_icons_and_bars_stay_under_forced_colours(open_page, explorers_address):
    page = open_page(f"{explorers_address}ten.html", wait=False, forced_colors="active").page
    drawn = page.evaluate(
        "[...document.querySelectorAll('.bd-header-article :is(.fa-solid, .fas)')]"
        ".filter((e) => e.checkVisibility())"
        ".map((e) => [getComputedStyle(e, '::before').backgroundColor,"
        " getComputedStyle(document.body).backgroundColor])"
    )
    assert len(drawn) > 2
    assert all(ink != paper for ink, paper in drawn)
