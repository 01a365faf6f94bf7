"""The moves of calculus: what each rule makes of d(e)/dx."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._checks import Move
from actgrad.derivations._expression import (
    D,
    Definitions,
    Expr,
    IndexSum,
    add,
    bars,
    divide,
    is_reciprocal,
    matches,
    multiply,
    negate,
    numerator_and_denominator,
    raise_to,
    replace_all,
    undefine,
    walk,
)
from actgrad.derivations._forms import order_form
from actgrad.derivations._rule import Change

_MIXTURES = 64


def depends(expression: Expr, variable: Expr, definitions: Definitions = ()) -> bool:
    """Tell whether an expression depends on a variable, defined names seen through."""
    whole = undefine(expression, definitions)
    if isinstance(variable, sympy.Indexed):
        return any(
            isinstance(part, sympy.Indexed) and part.base == variable.base
            for part in walk(whole)
        )
    return variable in whole.free_symbols or variable in expression.free_symbols


def constant(d: Expr, change: Change) -> Iterator[Expr]:
    if not depends(d.expression, d.variable, change.definitions):
        yield sympy.Integer(0)


def identity(d: Expr, change: Change) -> Iterator[Expr]:
    if d.expression == d.variable:
        yield sympy.Integer(1)


def of_sum(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield d/dx term by term; terms that are sums may be taken apart, a minus put before."""
    e, x = d.args
    if isinstance(e, IndexSum):
        yield IndexSum(D(e.args[0], x), *e.args[1:])
    elif isinstance(e, sympy.Add):
        terms = []
        for term in e.args:
            ways = [D(term, x), *of_sum(D(term, x), change)]
            if isinstance(term, sympy.Mul) and term.args[0] == -1:
                ways.append(negate(D(multiply(*term.args[1:]), x)))
            elif term.is_Number and term.is_negative:
                ways.append(negate(D(-term, x)))
            terms.append(ways)
        # All minus signs before their derivatives, or inside them, and some mixtures.
        yield add(*(ways[-1] for ways in terms))
        for chosen in itertools.islice(itertools.product(*terms), _MIXTURES):
            yield add(*chosen)


def constant_multiple(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if not isinstance(e, sympy.Mul):
        return
    free = [f for f in e.args if not depends(f, x, change.definitions)]
    if len(free) == len(e.args):
        return
    for chosen in dict.fromkeys((tuple(free), *((f,) for f in free))):
        if chosen:
            rest = [f for f in e.args if f not in chosen]
            yield multiply(*chosen, D(multiply(*rest), x))


def product(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if not isinstance(e, sympy.Mul):
        return
    fractions = [
        divide(multiply(*above), multiply(*below)) if below else multiply(*above)
        for above, below in bars(e)
    ]
    for factors in ([*e.args], fractions):
        if len(factors) > 1:
            yield add(
                *(
                    multiply(*(D(f, x) if n == place else f for n, f in enumerate(factors)))
                    for place in range(len(factors))
                )
            )


def quotient(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    u, v = numerator_and_denominator(e)
    if v != 1:
        top = add(multiply(v, D(u, x)), negate(multiply(u, D(v, x))))
        yield multiply(top, raise_to(v, -2))


def reciprocal(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if is_reciprocal(e):
        v = raise_to(e.base, -e.exp) if e.exp != -1 else e.base
        yield multiply(-1, raise_to(v, -2), *_inner(v, x))


def _inner(u: Expr, x: Expr) -> tuple[Expr, ...]:
    return () if u == x else (D(u, x),)


def _powers(base: Expr, exponent: Expr) -> Iterator[Expr]:
    less = exponent - 1 if exponent.is_Number else add(exponent, -1)
    yield multiply(exponent, base if less == 1 else raise_to(base, less))


def power(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Pow) and e.base == x and not depends(e.exp, x, change.definitions):
        yield from _powers(e.base, e.exp)


def exponential_of_a_base(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Pow) and e.exp == x and not depends(e.base, x, change.definitions):
        yield multiply(e, sympy.log(e.base, evaluate=False))


def function(head: Any, statement: Expr) -> Move:
    """Return the move that reads the derivative of a function off its rule's statement."""

    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        if type(e) is head and e.args == (x,):
            yield replace_all(statement, sympy.Symbol("x", real=True), x)

    return move


def outer_derivatives(
    e: Expr, x: Expr, change: Change, slopes: Callable[[type], Expr | None]
) -> Iterator[tuple[Expr, Expr]]:
    """Yield (inner function, derivative of the outer function at it) for each way to see e."""
    if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
        base, exponent = e.args
        if not depends(exponent, x, change.definitions):
            for outer in _powers(base, exponent):
                yield base, outer
        if not depends(base, x, change.definitions):
            yield exponent, multiply(e, sympy.log(base, evaluate=False))
    elif isinstance(e, AppliedUndef) and len(e.args) == 1:
        if not any(matches(name, e) for name, _ in change.definitions):
            yield e.args[0], unknown_function(type(e).__name__ + "'")(*e.args)
    elif len(e.args) == 1 and (statement := slopes(type(e))) is not None:
        (u,) = e.args
        yield u, replace_all(statement, sympy.Symbol("x", real=True), u)


def chain(slopes: Callable[[type], Expr | None]) -> Move:
    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        for u, outer in outer_derivatives(e, x, change, slopes):
            if u != x and depends(u, x, change.definitions):
                yield multiply(outer, D(u, x))
        # In Leibniz' notation, with a named inner function.
        for name, _ in change.definitions:
            if name.is_Symbol and name != x and name in e.free_symbols and name != e:
                yield multiply(D(e, name), D(name, x))

    return move


def _slope(u: Expr, x: Expr) -> tuple[Expr, Expr] | None:
    """Return v and a of u = a*v + b, where v is a variable; None if u has no such form."""
    terms = u.args if isinstance(u, sympy.Add) else (u,)
    moving = [term for term in terms if depends(term, x)]
    if len(moving) != 1:
        return None
    factors = moving[0].args if isinstance(moving[0], sympy.Mul) else moving
    inner = [factor for factor in factors if depends(factor, x)]
    if len(inner) != 1 or not (inner[0] == x or isinstance(inner[0], sympy.Indexed)):
        return None
    return inner[0], multiply(*[f for f in factors if f is not inner[0]] or [sympy.Integer(1)])


def linear(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    found = _slope(e, x)
    if found is not None and found[0] == x and e != x:
        yield found[1]


def linear_chain(slopes: Callable[[type], Expr | None]) -> Move:
    def move(d: Expr, change: Change) -> Iterator[Expr]:
        e, x = d.args
        for u, outer in outer_derivatives(e, x, change, slopes):
            found = _slope(u, x)
            if found is not None and u != found[0]:
                v, slope = found
                yield multiply(slope, outer, *_inner(v, x))

    return move


def cases(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield the case distinctions of the next line that differentiate the pieces of e."""
    e, x = d.args
    if isinstance(e, sympy.Piecewise):
        pieces = [pair.args[0] for pair in e.args]
    elif isinstance(e, MinMaxBase):
        pieces = [*e.args]
        if len(pieces) > 2:
            pieces += [
                e.func(*some, evaluate=False)
                for some in itertools.combinations(pieces, len(pieces) - 1)
            ]
    elif isinstance(e, sympy.Abs):
        pieces = [e.args[0], negate(e.args[0])]
    else:
        return
    wanted = {order_form(D(piece, x)) for piece in pieces}
    for part in walk(change.after):
        if isinstance(part, sympy.Piecewise):
            values = [pair.args[0] for pair in part.args]
            if all(isinstance(v, D) and order_form(v) in wanted for v in values):
                yield part


def partial(d: Expr, change: Change) -> Iterator[Expr]:
    e, x = d.args
    if isinstance(e, sympy.Indexed) and isinstance(x, sympy.Indexed) and e.base == x.base:
        if e == x:
            yield sympy.Integer(1)
            return
        deltas = [sympy.KroneckerDelta(a, b) for a, b in zip(e.indices, x.indices, strict=True)]
        yield multiply(*(delta for delta in deltas if delta != 1))
        yield sympy.Integer(0)


def known(d: Expr, change: Change) -> Iterator[Expr]:
    """Yield the result of the known derivation, for the arguments that stand here."""
    derivation = change.known
    if derivation is None or derivation.symbol is None:
        return
    e, x = d.args
    subject, symbol, result = derivation.subject, derivation.symbol, derivation.result
    whole = undefine(e, change.definitions), undefine(subject, derivation.definitions)
    meanings = itertools.product((e, whole[0]), (subject, whole[1]))
    if isinstance(symbol, sympy.Indexed):
        if not isinstance(x, sympy.Indexed) or x.base != symbol.base:
            return
        renamed = dict(zip(symbol.indices, x.indices, strict=True))
        if all(isinstance(a, sympy.Indexed) for a in (e, subject)) and e.base == subject.base:
            renamed.update(zip(subject.indices, e.indices, strict=True))
        if order_form(whole[0]) == order_form(_renamed(whole[1], renamed)):
            yield _renamed(result, renamed)
        return
    for target, pattern in meanings:
        for u in dict.fromkeys(walk(target)):
            if order_form(replace_all(pattern, symbol, u)) == order_form(target):
                here = replace_all(result, symbol, u)
                here = replace_all(here, replace_all(subject, symbol, u), e)
                yield multiply(here, *_inner(u, x))


def _renamed(expression: Expr, names: dict[Expr, Expr]) -> Expr:
    """Rename letters at the same time; bound ones stay."""
    fresh = {old: sympy.Dummy(old.name, **old.assumptions0) for old in names}
    for old, dummy in fresh.items():
        expression = replace_all(expression, old, dummy)
    for old, new in names.items():
        expression = replace_all(expression, fresh[old], new)
    return expression
