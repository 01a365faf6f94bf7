"""Prove an answer equal to the solution: SymPy, for practice only.

The grader compares values alone: a simplifier can be made to hang by a text of ten letters.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy

from actgrad.derivations import Kind, Unproved, prove_equal
from actgrad.exercises._exercise import ExpressionExercise
from actgrad.exercises._expression import Node, evaluate, parse

SECONDS = 1.0
# SymPy writes constants out and multiplies powers out: both must stay short.
MAX_CONSTANT = 1e6
MAX_POWER = 50

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": sympy.exp,
    "expm1": lambda x: sympy.exp(x) - 1,
    "log": sympy.log,
    "log1p": lambda x: sympy.log(1 + x),
    "sqrt": sympy.sqrt,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "abs": sympy.Abs,
    "sign": sympy.sign,
    "sigma": lambda x: 1 / (1 + sympy.exp(-x)),
    "relu": lambda x: sympy.Max(0, x),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
    "max": sympy.Max,
    "min": sympy.Min,
}
_CONSTANTS = {math.e: sympy.E, math.pi: sympy.pi}


def is_proved(exercise: ExpressionExercise, answer: str) -> bool:
    """Whether SymPy shows an answer equal to the solution, exactly.

    False says only that no exact proof was found in time.
    """
    letters: dict[str, Any] = {
        name: sympy.Symbol(name, real=True, positive=True if low >= 0 else None)
        for name, (low, _) in exercise.variables.items()
    }
    for name, text in exercise.definitions.items():
        letters[name] = _expression(parse(text, tuple(letters)), letters)
    try:
        left = _expression(exercise.parse(exercise.solution), letters)
        right = _expression(exercise.parse(answer), letters)
        proof = prove_equal(left, right, at_kinks=False, seconds=SECONDS)
    except (Unproved, ArithmeticError, TypeError, ValueError, RecursionError):
        return False
    return proof.kind is Kind.EXACT


def _expression(node: Node, letters: Mapping[str, Any]) -> Any:
    if node.kind == "number":
        return _CONSTANTS.get(node.value, sympy.Rational(repr(node.value)))
    if node.kind == "name":
        return letters[node.value]
    _check_size(node)
    children = [_expression(child, letters) for child in node.children]
    if node.kind == "call":
        return _FUNCTIONS[node.value](*children)
    if node.kind == "negative":
        return -children[0]
    left, right = children
    if node.kind == "+":
        return left + right
    if node.kind == "-":
        return left - right
    if node.kind == "*":
        return left * right
    if node.kind == "/":
        return left / right
    return left**right


def _has_letters(node: Node) -> bool:
    return node.kind == "name" or any(_has_letters(child) for child in node.children)


def _check_size(node: Node) -> None:
    if not _has_letters(node) and not abs(evaluate(node, {})) <= MAX_CONSTANT:
        raise ValueError("a constant is too large to be proved about")
    power = node.children[1] if node.kind == "^" else None
    if power and not _has_letters(power) and not abs(evaluate(power, {})) <= MAX_POWER:
        raise ValueError("a power is too large to be proved about")
