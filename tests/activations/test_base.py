"""The contract that every activation keeps, whatever its formula."""

import copy
import inspect
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest

from actgrad import activations
from actgrad.activations import (
    Activation,
    ElementwiseActivation,
    Linear,
    LogSoftmax,
    ReLU,
    Softmax,
    Softmin,
    Softplus,
    Sparsemax,
)
from actgrad.activations import _driver as driver
from tests.records import ELEMENTWISE, has_output_form, within_reach

ROWS = [Softmax(), Softmax(stretch=2.5), LogSoftmax(), Softmin(), Sparsemax()]
ALL = [*ELEMENTWISE, *ROWS]
OTHERS = [ReLU(0.5), Softplus(2), Softmax(axis=0)]
DTYPES = [np.float16, np.float32, np.float64, np.longdouble]

each = pytest.mark.parametrize("f", ALL, ids=repr)
each_elementwise = pytest.mark.parametrize("f", ELEMENTWISE, ids=repr)
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


@pytest.fixture
def random():
    return np.random.default_rng(7)


def many(random, dtype=np.float64, shape=(80, 3001)):
    """More numbers than one block of the driver holds."""
    x = (4 * random.standard_normal(shape)).astype(dtype)
    assert x.size * max(4, x.itemsize) > 3 * driver.BLOCK_BYTES
    return x


def leaves():
    return {type(f) for f in ALL}


def test_every_public_leaf_is_tested_here():
    public = {getattr(activations, name) for name in activations.__all__}
    concrete = {cls for cls in public if not inspect.isabstract(cls)}
    assert {cls for cls in concrete if issubclass(cls, Activation)} == leaves()


@pytest.mark.parametrize("leaf", sorted(leaves(), key=repr))
def test_no_concrete_method_is_overridden(leaf):
    generated = {"__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"}
    for position, cls in enumerate(leaf.__mro__[:-1]):
        for name, member in vars(cls).items():
            if not inspect.isfunction(member) or name in generated:
                continue
            for ancestor in leaf.__mro__[position + 1 : -1]:
                inherited = vars(ancestor).get(name)
                assert inherited is None or inherited.__isabstractmethod__, (cls, name)


@each
def test_frozen_hashable_picklable(f):
    with pytest.raises(AttributeError):
        f.beta = 2.0
    for twin in (pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
        assert twin == f
        assert hash(twin) == hash(f)
        assert repr(twin) == repr(f)
    assert all(f != other for other in [*ALL, *OTHERS] if other is not f)


@each
@each_dtype
def test_dtype_and_shape_are_kept(f, dtype, random):
    for shape in [(5,), (2, 3), (2, 1, 4), (0, 3), (3, 0, 2)]:
        x = random.standard_normal(shape).astype(dtype)
        y, vjp = f.value_and_vjp(x)
        for result in (f(x), y, f.vjp(x, x), vjp(x)):
            assert isinstance(result, np.ndarray)
            assert result.shape == shape
            assert result.dtype == dtype
        assert f.gradient(x).dtype == dtype
        assert f.jacobian(x).shape == (*shape, shape[-1])
        assert f.jacobian(x).dtype == dtype
        if has_output_form(f):
            assert f.gradient_from_output(y).dtype == dtype


@each
@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint16, np.int64])
def test_bool_and_integers_become_float64(f, dtype):
    x = np.array([[0, 1], [1, 1]], dtype)
    methods = [f, f.gradient, f.jacobian]
    if has_output_form(f):
        methods.append(f.gradient_from_output)
    for method in methods:
        result = method(x)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, method(x.astype(float)))
    np.testing.assert_array_equal(f.vjp(x, x), f.vjp(x.astype(float), x.astype(float)))


@each
def test_foreign_byte_order_gives_native_results(f):
    x = np.array([-1.5, 0.25, 3.0])
    foreign = x.astype(x.dtype.newbyteorder())
    assert f(foreign).dtype == x.dtype
    np.testing.assert_array_equal(f(foreign), f(x))
    np.testing.assert_array_equal(f.vjp(foreign, foreign), f.vjp(x, x))


@each
@pytest.mark.parametrize("bad", [1j, "1.0", None, [b"1"], [object()], np.datetime64("2024")])
def test_other_than_real_numbers_is_a_type_error(f, bad):
    for call in (
        lambda: f(bad),
        lambda: f.gradient(bad),
        lambda: f.jacobian(bad),
        lambda: f.vjp(bad, 1.0),
        lambda: f.vjp([1.0, 2.0], bad),
        lambda: f.value_and_vjp(bad),
        lambda: f.value_and_vjp([1.0, 2.0])[1](bad),
        lambda: f.gradient_from_output(bad),
    ):
        with pytest.raises(TypeError, match=r"must hold real numbers, got dtype .*; pass"):
            call()


@each
def test_a_cotangent_broadcasts_to_the_output_or_is_refused(f, random):
    x = random.standard_normal((4, 3))
    for shape in [(), (1,), (3,), (4, 1), (1, 3)]:
        g = random.standard_normal(shape)
        full = np.broadcast_to(g, x.shape).copy()
        np.testing.assert_array_equal(f.vjp(x, g), f.vjp(x, full))
        np.testing.assert_array_equal(f.value_and_vjp(x)[1](g), f.vjp(x, full))
    for shape in [(4,), (2,), (2, 3), (1, 4, 3), (2, 4, 3), (0,)]:
        g = np.ones(shape)
        for call in (lambda g=g: f.vjp(x, g), lambda g=g: f.value_and_vjp(x)[1](g)):
            with pytest.raises(ValueError, match=r"does not broadcast to .*\(4, 3\); pass"):
                call()


@each
@each_dtype
def test_blocks_strides_and_orders_do_not_change_the_result(f, dtype, random):
    x = many(random, dtype)
    g = many(random, dtype)
    whole, (y, vjp) = f(x), f.value_and_vjp(x)
    dx = vjp(g)

    check = np.testing.assert_array_equal
    check(np.array([f(row) for row in x]), whole)
    check(y, whole)
    check(np.array([f.vjp(*rows) for rows in zip(x, g, strict=True)]), dx)
    check(f.vjp(x, g), dx)
    spread = np.repeat(x, 2, axis=1)
    for view in (spread[:, ::2], np.asfortranarray(x), x[::-1].copy()[::-1]):
        check(f(view), whole)
        check(f.vjp(view, np.asfortranarray(g)), dx)
    check(f.vjp(x, g[0]), f.vjp(x, np.tile(g[0], (len(x), 1))))


@each
@pytest.mark.parametrize("shape", [(6,), (40, 3001)], ids=["one block", "many blocks"])
def test_out_is_filled_and_returned(f, shape, random):
    x, g = random.standard_normal((2, *shape))
    y, dx = f(x), f.vjp(x, g)
    for order in ("C", "F"):
        out = np.full(shape, np.nan, order=order)
        assert f(x, out=out) is out
        np.testing.assert_array_equal(out, y)
        assert f.vjp(x, g, out=out) is out
        np.testing.assert_array_equal(out, dx)
        result, vjp = f.value_and_vjp(x, out=out)
        assert result is out
        np.testing.assert_array_equal(out, y)
        assert vjp(g, out=out) is out
        np.testing.assert_array_equal(out, dx)


@each
@pytest.mark.parametrize("shape", [(6,), (40, 3001)], ids=["one block", "many blocks"])
def test_out_may_be_or_overlap_an_operand(f, shape, random):
    x, g = random.standard_normal((2, *shape))
    y, dx = f(x), f.vjp(x, g)
    np.testing.assert_array_equal(f(a := x.copy(), out=a), y)
    np.testing.assert_array_equal(f.vjp(a := x.copy(), g, out=a), dx)
    np.testing.assert_array_equal(f.vjp(x, a := g.copy(), out=a), dx)
    result, vjp = f.value_and_vjp(a := x.copy(), out=a)
    np.testing.assert_array_equal(result, y)
    np.testing.assert_array_equal(vjp(a := g.copy(), out=a), dx)
    memory = np.empty((shape[0] + 1, *shape[1:]))
    memory[:-1] = x
    np.testing.assert_array_equal(f(memory[:-1], out=memory[1:]), y)


@each
def test_the_vjp_does_not_depend_on_what_becomes_of_x_and_y(f, random):
    x, g = random.standard_normal((2, 5))
    dx = f.vjp(x, g)
    y, vjp = f.value_and_vjp(x)
    x[:] = y[:] = np.nan
    np.testing.assert_array_equal(vjp(g), dx)
    np.testing.assert_array_equal(vjp(g), dx)


@each
def test_a_result_never_shares_memory_with_its_operands(f, random):
    x, g = random.standard_normal((2, 6))
    y, vjp = f.value_and_vjp(x)
    results = [f(x), y, vjp(g), f.vjp(x, g), f.gradient(x)]
    if has_output_form(f):
        results.append(f.gradient_from_output(x))
    for result in results:
        assert not np.shares_memory(result, x)
        assert not np.shares_memory(result, g)


@each
def test_bad_out_is_refused(f):
    x = np.ones((2, 3))
    for out in (np.empty(3), np.empty((2, 3, 1)), np.empty((1, 3))):
        for call in (lambda out=out: f(x, out=out), lambda out=out: f.vjp(x, x, out=out)):
            with pytest.raises(ValueError, match="out has shape"):
                call()
    for out in (np.empty((2, 3), int), [[0.0] * 3] * 2, np.empty((2, 3), complex)):
        for call in (lambda out=out: f(x, out=out), lambda out=out: f.vjp(x, x, out=out)):
            with pytest.raises(TypeError, match="floating-point ndarray"):
                call()


@each
@each_dtype
def test_no_warning_and_no_new_nan(f, dtype):
    info = np.finfo(dtype)
    tiny, large = info.smallest_subnormal, info.max
    numbers = [0, tiny, info.smallest_normal, info.eps, 1, 11, 90, 720, 1e4, large, np.inf]
    with np.errstate(over="ignore"):
        positive = np.array(numbers, np.longdouble).astype(dtype)
    x = np.concatenate([-positive, positive])
    x, g = (grid.ravel() for grid in np.meshgrid(x, x))
    if not isinstance(f, ElementwiseActivation):
        g = np.where(np.isfinite(g), g, 0)  # inf - inf has no answer
    x = within_reach(f, x)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        y, vjp = f.value_and_vjp(x)
        for result in (y, f(x), f.gradient(x), f.jacobian(x[:5]), f.vjp(x, g), vjp(g)):
            assert not np.isnan(result).any()
        if has_output_form(f):
            assert not np.isnan(f.gradient_from_output(y)).any()


@each
def test_a_nan_stays_a_nan(f):
    y, vjp = f.value_and_vjp([np.nan])
    assert np.isnan([y, f([np.nan]), f.vjp([0.5], [np.nan])]).all()
    if f == Linear():  # its derivative is 1 whatever the input
        return
    for result in (f.gradient([np.nan]), vjp(1.0), *(f.vjp([np.nan], g) for g in (0, np.inf))):
        assert np.isnan(result).all()


@each
def test_the_arguments_are_positional(f):
    with pytest.raises(TypeError):
        f(x=1.0)


# --- element-wise functions only ---


@each_elementwise
def test_0d_input_gives_a_scalar(f):
    for x in (0.5, np.float32(0.5), np.array(0.5, np.float16)):
        y, vjp = f.value_and_vjp(x)
        for result in (y, vjp(2.0), f(x), f.gradient(x), f.vjp(x, 2.0)):
            assert isinstance(result, np.floating)
            assert result.dtype == np.asarray(x).dtype
        assert f.jacobian(x).shape == (1, 1)
        out = np.empty((), np.float64)
        assert f(x, out=out) is out
        assert out == y


@each_elementwise
def test_jacobian_is_the_gradient_on_the_diagonal(f, random):
    x = random.standard_normal((2, 5))
    jacobian, gradient = f.jacobian(x), f.gradient(x)
    for row in range(2):
        np.testing.assert_array_equal(jacobian[row], np.diag(gradient[row]))


@each_elementwise
def test_gradient_and_vjp_agree(f, random):
    x, g = random.standard_normal((2, 3, 5))
    np.testing.assert_array_equal(f.vjp(x, 1.0), f.gradient(x))
    np.testing.assert_array_equal(f.vjp(x, g), f.gradient(x) * g)


@each_elementwise
def test_a_cotangent_of_higher_precision_is_rounded_once(f):
    x = np.array([0.5], np.float32)
    np.testing.assert_allclose(f.vjp(x, 1e200 * 1e-200), f.gradient(x))
    assert f.vjp(np.float32(0.5), 1e-50) == 0
    np.testing.assert_allclose(
        f.vjp(np.float16(0.5), 3.0), 3 * np.float64(f.gradient(0.5)), rtol=2**-11
    )


def test_the_witness_is_two_inputs_of_one_output():
    witnesses = [cls._one_output for cls in leaves() if issubclass(cls, ElementwiseActivation)]
    assert any(witnesses)
    for f in [*ELEMENTWISE, ReLU(0.5)]:
        if f._one_output:
            a, b = f._one_output
            assert a != b
            assert f(a) == f(b)
    slopes = ReLU(0.5).gradient(ReLU._one_output)
    assert slopes[0] != slopes[1]


def test_a_class_says_whether_its_output_determines_its_gradient():
    formulas = {"_value": lambda self, x: x * x, "_gradient": lambda self, x: 2 * x}
    with pytest.raises(TypeError, match=r"Square does not say .* define _gradient_from_output"):
        type("Square", (ElementwiseActivation,), formulas)
    square = type("Square", (ElementwiseActivation,), {**formulas, "_one_output": (-1.0, 1.0)})
    np.testing.assert_array_equal(square().vjp([1.0, 2.0], [3.0, 0.5]), [6, 2])
    with pytest.raises(ValueError, match=r"x = -1, where it is -2, and from x = 1, .* is 2"):
        square().gradient_from_output(1.0)


def test_the_vjp_does_not_depend_on_the_layout_of_x(random):
    x, g = random.standard_normal((2, 300, 400))
    for f in ELEMENTWISE:
        dx = f.value_and_vjp(x)[1](g)
        for view in (
            np.asfortranarray(x),
            np.repeat(x, 2, axis=1)[:, ::2],
            x[:, ::-1][:, ::-1],
        ):
            vjp = f.value_and_vjp(view)[1]
            np.testing.assert_array_equal(vjp(g), dx)
            np.testing.assert_array_equal(vjp(np.asfortranarray(g)), dx)


def test_what_relu_keeps_for_the_vjp_is_a_mask(random):
    x = random.standard_normal(1_000_000)
    tracemalloc.start()
    y, vjp = ReLU().value_and_vjp(x)
    kept = tracemalloc.get_traced_memory()[0] - y.nbytes
    tracemalloc.stop()
    assert kept < x.nbytes / 4
    assert np.array_equal(vjp(3.0), np.where(x > 0, 3.0, 0.0))
    x[123_456] = np.nan
    assert np.flatnonzero(np.isnan(ReLU().value_and_vjp(x)[1](1.0))).tolist() == [123_456]
