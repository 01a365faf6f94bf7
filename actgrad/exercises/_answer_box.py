"""The answer box of a derive or predict exercise: an anywidget that needs no kernel.

The page gets numbers, never the solution: the values of the right answer and of each known
mistake at random points. Where the answer is itself a number, its neighbourhood is sealed.
"""

import html
import math
from importlib import resources
from typing import Any

import anywidget
import numpy as np
import traitlets

from actgrad.atlas import _javascript
from actgrad.exercises._exercise import ExpressionExercise
from actgrad.exercises._judge import CLOSE, close_to
from actgrad.exercises._progress import keep

SAMPLES = 12
STEPS = 8  # to either side of a number, within its tolerance

_FILES = resources.files(__package__)


def module_text() -> str:
    """Return the module of all boxes, the language that they read included."""

    def read(name: str) -> str:
        own = _FILES / name
        return own.read_text(encoding="utf-8") if own.is_file() else _javascript.source(name)

    return _javascript.module_text("answer_box", read)


def seal(place: str, salt: str) -> str:
    """Hash a place on the number line, as ``seal`` in ``answer_box.js`` does."""
    first, second = 0x811C9DC5, 0x1B873593
    for letter in f"{salt}:{place}".encode("ascii"):
        first = (first ^ letter) * 0x01000193 & 0xFFFFFFFF
        second = (second ^ letter) * 0x85EBCA6B & 0xFFFFFFFF
        second ^= second >> 13
    return f"{first:x}.{second:x}"


def sealed(value: float, rtol: float, step: float, salt: str) -> list[str]:
    """Return the seals of every place within the tolerance around a number."""
    if value == 0:
        return [seal("0", salt)]
    sign = "1" if value > 0 else "-1"
    low = round(math.log(abs(value) * (1 - rtol)) / step)
    high = round(math.log(abs(value) * (1 + rtol)) / step)
    return [seal(f"{sign}/{place}", salt) for place in range(low, high + 1)]


def data(exercise: ExpressionExercise) -> dict[str, Any]:
    """Return what the page needs to judge an answer, the answer itself not included."""
    said = {mistake.wrong: mistake.says for mistake in exercise.mistakes}
    simple = exercise.simple_points() if exercise.letters else []
    common = {
        "simple": [
            {
                "at": point,
                "expected": float(exercise.values(exercise.solution, _arrays(point))[0]),
            }
            for point in simple
        ],
        "title": exercise.title,
        "letters": list(exercise.letters),
        "others": list(exercise.others),
        "learnt": f"You have learnt: {exercise.learnt}.",
    }
    if not exercise.letters:
        # Wide enough for the last digit of a logarithm to be rounded either way.
        step = max(exercise.rtol, 1e-9) / STEPS
        value, near = float(exercise.values(exercise.solution, {})[0]), close_to(exercise)

        def places(text: str, rtol: float) -> list[str]:
            return sealed(float(exercise.values(text, {})[0]), rtol, step, exercise.id)

        right = places(exercise.solution, max(exercise.rtol, 1e-9))
        return common | {
            "close": {
                "says": CLOSE,
                "step": near / STEPS,
                "values": sealed(value, near, near / STEPS, exercise.id),
            },
            "samples": [],
            "expected": right,
            "step": step,
            "salt": exercise.id,
            "mistakes": [
                {"says": says, "values": places(wrong, max(exercise.rtol, 1e-9))}
                for wrong, says in said.items()
            ],
        }
    points = exercise.points_at(np.random.default_rng(exercise.seed("answer box")), SAMPLES)
    samples = [
        {letter: float(values[index]) for letter, values in points.items()}
        for index in range(SAMPLES)
    ]
    return common | {
        "close": None,
        "samples": samples,
        "expected": exercise.values(exercise.solution, points).tolist(),
        "step": 0.0,
        "salt": "",
        "mistakes": [
            {"says": says, "values": exercise.values(wrong, points).tolist()}
            for wrong, says in said.items()
        ],
    }


def _arrays(point: dict[str, float]) -> dict[str, Any]:
    return {letter: np.array([value]) for letter, value in point.items()}


class AnswerBox(anywidget.AnyWidget):
    """An input, a button and a verdict; the verdict is reached in the page.

    Attributes
    ----------
    exercise : str
        The id of the exercise.
    data : dict
        Letters, sample points and the values there; see `data`.
    answer, status : str
        What was typed last, and ``right``, ``wrong``, ``unreadable`` or ``empty``.
    fallback : str
        What stands in its place where nothing can be typed.
    """

    _esm = module_text()
    _css = (_FILES / "answer_box.css").read_text(encoding="utf-8")

    exercise = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    @traitlets.observe("status")
    def _keep(self, change: Any) -> None:
        keep(self.exercise, change["new"])

    @classmethod
    def of(cls, exercise: ExpressionExercise) -> "AnswerBox":
        """Return the answer box of an exercise."""
        note = "On the book's page, JavaScript checks your answer; in a notebook, "
        call = html.escape(f'check({exercise.id!r}, "...")')
        return cls(
            exercise=exercise.id,
            data=data(exercise),
            fallback=f"<p>{note}<code>{call}</code> does.</p>",
        )
