"""The moves of algebra: what each rule makes of a part of a line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import sympy
from sympy.functions.elementary.miscellaneous import MinMaxBase

from actgrad.derivations._cases import case_by_case
from actgrad.derivations._checks import Move
from actgrad.derivations._expression import (
    D,
    Expr,
    IndexSum,
    add,
    contains,
    flat_factors,
    flat_terms,
    instance,
    is_sum,
    matches,
    multiply,
    negate,
    replace_all,
    walk,
)
from actgrad.derivations._forms import Theory, form, order_form
from actgrad.derivations._rule import Change


def known_equality(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield one side of a known chain that differentiates nothing for the other."""
    derivation = change.known
    if derivation is not None and derivation.symbol is None:
        sides = derivation.start, derivation.result
        for side, other in (sides, sides[::-1]):
            if order_form(e) == order_form(side):
                yield other


def parts_put_in(change: Change) -> bool:
    """Tell whether the results of the parts stand in their places, and nothing else changed."""
    line = change.before
    for part in change.parts:
        # A part that stands on other names, or on conditions, shows nothing here.
        if part.conditions or not set(part.definitions) <= set(change.definitions):
            return False
        line = replace_all(line, part.start, part.result)
    return bool(change.parts) and line == change.after


def distributed(accepts: Callable[[Expr], bool]) -> Move:
    """Return the move that multiplies factors into a sum, once; only factors accepted."""

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        if not isinstance(e, sympy.Mul) or not any(map(is_sum, flat_factors(e))):
            return
        factors = flat_factors(e)
        for place, bracket in enumerate(factors):
            if not is_sum(bracket):
                continue
            others = [*factors[:place], *factors[place + 1 :]]
            able = [n for n, factor in enumerate(others) if accepts(factor)]
            for size in range(1, len(able) + 1):
                for chosen in itertools.combinations(able, size):
                    inside = [others[n] for n in chosen]
                    kept = [f for n, f in enumerate(others) if n not in chosen]
                    for opened in _times(inside, bracket):
                        yield multiply(*kept, opened)

    return move


def _times(factors: list[Expr], bracket: Expr) -> Iterator[Expr]:
    """Yield the factors times the bracket, term by term or group of neighbours by group."""
    if not isinstance(bracket, sympy.Add):
        yield bracket.func(multiply(*factors, bracket.args[0]), *bracket.args[1:])
        return
    terms = bracket.args
    for cuts in itertools.product((True, False), repeat=min(len(terms), 6) - 1):
        groups = [[terms[0]]]
        for term, cut in itertools.zip_longest(terms[1:], cuts, fillvalue=True):
            if cut:
                groups.append([term])
            else:
                groups[-1].append(term)
        if len(groups) > 1:
            yield add(*(multiply(*factors, add(*group)) for group in groups))


def without_opposites(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield a sum without two terms that add up to 0."""
    if not isinstance(e, sympy.Add):
        return
    terms = flat_terms(e)
    nothing = form(sympy.Integer(0), Theory.TERMS)
    for a, b in itertools.combinations(range(len(terms)), 2):
        if form(add(terms[a], terms[b]), Theory.TERMS) == nothing:
            rest = [term for n, term in enumerate(terms) if n not in (a, b)]
            if rest:
                yield add(*rest)


def into_cases(e: Expr, change: Change) -> Iterator[Expr]:
    if not isinstance(e, sympy.Mul):
        return
    for place, factor in enumerate(e.args):
        if isinstance(factor, sympy.Piecewise):
            others = [*e.args[:place], *e.args[place + 1 :]]
            pairs = [(multiply(*others, p.args[0]), p.args[1]) for p in factor.args]
            yield sympy.Piecewise(*pairs, evaluate=False)


def four_products(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield 4ab for (a + b)^2 - (a - b)^2."""
    if not (isinstance(e, sympy.Add) and len(e.args) == 2):
        return
    plus, minus = e.args
    if not (isinstance(minus, sympy.Mul) and minus.args[0] == -1 and len(minus.args) == 2):
        return
    squares = plus, minus.args[1]
    if all(isinstance(s, sympy.Pow) and s.exp == 2 and is_sum(s.base) for s in squares):
        total, difference = (s.base for s in squares)
        for a in total.args:
            b = add(*(term for term in total.args if term is not a))
            if order_form(difference) in (
                order_form(add(a, multiply(-1, b))),
                order_form(add(a, negate(b))),
            ):
                yield multiply(4, a, b)


def flat_extremum(e: Expr, change: Change) -> Iterator[Expr]:
    if isinstance(e, MinMaxBase) and (joined := e.func(*e.args)) != e:
        yield joined


def extremum_by_cases(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield the formulas between the kinks of an expression with maxima or minima."""
    if isinstance(e, sympy.Expr) and contains(e, MinMaxBase) and not contains(e, D):
        for x in e.free_symbols:
            if (cases := case_by_case(e, x)) is not None:
                yield cases


def as_exponential(e: Expr, change: Change) -> Iterator[Expr]:
    if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
        yield sympy.exp(multiply(e.exp, sympy.log(e.base, evaluate=False)), evaluate=False)


def logarithm_undone(e: Expr, change: Change) -> Iterator[Expr]:
    if isinstance(e, sympy.exp) and isinstance(e.args[0], sympy.log):
        yield e.args[0].args[0]


def instances(left: Expr, right: Expr) -> Move:
    """Return the move that puts one side of an identity in x for the other, at any argument."""
    heads = tuple(type(f) for f in walk(left) if isinstance(f, sympy.Function))

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        x = sympy.Symbol("x", real=True)
        if not isinstance(e, sympy.Add):
            return
        arguments = {f.args[0] for f in walk(e) if isinstance(f, heads)}
        for u in arguments:
            pattern = replace_all(left, x, u)
            for some in itertools.combinations(e.args, len(pattern.args)):
                if order_form(add(*some)) == order_form(pattern):
                    rest = [term for term in e.args if term not in some]
                    yield add(replace_all(right, x, u), *rest)

    return move


def one_index_apart(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield the term of one index and the sum over the others, deltas known in both."""
    if not isinstance(e, IndexSum) or e.has_gap:
        return
    term, index, last = e.args
    letters = {
        s for s in change.before.free_symbols | change.after.free_symbols if s.is_integer
    }
    for k in letters - {index, last}:
        delta = sympy.KroneckerDelta(index, k)
        alone = replace_all(replace_all(term, delta, sympy.Integer(1)), index, k)
        others = replace_all(term, delta, sympy.Integer(0))
        yield add(alone, IndexSum(others, index, last, k))


def sifted(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield the one term of a sum that its delta leaves."""
    if isinstance(e, IndexSum) and not e.has_gap:
        yield from _sifted(*e.args[:2])


def _sifted(term: Expr, index: Expr) -> Iterator[Expr]:
    if isinstance(term, IndexSum) and not term.has_gap:
        for inner in _sifted(term.args[0], index):
            yield IndexSum(inner, *term.args[1:])
    factors = flat_factors(term)
    for place, factor in enumerate(factors):
        if isinstance(factor, sympy.KroneckerDelta) and index in factor.args:
            (other,) = set(factor.args) - {index}
            rest = [*factors[:place], *factors[place + 1 :]]
            yield replace_all(multiply(*rest or [sympy.Integer(1)]), index, other)


def delta_for_cases(e: Expr, change: Change) -> Iterator[Expr]:
    """Yield delta*u + (1 - delta)*v for the cases i = k and i != k."""
    if isinstance(e, sympy.Piecewise) and len(e.args) == 2:
        (u, equal), (v, _) = (pair.args for pair in e.args)
        if isinstance(equal, sympy.Eq):
            delta = sympy.KroneckerDelta(*equal.args)
            yield add(multiply(delta, u), multiply(add(1, multiply(-1, delta)), v))


def defined(letters: bool | None = None) -> Move:
    """Return the move that puts in what a name stands for; letters only, or all but letters."""

    def move(e: Expr, change: Change) -> Iterator[Expr]:
        for name, value in change.definitions:
            if matches(name, e) and letters in (None, bool(name.is_Symbol)):
                yield instance(name, value, e)

    return move
