"""Mills' ratio: where the coefficients come from, and how far they are from the ratio.

Run as a program, this prints the coefficients.
"""

import mpmath
import pytest

from actgrad.activations.kernels import _mills, gelu

DEGREE = 11
SCALE = 2.75


def ratio(a):
    return mpmath.sqrt(mpmath.pi / 2) * mpmath.erfc(a / mpmath.sqrt(2)) * mpmath.exp(a * a / 2)


def coefficients():
    """P, C and Z, to 50 digits or so."""
    with mpmath.workdps(60):
        root = mpmath.findroot(lambda a: ratio(a) - a, 0.75)
        count = 2 * DEGREE
        nodes = [mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * count)) for i in range(count)]
        places = [SCALE * (1 + t) / (1 - t) for t in nodes]
        nearest = min(range(count), key=lambda i: abs(places[i] - root))
        places[nearest] = root
        # P (1 - a M) = M C with C(0) = 1; the unknowns are P's coefficients, then C's.
        rows, right = [], []
        for a in places:
            m, weight = ratio(a), (1 + a / SCALE) ** -DEGREE
            p = [weight * (1 - a * m) * a**k for k in range(DEGREE + 1)]
            rows.append([*p, *(-weight * m * a**k for k in range(1, DEGREE))])
            right.append(weight * m)
        found = list(mpmath.lu_solve(mpmath.matrix(rows), mpmath.matrix(right)))
        p, c = found[: DEGREE + 1], [mpmath.mpf(1), *found[DEGREE + 1 :]]
        # (a_0 (a P + C) - P) / (a - a_0), by synthetic division.
        below = [mpmath.mpf(0), *p]
        for k, number in enumerate(c):
            below[k] += number
        numerator = [root * q - own for q, own in zip(below, [*p, 0], strict=True)]
        z = []
        for number in reversed(numerator):
            z.insert(0, number + (root * z[0] if z else 0))
        assert abs(z.pop(0)) < mpmath.mpf("1e-50")
        return p, c, z


def test_the_coefficients_are_those():
    for name, found in zip("PCZ", coefficients(), strict=True):
        assert getattr(_mills, name) == tuple(map(float, found))


def test_the_root():
    with mpmath.workdps(60):
        root = mpmath.mpf(_mills.ROOT)
        assert abs(ratio(root) - root) < mpmath.mpf("1e-39")


def test_the_density_at_0():
    with mpmath.workdps(60):
        density = mpmath.mpf(gelu.DENSITY_AT_0)
        rest = mpmath.npdf(0) / density - 1
        assert density == float(mpmath.npdf(0))
        assert float(rest) == gelu.LOST


@pytest.mark.parametrize("change", [0, 1e-15])
def test_the_relative_error(change):
    with mpmath.workdps(60):
        p, c, z = (found[::-1] for found in coefficients())
        p[-1] *= 1 + change
        root, worst = mpmath.mpf(_mills.ROOT), 0
        for n in range(1000):
            a = mpmath.mpf(n) / 256 if n < 500 else mpmath.mpf(n - 480) / 10
            below = a * mpmath.polyval(p, a) + mpmath.polyval(c, a)
            value = mpmath.polyval(p, a) / below
            slope = (root - a) * (1 + mpmath.polyval(z, a) / below)
            worst = max(worst, abs(value / ratio(a) - 1), abs(slope / (ratio(a) - a) - 1))
        assert (worst < mpmath.mpf(2) ** -57) == (change == 0)


if __name__ == "__main__":
    for name, found in zip("PCZ", coefficients(), strict=True):
        print(f"{name} = (\n" + "".join(f"    {float(c)!r},\n" for c in found) + ")")
