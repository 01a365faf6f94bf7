"""The proof editor: from Python, by what a page asks, and its JavaScript in a page."""

import re

import pytest

from actgrad.derivations import DERIVATIONS, Task
from actgrad.exercises import EXERCISES, proof_editor
from actgrad.exercises._exercise import Derivable
from actgrad.exercises._proof_editor import ProofEditor
from tests.catalogue import TRIED


def asked(editor, what, **more):
    """Ask as the page does; return what the page is told."""
    number = editor.request.get("number", 0) + 1
    editor.request = {"number": number, "what": what, **more}
    assert editor.answer["number"] == number
    return editor.answer


def test_a_derivation_is_written_from_the_page():
    editor = proof_editor("product-rule-lines")
    assert editor.start == "D(x*e^(-x^2/2), x)"
    hint = asked(editor, "hint")
    assert hint["message"].startswith("Next: product rule.")
    assert hint["more"] is True
    assert "D(x, x)" not in hint["message"]
    assert asked(editor, "hint", more=True)["message"].startswith("D(x, x)*e^(-x^2/2)")
    wrong = asked(editor, "check", line="D(x, x)*D(e^(-x^2/2), x)")
    assert wrong["status"] == "wrong"
    assert "not the product of the derivatives" in wrong["message"]
    assert editor.lines == []
    right = asked(editor, "check", line="e^(-x^2/2) + x*D(e^(-x^2/2), x)")
    assert "product rule" in right["message"]
    assert "Still open: a derivative is left" in right["message"]
    assert "inner derivative" in asked(editor, "check", line="e^(-x^2/2)(1 + x)")["message"]
    assert asked(editor, "check", line="(1 - x^2)*e^(-x^2/2)")["status"] == "equal"
    assert editor.reached
    assert [line["text"] for line in editor.lines][-1] == "(1 - x^2)*e^(-x^2/2)"
    asked(editor, "undo")
    assert not editor.reached
    assert len(editor.lines) == 1


def test_what_was_written_can_be_handed_in():
    from actgrad.exercises import check

    editor = proof_editor("product-rule-lines")
    for line in EXERCISES["product-rule-lines"].solution.strip().splitlines():
        assert editor.check(line)
    assert check("product-rule-lines", editor.text)


@pytest.mark.parametrize("line", ["", "((", "x" * 9999, "\0", "<img src=x onerror=alert(1)>"])
def test_hostile_lines_get_an_answer_and_change_nothing(line):
    editor = proof_editor(Task("d/dx(x^2)"))
    assert asked(editor, "check", line=line)["status"] == "unreadable"
    assert editor.lines == []


def test_every_derivable_exercise_and_every_derivation_opens():
    for exercise in TRIED.values():
        if isinstance(exercise, Derivable):
            assert proof_editor(exercise.id).title == exercise.title
    for name in list(DERIVATIONS)[::8]:
        assert proof_editor(name).hint().startswith("Next: ")
    with pytest.raises(ValueError, match="not derived line by line"):
        proof_editor("sigmoid-backward-bug")
    with pytest.raises(KeyError, match="there is no exercise"):
        proof_editor("sigmoidd")


def test_the_page_makes_no_markup_of_text():
    runs = r"\b(eval|Function|import|fetch)\(|innerHTML|insertAdjacentHTML"
    assert not re.search(runs, ProofEditor._esm)
