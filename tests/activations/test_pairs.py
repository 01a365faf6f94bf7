"""Gated pairs: each class against its record, by mpmath, and the halves' places."""

import warnings

import mpmath
import numpy as np
import pytest

from actgrad import activations
from actgrad.activations import GLU, ClampedSwiGLU, GatedPair, GeGLU, ReGLU, SwiGLU
from actgrad.atlas import DEFINITIONS, evaluate
from tests.records import EXACT, letters, settings

PAIRS = {name: record for name, record in DEFINITIONS.items() if record.kind == "gated pair"}
ALL = [GLU(), ReGLU(), GeGLU(), SwiGLU(), ClampedSwiGLU(), ClampedSwiGLU(1.0, 2.0)]
INF = np.inf
each = pytest.mark.parametrize("f", ALL, ids=repr)


def points(dtype):
    """Pairs over the whole range: near 0, ordinary, in the tails, of either sign."""
    random = np.random.default_rng(41)
    sizes = 10.0 ** random.uniform(-12, 2, (2, 300))
    signs = random.choice([-1.0, 1.0], (2, 300))
    a, b = (sizes * signs).astype(dtype)
    return a, b


def ulp(found, truth, dtype):
    unit = float(np.spacing(abs(dtype(float(truth)))))
    return float(abs(mpmath.mpf(float(found)) - truth)) / unit


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", PAIRS)
def test_value_and_gradients_keep_the_record_s_promise(name, dtype):
    record = PAIRS[name]
    bounds = record.ulp if dtype is np.float64 else (7, 9)
    a, b = points(dtype)
    smallest = float(np.finfo(dtype).smallest_normal)
    for own in settings(record):
        f = getattr(activations, record.class_name)(**own)
        y, (by_a, by_b) = f(a, b), f.gradient(a, b)
        trees = record.value, record.partial("a"), record.partial("b")
        with mpmath.workdps(60):
            numbers = letters(record, own)
            for found, tree, bound in zip(
                (y, by_a, by_b), trees, (*bounds, bounds[1]), strict=True
            ):
                for value, *place in zip(found, a, b, strict=True):
                    at = dict(zip("ab", map(mpmath.mpf, map(float, place)), strict=True))
                    truth = evaluate(tree, {**at, **numbers}, EXACT)
                    if abs(truth) > 8 * smallest or truth == 0:
                        assert ulp(value, truth, dtype) <= bound, (f, place, tree)


@each
def test_the_vjps_by_differences(f):
    random = np.random.default_rng(42)
    a, b, g = random.standard_normal((3, 20))
    h = 1e-6
    numeric = (
        g * (f(a + h, b) - f(a - h, b)) / (2 * h),
        g * (f(a, b + h) - f(a, b - h)) / (2 * h),
    )
    np.testing.assert_allclose(f.vjp(a, b, g), numeric, atol=1e-8)
    y, vjp = f.value_and_vjp(a, b)
    np.testing.assert_array_equal(y, f(a, b))
    np.testing.assert_array_equal(vjp(g), f.vjp(a, b, g))
    np.testing.assert_array_equal(f.vjp(a, b, 1.0), f.gradient(a, b))


@pytest.mark.parametrize("name", PAIRS)
def test_the_slopes_at_the_kinks_are_the_chosen_ones(name):
    record = PAIRS[name]
    for own in settings(record):
        f = getattr(activations, record.class_name)(**own)
        numbers = letters(record, own)
        for letter in "ab":
            for place, slope in record._kinks_of(letter):
                at = {"a": 0.625, "b": 0.75, letter: float(evaluate(place, numbers, EXACT))}
                found = f.gradient(at["a"], at["b"])["ab".index(letter)]
                chosen = evaluate(slope, {**numbers, **at}, EXACT)
                assert float(found) == pytest.approx(float(chosen), rel=1e-14)


def test_the_clamps_are_those_of_the_paper():
    f = ClampedSwiGLU()
    by_a, by_b = f.gradient([-9.0, 7.0, 7.5, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 7.0, -7.0, -7.5])
    np.testing.assert_array_equal(by_a != 0, [True, True, False, True, True, True])
    np.testing.assert_array_equal(by_b != 0, [True, True, True, True, True, False])
    assert f(-9.0, 1.0) != f(-7.0, 1.0)
    assert f(1.0, -9.0) == f(1.0, -7.0)


@each
def test_infinities_and_nan(f):
    special = np.array([0.0, -0.0, 1.0, -1.0, INF, -INF, 1e308, -1e308, 5e-324])
    a, b = (grid.ravel() for grid in np.meshgrid(special, special))
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        y, vjp = f.value_and_vjp(a, b)
        assert not np.isnan([y, *f.gradient(a, b), *vjp(INF), *vjp(-1e308)]).any()
        assert np.isnan(f([np.nan, 1.0], [1.0, np.nan])).all()
        for slopes in f.vjp([np.nan, 1.0], [1.0, np.nan], 1.0):
            assert np.isnan(slopes).any()


def test_a_closed_gate_stops_even_an_infinite_half():
    assert GLU()(INF, -INF) == 0
    for f in (ReGLU(), GeGLU(), SwiGLU()):
        assert f(-INF, INF) == 0
        assert f.vjp(-INF, INF, 1.0) == (0, 0)


@each
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_dtypes_and_shapes(f, dtype):
    random = np.random.default_rng(43)
    a, b = random.standard_normal((2, 3, 4)).astype(dtype)
    results = (f(a, b), *f.gradient(a, b), *f.vjp(a, b, a))
    assert {(r.dtype.type, r.shape) for r in results} == {(dtype, (3, 4))}
    once = f(a.astype(np.longdouble), b.astype(np.longdouble)).astype(dtype)
    np.testing.assert_allclose(f(a, b), once, rtol=8 * float(np.finfo(dtype).eps))
    if dtype is np.float16:  # rounded once
        wide = f(a.astype(np.float32), b.astype(np.float32)).astype(dtype)
        np.testing.assert_array_equal(f(a, b), wide)
    assert f(a, b.astype(np.float64)).dtype == np.result_type(dtype, np.float64)
    assert f([True], [2]).dtype == np.float64
    assert isinstance(f(1.0, 2.0), np.floating)
    assert f(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)


PLACES = {
    "first": [0, 1, 2],
    "second": [3, 4, 5],
    "even": [0, 2, 4],
    "odd": [1, 3, 5],
}


@each
@pytest.mark.parametrize("gate", PLACES)
@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_the_halves_are_split_and_joined(f, gate, axis):
    x = np.arange(36.0).reshape(6, 6)
    own = x.take(PLACES[gate], axis)
    other = x.take([i for i in range(6) if i not in PLACES[gate]], axis)
    halves = f.split(x, gate=gate, axis=axis)
    np.testing.assert_array_equal(halves["ab".index(f.gate)], own)
    np.testing.assert_array_equal(halves["ba".index(f.gate)], other)
    np.testing.assert_array_equal(f.join(*halves, gate=gate, axis=axis), x)


@each
def test_the_gate_is_the_half_that_opens(f):
    """A gate far below 0 shuts the unit, whatever the other half is."""
    shut, value = -40.0, 3.0
    assert abs(f(*f.split([shut, value], gate="first"))[0]) < 1e-10
    assert abs(f(*f.split([value, shut], gate="first"))[0]) > 1e-10


def test_bad_input_is_refused():
    f = SwiGLU()
    for call in (f, f.gradient, f.value_and_vjp, lambda a, b: f.join(a, b, gate="first")):
        with pytest.raises(
            ValueError, match=r"shape \(2,\) and b of shape \(3,\) .*; pass two"
        ):
            call(np.ones(2), np.ones(3))
        with pytest.raises(TypeError, match="b must hold real numbers"):
            call([1.0], ["x"])
    with pytest.raises(ValueError, match="does not broadcast"):
        f.vjp([1.0], [1.0], np.ones(3))
    for shape, axis in (((3,), -1), ((), -1), ((2, 2), 2), ((4, 3), 1)):
        with pytest.raises(ValueError, match=r"cannot be halved along axis .*; pass an array"):
            f.split(np.ones(shape), gate="first", axis=axis)
    with pytest.raises(ValueError, match="gate must be one of first, second, even, odd"):
        f.split([1.0, 2.0], gate="left")
    with pytest.raises(ValueError, match="has no axis 1"):
        f.join([1.0], [2.0], gate="first", axis=1)
    with pytest.raises(ValueError, match="axis must be an integer"):
        f.split([1.0, 2.0], gate="first", axis="0")
    with pytest.raises(ValueError, match="approximate"):
        GeGLU("erf")
    for bad in (0, -1.0, np.nan, "1"):
        with pytest.raises(ValueError, match="alpha must be"):
            ClampedSwiGLU(alpha=bad)
        with pytest.raises(ValueError, match="limit must be"):
            ClampedSwiGLU(limit=bad)


def test_they_are_frozen_and_hashable():
    assert SwiGLU() == SwiGLU() != GLU()
    assert len({*ALL, GLU()}) == len(ALL)
    assert all(isinstance(f, GatedPair) for f in ALL)
    with pytest.raises(AttributeError):
        GeGLU().approximate = "tanh"
