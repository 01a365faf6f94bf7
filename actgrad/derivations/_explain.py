"""Which slips explain a wrong line: each is tried on the line above, and compared by value."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import sympy

from actgrad.derivations import _numeric
from actgrad.derivations._counterexample import environments
from actgrad.derivations._expression import (
    At,
    D,
    Definitions,
    Expr,
    add,
    at,
    contains,
    find,
    is_reciprocal,
    multiply,
    negate,
    replace_at,
    undefine,
)
from actgrad.derivations._forms import derivatives, order_form
from actgrad.derivations._slip import Slip
from actgrad.derivations.slips import SLIPS

_DIGITS = 30
_POINTS = 3
_MOST_POINTS = 24
_MOST = 600
_NEAR = mpmath.mpf(10) ** -12
_ROUNDING = mpmath.mpf(10) ** -20
_LARGEST = 64


@dataclass(frozen=True)
class _Points:
    """Random points at which the two lines have values, and what the second one has there."""

    environments: tuple[dict[Expr, Any], ...]
    wanted: tuple[Any, ...]

    def agree(self, line: Expr) -> bool:
        """Tell whether an expression has the wanted value at every point."""
        return all(
            _near(_value(line, environment), wanted)
            for environment, wanted in zip(self.environments, self.wanted, strict=True)
        )


def slips_between(
    before: Expr,
    after: Expr,
    definitions: Definitions = (),
    conditions: tuple[Expr, ...] = (),
) -> tuple[Slip, ...]:
    """Return every slip that makes a line of the same value as the second out of the first.

    Slips that are named only where no other explains the line come only then.
    """
    with mpmath.workdps(_DIGITS):
        points = _points(before, after, definitions, conditions)
        if points is None:
            return ()
        for general in (False, True):
            found: dict[str, Slip] = {}
            lines = _spoilt(before, after, definitions, general)
            for _, (slip, line) in zip(range(_MOST), lines, strict=False):
                if slip.name not in found and points.agree(undefine(line, definitions)):
                    found[slip.name] = slip
            if found:
                return tuple(found.values())
    return ()


def factor_between(
    before: Expr,
    after: Expr,
    definitions: Definitions = (),
    conditions: tuple[Expr, ...] = (),
) -> Fraction | None:
    """Return the number by which the second line is too large, None if it is none."""
    with mpmath.workdps(_DIGITS):
        points = _points(before, after, definitions, conditions)
        if points is None:
            return None
        whole = undefine(before, definitions)
        ratios = set()
        for environment, wanted in zip(points.environments, points.wanted, strict=True):
            right = _value(whole, environment)
            if right is None or right == 0 or wanted == 0:
                return None
            ratio = Fraction(float(wanted / right)).limit_denominator(_LARGEST)
            if not _near(right * ratio.numerator / ratio.denominator, wanted):
                return None
            ratios.add(ratio)
        (ratio, *others) = ratios
        return None if others or ratio == 1 else ratio


def _points(
    before: Expr, after: Expr, definitions: Definitions, conditions: tuple[Expr, ...]
) -> _Points | None:
    """Return points at which the lines differ, and those that were met on the way."""
    left, right = undefine(before, definitions), undefine(after, definitions)
    found, wanted, differing = [], [], 0
    for environment in environments(left, right, conditions):
        above, yours = (_value(side, environment) for side in (left, right))
        if above is None or yours is None:
            continue
        found.append(environment)
        wanted.append(yours)
        differing += not _near(above, yours)
        if differing == _POINTS:
            return _Points(tuple(found), tuple(wanted))
        if len(found) == _MOST_POINTS:
            break
    return _Points(tuple(found), tuple(wanted)) if differing else None


def _value(line: Expr, environment: dict[Expr, Any]) -> Any:
    try:
        return _numeric.value(line, environment)
    except (_numeric.Undefined, NotImplementedError):
        return None


def _near(value: Any, wanted: Any) -> bool:
    return value is not None and bool(
        abs(value - wanted) <= _NEAR * max(abs(value), abs(wanted)) + _ROUNDING
    )


def _spoilt(
    before: Expr, after: Expr, definitions: Definitions, general: bool
) -> Iterator[tuple[Slip, Expr]]:
    """Yield the lines that one slip at one place makes of a line.

    A derivative that still stands in the next line was not touched.
    """
    slips = [slip for slip in SLIPS if slip.general == general]
    # A definition is looked through: D(sigma(x)) may go wrong where sigma is written out.
    lines = [(before, derivatives(after))]
    if definitions and (whole := undefine(before, definitions)) != before:
        lines.append((whole, derivatives(undefine(after, definitions))))
    for line, left in lines:
        for path in find(line, lambda part: isinstance(part, sympy.Expr)):
            part = at(line, path)
            for slip in slips:
                if slip.is_of_calculus and isinstance(part, D) and order_form(part) not in left:
                    for wrong in _inside(slip, part, left, definitions):
                        yield slip, replace_at(line, path, wrong)
                elif not slip.is_of_calculus:
                    for wrong in slip.made_of(part, definitions):
                        yield slip, replace_at(line, path, wrong)


def _inside(
    slip: Slip, d: D, left: Collection[Any], definitions: Definitions
) -> Iterator[Expr]:
    """Yield a derivative in whose working the slip was made once, at any depth.

    A part enters with its own derivative as a factor: where that is wrong by w, the whole is
    wrong by w times the slope of the whole by the part.
    """
    e, x = d.args
    for path in find(e, lambda part: isinstance(part, sympy.Expr)):
        part = at(e, path)
        if contains(part, D) or (path and part == x) or _is_below(e, path):
            continue
        right = D(part, x)
        if order_form(right) in left:
            continue
        for wrong in slip.made_of(right, definitions):
            if not path:
                yield wrong
                continue
            t = sympy.Dummy("t", real=True)
            slope = At(D(replace_at(e, path, t), t), t, part)
            error = add(wrong, negate(right))
            yield add(d, multiply(slope, error))


def _is_below(e: Expr, path: tuple[int, ...]) -> bool:
    """Tell whether a part is what a fraction is divided by: its quotient has the rule."""
    if not path or not is_reciprocal(at(e, path)):
        return False
    around = at(e, path[:-1])
    return isinstance(around, sympy.Mul) and not all(map(is_reciprocal, around.args))
