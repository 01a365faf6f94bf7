"""The exercises of the book: one module a chapter, with the chapter's stem."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import (
    atlas,
    backpropagation,
    differentiation_rules,
    gated_units,
    gelu,
    layer_and_gradients,
    leaky_and_exponential,
    linear,
    numerical_accuracy,
    relu,
    sigmoid,
    silu,
    softmax,
    softmax_and_cross_entropy,
    softplus,
    tanh,
    vector_jacobian_products,
)

# In the book's order.
CHAPTERS: dict[str, tuple[Exercise, ...]] = {
    "layer-and-gradients": layer_and_gradients.EXERCISES,
    "differentiation-rules": differentiation_rules.EXERCISES,
    "sigmoid": sigmoid.EXERCISES,
    "tanh": tanh.EXERCISES,
    "linear": linear.EXERCISES,
    "relu": relu.EXERCISES,
    "softplus": softplus.EXERCISES,
    "leaky-and-exponential": leaky_and_exponential.EXERCISES,
    "gelu": gelu.EXERCISES,
    "silu": silu.EXERCISES,
    "softmax": softmax.EXERCISES,
    "softmax-and-cross-entropy": softmax_and_cross_entropy.EXERCISES,
    "gated-units": gated_units.EXERCISES,
    "vector-jacobian-products": vector_jacobian_products.EXERCISES,
    "backpropagation": backpropagation.EXERCISES,
    "numerical-accuracy": numerical_accuracy.EXERCISES,
    "atlas": atlas.EXERCISES,
}


def by_id(chapters: Mapping[str, Sequence[Exercise]]) -> dict[str, Exercise]:
    """Return the exercises of all chapters by their ids.

    Raises
    ------
    ValueError
        Where two exercises have one id: a grade of the one would pass for the other's.
    """
    found: dict[str, Exercise] = {}
    for exercise in (exercise for exercises in chapters.values() for exercise in exercises):
        if exercise.id in found:
            raise ValueError(
                f"two exercises have the id {exercise.id!r}, in the chapters "
                f"{found[exercise.id].chapter!r} and {exercise.chapter!r}: rename one"
            )
        found[exercise.id] = exercise
    return found


EXERCISES = by_id(CHAPTERS)


class CatalogueError(ValueError):
    """A file of exercises cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Catalogue:
    """The exercises that can be assigned: the book's and, where there are some, one's own."""

    chapters: Mapping[str, tuple[Exercise, ...]]
    exercises: Mapping[str, Exercise]

    @classmethod
    def with_own(cls, path: Path | None) -> "Catalogue":
        """Return the book's exercises and those of a file.

        Raises
        ------
        CatalogueError
            Where the file cannot be used, or has an id that is taken.
        """
        if path is None:
            return cls(CHAPTERS, EXERCISES)
        chapters = dict(CHAPTERS)
        for exercise in own(path):
            chapters[exercise.chapter] = (*chapters.get(exercise.chapter, ()), exercise)
        try:
            return cls(chapters, by_id(chapters) | EXERCISES)
        except ValueError as error:
            raise CatalogueError(f"{path}: {error}") from None

    def near(self, id: str) -> str:
        """Return what to do about an id that no exercise has, as the end of a sentence."""
        return near(id, self.exercises)


def own(path: Path) -> tuple[Exercise, ...]:
    """Return the ``EXERCISES`` of a Python file, which is run: trust it as your own.

    Raises
    ------
    CatalogueError
        Where it cannot be read or run, or holds something else.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is not a UTF-8 text"
        raise CatalogueError(f"the exercises cannot be read: {path}: {told}") from None
    space: dict[str, Any] = {"__name__": path.stem, "__file__": str(path)}
    try:
        exec(compile(source, str(path), "exec"), space)
    except Exception as error:
        frames = extract_tb(error.__traceback__)
        here = [frame.lineno for frame in frames if frame.filename == str(path)]
        line, told = here[-1] if here else "?", str(error)
        if isinstance(error, SyntaxError):
            line, told = error.lineno, error.msg
        raise CatalogueError(f"{path}, line {line}: {type(error).__name__}: {told}") from None
    found = space.get("EXERCISES")
    if not isinstance(found, tuple | list) or not found:
        raise CatalogueError(f"{path}: it must define EXERCISES, a tuple of exercises")
    for number, item in enumerate(found, 1):
        if not isinstance(item, Exercise):
            what = type(item).__name__
            raise CatalogueError(
                f"{path}: entry {number} of EXERCISES is no exercise but {what}"
            )
    return tuple(found)


def near(id: str, known: Iterable[str] = EXERCISES) -> str:
    """Return what to do about an id that no exercise has, as the end of a sentence."""
    found = difflib.get_close_matches(id, known, n=3, cutoff=0.4)
    if found:
        return "did you mean " + " or ".join(f"`{name}`" for name in found)
    return "`python -m actgrad exercises` lists them"
