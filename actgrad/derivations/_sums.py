"""Sums over an index of general size, and Kronecker deltas, in one normal form."""

from __future__ import annotations

import sympy
from sympy import KroneckerDelta, Sum, Symbol

from actgrad.derivations._expression import Expr, SumExcept


def has_indices(expression: Expr) -> bool:
    """Tell whether sums or deltas occur in the expression."""
    return bool(expression.has(Sum, SumExcept, KroneckerDelta))


def normalized(expression: Expr) -> Expr:
    """Return the expression with sums split, factors pulled out and deltas sifted.

    Indices outside of a sum are taken to lie in the range of the sum.
    """
    if not expression.has(Sum, SumExcept):
        return expression
    if isinstance(expression, SumExcept):
        term, index, last, excepted = expression.args
        return normalized(Sum(term * (1 - KroneckerDelta(index, excepted)), (index, 1, last)))
    arguments = tuple(map(normalized, expression.args))
    if not isinstance(expression, Sum):
        return expression.func(*arguments)
    term, (index, first, last) = arguments
    terms = sympy.Add.make_args(sympy.expand(term))
    return sympy.Add(*(_summed(part, index, first, last) for part in terms))


def _summed(term: Expr, index: Expr, first: Expr, last: Expr) -> Expr:
    outside, inside = term.as_independent(index, as_Add=False)
    for factor in sympy.Mul.make_args(inside):
        if isinstance(factor, KroneckerDelta):
            (other,) = set(factor.args) - {index}
            return outside * normalized((inside / factor).xreplace({index: other}))
    if inside == 1:
        return outside * (last - first + 1)
    depth = max(
        (1 + int(s.name[1:]) for s in inside.atoms(Symbol) if s.name.startswith("#")),
        default=0,
    )
    # One name for all bound indices of a depth: sums that differ by a name are equal.
    bound = Symbol(f"#{depth}", integer=True, positive=True)
    return outside * Sum(inside.xreplace({index: bound}), (bound, first, last))


def cases(expression: Expr, distinct: frozenset[frozenset[Expr]]) -> list[Expr]:
    """Return the expression in each case that its free deltas leave: equal or distinct."""
    expression = normalized(expression)
    deltas = sorted(expression.atoms(KroneckerDelta), key=str)
    if not deltas:
        return [expression]
    i, k = deltas[0].args
    different = expression.xreplace({deltas[0]: sympy.S.Zero})
    found = cases(different, distinct | {frozenset((i, k))})
    if frozenset((i, k)) not in distinct:
        found += cases(expression.xreplace({i: k}), distinct)
    return found
