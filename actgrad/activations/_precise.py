"""Exponentials whose argument is a product or a difference, as if that were not rounded.

An exponential magnifies the rounding of its argument: 0.5 ULP of 700 are 350 ULP of the result.
"""

import math

import numpy as np

from actgrad.activations._arguments import FloatArray


def exp_of_product(factor: float, x: FloatArray) -> FloatArray:
    """Return exp(factor x) for factor > 0, as if the product were not rounded.

    It must not overflow. The argument is split into a part that is exact and a small rest.
    """
    if factor == 1:
        return np.exp(x)
    # factor x = m a with m in [1/2, 1); below a = -2^15 the result is 0 in every precision.
    m, exponent = math.frexp(factor)
    a = (x * 2.0**exponent).clip(-(2.0**15), 2.0**15)
    # The product of two numbers of half the bits is exact (Veltkamp and Dekker).
    half = (np.finfo(x.dtype).nmant + 1) // 2
    spread = (2.0 ** (half + 1) + 1) * a
    a_high = spread - (spread - a)
    m_high = math.ldexp(math.floor(math.ldexp(m, half)), -half)
    rest = np.exp(m_high * (a - a_high) + (m - m_high) * a)
    return np.exp(m_high * a_high) * rest


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
