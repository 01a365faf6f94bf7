"""The answer box: its JavaScript run by node, its data searched for solutions."""

import json
import re

import numpy as np
import pytest

from actgrad.exercises import EXERCISES, answer_box, check, exercise
from actgrad.exercises import _answer_box as module
from actgrad.exercises._exercise import ExpressionExercise, Prove
from tests.catalogue import TRIED

BOXES = [
    item
    for item in TRIED.values()
    if isinstance(item, ExpressionExercise) and not isinstance(item, Prove)
]


TEXT = module.module_text().replace("export default", "const widget =")


@pytest.fixture(scope="session")
def run(javascript):
    """Return a function: what JavaScript returns with the data, after the box's module."""
    return lambda body, data: javascript(TEXT, f"const data = argument; {body}", data)


def test_nothing_is_ever_run_as_a_program():
    runs = r"\b(eval|Function|import|fetch)\(|innerHTML|insertAdjacentHTML"
    assert not re.search(runs, TEXT)


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_every_exercise_is_judged_in_the_page_as_in_python(item, run):
    answers = [item.solution, *item.alternatives]
    wrong = [mistake.wrong for mistake in item.mistakes]
    odd = ["", "   ", "((", "12345.678", "unknown_letter"]
    got = run(
        "return data.answers.map((answer) => judge(answer, data.box));",
        {"answers": answers + wrong + odd, "box": module.data(item)},
    )
    for answer, verdict in zip(answers, got, strict=False):
        assert verdict["status"] == "right", (answer, verdict)
        assert item.learnt in verdict["message"]
    for mistake, verdict in zip(item.mistakes, got[len(answers) :], strict=False):
        assert verdict["status"] == "wrong"
        assert verdict["message"].startswith(mistake.says)
    rest = [verdict["status"] for verdict in got[-5:]]
    assert rest == ["empty", "empty", "unreadable", "wrong", "unreadable"]


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_the_page_holds_no_solution(item):
    box = answer_box(item.id)
    state = {
        name: value for name, value in box.get_state().items() if name not in ("_esm", "_css")
    }
    text = re.sub(r"\s", "", json.dumps(state))
    if item.letters:
        assert re.sub(r"\s", "", item.solution) not in text
        assert not any(re.sub(r"\s", "", answer) in text for answer in item.alternatives)
    else:
        value = float(item.values(item.solution, {})[0])
        for number in re.findall(r"(?<![\w./-])-?\d+\.?\d*(?:e-?\d+)?(?![\w./])", text):
            assert float(number) != pytest.approx(value, rel=item.rtol, abs=0), number


def test_a_number_within_its_tolerance_is_right_and_beyond_it_is_not(run):
    item = EXERCISES["dead-unit-share"]
    right = float(item.values(item.solution, {})[0])
    factors = [0.5, 0.98, 0.991, 0.999, 1.0, 1.001, 1.009, 1.02, 2]
    got = run(
        "return data.answers.map((answer) => judge(answer, data.box).status);",
        {"answers": [repr(right * factor) for factor in factors], "box": module.data(item)},
    )
    assert [status == "right" for status in got] == [0.99 < factor < 1.01 for factor in factors]


def test_a_number_nearby_is_called_close_in_the_page_and_in_practice(run):
    nearby = {"sigmoid-slopes-multiply": "6.95", "tanh-slope-lost": "4.6"}
    far = {"sigmoid-slopes-multiply": "7.9", "tanh-slope-lost": "4.9"}
    for answers, is_close in ((nearby, True), (far, False)):
        for name, answer in answers.items():
            (verdict,) = verdicts(run, name, answer)
            assert verdict["status"] == "wrong"
            assert verdict["message"].startswith("Close, but") == is_close
            assert ("Close, but" in check(name, answer).message) == is_close


def verdicts(run, id, *answers):
    given = {"answers": answers, "box": module.data(EXERCISES[id])}
    return run("return data.answers.map((answer) => judge(answer, data.box));", given)


def test_an_answer_in_letters_that_were_not_asked_for_is_refused(run):
    (found,) = verdicts(run, "tanh-through-sigmoid", "1-tanh(x)^2")
    assert found["status"] == "unreadable"
    assert "'x' does not belong in this answer: write it in s" in found["message"]
    assert str(check("tanh-through-sigmoid", "1-tanh(x)^2").message) == found["message"]


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_practice_says_what_the_page_says(item, run):
    texts = ["1 600", "tanhh(x)", "z q", "x = = 1", "1/0", "√", "a b c x y s t"]
    for text, found in zip(texts, verdicts(run, item.id, *texts), strict=True):
        if found["status"] == "unreadable":
            assert check(item.id, text).message == found["message"]
    assert "unreadable" in [found["status"] for found in verdicts(run, item.id, *texts)]


def test_a_number_is_read_and_shown_as_it_was_written(run):
    shown = verdicts(run, "dead-unit-share", "84,1 %", "84%", "0,84", "Φ(1)", "e^0", "1 600")
    assert [found.get("reading") for found in shown] == [
        *("84.1/100", "84/100", "0.84", "Phi(1)", "e^0", None)
    ]
    assert [found["status"] for found in shown[:5]] == [*["right"] * 4, "wrong"]
    assert (
        "the answer is a number, without letters"
        in verdicts(run, "dead-unit-share", "x")[0]["message"]
    )


def test_an_answer_of_many_lines_has_no_box():
    assert answer_box("product-rule-lines") is None


def test_a_wrong_answer_is_shown_at_a_point_that_a_person_would_choose(run):
    (found,) = verdicts(run, "sigmoid-second-derivative", "x*y")
    shown = "At x = 1, y = 0.731059 it gives 0.731059; expected -0.0908577."
    assert found["message"] == shown
    assert check("sigmoid-second-derivative", "x*y").message == shown
    # It is right at x = 1, and nowhere else.
    (found,) = verdicts(run, "quotient-warm-up", "0")
    assert found["message"].startswith("At x = 2 it gives 0; expected -0.12.")


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_such_points_have_a_value_and_no_jump(item):
    points = item.simple_points()
    assert bool(points) == bool(item.letters)
    for point in points:
        near = [{**point, letter: v + d} for letter, v in point.items() for d in (-1e-7, 1e-7)]
        for own in (point, *near):
            given = {name: np.array([own[name]]) for name in item.variables}
            values = item._with_definitions(given)
            (value,) = item.values(item.solution, values)
            assert np.isfinite(value)
            here = {name: np.array([v]) for name, v in point.items()}
            assert value == pytest.approx(item.values(item.solution, here)[0], abs=1e-2)


def test_a_notebook_shows_the_box_below_the_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    for name in ("sigmoid-second-derivative", "sigmoid-gradient", "product-rule-lines"):
        exercise(name)._ipython_display_()
    kinds = [["AnswerBox", "ProofEditor"], ["CodeBox"], ["ProofEditor"]]
    wanted = [name for boxes in kinds for name in ("Markdown", *boxes, "Markdown")]
    assert [type(item).__name__ for item in shown] == wanted
    assert "check(" in shown[1].fallback
    assert shown[2].folded
    assert shown[2].title == EXERCISES["sigmoid-second-derivative"].title
