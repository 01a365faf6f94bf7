"""SymPy's own calculus on the lines of a derivation: every derivative carried out."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.function import AppliedUndef, UndefinedFunction

from actgrad.derivations import _sums
from actgrad.derivations._expression import At, D, Expr, IndexSum


def unknown_function(name: str) -> Any:
    """Return an unknown smooth function f of one variable, whose derivative is written f'."""
    return UndefinedFunction(
        name,
        bases=(AppliedUndef,),
        __dict__={"fdiff": lambda self, index=1: unknown_function(name + "'")(*self.args)},
    )


def carried_out(expression: Expr) -> Expr:
    """Return the expression evaluated, its derivatives carried out by SymPy."""
    if not expression.args:
        return expression
    if isinstance(expression, D):
        return sympy.diff(carried_out(expression.expression), expression.variable)
    arguments = [carried_out(argument) for argument in expression.args]
    if isinstance(expression, At):
        return arguments[0].subs(arguments[1], arguments[2])
    if isinstance(expression, AppliedUndef):
        return unknown_function(type(expression).__name__)(*arguments)
    if isinstance(expression, IndexSum) and expression.has_gap:
        return _sums.normalized(IndexSum(*arguments))
    return expression.func(*arguments)
