"""Lines are graded one by one, by a process that only reads: hostile text costs its own."""

import json

import pytest

from actgrad.exercises import EXERCISES, check
from actgrad.exercises._judge import NoValues, judge_proof
from actgrad.exercises._practice import _proved
from actgrad.exercises.grading import _prover
from actgrad.exercises.grading._judge import grade_submission
from actgrad.exercises.grading._prover import prover
from actgrad.exercises.grading._sandbox import Limits, unprotected
from actgrad.exercises.grading._submission import Submission

EXERCISE = EXERCISES["product-rule-lines"]
LIMITS = Limits(cpu=20)
SECRET = b"a secret of sixteen bytes or more"
FIRST = "D(x, x)*e^(-x^2/2) + x*D(e^(-x^2/2), x)"
SECOND = "e^(-x^2/2) + x*e^(-x^2/2)*D(-x^2/2, x)"
LAST = "(1 - x^2)*e^(-x^2/2)"


def judged(*lines):
    return judge_proof(EXERCISE, "\n".join(lines), _proved)


@pytest.mark.parametrize(
    ("lines", "points", "status"),
    [
        ([FIRST, SECOND, "e^(-x^2/2) - x^2*e^(-x^2/2)", LAST], 5, "right"),
        ([EXERCISE.start, f"= {FIRST}", SECOND, LAST], 5, "right"),
        # The whole in one line is right, and shows no rule.
        ([LAST], 2, "partly right"),
        # What is right before the first wrong line counts, the rest does not.
        ([FIRST, SECOND, "e^(-x^2/2) + x^2*e^(-x^2/2)", LAST], 2, "partly right"),
        ([FIRST, "e^(-x^2/2) + x*e^(-x^2/2)"], 1, "partly right"),
        (["e^(-x^2/2)", LAST], 0, "wrong"),
        # Lines that lead nowhere bring nothing, however many there are.
        ([f"{EXERCISE.start} + {n}*x - {n}*x" for n in range(1, 9)], 0, "wrong"),
        ([FIRST, EXERCISE.start, FIRST, EXERCISE.start, FIRST], 1, "partly right"),
        # A right end does not heal a wrong line, nor a right line a wrong start.
        (["0", LAST], 0, "wrong"),
        ([EXERCISE.start], 0, "not attempted"),
        ([""], 0, "not attempted"),
        (["((("], 0, "wrong"),
        (["x"] * 99, 0, "error"),
    ],
)
def test_points(lines, points, status):
    found = judged(*lines)
    assert (found.points, found.status) == (points, status)
    assert (check(EXERCISE.id, "\n".join(lines)).status == "right") == (points == 5)


@pytest.mark.parametrize("answer", [None, ..., 3, [FIRST, LAST], b"x"])
def test_what_is_no_text_brings_nothing(answer):
    found = judge_proof(EXERCISE, answer, _proved)
    assert found.points == 0
    assert found.status in ("not attempted", "error")
    assert not check(EXERCISE.id, answer)


def graded(text):
    files = ((f"{EXERCISE.name}.py", text.encode()),)
    submission = Submission("student", files)
    with unprotected() as walls:
        (row,) = grade_submission(submission, [EXERCISE], SECRET, walls, LIMITS).rows
    return row


def test_the_grade_is_what_practice_says():
    for answer in (EXERCISE.solution, *EXERCISE.alternatives):
        row = graded(EXERCISE.submission(answer))
        assert (row.points, row.status) == (5, "right")
    row = graded(EXERCISE.submission(EXERCISE.mistakes[1].wrong))
    assert (row.points, row.status) == (1, "partly right")
    assert row.mistake == "inner-derivative-forgotten"
    assert row.parts[0].reason.startswith("line 2, `e^(-x^2/2) + x*e^(-x^2/2)`, is not equal")
    assert "0.607" not in json.dumps([row.advice, *row.reasons])


FORGED = """
import sys
class Text(str):
    def splitlines(self, *a): return ["{last}"]
    def __eq__(self, other): return True
    def __bool__(self): return True
{name} = Text("x = x")
try:
    import actgrad
    actgrad.derivations._line.check_line = lambda *a, **k: True
except Exception: pass
"""


@pytest.mark.parametrize(
    "text",
    [
        FORGED.format(name=EXERCISE.name, last=LAST),
        f"{EXERCISE.name} = [{FIRST!r}, {LAST!r}]",
        f"{EXERCISE.name} = {'(' * 5000!r}",
        f"{EXERCISE.name} = 'x' * 10**6",
        f'{EXERCISE.name} = "right\\n{{\\"right\\": true}}"',
    ],
)
def test_nothing_is_forged(text):
    row = graded(text)
    assert row.points == 0
    assert row.status in ("wrong", "error")


def test_a_process_that_takes_too_much_is_stopped(monkeypatch):
    assert prover(LIMITS)(EXERCISE.task, FIRST)["rules"] == ["product rule"]
    with pytest.raises(ValueError, match="99 lines are too many"):
        prover(LIMITS)(EXERCISE.task, "x\n" * 99)
    monkeypatch.setattr(_prover, "_COMMAND", "raise MemoryError")
    with pytest.raises(NoValues, match="too much memory, or too long"):
        prover(LIMITS)(EXERCISE.task, FIRST)
    monkeypatch.setattr(_prover, "_COMMAND", "while True: pass")
    monkeypatch.setattr(_prover, "LOADING", 0.1)
    with pytest.raises(NoValues, match="too long to prove"):
        prover(Limits(cpu=0))(EXERCISE.task, FIRST)
