"""Normal forms: which lines are the same up to a small part of algebra.

A `Theory` is a handful of identities; two expressions have the same `form` exactly if the
identities of the theory turn one into the other. A rule of algebra is right for a step when
its own theory makes the two lines equal and no smaller theory does. Nothing is evaluated by
SymPy here: a form is a nested tuple.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from actgrad.derivations._expression import D, Expr, IndexSum, replace_all

Form = Hashable


@dataclass(frozen=True)
class Leaf:
    """A letter or number; SymPy's own equality would convert what it is compared with."""

    expression: Expr


@dataclass(frozen=True)
class Root:
    """A positive number that is raised to a power that is not whole."""

    number: Fraction


class Theory(enum.Flag):
    """What may be done to one line to reach the other; each member contains `NUMBERS`."""

    # Numbers, 0, 1 and signs are worked out; a minus opens brackets.
    NUMBERS = enum.auto()
    # x*x = x^2 and 1/(a*b) = 1/a*1/b: a power is so many factors.
    FACTORS = enum.auto()
    # x*(1/x) = 1.
    CANCEL = enum.auto()
    # x + x = 2x.
    TERMS = enum.auto()
    # e^a*e^b = e^(a + b) and (a*b)^n = a^n*b^n.
    EXPONENTS = enum.auto()
    # a*(b + c) = a*b + a*c.
    EXPAND = enum.auto()
    # A sum over an index is taken term by term, and its constant factors come out.
    LINEAR = enum.auto()


def order_form(expression: Expr) -> Form:
    """Return the form that forgets only order, brackets and the place of a minus sign."""
    return _ordered(expression, 0)


@lru_cache(maxsize=1 << 14)
def _ordered(e: Expr, depth: int) -> Form:
    if isinstance(e, (sympy.Add, sympy.Mul)):
        parts = Counter(_ordered_parts(e, type(e), depth))
        return (type(e).__name__, frozenset(parts.items()))
    if e.is_Rational:
        factors = list(_number_factors(e))
        return factors[0] if len(factors) == 1 else ("Mul", frozenset(Counter(factors).items()))
    if not e.args:
        return Leaf(e)
    e, depth = _bound(e, depth)
    arguments = [_ordered(argument, depth) for argument in e.args]
    return (_head(e), frozenset(arguments)) if _is_delta(e) else (_head(e), *arguments)


def _ordered_parts(e: Expr, kind: Any, depth: int) -> Iterator[Form]:
    if type(e) is kind:
        for argument in e.args:
            yield from _ordered_parts(argument, kind, depth)
    elif kind is sympy.Mul and e.is_Rational:
        yield from _number_factors(e)
    else:
        yield _ordered(e, depth)


def _number_factors(number: Expr) -> Iterator[Form]:
    """Yield -1, the numerator and the reciprocal of the denominator, as far as they show."""
    if number < 0:
        yield Leaf(sympy.Integer(-1))
    if abs(number.p) != 1 or (number.q == 1 and number > 0):
        yield Leaf(sympy.Integer(abs(number.p)))
    if number.q != 1:
        yield ("Pow", Leaf(sympy.Integer(number.q)), Leaf(sympy.Integer(-1)))


def _head(e: Expr) -> str:
    return type(e).__name__


def _is_delta(e: Expr) -> bool:
    return isinstance(e, sympy.KroneckerDelta)


def _bound(e: Expr, depth: int) -> tuple[Expr, int]:
    """Name a bound index by its depth: sums that differ by a letter are the same."""
    if not isinstance(e, IndexSum):
        return e, depth
    term, index, *others = e.args
    level = sympy.Symbol(f"#{depth}", integer=True, positive=True)
    return e.func(replace_all(term, index, level), level, *others), depth + 1


def weight(expression: Expr) -> int:
    """Return how much there is to write, brackets and order apart."""

    def leaves(part: Form) -> int:
        if isinstance(part, frozenset):
            return sum(
                leaves(item[0]) * item[1] if isinstance(item, tuple) else leaves(item)
                for item in part
            )
        return 1 + sum(map(leaves, part[1:])) if isinstance(part, tuple) else 1

    return leaves(order_form(expression))


# Polynomial forms: a sum of (number, factors), where a factor is (base, exponent).

_E = Leaf(sympy.E)
Factor = tuple[Hashable, Hashable]
Factors = frozenset[tuple[Factor, int]]
Term = tuple[Fraction, Factors]
NOTHING: Factors = frozenset()
_HIGHEST = 12


def form(expression: Expr, theory: Theory) -> Form:
    """Return the form of an expression in a theory: equal forms, equal up to the theory."""
    return _Forms(theory | Theory.NUMBERS).form(expression, 0)


@lru_cache(maxsize=1 << 16)
def _terms(theory: Theory, e: Expr, depth: int) -> tuple[Term, ...]:
    return tuple(_Forms(theory)._terms(e, depth))


class _Forms:
    def __init__(self, theory: Theory) -> None:
        self.theory = theory

    def form(self, e: Expr, depth: int) -> Form:
        return self.poly(self.terms(e, depth))

    @staticmethod
    def poly(terms: Iterable[Term]) -> Form:
        return frozenset(Counter(terms).items())

    def terms(self, e: Expr, depth: int) -> tuple[Term, ...]:
        return _terms(self.theory, e, depth)

    def _terms(self, e: Expr, depth: int) -> list[Term]:
        if e.is_Rational:
            return self.joined([(Fraction(int(e.p), int(e.q)), NOTHING)])
        if isinstance(e, sympy.Add):
            return self.joined([t for part in e.args for t in self.terms(part, depth)])
        if isinstance(e, sympy.Mul):
            return self.product([self.terms(part, depth) for part in e.args])
        if isinstance(e, sympy.Pow) and not isinstance(e, sympy.exp):
            return self.power(e, depth)
        if not e.args:
            return [(Fraction(1), frozenset({((Leaf(e), 1), 1)}))]
        e, depth = _bound(e, depth)
        if Theory.LINEAR in self.theory and isinstance(e, IndexSum):
            return self.joined(
                [self.pulled_out(term, e) for term in self.terms(e.args[0], depth)]
            )
        if isinstance(e, sympy.exp) and not self.terms(e.args[0], depth):
            return [(Fraction(1), NOTHING)]
        inside = [self.argument(argument, depth) for argument in e.args]
        if Theory.EXPONENTS in self.theory and isinstance(e, sympy.exp):
            exponent = self.exponent(e.args[0], depth)
            return [self.single(_E, exponent) if exponent else (Fraction(1), NOTHING)]
        key = (_head(e), frozenset(inside) if _is_delta(e) else tuple(inside))
        return [(Fraction(1), frozenset({((key, 1), 1)}))]

    def argument(self, e: Expr, depth: int) -> Form:
        """Return the form of a function's argument, which may be a case with its condition."""
        if isinstance(e, sympy.Expr):
            return self.form(e, depth)
        return (_head(e), *(self.argument(part, depth) for part in e.args))

    def pulled_out(self, term: Term, total: Expr) -> Term:
        """Return a number times outer factors times the sum of what the index stands in."""
        number, factors = term
        inner = {(f, many) for f, many in factors if _mentions(f, total.args[1])}
        rest = tuple(map(order_form, total.args[1:]))
        key = (_head(total), frozenset(inner), *rest)
        return self.times((number, factors - inner), self.single(key, 1))

    def joined(self, terms: list[Term]) -> list[Term]:
        """Add numbers up, and equal terms where the theory has that; drop zeros."""
        totals: dict[Factors, Fraction] = {}
        kept: list[Term] = []
        for number, factors in terms:
            if factors == NOTHING or Theory.TERMS in self.theory:
                totals[factors] = totals.get(factors, Fraction(0)) + number
            elif number:
                kept.append((number, factors))
        return kept + [(number, factors) for factors, number in totals.items() if number]

    def product(self, parts: list[tuple[Term, ...]]) -> list[Term]:
        if Theory.EXPAND in self.theory:
            result: list[Term] = [(Fraction(1), NOTHING)]
            for part in parts:
                result = self.joined(
                    [self.times(one, other) for one in result for other in part]
                )
            return result
        whole: Term = (Fraction(1), NOTHING)
        brackets: list[list[Term]] = []
        for part in parts:
            if not part:
                return []
            if len(part) == 1:
                whole = self.times(whole, part[0])
            else:
                sign, bracket = self.signed(part)
                brackets.append(bracket)
                factor = self.single(("sum", self.poly(bracket)), 1)
                whole = self.times(whole, (Fraction(sign), factor[1]))
        # A minus before a bracket opens it.
        if len(brackets) == 1 and whole in (opened := self.single_bracket(brackets[0])):
            return opened[whole]
        return [whole]

    def single_bracket(self, terms: list[Term]) -> dict[Term, list[Term]]:
        """Return what a bracket alone and a bracket after a minus are, opened."""
        factors = self.single(("sum", self.poly(terms)), 1)[1]
        return {
            (Fraction(sign), factors): [(sign * number, rest) for number, rest in terms]
            for sign in (1, -1)
        }

    @staticmethod
    def signed(terms: tuple[Term, ...]) -> tuple[int, list[Term]]:
        """Return a sign and the bracket that it stands before: one of a - b and b - a."""
        first = min(terms, key=lambda term: (hash(term[1]), term[0]))
        sign = 1 if first[0] > 0 else -1
        return sign, [(sign * number, factors) for number, factors in terms]

    @staticmethod
    def single(base: Hashable, exponent: Hashable) -> Term:
        return Fraction(1), frozenset({((base, exponent), 1)})

    def times(self, one: Term, other: Term) -> Term:
        factors = Counter(dict(one[1]))
        factors.update(dict(other[1]))
        if Theory.CANCEL in self.theory:
            for base, exponent in list(factors):
                if exponent == 1 and (base, -1) in factors:
                    both = min(factors[base, 1], factors[base, -1])
                    factors[base, 1] -= both
                    factors[base, -1] -= both
        if Theory.EXPONENTS in self.theory:
            factors = self.merged(factors)
        number = one[0] * other[0]
        for (base, exponent), many in list(factors.items()):
            # A root of a number, to a whole power.
            if isinstance(base, Root) and isinstance(exponent, int):
                number *= base.number ** (exponent * many)
                del factors[base, exponent]
        return number, frozenset((+factors).items())

    def merged(self, factors: Counter[Factor]) -> Counter[Factor]:
        """Add the exponents of equal bases, where one of them is no whole number."""
        fractional = {b for (b, n), many in factors.items() if many and not isinstance(n, int)}
        if not fractional:
            return factors
        result: Counter[Factor] = Counter()
        for base in fractional:
            total: Counter[Hashable] = Counter()
            for (b, exponent), many in factors.items():
                if b == base:
                    for number, key in self.exponent_terms(exponent):
                        total[key] += number * many  # type: ignore[assignment]
            result.update(self.raised(base, total))
        for (b, exponent), many in factors.items():
            if b not in fractional:
                result[b, exponent] += many
        return result

    def raised(self, base: Hashable, total: Counter[Hashable]) -> dict[Factor, int]:
        terms = [(number, key) for key, number in total.items() if number]
        if not terms:
            return {}
        if base is not _E and len(terms) == 1 and terms[0][1] == NOTHING:
            number = Fraction(terms[0][0])
            if number.denominator == 1:
                return {(base, 1 if number > 0 else -1): abs(number.numerator)}
        return {(base, self.poly(terms)): 1}  # type: ignore[arg-type]

    @staticmethod
    def exponent_terms(exponent: Hashable) -> Iterator[tuple[Fraction, Hashable]]:
        if isinstance(exponent, int):
            yield Fraction(exponent), NOTHING
        elif isinstance(exponent, frozenset):
            for (number, key), many in exponent:
                yield number * many, key

    def exponent(self, e: Expr, depth: int) -> Form:
        """Return the form of an exponent: multiplied out, equal terms joined, cancelled."""
        wide = self.theory | Theory.EXPAND | Theory.TERMS | Theory.FACTORS | Theory.CANCEL
        return _Forms(wide).form(e, depth)

    def power(self, e: Expr, depth: int) -> list[Term]:
        base = self.terms(e.args[0], depth)
        exponent = self.terms(e.args[1], depth)
        number = _as_number(exponent)
        if number == 0:
            return [(Fraction(1), NOTHING)]
        if number == 1 or (not base and number is not None and number > 0):
            return list(base)
        whole = number is not None and number.denominator == 1
        value = _as_number(base)
        if whole and number is not None and value:
            return [(value**number.numerator, NOTHING)]
        if whole and number is not None and Theory.FACTORS in self.theory:
            return self.whole_power(base, number.numerator)
        if Theory.EXPONENTS in self.theory:
            return self.general_power(base, e, depth)
        key = ("Pow", (self.poly(base), self.poly(exponent)))
        return [self.single(key, 1)]

    def whole_power(self, base: tuple[Term, ...], number: int) -> list[Term]:
        if not base:
            return [self.single(("Pow", (self.poly(base), number)), 1)]
        if len(base) > 1:
            # A higher power is no line that anybody multiplies out.
            if 0 < number <= _HIGHEST and Theory.EXPAND in self.theory:
                return self.product([base] * number)
            sign, bracket = self.signed(base)
            factor = ("sum", self.poly(bracket)), 1 if number > 0 else -1
            return [self.reduced(Fraction(sign) ** number, Counter({factor: abs(number)}))]
        ((coefficient, factors),) = base
        simple = coefficient == 1 and sum(many for _, many in factors) == 1
        if number != -1 and not simple and Theory.EXPONENTS not in self.theory:
            return [self.single(("Pow", (self.poly(base), number)), 1)]
        raised: Counter[Factor] = Counter()
        for (key, exponent), many in factors:
            if isinstance(exponent, int):
                sign = exponent if number > 0 else -exponent
                raised[key, sign] += many * abs(number)
            else:
                total = Counter(
                    {rest: n * number * many for n, rest in self.exponent_terms(exponent)}
                )
                raised.update(self.raised(key, total))
        return [self.reduced(coefficient**number, raised)]

    def reduced(self, number: Fraction, factors: Counter[Factor]) -> Term:
        return self.times((number, NOTHING), (Fraction(1), frozenset(factors.items())))

    def general_power(self, base: tuple[Term, ...], e: Expr, depth: int) -> list[Term]:
        """Return base^exponent where exponents of equal bases are added."""
        exponent = self.exponent(e.args[1], depth)
        if len(base) == 1 and base[0][0] > 0 and base[0][0] != 1:
            # (c*a)^n = c^n*a^n, whatever a is, where c is positive.
            number, factors = base[0]
            root = self.single(Root(number), exponent)
            if factors == NOTHING:
                return [root]
            others = self.general_power(((Fraction(1), factors),), e, depth)
            return self.product([(root,), tuple(others)])
        if len(base) == 1 and base[0][0] == 1 and len(base[0][1]) == 1:
            ((key, inner), many), *_ = base[0][1]
            if many == 1 and inner == 1:
                return [self.single(key, exponent)]
            if key is _E or not isinstance(inner, int):
                product = [
                    (m * n, _both(a, b))
                    for m, a in self.exponent_terms(inner)
                    for n, b in self.exponent_terms(exponent)
                ]
                total: Counter[Hashable] = Counter()
                for n, rest in product:
                    total[rest] += n  # type: ignore[assignment]
                return [self.reduced(Fraction(1), Counter(self.raised(key, total)))]
        return [self.single(("sum", self.poly(base)), exponent)]


def _mentions(key: Hashable, index: Expr) -> bool:
    if isinstance(key, (tuple, frozenset)):
        return any(_mentions(part, index) for part in key)
    return isinstance(key, Leaf) and index in key.expression.free_symbols


def _both(one: Hashable, other: Hashable) -> Hashable:
    factors: Counter[Factor] = Counter(dict(one))  # type: ignore[call-overload]
    factors.update(dict(other))  # type: ignore[call-overload]
    return frozenset(factors.items())


def _as_number(terms: tuple[Term, ...]) -> Fraction | None:
    if not terms:
        return Fraction(0)
    if len(terms) == 1 and terms[0][1] == NOTHING:
        return terms[0][0]
    return None


def derivatives(expression: Expr) -> Counter[Form]:
    """Return the derivatives that stand in a line, not carried out, with their numbers."""
    if isinstance(expression, D):
        return Counter([order_form(expression)])
    found: Counter[Form] = Counter()
    for argument in expression.args:
        found.update(derivatives(argument))
    return found
