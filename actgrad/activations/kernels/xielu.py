"""xIELU, a parabola and an exponential that meet at 0."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import distance, polynomial

SERIES = tuple(1 / math.factorial(k) for k in range(2, 25))


class Kernel:
    r"""Left of 0, for alpha_n > beta, Taylor's formula around the root of f' and that of f.

    .. math:: f(p + d) = f(p) + f'(p) \, d + \alpha_n e^p (e^d - 1 - d)
    """

    alpha_p: float
    alpha_n: float
    beta: float

    def _value(self, x: FloatArray) -> FloatArray:
        # Also in float32: at the root a rounding of float64 may be all of the sum.
        wide = x.astype(np.promote_types(x.dtype, np.float64))
        right = wide * (self.alpha_p * wide + self.beta)
        return np.where(x > 0, right, self._left(np.minimum(wide, 0)))

    def _left(self, x: FloatArray) -> FloatArray:
        a, b = self.alpha_n, self.beta
        nearly = a * np.expm1(x) + ((b - a) * x if a != b else 0)
        if a <= b:
            return nearly
        turn, root = _places(a, b)
        from_0 = nearly if a < 1.25 * b else b * x + a * _beyond_the_line(x)
        d = distance(x, turn.place)
        from_turn = turn.value + (a - b) * _beyond_the_line(d)
        d = distance(x, root.place)
        near = root.scale * _beyond_the_line(np.minimum(d, 1))
        far = a * np.exp(x) - root.scale * (1 + d)
        from_root = root.slope * d + np.where(d < 1, near, far)
        middle = (float(turn.place) + float(root.place)) / 2
        y = np.where(x > middle, from_turn, from_root)
        return np.where(x > float(turn.place) / 2, from_0, y)

    def _gradient(self, x: FloatArray) -> FloatArray:
        wide = x.astype(np.promote_types(x.dtype, np.float64))
        right = 2 * self.alpha_p * wide + self.beta
        return np.where(x > 0, right, self._left_slope(np.minimum(wide, 0)))

    def _left_slope(self, x: FloatArray) -> FloatArray:
        a, b = self.alpha_n, self.beta
        far = a * np.exp(x) - (a - b)
        if a <= b:
            return far
        d = distance(x, _places(a, b)[0].place)
        return np.where(d < 1, (a - b) * np.expm1(np.minimum(d, 1)), far)

    def _by_alpha_n(self, x: FloatArray) -> FloatArray:
        return _beyond_the_line(np.minimum(x, 0))


def _beyond_the_line(d: FloatArray) -> FloatArray:
    """Return e^d - 1 - d, which must not overflow."""
    near = d.clip(-1.5, 1)
    return np.where(near == d, near * near * polynomial(SERIES, near), np.expm1(d) - d)


class _Place(NamedTuple):
    """A place p with f(p), f'(p) and alpha_n e^p."""

    place: str
    value: float
    slope: float
    scale: float


@lru_cache(maxsize=256)
def _places(alpha_n: float, beta: float) -> tuple[_Place, _Place]:
    """Return the root of f' and the root of f left of 0, for alpha_n > beta."""
    with localcontext(prec=300):
        a, b = Decimal(alpha_n), Decimal(beta)

        def at(x: Decimal) -> tuple[Decimal, Decimal, Decimal]:
            e = a * x.exp()
            return e - a - (a - b) * x, e - (a - b), e

        turn = (1 - b / a).ln()
        root, step = -a / (a - b), Decimal(1)
        while abs(step) > abs(root) * Decimal(10) ** -100:
            # From the left, where f is convex, Newton's steps never go too far.
            value, slope, _ = at(root)
            step = value / slope
            root -= step
        first, second = (_Place(f"{p:.60e}", *map(float, at(p))) for p in (turn, root))
        return first, second
