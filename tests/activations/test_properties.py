"""Properties that hold for any input whatever, tried on what hypothesis finds."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from actgrad.activations import (
    Linear,
    LogSoftmax,
    ReLU,
    Sigmoid,
    Softmax,
    Softmin,
    Sparsemax,
    Tanh,
)
from tests.records import ELEMENTWISE, PROMISED, class_of, limits, steepness, within_reach
from tests.records import settings as own_settings

EACH = [*ELEMENTWISE, ReLU(1.0)]
ROWS = [Softmax(), Softmax(stretch=3.0), LogSoftmax(), Softmin(), Sparsemax()]
ALL = [*EACH, *ROWS]
DTYPES = st.sampled_from([np.float16, np.float32, np.float64])
SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, max_side=5)
each = pytest.mark.parametrize("f", ALL, ids=repr)
each_elementwise = pytest.mark.parametrize("f", EACH, ids=repr)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def arrays(**kinds):
    return DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES, **kinds))


@st.composite
def pairs(draw):
    """An input and a cotangent of its shape, any numbers but NaN."""
    x = draw(arrays(elements={"allow_nan": False}))
    return x, draw(hnp.arrays(x.dtype, x.shape, elements={"allow_nan": False}))


@st.composite
def moderate_pairs(draw):
    x = draw(hnp.arrays(np.float64, SHAPES, elements=st.floats(-30, 30)))
    return x, draw(hnp.arrays(np.float64, x.shape, elements=st.floats(-10, 10)))


@each
@given(pair=pairs())
@quick
def test_no_warning_no_new_nan_shape_and_dtype(f, pair):
    x, g = pair
    x = within_reach(f, x)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        y, vjp = f.value_and_vjp(x)
        dx = f.vjp(x, g)
        for result in (y, f(x), dx, vjp(g)):
            assert result.shape == x.shape
            assert result.dtype == x.dtype
    if f in ROWS:
        masked = np.isneginf(-x if isinstance(f, Softmin) else x).all(axis=-1)
        assert not np.isnan(y[~masked]).any()
        assert not np.isnan(dx[~masked]).any()
        assert np.isnan(y[masked]).all()
    else:
        assert not np.isnan(y).any()
        assert not np.isnan(dx).any()
        np.testing.assert_array_equal(vjp(g), dx)


@each_elementwise
@given(x=arrays())
@quick
def test_nan_goes_where_it_was(f, x):
    x = within_reach(f, x)
    np.testing.assert_array_equal(np.isnan(f(x)), np.isnan(x))
    if not isinstance(f, Linear):
        np.testing.assert_array_equal(np.isnan(f.gradient(x)), np.isnan(x))


STEEPNESS = {
    class_of(record)(**own): steepness(record, own)
    for record in PROMISED.values()
    for own in own_settings(record)
}
INCREASING = [f for f, (least, _) in STEEPNESS.items() if least > -1e-9]


@pytest.mark.parametrize("f", INCREASING, ids=repr)
@given(x=arrays(elements={"allow_nan": False}))
@quick
def test_ranges_and_monotonicity(f, x):
    x = np.sort(x, axis=-1)
    y, slope = f(x), f.gradient(x)[np.isfinite(x)]  # far out it may have no limit
    assert (slope >= 0).all()
    if STEEPNESS[f][1] <= 1 + 1e-9:  # a slope by differences is rounded
        assert (slope <= 1 + 2 * np.finfo(x.dtype).eps).all()
    low, high = limits(f)[0].astype(x.dtype)
    assert ((low <= y) & (y <= high)).all()
    finite = np.where(np.isfinite(y), y, 0).astype(np.longdouble)
    slack = 4 * np.finfo(x.dtype).eps * np.abs(finite[..., 1:])
    both = np.isfinite(y[..., 1:]) & np.isfinite(y[..., :-1])
    assert (finite[..., 1:] - finite[..., :-1] >= -slack)[both].all()


@given(x=arrays(elements={"allow_nan": False}))
@quick
def test_symmetries(x):
    info = np.finfo(x.dtype)
    np.testing.assert_allclose(
        Sigmoid().gradient(-x),
        Sigmoid().gradient(x),
        rtol=8 * info.eps,
        atol=info.smallest_normal,
    )
    np.testing.assert_array_equal(Tanh().gradient(-x), Tanh().gradient(x))
    np.testing.assert_array_equal(Tanh()(-x), -Tanh()(x))
    np.testing.assert_allclose(Sigmoid()(-x), 1 - Sigmoid()(x), atol=np.finfo(x.dtype).eps)


@each
@given(pair=moderate_pairs())
@quick
def test_the_vjp_is_the_transposed_jacobian_and_linear(f, pair):
    x, g = pair
    expected = np.einsum("...ij,...i->...j", f.jacobian(x), g)
    np.testing.assert_allclose(f.vjp(x, g), expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(f.vjp(x, -2 * g), -2 * f.vjp(x, g), rtol=0, atol=1e-300)


@given(pair=moderate_pairs(), shift=st.integers(-1000, 1000))
@quick
def test_softmax_invariances(pair, shift):
    x, g = pair
    x = np.round(x * 64) / 64  # so that the shift is exact
    f = Softmax()
    y = f(x)
    np.testing.assert_allclose(y.sum(axis=-1), 1, rtol=5 * np.finfo(float).eps)
    np.testing.assert_allclose(f(x + shift), y, rtol=1e-13)
    np.testing.assert_allclose(f(x[..., ::-1])[..., ::-1], y, rtol=1e-14)
    np.testing.assert_allclose(f.vjp(x, g).sum(axis=-1), 0, atol=1e-13)
    assert (y > 0).all()
