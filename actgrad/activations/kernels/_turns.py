r"""Angles without whole turns, for sines that keep their digits at every zero.

.. math:: u = \omega x = m \frac{\pi}{4} + d, \qquad |d| \le \frac{\pi}{4}

A sine has no more digits than the distance d of its angle from a zero, and that is the
difference of two numbers which may agree in all of theirs.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import DoubleDouble

# pi/4 in parts of 30 bits, whose products with m have no rounding, and a rest.
PARTS = (843314856 / 2**30, 571903011 / 2**60, 320018826 / 2**90)
REST = 1.4519279869896803e-28
FAR = 2.0**19
"""From which angle on integers take the turns off, one number at a time."""


class Angle:
    """The angle u = omega x, as the nearest odd or even multiple m of pi/4 and the rest d."""

    def __init__(self, omega: float, x: FloatArray, *, odd: bool = False) -> None:
        # Also in float32: at a zero what float64 rounds off may be all of the sine.
        wide = x.astype(np.promote_types(x.dtype, np.float64))
        limit = FAR / omega
        near = np.where(np.isinf(wide), np.nan, wide.clip(-limit, limit))
        u = DoubleDouble.product(omega, near)
        m = 2 * np.rint((u.t / (np.pi / 4) - odd) / 2) + odd
        d, rest = u.t, -m * REST
        for part in (*(-m * p for p in PARTS), 0.0 if u.dt is None else u.dt):
            d, lost = DoubleDouble.sum(d, part)
            assert lost is not None
            rest += lost
        d, lost = DoubleDouble.of_sum(d, rest)
        assert lost is not None
        for place in np.flatnonzero((near != wide) & np.isfinite(wide)):
            exact = _exactly(omega, wide.flat[place], odd)
            m.flat[place], d.flat[place], lost.flat[place] = exact
        self._quarter = np.floor(m / 2) % 4
        sin, cos = np.sin(d), np.cos(d)
        self._sin, self._cos = sin + lost * cos, cos - lost * sin

    def sin(self) -> FloatArray:
        """Return sin(u), for an odd m sin(u - pi/4)."""
        return self._after(self._quarter)

    def cos(self) -> FloatArray:
        """Return cos(u), for an odd m cos(u - pi/4)."""
        return self._after((self._quarter + 1) % 4)

    def _after(self, quarter: FloatArray) -> FloatArray:
        size = np.where(quarter % 2 == 0, self._sin, self._cos)
        return np.where(quarter < 2, size, -size)


def _exactly(omega: float, x: float, odd: bool) -> tuple[int, float, float]:
    u = Fraction(omega) * Fraction(*x.as_integer_ratio())
    unit = _eighth(abs(u.numerator).bit_length() + 300)
    m = 2 * round((u / unit - odd) / 2) + odd
    d = u - m * unit
    return m % 8, float(d), float(d - Fraction(float(d)))


@lru_cache
def _eighth(bits: int) -> Fraction:
    """Return pi/4 = 4 arctan(1/5) - arctan(1/239) to so many bits (Machin)."""

    def arctan(n: int) -> int:
        power, total, k = (1 << bits) // n, 0, 1
        while power:
            total += power // k if k % 4 == 1 else -(power // k)
            power //= n * n
            k += 2
        return total

    return Fraction(4 * arctan(5) - arctan(239), 1 << bits)
