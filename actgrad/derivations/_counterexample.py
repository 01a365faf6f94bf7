"""The numeric route: two expressions at random points of their domain, to 40 of 50 digits."""

from __future__ import annotations

import hashlib
import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import sympy

from actgrad.derivations import _numeric
from actgrad.derivations._cases import kinks, switches_of
from actgrad.derivations._expression import Expr, IndexSum, walk
from actgrad.derivations._proof import NoPoint

DIGITS = 50
POINTS = 8
_MAX_TRIES = 200
_LARGE = 1e-5
_LOOKS = (4 * DIGITS, 40 * DIGITS)


def counterexample(
    before: Expr, after: Expr, conditions: tuple[Expr, ...] = (), points: int = POINTS
) -> str | None:
    """Return where two expressions differ, or None if they agree at random points.

    Points where `before` is undefined are passed over: a step may widen the domain (x/x = 1),
    not narrow it. Raises `NoPoint` when no point of the domain is found.
    """
    if points == POINTS:
        free = before.free_symbols | after.free_symbols
        points = max(points, 2 ** min(6, sum(bool(s.is_integer) for s in free)))
        points = max(points, *(3 * len(ends) for ends in _strata(before, after).values()), 0)
    agreed = 0
    started = time.monotonic()
    # A first look needs no 50 digits.
    digits = DIGITS if points > 1 else DIGITS // 2
    with mpmath.workdps(digits + 10):
        for environment in environments(before, after, conditions):
            left, right = (_value_or_none(side, environment) for side in (before, after))
            if left is None:
                continue
            if not _agree(left, right, digits):
                # A large difference is no rounding error; a small one is looked at again.
                if right is None or abs(left - right) > _LARGE * max(1, abs(left)):
                    return _shown(environment, left, right)
                if found := _small_difference(before, after, environment):
                    return found
            agreed += 1
            slow = agreed >= POINTS and time.monotonic() - started > 20
            if agreed == points or slow:
                return None
    raise NoPoint("no random point lies in the domain")


def _small_difference(
    before: Expr, after: Expr, environment: _numeric.Environment
) -> str | None:
    """Tell a small difference, which stays, from rounding, which more digits make smaller."""
    for digits in _LOOKS:
        with mpmath.workdps(digits + 10):
            left, right = (_value_or_none(side, environment) for side in (before, after))
            if left is None or _agree(left, right, digits):
                return None
            if right is None or abs(left - right) > mpmath.mpf(10) ** (-3 * digits // 4):
                return _shown(environment, left, right)
    return None


def _agree(left: Any, right: Any, digits: int) -> bool:
    if right is None:
        return False
    scale = max(abs(left), abs(right))
    return bool(abs(left - right) <= scale * mpmath.mpf(10) ** (10 - digits))


def _value_or_none(expression: Expr, environment: _numeric.Environment) -> Any:
    try:
        return _numeric.value(expression, environment)
    except _numeric.Undefined:
        return None


def environments(
    before: Expr, after: Expr, conditions: tuple[Expr, ...]
) -> Iterator[dict[Expr, Any]]:
    """Yield random points: the same for the same expressions."""
    parts = [*walk(before), *walk(after), *(part for c in conditions for part in walk(c))]
    bases = sorted({p.base for p in parts if isinstance(p, sympy.Indexed)}, key=str)
    labels = {base.label for base in bases}
    sizes = {p.args[2] for p in parts if isinstance(p, IndexSum)}
    free = before.free_symbols.union(after.free_symbols, *(c.free_symbols for c in conditions))
    free_symbols = sorted((s for s in free if s.is_Symbol and s not in labels), key=str)
    symbols_of_size = [s for s in free_symbols if s in sizes]
    indices = [s for s in free_symbols if s.is_integer and s not in sizes]
    symbols = [s for s in free_symbols if not s.is_integer]
    strata = _strata(before, after)
    digest = hashlib.sha256(repr((before, after, conditions)).encode()).digest()
    chance = random.Random(digest)
    for attempt in range(_MAX_TRIES):
        environment: dict[Expr, Any] = {}
        for symbol in symbols:
            environment[symbol] = _random(symbol, chance, attempt)
        # So do the cases: the middle one of three may be narrow.
        for symbol, ends in strata.items():
            low, high = ends[attempt % len(ends)]
            environment[symbol] = mpmath.mpf(repr(chance.uniform(low, high)))
        # Indices run through all combinations: by chance, equal ones might never come up.
        for place, index in enumerate(indices):
            environment[index] = 1 + (attempt >> place) % 2
        for extent in symbols_of_size:
            environment[extent] = chance.randint(2, 3)
        for base in bases:
            environment[base] = _random_array(chance)
        if all(_numeric.holds(condition, environment) for condition in conditions):
            yield environment


def _strata(before: Expr, after: Expr) -> dict[Expr, list[tuple[float, float]]]:
    """Return the intervals between the kinks of each variable."""
    if not any(True for side in (before, after) for _ in switches_of(side)):
        return {}
    places: dict[Expr, list[float]] = {}
    for side in (before, after):
        try:
            for x, place in kinks(side):
                if not place.free_symbols:
                    places.setdefault(x, []).append(float(place))
        except NotImplementedError:
            continue
    strata = {}
    for x, found in places.items():
        ends = sorted(set(found))
        ends = [ends[0] - 3, *ends, ends[-1] + 3]
        strata[x] = list(itertools.pairwise(ends))
    return strata


def _random(symbol: Expr, chance: random.Random, attempt: int) -> Any:
    # Where no small number lies in the domain, as for ln ln ln x, large ones may.
    span = (1, 3, 10)[attempt % 3] if attempt < 60 else (30, 100, 10**6)[attempt % 3]
    if symbol.is_negative:
        return mpmath.mpf(repr(chance.uniform(-span, -0.05)))
    if symbol.is_positive:
        return mpmath.mpf(repr(chance.uniform(0.05, span)))
    return mpmath.mpf(repr(chance.uniform(-span, span)))


def _random_array(chance: random.Random) -> Callable[..., Any]:
    entries: dict[tuple[int, ...], Any] = {}

    def array(*indices: int) -> Any:
        if indices not in entries:
            entries[indices] = mpmath.mpf(repr(chance.uniform(-1.5, 1.5)))
        return entries[indices]

    return array


def _shown(environment: _numeric.Environment, left: Any, right: Any) -> str:
    numbers = [
        f"{name} = {mpmath.nstr(value, 6) if isinstance(value, mpmath.mpf) else value}"
        for name, value in environment.items()
        if not callable(value)
    ]
    sides = ["undefined" if v is None else mpmath.nstr(v, 12) for v in (left, right)]
    place = ", ".join(numbers) or "everywhere"
    return f"at {place} the line before is {sides[0]} and this line is {sides[1]}"
