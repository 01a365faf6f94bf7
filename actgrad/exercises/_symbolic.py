"""Prove an answer equal to the solution: SymPy, for practice only.

The grader compares values alone: a simplifier can be made to hang by a text of ten letters.
"""

from typing import Any

import sympy

from actgrad.atlas import Node, read
from actgrad.derivations import Kind, Unproved, prove_equal
from actgrad.derivations._parse import expression
from actgrad.exercises._exercise import ExpressionExercise
from actgrad.exercises._values import float64

SECONDS = 1.0
# SymPy writes constants out and multiplies powers out: both must stay short.
MAX_CONSTANT = 1e6
MAX_POWER = 50


def is_proved(exercise: ExpressionExercise, answer: str) -> bool:
    """Whether SymPy shows an answer equal to the solution, exactly.

    False says only that no exact proof was found in time.
    """
    letters: dict[str, Any] = {
        name: sympy.Symbol(name, real=True, positive=True if low >= 0 else None)
        for name, (low, _) in exercise.variables.items()
    }
    for name, text in exercise.definitions.items():
        letters[name] = expression(read(text, tuple(letters)), letters)
    trees = exercise.parse(exercise.solution), exercise.parse(answer)
    if not all(map(_is_short, trees)):
        return False
    try:
        left, right = (expression(tree, letters) for tree in trees)
        proof = prove_equal(left, right, at_kinks=False, seconds=SECONDS)
    except (Unproved, ArithmeticError, TypeError, ValueError, RuntimeError):
        return False
    return proof.kind is Kind.EXACT


def _is_short(node: Node) -> bool:
    if node.kind in ("relation", "and", "otherwise"):
        return True
    if not node.names() and not abs(float64(node, {})) <= MAX_CONSTANT:
        return False
    power = node.children[1] if node.kind == "power" else None
    if power and not power.names() and not abs(float64(power, {})) <= MAX_POWER:
        return False
    return all(map(_is_short, node.children))
