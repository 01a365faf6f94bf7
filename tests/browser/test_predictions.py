"""Predict, commit, reveal: in a real browser, by keyboard, remembered, on paper."""

import pytest

pytestmark = pytest.mark.browser

PAGE = "chapters/sigmoid.html"
STEEPEST = '[data-prediction="sigmoid-steepest"]'
FALLS = '[data-prediction="sigmoid-slope-falls"]'
OUTCOME = f"{FALLS} + .prediction-outcome"


def said(page, question):
    return page.locator(f"{question} [role=status]").inner_text()


def test_a_choice_opens_what_follows_and_is_remembered(open_page):
    watched = open_page(PAGE, wait=False)
    page = watched.page
    outcome = page.locator(OUTCOME)
    assert not outcome.is_visible()
    assert page.locator(f"{OUTCOME} .actgrad-explorer[data-ready]").count() == 0
    assert said(page, STEEPEST) == ""
    # With the keyboard alone.
    page.locator(f"{STEEPEST} button").nth(1).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert said(page, STEEPEST) == "✓ As you predicted: 1/4"
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert not outcome.is_visible()
    page.locator(f"{FALLS} button").first.click()
    assert said(page, FALLS) == "✗ Not as you predicted. It is: about fifty times"
    assert outcome.is_visible()
    explorer = outcome.locator(".actgrad-explorer").first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function(f"document.querySelector('{OUTCOME} [data-ready]')")
    # A choice is made once.
    page.locator(f"{FALLS} button").nth(2).dispatch_event("click")
    assert said(page, FALLS).startswith("✗")
    page.reload()
    assert said(page, FALLS).startswith("✗ Not as you predicted")
    assert page.locator(OUTCOME).is_visible()
    assert page.locator(f"{FALLS} [aria-pressed=true]").count() == 1
    assert watched.complaints == []


def test_no_answer_is_in_sight_of_its_question(open_page):
    page = open_page(PAGE, wait=False).page
    assert "never exceeds 1/4" not in page.locator("article").inner_text()
    assert "never exceeds 1/4" in page.locator("article").evaluate("it => it.textContent")


def test_a_link_into_what_waits_opens_it(open_page):
    page = open_page(PAGE, wait=False).page
    page.evaluate(f"document.querySelector('{OUTCOME} p').id = 'there'")
    page.evaluate("location.hash = 'there'")
    page.wait_for_function(f"document.querySelector('{OUTCOME}').checkVisibility()")


def test_question_and_answer_stand_in_order_without_javascript_and_on_paper(open_page):
    page = open_page(PAGE, java_script_enabled=False).page
    assert page.locator(OUTCOME).is_visible()
    assert page.locator(f"{FALLS} li").count() == 3
    page = open_page(PAGE, wait=False).page
    page.emulate_media(media="print")
    assert page.locator(OUTCOME).is_visible()
    assert not page.locator(f"{FALLS} [role=status]").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_choices_fit_a_phone(open_page, scheme):
    options = {"viewport": {"width": 375, "height": 740}, "color_scheme": scheme}
    page = open_page(PAGE, wait=False, **options).page
    for button in page.locator(".prediction button").all():
        assert button.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
