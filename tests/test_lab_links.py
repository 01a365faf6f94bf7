"""The lab opens whatever the book links to it: each derive exercise, each derivation."""

import json
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from actgrad_book import atlas_pages, lab_links

from actgrad.derivations import DERIVATIONS, Task
from actgrad.derivations._proof_answer import CALLS
from actgrad.derivations.functions import ACTIVATIONS
from actgrad.exercises import EXERCISES, proof_editor
from actgrad.exercises._exercise import Derivable

APP = SimpleNamespace(
    env=SimpleNamespace(found_docs={"chapters/lab"}),
    builder=SimpleNamespace(get_target_uri=lambda name: f"{name}.html"),
)


def opened(paragraph):
    """Follow a link as the page does; return what the judge says of its task, and the task."""
    address, _, fragment = paragraph.partition('href="')[2].partition('"')[0].partition("#")
    assert address in ("lab.html", "../chapters/lab.html")
    asked = {name: value for name, (value,) in parse_qs(fragment.replace("&amp;", "&")).items()}
    assert len(fragment) <= 2000
    (said,) = CALLS["task"](asked["prove"], asked.get("blank", ""))
    return said, asked["prove"]


def replayed(html, page="chapters/sigmoid"):
    """Return the page's links to replays."""
    context = {"body": html}
    lab_links.replay(APP, page, "", context, None)
    return [part for part in context["body"].split("<p>") if part.startswith("<a class=")]


@pytest.mark.parametrize(
    "item", [e for e in EXERCISES.values() if isinstance(e, Derivable)], ids=lambda e: e.id
)
def test_an_exercise_starts(item):
    link = lab_links.link(APP, "atlas/silu", "Prove it", proof_editor(item.id).given)
    said, task = opened(link)
    assert said["kind"] == "task"
    assert said["title"] == item.title
    assert said["goal"] is None  # it would give the answer away
    assert said["steps"] == []
    (hint,) = CALLS["hint"](said["start"]["text"], task)
    assert hint["rule"], hint
    assert item.solution not in link


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_named_derivation_starts_with_blank_lines(name):
    shown = DERIVATIONS[name]()._repr_markdown_()
    (link,) = replayed(shown)
    said, task = opened(link)
    assert json.loads(task) == {"derivation": name}
    steps = DERIVATIONS[name]().steps
    assert len(said["steps"]) == len(steps)
    blank = [step["blank"] for step in said["steps"]]
    assert any(blank)
    assert not all(blank) or len(steps) == 1
    (hint,) = CALLS["hint"](said["start"]["text"], task, "line")
    (line,) = CALLS["line"](said["start"]["text"], hint["text"], task)
    assert (line["status"], line["same"]) == ("equal", False)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_derivation_of_the_atlas_starts_with_blank_lines(name):
    derivation = atlas_pages.derivation_of(ACTIVATIONS[name])
    page = atlas_pages.Page(ACTIVATIONS[name].definition)
    data = json.dumps(Task.of(derivation).to_dict())
    (link,) = replayed(f"<!-- replay {data} -->", "atlas/silu")
    said, _ = opened(link)
    assert [step["rule"] for step in said["steps"]] == [s.rule.name for s in derivation.steps]
    assert said["goal"] is None
    assert page.record.name == name


def test_a_book_without_the_lab_has_no_links():
    app = SimpleNamespace(env=SimpleNamespace(found_docs=set()), builder=APP.builder)
    assert lab_links.link(app, "chapters/sigmoid", "x", {"start": "D(x, x)"}) == ""
