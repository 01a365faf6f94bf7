"""The editor of an implement or find-the-bug exercise: an anywidget that needs no kernel.

NumPy is not there in a page. What is: a formula of one line is read in the book's language and
compared at points of every part of the exercise; and a notebook is made with what the reader
has written, ready for `check`.
"""

import html
from importlib import resources
from typing import Any

import anywidget
import numpy as np
import traitlets

from actgrad.exercises._answer_box import module_text
from actgrad.exercises._compare import run_text
from actgrad.exercises._exercise import MOST_SIMPLE, SIMPLE, Arguments, FunctionExercise, Part

MOST_POINTS = 12  # of a part

_FILES = resources.files(__package__)


def data(exercise: FunctionExercise) -> dict[str, Any]:
    """Return what the page needs: points and the values there, the solution not included."""
    letters = exercise.signature.partition("(")[2].rstrip(")").split(", ")
    names = [letter.partition("=")[0] for letter in letters]
    points = [(part, point) for part in exercise.parts for point in _points(exercise, part)]
    told = {mistake.wrong: mistake.says for mistake in exercise.mistakes}
    return {
        "title": exercise.title,
        "name": exercise.name,
        "letters": names,
        "starter": exercise.starter_text,
        "learnt": f"You have learnt: {exercise.learnt}.",
        "parts": [
            {
                "name": part.name[0].upper() + part.name[1:],
                "rtol": part.rtol,
                "atol": part.atol,
                "cases": [_case(exercise, names, at) for of, at in points if of is part],
            }
            for part in exercise.parts
            if points
        ],
        "mistakes": [
            {"says": says, "values": [_value(exercise, wrong, at) for _, at in points]}
            for wrong, says in told.items()
            if points
        ],
        "cells": _cells(exercise),
    }


def _points(exercise: FunctionExercise, part: Part) -> list[tuple[float, ...]]:
    """Return points of a part, the simplest first; none where it is no function of numbers."""
    drawn = {of.name: _drawn(exercise, of) for of in exercise.parts}
    if not all(_is_elementwise(exercise, case) for cases in drawn.values() for case in cases):
        return []
    found = [
        tuple(map(float, point))
        for case in drawn[part.name]
        for point in zip(*map(np.ravel, case), strict=True)
    ]
    own = sorted(dict.fromkeys(found), key=lambda point: sum(map(abs, point)))[:MOST_POINTS]
    return [*_simple(found), *own] if part is exercise.parts[0] else own


def _drawn(exercise: FunctionExercise, part: Part) -> list[Arguments]:
    return part.draw(np.random.default_rng(exercise.seed("code box")))


def _simple(found: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Return a few points that a person would choose, among those where the part tests."""
    finite = np.array([point for point in found if np.isfinite(point).all()])
    low, high = finite.min(axis=0), finite.max(axis=0)
    allowed = [
        [n for n in SIMPLE if a <= n <= b] or [float(a)] for a, b in zip(low, high, strict=True)
    ]
    return [
        tuple(n[(number + place) % len(n)] for place, n in enumerate(allowed))
        for number in range(min(MOST_SIMPLE, max(map(len, allowed))))
    ]


def _is_elementwise(exercise: FunctionExercise, case: Arguments) -> bool:
    """Tell whether each element of the answer depends on the same elements of the arguments."""
    if len({np.shape(item) for item in case}) != 1 or np.size(case[0]) == 0:
        return False
    (low, *rest), _ = exercise.expected(case)
    if rest or np.shape(low) != np.shape(case[0]):
        return False
    for index in range(min(np.size(low), 3)):
        single = tuple(np.ravel(item)[index : index + 1] for item in case)
        try:
            (alone,), _ = exercise.expected(single)
        except (ArithmeticError, IndexError, ValueError):
            return False
        if not np.allclose(alone, np.ravel(low)[index], rtol=1e-12, atol=0, equal_nan=True):
            return False
    return True


def _case(
    exercise: FunctionExercise, names: list[str], at: tuple[float, ...]
) -> dict[str, Any]:
    (low,), (high,) = exercise.expected(tuple(np.array([value]) for value in at))
    return {
        "at": dict(zip(names, map(_number, at), strict=True)),
        "low": _number(low),
        "high": _number(high),
    }


def _number(value: Any) -> float | str:
    """Return a number as JSON can say it: what is not finite by its name in JavaScript."""
    found = float(np.ravel(value)[0])
    if np.isnan(found):
        return "NaN"
    return found if np.isfinite(found) else "-Infinity" if found < 0 else "Infinity"


def _value(exercise: FunctionExercise, text: str, at: tuple[float, ...]) -> float | str:
    got = run_text(exercise, text, tuple(np.array([value]) for value in at))
    assert got is not None
    return _number(got[0])


def _cells(exercise: FunctionExercise) -> list[list[str]]:
    """Return the notebook's cells: ``answer`` is the reader's text, ``install`` the page's."""
    return [
        ["markdown", f"# {exercise.title}\n\n{exercise.statement.strip()}"],
        ["install", ""],
        ["code", "from actgrad.exercises import check, hint"],
        ["answer", ""],
        ["code", f"check({exercise.id!r}, {exercise.name})"],
        ["code", f"# hint({exercise.id!r})"],
    ]


class CodeBox(anywidget.AnyWidget):
    """An editor with the starter, a check of a formula, and a notebook to download.

    Attributes
    ----------
    exercise : str
        The id of the exercise.
    data : dict
        Starter, points and the values there; see `data`.
    fallback : str
        What stands in its place where nothing can be typed: the starter.
    """

    _esm = module_text()
    _css = (_FILES / "answer_box.css").read_text(encoding="utf-8")

    exercise = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    fallback = traitlets.Unicode().tag(sync=True)

    @classmethod
    def of(cls, exercise: FunctionExercise) -> "CodeBox":
        """Return the editor of an exercise."""
        starter = html.escape(exercise.starter_text.rstrip())
        return cls(exercise=exercise.id, data=data(exercise), fallback=f"<pre>{starter}</pre>")
