"""The shape of a function: where its slope is 0, where it rises, what values it takes.

The zeros of the slope are counted, not only found, where Rolle's theorem does it: between two
neighbouring zeros of g' the function g has at most one zero. Divided by an exponential, which
has no zero, and differentiated again and again, an expression of polynomials, exponentials and
error functions becomes a polynomial, whose real zeros SymPy isolates.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import sympy

from actgrad.derivations._carried_out import carried_out
from actgrad.derivations._cases import join_of, kinks, one_side
from actgrad.derivations._expression import Expr
from actgrad.derivations._limit import TimeLimit, within
from actgrad.derivations._normal import is_zero

_DIGITS = 60
_SHOWN = 30
_DEPTH = 12
_SECONDS = 2.0
# Where zeros are looked for that cannot be counted: steps of 1/32, and far out by doubling.
_GRID = [n / 32 for n in range(-32 * 32, 32 * 32 + 1)]


class _Unknown(Exception):
    """Rolle's theorem does not count the zeros of this expression."""


@dataclass(frozen=True)
class Piece:
    """A smooth part of a function, from one place to another."""

    start: Expr
    end: Expr
    formula: Expr


@dataclass(frozen=True)
class Shape:
    """What a function of one variable looks like.

    Parameters
    ----------
    expression, symbol
        The function, without parameters, and its variable.
    """

    expression: Expr
    symbol: Expr

    @cached_property
    def joins(self) -> tuple[Expr, ...]:
        """Where cases meet."""
        return tuple(place for x, place in kinks(self.expression) if x == self.symbol)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The smooth parts, from left to right."""
        if not self.joins:
            return (Piece(-sympy.oo, sympy.oo, carried_out(self.expression)),)
        first = one_side(self.expression, self.symbol, self.joins[0], -1)
        rest = (one_side(self.expression, self.symbol, place, 1) for place in self.joins)
        ends = itertools.pairwise((-sympy.oo, *self.joins, sympy.oo))
        return tuple(
            Piece(start, end, carried_out(formula))
            for (start, end), formula in zip(ends, (first, *rest), strict=True)
        )

    @cached_property
    def _stationary(self) -> tuple[tuple[sympy.Set, bool], ...]:
        """For each piece where its slope is 0, and whether these are shown to be all."""
        return tuple(
            stationary(piece.formula, self.symbol, piece.start, piece.end)
            for piece in self.pieces
        )

    @property
    def counted(self) -> bool:
        """Whether the zeros of the slope are shown to be all; else they were looked for."""
        return all(counted for _, counted in self._stationary)

    @cached_property
    def roots(self) -> sympy.Set:
        """Where the slope is 0: points, intervals of flat pieces, or an endless series."""
        level = [p for p in self.joins if join_of(self.expression, self.symbol, p) == 0]
        pieces = (found for found, _ in self._stationary)
        return sympy.Union(sympy.FiniteSet(*level), *pieces)

    @cached_property
    def limits(self) -> tuple[Expr, Expr]:
        """The limits at -oo and at oo."""
        first, last = self.pieces[0], self.pieces[-1]
        return (
            _limit(first.formula, self.symbol, -sympy.oo),
            _limit(last.formula, self.symbol, sympy.oo),
        )

    @cached_property
    def monotonicity(self) -> str:
        """``increasing``, ``non-decreasing``, ``constant``, ... or ``not monotone``."""
        signs = {sign for piece in self._runs for sign in [piece.sign]}
        signs |= {sign for sign in self._jumps if sign}
        if {1, -1} <= signs:
            return "not monotone"
        if signs == {0}:
            return "constant"
        rises = 1 in signs
        if 0 in signs:
            return "non-decreasing" if rises else "non-increasing"
        return "increasing" if rises else "decreasing"

    @property
    def monotonic(self) -> bool:
        """Whether the function never turns."""
        return self.monotonicity != "not monotone"

    @cached_property
    def range(self) -> sympy.Set:
        """Every value that the function takes."""
        taken = [self._at(place) for place in self.joins]
        parts: list[sympy.Set] = [sympy.FiniteSet(*taken)]
        for run in self._runs:
            ends = {run.low: run.low_taken, run.high: run.high_taken}
            if len(ends) == 1:
                parts.append(sympy.FiniteSet(run.low))
            else:
                (low, at_low), (high, at_high) = sorted(
                    ends.items(), key=lambda e: _number(e[0])
                )
                parts.append(sympy.Interval(low, high, not at_low, not at_high))
        return sympy.Union(*parts)

    def _at(self, place: Expr) -> Expr:
        value = carried_out(self.expression).subs(self.symbol, place)
        return sympy.nsimplify(value) if value.is_Rational else value

    @cached_property
    def _jumps(self) -> list[int]:
        """The directions of the steps at the joins."""
        signs = []
        for place, (left, right) in zip(
            self.joins, itertools.pairwise(self.pieces), strict=True
        ):
            before = left.formula.subs(self.symbol, place)
            after = right.formula.subs(self.symbol, place)
            for low, high in itertools.pairwise((before, self._at(place), after)):
                signs.append(0 if is_zero(low - high) else _sign(high - low))
        return signs

    @cached_property
    def _runs(self) -> tuple[_Run, ...]:
        """The stretches between neighbouring zeros of the slope, from left to right."""
        return tuple(
            run
            for piece, (zeros, _) in zip(self.pieces, self._stationary, strict=True)
            for run in _runs(piece, zeros, self.symbol)
        )


@dataclass(frozen=True)
class _Run:
    """A stretch on which a function rises (1), falls (-1) or stays (0)."""

    sign: int
    low: Expr
    high: Expr
    low_taken: bool
    high_taken: bool


def _runs(piece: Piece, zeros: sympy.Set, x: Expr) -> Iterator[_Run]:
    f = piece.formula
    if not f.has(x):
        yield _Run(0, f, f, True, True)
        return
    if not isinstance(zeros, sympy.FiniteSet) and zeros != sympy.EmptySet:
        # An endless series: one period of the slope shows whether the function turns.
        slopes = sympy.calculus.util.function_range(sympy.diff(f, x), x, sympy.S.Reals)
        signs = {1} if slopes.inf >= 0 else {-1} if slopes.sup <= 0 else {1, -1}
        low, high = (_limit(f, x, end) for end in (piece.start, piece.end))
        if low.is_finite is not False or high.is_finite is not False:
            values = sympy.calculus.util.function_range(f, x, sympy.S.Reals)
            low, high = values.inf, values.sup
        for sign in signs:
            yield _Run(sign, low, high, bool(low.is_finite), bool(high.is_finite))
        return
    inner = sorted(zeros, key=_number)
    places = [piece.start, *inner, piece.end]
    for start, end in itertools.pairwise(places):
        middle = _between(start, end)
        sign = _sign(sympy.diff(f, x).subs(x, middle))
        low, high = (_limit(f, x, e) if e.is_infinite else _put(f, x, e) for e in (start, end))
        # The values at a join are added there: it may belong to the other piece.
        yield _Run(sign, low, high, start in inner, end in inner)


def stationary(f: Expr, x: Expr, start: Expr, end: Expr) -> tuple[sympy.Set, bool]:
    """Return where f' is 0 between two places, and whether these are shown to be all."""
    slope = sympy.diff(f, x)
    if not slope.has(x) or is_zero(slope):
        flat = is_zero(slope)
        return (sympy.Interval.open(start, end) if flat else sympy.EmptySet), True
    if slope.has(sympy.sin, sympy.cos):
        return sympy.Intersection(
            sympy.solveset(slope, x, sympy.S.Reals), sympy.Interval.open(start, end)
        ), True
    found: list[Expr] = []
    # On one side of 0 the sign of the variable is known.
    known = {"positive": True} if start >= 0 else {"negative": True} if end <= 0 else {}
    inside = sympy.Symbol(x.name, real=True, **known)

    def count() -> bool:
        found.extend(zeros(slope.subs(x, inside), inside, start, end))
        return True

    try:
        within(_SECONDS, count)
    except (_Unknown, TimeLimit):
        return sympy.FiniteSet(*_looked_for(slope, x, start, end)), False
    return sympy.FiniteSet(*found), True


def zeros(g: Expr, x: Expr, start: Expr, end: Expr, depth: int = 0) -> list[Expr]:
    """Return all zeros of an expression between two places, in ascending order.

    Raises
    ------
    _Unknown
        If this way does not count them.
    """
    found: dict[Expr, None] = {}
    for factor in _factors(g, x):
        for zero in _zeros_of_factor(factor, x, start, end, depth):
            found.setdefault(zero)
    return sorted(found, key=_number)


def _factors(g: Expr, x: Expr) -> Iterator[Expr]:
    """Yield the factors that may have a zero."""
    g = g.rewrite([sympy.tanh, sympy.sinh, sympy.cosh, sympy.sech], sympy.exp)
    g, meanings = _named(sympy.powsimp(sympy.expand(g)), x)
    numerator, denominator = sympy.fraction(sympy.together(g))
    if any(not _has_no_zero(factor.subs(meanings)) for factor in _parts(denominator)):
        raise _Unknown
    for factor in _parts(sympy.factor(sympy.expand(numerator))):
        base = factor.base if factor.is_Pow and factor.exp.is_positive else factor
        if not _has_no_zero(base) and (base := base.subs(meanings)).has(x):
            yield base


def _parts(product: Expr) -> tuple[Expr, ...]:
    parts: tuple[Expr, ...] = sympy.Mul.make_args(product)
    return parts


def _named(g: Expr, x: Expr) -> tuple[Expr, dict[Expr, Expr]]:
    """Return an expression with a symbol for each independent exponential, and its meaning.

    SymPy factors e^(1.702x) as a power of e^(x/500).
    """
    bases: list[Expr] = []
    for power in sorted(g.atoms(sympy.exp), key=sympy.default_sort_key):
        for number, base in enumerate(bases):
            ratio = sympy.cancel(power.args[0] / base)
            if ratio.is_Rational:
                bases[number] = base / ratio.q
                break
        else:
            if power.has(x):
                bases.append(power.args[0])
    names = [sympy.Dummy("t", positive=True) for _ in bases]

    def named(power: Expr) -> Expr:
        for name, base in zip(names, bases, strict=True):
            ratio = sympy.cancel(power.args[0] / base)
            if ratio.is_Integer:
                return name**ratio
        return power

    meanings = {name: sympy.exp(base) for name, base in zip(names, bases, strict=True)}
    return g.replace(lambda e: isinstance(e, sympy.exp), named), meanings


def _has_no_zero(factor: Expr) -> bool:
    base = factor.base if factor.is_Pow else factor
    return bool(base.is_positive or base.is_negative or base.is_nonzero)


def _zeros_of_factor(g: Expr, x: Expr, start: Expr, end: Expr, depth: int) -> list[Expr]:
    if g.is_polynomial(x):
        return [root for root in _polynomial_roots(g, x) if _inside(root, start, end)]
    if (squared := _without_root(g, x)) is not None:
        function = _compiled(g, x)
        roots = zeros(squared, x, start, end, depth + 1)
        return [root for root in roots if _sign_at(g, function, x, root) == 0]
    if depth == _DEPTH:
        raise _Unknown
    choices = {(): sympy.S.One}
    for term in sympy.Add.make_args(sympy.expand(g)):
        parts = [p for p in _parts(term) if p.has(x) and not p.is_polynomial(x)]
        choices[tuple(parts)] = sympy.Mul(*parts)
    quotients = [
        sympy.expand(sympy.powsimp(sympy.expand(g / divisor)))
        for divisor in choices.values()
        if _has_no_zero(divisor)
    ]
    slopes = [(_size(sympy.diff(q, x), x), n) for n, q in enumerate(quotients)]
    size, best = min(slopes)
    if size >= _size(g, x):
        raise _Unknown
    g = quotients[best]
    turns = zeros(sympy.diff(g, x), x, start, end, depth + 1)
    return list(_between_turns(g, x, [start, *turns, end]))


def _without_root(g: Expr, x: Expr) -> Expr | None:
    """Return A^2 - B^2 b, which is 0 where A + B*sqrt(b) is; None for another form."""
    roots = {p for p in g.atoms(sympy.Pow) if p.exp == sympy.S.Half and p.has(x)}
    if len(roots) != 1:
        return None
    (root,) = roots
    name = sympy.Dummy("R", positive=True)
    polynomial = sympy.expand(g.subs(root, name))
    if not polynomial.is_polynomial(x, name) or sympy.degree(polynomial, name) != 1:
        return None
    a, b = polynomial.coeff(name, 0), polynomial.coeff(name, 1)
    return sympy.expand(a**2 - b**2 * root.base)


def _size(g: Expr, x: Expr) -> int:
    """Return how many times an expression can be differentiated, about, before it is gone."""
    degrees: dict[Expr, int] = {}
    for term in sympy.Add.make_args(sympy.expand(g)):
        rest, power = [], 0
        for factor in _parts(term):
            if factor.is_polynomial(x):
                power += sympy.degree(factor, x) if factor.has(x) else 0
            else:
                rest.append(factor)
        key = sympy.Mul(*rest)
        depth = 8 if key.has(sympy.erf, sympy.erfc, sympy.log, sympy.atan) else 1
        degrees[key] = max(degrees.get(key, 0), depth * (power + 1))
    return sum(degrees.values())


def _polynomial_roots(g: Expr, x: Expr) -> list[Expr]:
    polynomial = sympy.Poly(g, x).monic()
    try:
        return list(dict.fromkeys(sympy.real_roots(polynomial)))
    except (NotImplementedError, sympy.PolynomialError):
        raise _Unknown from None


def _between_turns(g: Expr, x: Expr, places: Sequence[Expr]) -> Iterator[Expr]:
    """Yield the zeros of a function that is monotone between each two neighbouring places."""
    function = _compiled(g, x)
    signs = []
    for number, place in enumerate(places):
        if number not in (0, len(places) - 1) or place.is_finite:
            signs.append(_sign_at(g, function, x, place))
        else:
            signs.append(_sign(_limit(g, x, place)))
    for (start, before), (end, after) in itertools.pairwise(zip(places, signs, strict=True)):
        if before * after < 0:
            yield _bisected(function, start, end)
        if after == 0 and end != places[-1]:
            yield end


def _sign_at(g: Expr, function: Any, x: Expr, place: Expr) -> int:
    with mpmath.workdps(_DIGITS):
        value = function(_precise(place))
    if abs(value) > mpmath.mpf(10) ** -25:
        return 1 if value > 0 else -1
    if not place.has(sympy.Float) and is_zero(g.subs(x, place)):
        return 0
    raise _Unknown


def _precise(place: Expr) -> Any:
    return mpmath.mpf(str(sympy.N(place, _DIGITS)))


def _bisected(function: Any, start: Expr, end: Expr) -> Expr:
    with mpmath.workdps(_DIGITS):
        a, b = _finite_ends(function, start, end)
        below = function(a) < 0
        for _ in range(4 * _DIGITS):
            middle = (a + b) / 2
            if (function(middle) < 0) == below:
                a = middle
            else:
                b = middle
        if function(mpmath.mpf(0)) == 0 and abs(a) < mpmath.mpf(10) ** -_SHOWN:
            return sympy.S.Zero
        return sympy.Float((a + b) / 2, _SHOWN)


def _finite_ends(function: Any, start: Expr, end: Expr) -> tuple[Any, Any]:
    """Return ends between which the sign changes, an endless side cut off far enough out."""
    a, b = (None if e.is_infinite else _precise(e) for e in (start, end))
    for step in (mpmath.mpf(2) ** n for n in range(16)):
        low = a if a is not None else (b if b is not None else 0) - step
        high = b if b is not None else (a if a is not None else 0) + step
        # An end that is itself a zero of the slope has its own sign.
        if (function(low) < 0) != (function(high) < 0):
            return low, high
    raise _Unknown


def _looked_for(g: Expr, x: Expr, start: Expr, end: Expr) -> list[Expr]:
    """Return the zeros where the sign changes on a grid: there may be more."""
    function = _compiled(g, x)
    far = [s * 2.0**n for s in (-1, 1) for n in range(6, 10)]
    with mpmath.workdps(_DIGITS):
        offset = mpmath.mpf(1) / 977
        places = [mpmath.mpf(p) + offset for p in sorted((*_GRID, *far))]
        places = [p for p in places if _inside(sympy.Float(p), start, end)]
        values = [function(place) for place in places]
    return [
        _bisected(function, sympy.Float(a, _DIGITS), sympy.Float(b, _DIGITS))
        for (a, u), (b, v) in itertools.pairwise(zip(places, values, strict=True))
        if u * v < 0
    ]


def _compiled(g: Expr, x: Expr) -> Any:
    return sympy.lambdify(x, g, "mpmath")


def _limit(f: Expr, x: Expr, place: Expr) -> Expr:
    """Return the limit, or the bounds between which the function stays where it has none."""
    found: list[Expr] = []

    def work() -> bool:
        found.append(sympy.limit(f, x, place, "-" if place == sympy.oo else "+"))
        return True

    try:
        within(_SECONDS, work)
    except (TimeLimit, NotImplementedError):
        return _far_out(f, x, place)
    (limit,) = found
    if limit.has(sympy.AccumBounds):
        return limit
    far = _far_out(f, x, place)
    # SymPy's limits of error functions are wrong at times.
    agrees = limit == far or (limit.is_finite and far.is_finite and abs(limit - far) < 1e-3)
    return limit if agrees else far


def _far_out(f: Expr, x: Expr, place: Expr) -> Expr:
    """Return the limit that values far out come near to."""
    function = _compiled(f, x)
    with mpmath.workdps(_DIGITS):
        near, far = (function(mpmath.mpf(10) ** n * _sign(place)) for n in (4, 8))
        # What comes near to a limit hardly moves here; a logarithm still does.
        if abs(far - near) > 1e-3 * (1 + abs(near)):
            return sympy.oo if far > near else -sympy.oo
        return sympy.nsimplify(sympy.Float(far, 20), [sympy.pi], tolerance=1e-6)


def _put(f: Expr, x: Expr, place: Expr) -> Expr:
    value = f.subs(x, place)
    return sympy.N(value, _SHOWN) if place.has(sympy.Float) else value


def _between(start: Expr, end: Expr) -> Expr:
    if start.is_infinite and end.is_infinite:
        return sympy.Rational(1, 7)
    if start.is_infinite or end.is_infinite:
        return end - 1 if start.is_infinite else start + 1
    return (start + end) / 2


def _sign(value: Expr) -> int:
    if value in (sympy.oo, -sympy.oo):
        return 1 if value == sympy.oo else -1
    number = sympy.N(value, _DIGITS)
    return 0 if abs(number) < 10.0**-_SHOWN else 1 if number > 0 else -1


def _number(value: Expr) -> Any:
    return value if value.is_infinite else sympy.N(value, _SHOWN)


def _inside(place: Expr, start: Expr, end: Expr) -> bool:
    return bool(_number(start) < _number(place) < _number(end))
