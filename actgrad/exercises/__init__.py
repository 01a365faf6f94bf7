"""Exercises as data, practice that explains, and grades that cannot be forged.

``exercise(id)`` shows an exercise, ``check(id, answer)`` says what is wrong with an answer,
``hint(id)`` gives the next hint, ``progress()`` what is done and what comes next. The grader
is ``python -m actgrad grade``.
"""

from actgrad.exercises._display import ExerciseText, answer_box, exercise, proof_editor
from actgrad.exercises._exercise import (
    Derive,
    Exercise,
    FindTheBug,
    Implement,
    Mistake,
    Part,
    Predict,
    Prove,
    varied,
)
from actgrad.exercises._numbers import check_numbers
from actgrad.exercises._practice import Hint, Verdict, check, hint
from actgrad.exercises._progress import Progress, progress
from actgrad.exercises.catalog import CHAPTERS, EXERCISES

__all__ = [
    "CHAPTERS",
    "EXERCISES",
    "Derive",
    "Exercise",
    "ExerciseText",
    "FindTheBug",
    "Hint",
    "Implement",
    "Mistake",
    "Part",
    "Predict",
    "Progress",
    "Prove",
    "Verdict",
    "answer_box",
    "check",
    "check_numbers",
    "exercise",
    "hint",
    "progress",
    "proof_editor",
    "varied",
]
