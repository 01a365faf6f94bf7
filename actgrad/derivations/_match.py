"""Statements as patterns: where one side of a statement fits, and what the other side is there.

In a statement u(x), v(x) and a stand for any part, b for any but 0, 1 and -1, and f for any
function of one argument. Inside a derivative u and v depend on its variable, a and b do not,
and u is not the variable alone where f is a function of it. Sums and products fit in any order,
but a fraction is no product.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._calculus import depends
from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._expression import (
    At,
    D,
    Definitions,
    Expr,
    add,
    contains,
    flat_factors,
    flat_terms,
    is_reciprocal,
    multiply,
    raise_to,
    rebuild,
    replace_all,
)
from actgrad.derivations._forms import order_form

Bound = Mapping[str, Any]
_X = sympy.Symbol("x", real=True)
_ANY = ("u", "v", "a", "b")
_CONSTANT = ("a", "b")
_MOST_PARTS = 8


def instances_of(
    left: Expr, right: Expr, e: Expr, definitions: Definitions = ()
) -> Iterator[Expr]:
    """Yield what the right side is, for each way in which the left side fits an expression."""
    seen = set()
    for whole, rest in _with_rest(left, e):
        for bound in _fits(left, whole, {}, definitions):
            made = _filled(right, bound)
            if rest:
                made = _joined(type(e), [made, *rest])
            if (key := order_form(made)) not in seen:
                seen.add(key)
                yield made


def _with_rest(left: Expr, e: Expr) -> Iterator[tuple[Expr, list[Expr]]]:
    """Yield a sum or product as what the pattern may fit and what stands beside it."""
    yield e, []
    kind = type(left)
    if kind not in (sympy.Add, sympy.Mul) or not isinstance(e, kind):
        return
    wanted, parts = _parts(kind, left), _parts(kind, e)
    if any(_letter(one) in _ANY for one in wanted) or len(parts) > _MOST_PARTS:
        return  # a letter takes what is left
    if len(parts) > len(wanted):
        for chosen in itertools.combinations(range(len(parts)), len(wanted)):
            rest = [part for place, part in enumerate(parts) if place not in chosen]
            yield _joined(kind, [parts[place] for place in chosen]), rest


def _fits(pattern: Expr, e: Expr, bound: Bound, known: Definitions) -> Iterator[Bound]:
    if (name := _letter(pattern)) in _ANY:
        yield from _bind(name, e, bound, known)
    elif name == "f":
        for function, inner in _as_function(e):
            if _letter(pattern.args[0]) and inner == bound.get("x"):
                continue
            for found in _fits(pattern.args[0], inner, bound, known):
                yield {**found, "f": function}
    elif pattern == _X:
        if e == bound.get("x", e):
            yield bound
    elif isinstance(pattern, D):
        if isinstance(e, D):
            inside = {**bound, "x": e.variable}
            yield from _fits(pattern.expression, e.expression, inside, known)
    elif isinstance(pattern, (sympy.Add, sympy.Mul)):
        yield from _fits_parts(pattern, e, bound, known)
    elif is_reciprocal(pattern) and pattern.exp == -1:
        if is_reciprocal(e):
            below = e.base if e.exp == -1 else raise_to(e.base, -e.exp)
            yield from _fits(pattern.base, below, bound, known)
    elif not pattern.args:
        if pattern == e:
            yield bound
    elif pattern.func == e.func and len(pattern.args) == len(e.args):
        orders = itertools.permutations(e.args) if isinstance(e, MinMaxBase) else (e.args,)
        for arguments in orders:
            yield from _fits_all(list(zip(pattern.args, arguments, strict=True)), bound, known)


def _fits_all(
    pairs: list[tuple[Expr, Expr]], bound: Bound, known: Definitions
) -> Iterator[Bound]:
    if not pairs:
        yield bound
        return
    for found in _fits(*pairs[0], bound, known):
        yield from _fits_all(pairs[1:], found, known)


def _letter(pattern: Expr) -> str:
    if isinstance(pattern, AppliedUndef):
        return type(pattern).__name__
    return pattern.name if pattern.is_Symbol and pattern != _X else ""


def _bind(name: str, e: Expr, bound: Bound, known: Definitions) -> Iterator[Bound]:
    x = bound.get("x")
    if not isinstance(e, sympy.Expr) or (name == "b" and e in (0, 1, -1)):
        return
    if x is not None and depends(e, x, known) == (name in _CONSTANT):
        return
    if name not in bound:
        yield {**bound, name: e}
    elif order_form(bound[name]) == order_form(e):
        yield bound


def _as_function(e: Expr) -> Iterator[tuple[Callable[[Expr], Expr], Expr]]:
    """Yield (function, argument) for each way to see a function of one argument."""
    if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
        base, exponent = e.args
        yield (lambda t: raise_to(t, exponent)), base
        yield (lambda t: raise_to(base, t)), exponent
    elif isinstance(e, sympy.Function) and len(e.args) == 1:
        yield (lambda t: rebuild(e, (t,))), e.args[0]


def _fits_parts(pattern: Expr, e: Expr, bound: Bound, known: Definitions) -> Iterator[Bound]:
    """Fit the parts of a sum or product, in any order; letters share what is left."""
    kind = type(pattern)
    parts = _parts(kind, e)
    if len(parts) < 2 or len(parts) > _MOST_PARTS:
        return
    wanted = _parts(kind, pattern)
    if kind is sympy.Mul and sum(map(is_reciprocal, wanted)) == 1:
        below = [part for part in parts if is_reciprocal(part)]
        if len(below) > 1:
            bases = (p.base if p.exp == -1 else raise_to(p.base, -p.exp) for p in below)
            parts = [part for part in parts if part not in below]
            parts.append(raise_to(multiply(*bases), -1))
    letters = [one for one in wanted if _letter(one) in _ANY]
    shapes = [one for one in wanted if _letter(one) not in _ANY]
    for places in itertools.permutations(range(len(parts)), len(shapes)):
        rest = [part for place, part in enumerate(parts) if place not in places]
        if len(rest) < len(letters) or (rest and not letters):
            continue
        pairs = [(shape, parts[at]) for shape, at in zip(shapes, places, strict=True)]
        for shares in _shared(rest, len(letters)):
            if (
                kind is sympy.Mul
                and "x" in bound
                and any(all(map(is_reciprocal, s)) for s in shares)
            ):
                continue
            given = [_joined(kind, share) for share in shares]
            yield from _fits_all([*pairs, *zip(letters, given, strict=True)], bound, known)


def _parts(kind: type, e: Expr) -> list[Expr]:
    if not isinstance(e, kind):
        return [e]
    found = flat_terms(e) if kind is sympy.Add else flat_factors(e)
    if kind is sympy.Add:
        return found
    # -3 is -1 times 3.
    return [
        part
        for factor in found
        for part in (
            (sympy.Integer(-1), -factor)
            if factor.is_Number and factor.is_negative and factor != -1
            else (factor,)
        )
    ]


def _joined(kind: type, parts: list[Expr]) -> Expr:
    return add(*parts) if kind is sympy.Add else multiply(*parts)


def _shared(parts: list[Expr], shares: int) -> Iterator[list[list[Expr]]]:
    """Yield the ways to give each of one or two letters a share, one of them a single part."""
    if shares == 0:
        yield []
    elif shares == 1:
        yield [parts]
    elif shares == 2:
        for place, part in enumerate(parts):
            others = parts[:place] + parts[place + 1 :]
            yield [[part], others]
            if len(others) > 1:
                yield [others, [part]]
    else:
        for place, part in enumerate(parts):
            for rest in _shared(parts[:place] + parts[place + 1 :], shares - 1):
                yield [[part], *rest]


def _filled(template: Expr, bound: Bound) -> Expr:
    """Return the template with everything put in that its letters stand for."""
    name = _letter(template)
    if name in bound and name != "f":
        return bound[name]
    if name in ("f", "f'"):
        inner = _filled(template.args[0], bound)
        if name == "f":
            return bound["f"](inner)
        t = sympy.Dummy("t", real=True)
        outer = D(bound["f"](t), t)
        if contains(outer, AppliedUndef):
            return At(outer, t, inner)
        return replace_all(carried_out(outer), t, inner)
    if template == _X:
        return bound.get("x", _X)
    if not template.args:
        return template
    return rebuild(template, tuple(_filled(part, bound) for part in template.args))
