"""Where two lines differ, at a point that a person would choose.

Whole numbers and a half come first, random points after them. A point at which the line above
has no value says nothing; one at which a derivative is not clear, as at a kink, is passed over.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy

from actgrad.derivations import _numeric
from actgrad.derivations._cases import switches_of
from actgrad.derivations._counterexample import environments
from actgrad.derivations._expression import D, Expr, walk

NICE = ("1", "0", "-1", "2", "0.5", "-2", "3")
RANDOM = 6
DIGITS = 30
_SAME = mpmath.mpf(10) ** -20
_LARGE = mpmath.mpf(10) ** -8
_BESIDE = mpmath.mpf(10) ** -6
_MORE_DIGITS = (200, 2000)
_WITH_A_DOMAIN = (sympy.log, sympy.asin, sympy.acos, sympy.acosh, sympy.atanh)
_SHOWN = 3
_MOST_SHOWN = 18


@dataclass(frozen=True)
class Difference:
    """A point, and what the two lines are there: texts, None where there is no value.

    Parameters
    ----------
    point
        Pairs (name, value).
    above, yours
        The values, rounded to three digits or to as many as tell them apart.
    apart
        By how much yours is larger, where no digits that anybody reads tell them apart.
    """

    point: tuple[tuple[str, str], ...]
    above: str | None
    yours: str | None
    apart: str = ""

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {value}" for name, value in self.point)
        at = f"at {place} " if place else ""
        if self.above is None:
            return f"{at}the line above has no value, and yours is {self.yours}"
        if self.yours is None:
            return f"{at}the line above is {self.above}, and yours has no value"
        if self.apart:
            return f"{at}yours is larger than the line above by {self.apart}"
        return f"{at}the line above is {self.above}, yours {self.yours}"


@dataclass(frozen=True)
class Comparison:
    """What looking at points gave: a difference, or the points at which both agree.

    Parameters
    ----------
    difference
        The first that was found.
    agreed
        At how many points both lines have the same value.
    holes
        Single points at which the second line has no value, and the first has.
    """

    difference: Difference | None
    agreed: int
    holes: tuple[str, ...] = ()


def compare(
    before: Expr, after: Expr, conditions: tuple[Expr, ...] = (), *, at_kinks: bool = True
) -> Comparison:
    """Look at two lines, names replaced by what they stand for, at chosen and random points.

    Where nothing is claimed at kinks, points at which a case ends are passed over.
    """
    switches = [] if at_kinks else [s for line in (before, after) for s in switches_of(line)]
    agreed, holes = 0, []
    with mpmath.workdps(DIGITS):
        points = itertools.chain(
            _chosen(before, after, conditions),
            itertools.islice(environments(before, after, conditions), RANDOM),
        )
        for environment in points:
            left = _value(before, environment)
            if left is None or any(_value(s, environment) in (0, None) for s in switches):
                continue
            right = _value(after, environment)
            if right is not None and _near(left, right, _SAME):
                agreed += 1
                continue
            if not all(_is_clear(side, environment) for side in (before, after)):
                continue
            if right is None and _is_hole(before, after, environment):
                holes.append(_place(environment))
                continue
            if found := _confirmed(before, after, left, right, environment):
                return Comparison(found, agreed)
            agreed += 1
    return Comparison(None, agreed, tuple(dict.fromkeys(holes)))


def compare_at(before: Expr, after: Expr, environment: dict[Expr, Any]) -> Difference | None:
    """Return how two lines differ at a point, None if they do not or the first has no value."""
    with mpmath.workdps(DIGITS):
        left = _value(before, environment)
        if left is None or not _is_clear(before, environment):
            return None
        right = _value(after, environment)
        if right is not None and _near(left, right, _SAME):
            return None
        return _confirmed(before, after, left, right, environment)


def _chosen(
    before: Expr, after: Expr, conditions: tuple[Expr, ...]
) -> Iterator[dict[Expr, Any]]:
    """Yield the points that a person would try; none where there are indices."""
    parts = [*walk(before), *walk(after)]
    free = sorted(before.free_symbols | after.free_symbols, key=str)
    if conditions or any(isinstance(p, sympy.Indexed) for p in parts):
        return
    if any(symbol.is_integer for symbol in free):
        return
    # A person takes the same numbers for the variable, others for what stands beside it.
    free.sort(key=lambda symbol: symbol.name != "x")
    for number in range(len(NICE)):
        environment = {}
        for place, symbol in enumerate(free):
            value = mpmath.mpf(NICE[(number + 3 * place) % len(NICE)])
            if symbol.is_positive and value <= 0:
                value = mpmath.mpf(place + 1) if value == 0 else -value
            elif symbol.is_negative and value >= 0:
                value = mpmath.mpf(-place - 1) if value == 0 else -value
            environment[symbol] = value
        yield environment
        if not free:
            return


def _value(line: Expr, environment: dict[Expr, Any]) -> Any:
    """Return the value in real numbers all the way, None where there is none."""
    try:
        value = _numeric.value(line, environment)
        return value if _is_real(line, environment) else None
    except _numeric.Undefined:
        return None


def _is_real(line: Expr, environment: dict[Expr, Any]) -> bool:
    """Tell whether no root, logarithm or power of a negative number stands in a line here."""
    for part in walk(line):
        if isinstance(part, sympy.Pow) and not part.exp.is_Integer:
            inside = (part, part.base)
        elif isinstance(part, _WITH_A_DOMAIN):
            inside = (part, *part.args)
        else:
            continue
        if not part.free_symbols <= environment.keys():
            continue
        _, argument = (_numeric.value(e, environment) for e in inside)
        if isinstance(part, sympy.Pow) and argument < 0:
            return False
    return True


def _near(left: Any, right: Any, bound: Any) -> bool:
    return bool(abs(left - right) <= bound * max(abs(left), abs(right)))


def _far(left: Any, right: Any) -> bool:
    """Tell a difference that no rounding, and no numeric derivative, makes."""
    return bool(abs(left - right) > _LARGE * max(1, abs(left)))


def _is_clear(line: Expr, environment: dict[Expr, Any]) -> bool:
    """Tell whether every derivative of a line has one value here, the same from both sides."""
    for d in (part for part in walk(line) if isinstance(part, D)):
        e, x = d.args
        if x not in environment or not d.free_symbols <= environment.keys():
            continue
        try:
            _numeric.value(e, environment)
            if any(_numeric.value(switch, environment) == 0 for switch in switches_of(e)):
                return False
            slopes = [
                mpmath.diff(
                    lambda t, e=e, x=x: _numeric.value(e, {**environment, x: t}),
                    environment[x],
                    direction=side,
                )
                for side in (-1, 1)
            ]
        except (_numeric.Undefined, NotImplementedError, ZeroDivisionError):
            return False
        if abs(slopes[0] - slopes[1]) > _BESIDE * (1 + abs(slopes[0])):
            return False
    return True


def _is_hole(before: Expr, after: Expr, environment: dict[Expr, Any]) -> bool:
    """Tell whether the second line is without a value at this point alone, and right beside."""
    found = False
    for side in (-1, 1):
        beside = {
            name: value + side * _BESIDE * (1 + place)
            for place, (name, value) in enumerate(
                (n, v) for n, v in environment.items() if not callable(v)
            )
        }
        left, right = (_value(line, {**environment, **beside}) for line in (before, after))
        if left is None:
            continue
        if right is None or _far(left, right):
            return False
        found = True
    return found


def _confirmed(
    before: Expr, after: Expr, left: Any, right: Any, environment: dict[Expr, Any]
) -> Difference | None:
    """Return a difference that stays with more digits, None for one that was rounding."""
    if right is None:
        return shown(environment, left, right)
    if _far(left, right):
        # What is left of a sum that is 0 says nothing.
        return shown(environment, *(mpmath.chop(side, _SAME) for side in (left, right)))
    apart: list[Any] = []
    for digits in _MORE_DIGITS:
        with mpmath.workdps(digits):
            left, right = (_value(line, environment) for line in (before, after))
            if left is None or right is None or left == right:
                return None
            apart.append(right - left)
            found = shown(environment, left, right)
    return found if _near(apart[0], apart[1], _LARGE) else None


def _place(environment: dict[Expr, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in _point(environment))


def _point(environment: dict[Expr, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(name), _number(value, _SHOWN))
        for name, value in environment.items()
        if not callable(value)
    )


def shown(environment: dict[Expr, Any], left: Any, right: Any) -> Difference:
    """Return the difference at a point, with as many digits as it needs."""
    point = _point(environment)
    if right is None:
        return Difference(point, _number(left, _SHOWN), None)
    for digits in range(_SHOWN, _MOST_SHOWN):
        texts = _number(left, digits), _number(right, digits)
        if texts[0] != texts[1]:
            return Difference(point, *texts)
    return Difference(point, *texts, apart=_number(right - left, _SHOWN))


def _number(value: Any, digits: int) -> str:
    if not isinstance(value, mpmath.mpf):
        return str(value)
    return str(mpmath.nstr(value, digits)).removesuffix(".0")
