"""What the tests make from a record: objects of its class, and mpmath's value and slope."""

import re

import mpmath
import numpy as np

from actgrad import activations
from actgrad.atlas import DEFINITIONS, Arithmetic, evaluate

PROMISED = {
    name: record
    for name, record in DEFINITIONS.items()
    if record.ulp is not None and record.kind == "element-wise"
}


class _Mpmath:
    """mpmath, which takes long or overflows where these functions have become constant."""

    def __getattr__(self, name):
        return getattr(mpmath.mp, name)

    def exp(self, x):
        return mpmath.exp(max(-(10**6), x))

    def tanh(self, x):
        return mpmath.tanh(_within(x))

    def erfc(self, x):
        if abs(x) < 6:
            return mpmath.erfc(x)
        with mpmath.workdps(150):  # far out more take long, and relatively these are enough
            rest = mpmath.erfc(abs(_within(x)))
        return rest if x > 0 else 2 - rest

    def erf(self, x):
        return 1 - self.erfc(x) if x > 6 else self.erfc(-x) - 1 if x < -6 else mpmath.erf(x)

    def ncdf(self, x):
        return self.erfc(-x / mpmath.sqrt(2)) / 2


def _within(x):
    return max(-(10**6), min(x, 10**6))


EXACT = Arithmetic(_Mpmath(), "mpmath", mpmath.mpf)
# Enough for e^x - 1 at the smallest subnormal number, and for a slope by differences there.
DIGITS = 800


def settings(record):
    """The arguments to test with: the defaults, and half of each; or the record's choice."""
    if record.choice:
        return [dict([record.choice])]
    halves = {parameter.name: parameter.default / 2 for parameter in record.parameters}
    return [record.defaults, halves] if halves else [{}]


def ends(record):
    """The arguments to test with besides: the two ends of the sliders, most of them inexact."""
    return [{p.name: p.slider[end] for p in record.parameters} for end in (0, 1)]


def class_of(record):
    return getattr(activations, record.class_name)


def instances(record, cls=None):
    cls = cls or class_of(record)
    return [cls(**own) for own in settings(record)]


ELEMENTWISE = [f for record in PROMISED.values() for f in instances(record)]


def within_reach(f, x):
    """The inputs, without the infinite ones of a wave, which has no limit there."""
    return (
        np.where(np.isinf(x), 0, x)
        if isinstance(f, activations.Sine | activations.Snake)
        else x
    )


def has_output_form(f):
    """Whether f has a gradient from its output."""
    try:
        f.gradient_from_output([0.25])
    except ValueError:
        return False
    return True


def value(record, own):
    """f(x) by the record's formula, to `DIGITS` digits."""

    def at(x):
        with mpmath.workdps(DIGITS):
            return evaluate(record.value, {"x": x, **letters(record, own)}, EXACT)

    return at


def letters(record, own):
    """What the letters of the record's formulas stand for."""
    return {key: mpmath.mpf(number) for key, number in record.by_letter(own).items()}


def limits(f):
    """f and f' at -infinity and at infinity, by the record's formula; NaN is no limit."""
    record = next(
        record
        for record in PROMISED.values()
        if record.class_name == type(f).__name__
        and (not record.choice or getattr(f, record.choice[0]) == record.choice[1])
    )
    own = {name: getattr(f, name) for name in record.defaults}
    return [
        np.array([far_out(exact, side) for side in (-1, 1)])
        for exact in (value(record, own), slope(record, own))
    ]


def far_out(exact, side, far="1e400"):
    """The limit at one side, as numbers far out show it; NaN where there is none."""
    with mpmath.workdps(DIGITS):
        values = [exact(n * mpmath.mpf(far) * side) for n in range(1, 8)]
        if min(values) > 900 or max(values) < -900:  # so does a logarithm, beyond any bound
            return float(mpmath.sign(values[0]) * mpmath.inf)
        return float(values[0]) if max(values) - min(values) < 1e-30 else np.nan


def slope(record, own):
    """f'(x) by differences of the formula: nothing of the record's or ours is used."""
    f = value(record, own)
    # Where the slope has a corner, a step shows in it.
    cornered = re.search("max|min|abs|Piecewise", record.formula)

    def at(x):
        with mpmath.workdps(DIGITS):
            # At 0 it has nothing to be small against.
            step = 400 if x == 0 or (cornered and abs(x) < 16 and x == int(x)) else 40
            h = (min(abs(x), 1) or 1) * mpmath.mpf(10) ** -step
            return (f(x + h) - f(x - h)) / (2 * h)

    return at


def steepness(record, own):
    """The least and the largest slope, by the formula, on a grid that meets no kink."""
    exact = slope(record, own)
    slopes = [exact(mpmath.mpf(x)) for x in np.linspace(-7.97, 7.93, 60).tolist()]
    return min(slopes), max(slopes)


def check_promise(record, cls, points, worst_ulp, bounds):
    """Refuse a class whose value or gradient is further from the formula than the bounds."""
    for own in settings(record) + (ends(record) if record.parameters else []):
        check_errors(record, own, cls(**own), points, worst_ulp, bounds)


def check_errors(record, own, f, points, worst_ulp, bounds):
    """Refuse an activation with these arguments, as `check_promise` does."""
    kinks = [evaluate(place, letters(record, own), EXACT) for place, _ in record.kinks]
    for kink in np.array(kinks, points.dtype):
        sides = np.nextafter(kink, np.array([-np.inf, np.inf], points.dtype))
        points = np.union1d(points, [kink, *sides])
    smooth = points[~np.isin(points, np.array(kinks, points.dtype))]
    for kind, bound, ours, exact, inputs in (
        ("value", bounds[0], f, value(record, own), points),
        ("gradient", bounds[1], f.gradient, slope(record, own), smooth),
    ):
        error, where = worst_ulp(ours, exact, inputs, only_normal=False)
        assert error <= bound, (
            f"record {record.name!r}, field 'ulp': the {kind} of {f} is {error:.3g} ULP "
            f"off at x = {where}, more than {bound:g}: write a stable form or a kernel"
        )
