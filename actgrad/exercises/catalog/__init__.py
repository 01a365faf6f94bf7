"""The exercises of the book: one module a chapter, with the chapter's stem."""

import difflib
from collections.abc import Mapping, Sequence

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import (
    backpropagation,
    differentiation_rules,
    layer_and_gradients,
    linear,
    numerical_accuracy,
    relu,
    sigmoid,
    softmax,
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
    "softmax": softmax.EXERCISES,
    "vector-jacobian-products": vector_jacobian_products.EXERCISES,
    "backpropagation": backpropagation.EXERCISES,
    "numerical-accuracy": numerical_accuracy.EXERCISES,
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


def near(id: str) -> str:
    """Return what to do about an id that no exercise has, as the end of a sentence."""
    found = difflib.get_close_matches(id, EXERCISES, n=3, cutoff=0.4)
    if found:
        return "did you mean " + " or ".join(f"`{name}`" for name in found)
    return "`python -m actgrad exercises` lists them"
