"""How a rule is tested: applied to the line before, it must give the next line.

A *move* yields what its rule makes of one part. `differentiated` makes the check of a calculus
rule from a move on derivatives, `rewritten` that of an algebra rule from a move on any part:
the next line must be the line before with the move made at one or several places. `within`
makes the check of an algebra rule from the theory whose identities it uses.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy

from actgrad.derivations._expression import (
    D,
    Expr,
    IndexSum,
    at,
    find,
    flat_factors,
    flat_terms,
    is_reciprocal,
    is_sum,
    replace_at,
    walk,
)
from actgrad.derivations._forms import Theory, derivatives, form, order_form, weight
from actgrad.derivations._rule import Change, Check

Move = Callable[[Expr, Change], Iterator[Expr]]
_MOST = 3000


def differentiated(move: Move) -> Check:
    """Return the check of a calculus rule: derivatives become what it makes of them."""

    def check(change: Change) -> bool:
        goal = order_form(change.after)
        return any(order_form(line) == goal for line in _differentiated(move, change))

    return check


def _differentiated(move: Move, change: Change) -> Iterator[Expr]:
    left = derivatives(change.after)
    choices: list[list[tuple[Any, Expr | None]]] = []
    for path in find(change.before, lambda part: isinstance(part, D)):
        d = at(change.before, path)
        made: list[tuple[Any, Expr | None]] = [(path, result) for result in move(d, change)]
        # A derivative that the next line does not have must have been carried out.
        if order_form(d) in left:
            made.append((path, None))
        if not made:
            return
        choices.append(made)
    for chosen in itertools.islice(itertools.product(*choices), _MOST):
        line = change.before
        for path, result in chosen:
            if result is not None:
                line = replace_at(line, path, result)
        if line != change.before:
            yield line


def rewritten(move: Move, theory: Theory | None = None, times: int = 3) -> Check:
    """Return the check of an algebra rule: the move, made one to three times, in any places.

    What it makes is compared with the next line in the theory, or up to order alone.
    """

    def same(line: Expr) -> object:
        return order_form(line) if theory is None else form(line, theory)

    def check(change: Change) -> bool:
        if same(change.before) == (goal := same(change.after)):
            return False
        lines = {order_form(change.before): change.before}
        seen = 0
        for _ in range(times):
            found: dict[object, Expr] = {}
            for line in lines.values():
                for path in find(line, lambda part: True):
                    for result in move(at(line, path), change):
                        seen += 1
                        new = replace_at(line, path, result)
                        if same(new) == goal:
                            return True
                        found[order_form(new)] = new
                if seen > _MOST:
                    return False
            lines = found
        return False

    return check


def backwards(check: Check) -> Check:
    """Return the check of the same rule, read from the end."""
    return lambda change: check(change.reversed())


def either(*checks: Check) -> Check:
    return lambda change: any(check(change) for check in checks)


def both(*checks: Check) -> Check:
    return lambda change: all(check(change) for check in checks)


def within(theory: Theory, *smaller: Theory, measure: Callable[[Expr], int] = weight) -> Check:
    """Return the check of a rule that is a theory: that one is needed, no smaller one does.

    The measure falls: it tells the rule from its converse.
    """

    def check(change: Change) -> bool:
        def same(these: Theory) -> bool:
            return form(change.before, these) == form(change.after, these)

        return (
            order_form(change.before) != order_form(change.after)
            and same(theory)
            and not any(map(same, smaller))
            and measure(change.after) < measure(change.before)
        )

    return check


def equal_in(theory: Theory) -> Check:
    """Return the check that both lines are equal in a theory: a necessary condition."""
    return lambda change: form(change.before, theory) == form(change.after, theory)


# What falls as a rule is used


def brackets(e: Expr) -> int:
    """Return how many products and powers of sums a line has."""
    count = 0
    for part in walk(e):
        if isinstance(part, sympy.Mul):
            count += sum(map(is_sum, part.args)) * (len(part.args) > 1)
        if isinstance(part, sympy.Pow) and is_sum(part.base) and part.exp.is_Integer:
            count += max(0, int(part.exp) - 1)
    return count


def sums_with_a_gap(e: Expr) -> int:
    """Return how many sums leave out an index."""
    return sum(1 for part in walk(e) if isinstance(part, IndexSum) and part.has_gap)


def fewer_bars(e: Expr) -> int:
    """Return how few fractions a line shows: it falls as there are more."""
    return -sum(1 for part in walk(e) if is_reciprocal(part))


def occurrences(e: Expr) -> int:
    """Return how many terms and further factors of terms a line has, numbers apart."""
    count = 0
    for part in walk(e):
        if isinstance(part, sympy.Add):
            count += sum(not term.is_number for term in flat_terms(part))
        elif isinstance(part, sympy.Mul):
            count += sum(not factor.is_number for factor in flat_factors(part)) - 1
    return count
