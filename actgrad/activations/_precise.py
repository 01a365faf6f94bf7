"""Exponentials, distances and polynomials that keep digits which plain formulas lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from actgrad.activations._arguments import FloatArray


class DoubleDouble(NamedTuple):
    """A number as the sum of two floating-point numbers: dt is what the rounding of t left.

    Exponents need it: an exponential magnifies the rounding of its argument, and 0.5 ULP of
    700 are 350 ULP of the result. What is made from float32 arrays is float64.
    """

    t: FloatArray
    dt: FloatArray | None = None

    @classmethod
    def product(cls, factor: float | Fraction, x: FloatArray) -> DoubleDouble:
        """Return factor x, which must not come near to an overflow."""
        if x.itemsize < 8:
            return cls(float(factor) * x.astype(np.float64))
        t = float(factor) * x
        if _is_power_of_2(factor):
            return cls(t)
        high, low = _halves_of_factor(factor, (np.finfo(x.dtype).nmant + 1) // 2)
        x_high, x_low = _halves(x)
        return cls(t, (high * x_high - t) + high * x_low + low * x_high + low * x_low)

    @classmethod
    def sum(cls, x: FloatArray, y: FloatArray | float) -> DoubleDouble:
        """Return x + y (Knuth)."""
        if x.itemsize < 8:
            x = x.astype(np.float64)
        t = x + y
        back = t - x
        return cls(t, (x - (t - back)) + (y - back))

    def plus(self, y: float) -> DoubleDouble:
        """Return the sum with any number."""
        t, dt = DoubleDouble.sum(self.t, y)
        assert dt is not None
        return DoubleDouble.of_sum(t, dt if self.dt is None else dt + self.dt)

    def plus_small(self, y: float) -> DoubleDouble:
        """Return the sum with a number that is below the rounding of t."""
        return DoubleDouble(self.t, None if self.dt is None else self.dt + y)

    def square(self) -> DoubleDouble:
        """Return (t + dt)^2, which must not come near to an overflow."""
        if self.t.itemsize < 8:
            wide = self.t.astype(np.float64)
            return DoubleDouble(wide * wide)
        high, low = _halves(self.t)
        t = self.t * self.t
        dt = (high * high - t) + 2 * high * low + low * low
        return DoubleDouble(t, dt if self.dt is None else dt + 2 * self.t * self.dt)

    def times(self, factor: float | Fraction) -> DoubleDouble:
        """Return the product with any number."""
        t, dt = DoubleDouble.product(factor, self.t)
        if self.dt is None:
            return DoubleDouble(t, dt)
        rest = float(factor) * self.dt
        return DoubleDouble(t, rest if dt is None else dt + rest)

    @classmethod
    def of_sum(cls, exact: FloatArray, rest: FloatArray) -> DoubleDouble:
        """Return the sum of a number and a smaller one."""
        t = exact + rest
        return cls(t, rest - (t - exact))

    def exp(self, dtype: np.dtype[Any]) -> FloatArray:
        """Return the exponential."""
        e = np.exp(self.t)
        if self.dt is not None:
            e += e * self.dt
        return e.astype(dtype, copy=False)

    def times_exp(self, y: FloatArray, e: FloatArray) -> FloatArray:
        """Return y times the exponential e, also where e is subnormal and so lacks digits."""
        result = y * e
        least = math.ceil(np.finfo(e.dtype).minexp * math.log(2))
        if not self.t.min() > least:
            far = ~(self.t > least)
            # The difference of numbers within a factor of 2 has no rounding.
            lifted = DoubleDouble(
                self.t[far] - least, None if self.dt is None else self.dt[far]
            )
            result[far] = y[far] * lifted.exp(e.dtype) * np.exp(e.dtype.type(least))
        return result


def _halves(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return x as a sum of two numbers of half the bits, whose products have no rounding."""
    spread = (2.0 ** ((np.finfo(x.dtype).nmant + 2) // 2) + 1) * x  # Veltkamp and Dekker
    high = spread - (spread - x)
    return high, x - high


def _is_power_of_2(factor: float | Fraction) -> bool:
    return factor == float(factor) and abs(math.frexp(factor)[0]) == 0.5


@lru_cache(maxsize=256)
def _halves_of_factor(factor: float | Fraction, bits: int) -> tuple[float, float]:
    """Return a factor as a number of so few bits and a rest."""
    m, exponent = math.frexp(factor)
    high = math.ldexp(math.floor(math.ldexp(m, bits)), exponent - bits)
    return high, float(Fraction(factor) - Fraction(high))


def far_exponent(dtype: np.dtype[Any]) -> float:
    """Return a number t for which even the largest number times e^-t is 0."""
    return -1.6 * float(np.finfo(dtype).minexp)


def exp_of_product(factor: float | Fraction, x: FloatArray) -> FloatArray:
    """Return exp(factor x), as if the product were not rounded, for a factor other than 0.

    It must not overflow. Below factor x = -2^15 it is 0 in every precision.
    """
    if factor == 1:
        return np.exp(x)
    limit = 2.0**15 / abs(float(factor))
    return DoubleDouble.product(factor, x.clip(-limit, limit)).exp(x.dtype)


def difference(z: FloatArray, shift: FloatArray) -> FloatArray:
    """Return z - shift; where the shift is +inf, 0 if z is equal to it and else -inf."""
    endless = shift == np.inf
    if not endless.any():
        return z - shift
    return np.where(endless & (z == np.inf), 0, z - shift).astype(z.dtype, copy=False)


def exp_of_difference(factor: float, z: FloatArray, shift: FloatArray) -> FloatArray:
    """Return exp(factor (z - shift)) for factor > 0, as if the difference were not rounded.

    It must not overflow. Where the shift is 0 and the factor 1, this is exp(z), to the last
    bit. Where the shift is infinite, an equal z counts as 0 above it and any other as -inf.
    """
    endless = shift == np.inf
    if endless.any():
        z = np.where(endless, np.where(z == np.inf, 0, -np.inf).astype(z.dtype), z)
        shift = np.where(endless, 0, shift)
    d = z - shift
    back = d - z
    # What the subtraction rounded away, without error (Knuth's TwoSum).
    lost = np.where(np.isfinite(back), (z - (d - back)) - (shift + back), 0)
    e = exp_of_product(factor, d)
    return e + e * (factor * lost)


def distance(x: FloatArray, root: str, factor: float | Fraction = 1) -> FloatArray:
    """Return x - root/factor, to the last digits; the root is given with 40 digits or more."""
    high, low = _parts(root, factor, x.dtype)
    return (x - high) - low


@lru_cache(maxsize=256)
def _parts(root: str, factor: float | Fraction, dtype: np.dtype[Any]) -> tuple[Any, Any]:
    exact = Fraction(root) / Fraction(factor)
    high = dtype.type(float(exact))
    return high, dtype.type(float(exact - Fraction(float(high))))


def exp_minus(e: FloatArray, difference: FloatArray, constant: float) -> FloatArray:
    """Return e - constant, where the difference of their logarithms is known to all digits."""
    # Where e is nearly equal, expm1; where it is larger, the subtraction.
    middle = constant * math.exp(0.5)
    near = constant * np.expm1(np.minimum(difference, 0.5))
    return near + (np.maximum(e, middle) - middle)


def polynomial(coefficients: Sequence[float], x: FloatArray) -> FloatArray:
    """Return c_0 + c_1 x + c_2 x^2 + ..., by Horner's rule."""
    *rest, above, top = coefficients
    result = top * x
    result += above
    for c in reversed(rest):
        result *= x
        result += c
    return result
