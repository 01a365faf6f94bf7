"""Sums over an index of general size, and Kronecker deltas, in one normal form."""

from __future__ import annotations

import sympy
from sympy import Dummy, KroneckerDelta, Symbol

from actgrad.derivations._expression import Expr, IndexSum


def has_indices(expression: Expr) -> bool:
    """Tell whether sums or deltas occur in the expression."""
    return bool(expression.has(IndexSum, KroneckerDelta))


def normalized(expression: Expr) -> Expr:
    """Return the expression with sums split, factors pulled out and deltas sifted.

    Indices outside of a sum are taken to lie in the range of the sum.
    """
    if not expression.has(IndexSum):
        return expression
    if not isinstance(expression, IndexSum):
        return expression.func(*map(normalized, expression.args))
    term, index, last, *excepted = expression.args
    if excepted:
        return normalized(IndexSum(term * (1 - KroneckerDelta(index, *excepted)), index, last))
    # A bound index that was named by an earlier pass must not count as a sum inside.
    fresh = Dummy(integer=True, positive=True)
    term, index = normalized(term.xreplace({index: fresh})), fresh
    terms = sympy.Add.make_args(sympy.expand(term))
    return sympy.Add(*(_summed(part, index, last) for part in terms))


def _summed(term: Expr, index: Expr, last: Expr) -> Expr:
    outside, inside = term.as_independent(index, as_Add=False)
    for factor in sympy.Mul.make_args(inside):
        if isinstance(factor, KroneckerDelta):
            (other,) = set(factor.args) - {index}
            return outside * normalized((inside / factor).xreplace({index: other}))
    if inside == 1:
        return outside * last
    depth = max(
        (1 + int(s.name[1:]) for s in inside.atoms(Symbol) if s.name.startswith("#")),
        default=0,
    )
    # One name for all bound indices of a depth: sums that differ by a name are equal.
    bound = Symbol(f"#{depth}", integer=True, positive=True)
    return outside * IndexSum(inside.xreplace({index: bound}), bound, last)


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
