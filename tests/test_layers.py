import mpmath
import numpy as np
import pytest

from actgrad.activations import Linear, ReLU, Sigmoid, Softmax, Softplus, Tanh
from actgrad.layers import Dense, Sequential, SoftmaxCrossEntropy, SquaredError

ACTIVATIONS = [
    Linear(),
    Sigmoid(),
    Tanh(),
    ReLU(),
    Softplus(2),
    Softmax(),
    Softmax(stretch=0.5),
]


@pytest.fixture
def rng():
    return np.random.default_rng(12)


def numeric(function, array, step=1e-6):
    """dL/d(array) by central differences, one element after the other."""
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        shifted = array.copy()
        shifted[index] = array[index] + step
        above = function(shifted)
        shifted[index] = array[index] - step
        gradient[index] = (above - function(shifted)) / (2 * step)
    return gradient


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("examples", [(), (5,), (2, 3)])
def test_the_three_gradients_against_differences(activation, examples, rng):
    x, g = rng.standard_normal((*examples, 4)), rng.standard_normal((*examples, 3))
    w, b = rng.standard_normal((4, 3)), rng.standard_normal(3)
    layer = Dense(w, b, activation)
    a, vjp = layer.value_and_vjp(x)
    np.testing.assert_array_equal(a, layer(x))
    np.testing.assert_allclose(a, activation(x @ w + b), rtol=1e-13)
    gradients = vjp(g)
    expected = (
        numeric(lambda x: np.sum(g * Dense(w, b, activation)(x)), x),
        numeric(lambda w: np.sum(g * Dense(w, b, activation)(x)), w),
        numeric(lambda b: np.sum(g * Dense(w, b, activation)(x)), b),
    )
    for actual, truth in zip(gradients, expected, strict=True):
        assert actual.shape == truth.shape
        np.testing.assert_allclose(actual, truth, atol=1e-8)


def test_softmax_of_many_classes_forms_no_jacobian(rng):
    import tracemalloc

    layer = Dense.random(2, 5000, Softmax(), rng=rng)
    x = rng.standard_normal((40, 2))
    tracemalloc.start()
    a, vjp = layer.value_and_vjp(x)
    vjp(a)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * a.nbytes  # the Jacobians alone would be 5000 times as much


def test_a_network_is_backpropagated_layer_by_layer(rng):
    network = Sequential(
        [
            Dense.random(3, 5, Tanh(), rng=rng),
            Dense.random(5, 4, Softplus(), rng=rng),
            Dense.random(4, 2, rng=rng),
        ]
    )
    x, targets, loss = rng.standard_normal((6, 3)), rng.standard_normal((6, 2)), SquaredError()
    y, vjp = network.value_and_vjp(x)
    np.testing.assert_array_equal(y, network(x))
    gradients = vjp(loss.value_and_gradient(y, targets)[1])
    np.testing.assert_allclose(
        gradients[0].x, numeric(lambda x: loss(network(x), targets), x), atol=1e-8
    )
    for position, (layer, gradient) in enumerate(zip(network.layers, gradients, strict=True)):

        def with_weights(w, position=position, layer=layer):
            layers = list(network.layers)
            layers[position] = Dense(w, layer.bias, layer.activation)
            return loss(Sequential(layers)(x), targets)

        np.testing.assert_allclose(
            gradient.weights, numeric(with_weights, layer.weights), atol=1e-8
        )


def test_gradient_descent_learns_exclusive_or(rng):
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    labels = np.array([0, 1, 1, 0])
    network = Sequential([Dense.random(2, 8, Tanh(), rng=rng), Dense.random(8, 2, rng=rng)])
    loss = SoftmaxCrossEntropy()
    losses = []
    for _ in range(300):
        z, vjp = network.value_and_vjp(x)
        value, g = loss.value_and_gradient(z, labels)
        losses.append(value)
        network = network.descend(vjp(g), rate=0.5)
    assert losses[0] > 0.5
    assert losses[-1] < 0.02
    np.testing.assert_array_equal(network(x).argmax(axis=-1), labels)


def test_descend_makes_the_step_it_says(rng):
    network = Sequential([Dense.random(2, 3, rng=rng)])
    y, vjp = network.value_and_vjp(np.ones((1, 2)))
    gradients = vjp(np.ones_like(y))
    stepped = network.descend(gradients, 0.25)
    before, after = network.layers[0], stepped.layers[0]
    np.testing.assert_allclose(after.weights, before.weights - 0.25 * gradients[0].weights)
    np.testing.assert_allclose(after.bias, before.bias - 0.25)
    assert after.activation == before.activation


def test_squared_error_gradient(rng):
    y, t = rng.standard_normal((2, 5, 3))
    value, gradient = SquaredError().value_and_gradient(y, t)
    assert value == pytest.approx(0.5 * np.mean(np.sum((y - t) ** 2, axis=1)))
    np.testing.assert_allclose(gradient, numeric(lambda y: SquaredError()(y, t), y), atol=1e-8)


def test_cross_entropy_gradient(rng):
    z, labels = rng.standard_normal((2, 4, 3)), rng.integers(0, 3, (2, 4))
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(z, labels)
    probabilities = np.take_along_axis(Softmax()(z), labels[..., None], axis=-1)
    assert value == pytest.approx(-np.mean(np.log(probabilities)))
    np.testing.assert_allclose(
        gradient, numeric(lambda z: SoftmaxCrossEntropy()(z, labels), z), atol=1e-8
    )
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-16)


@pytest.mark.parametrize("z", [[50.0, 0, -3], [0.0, 50, -3], [0.0, 1, 800], [-900.0, -950, 0]])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_cross_entropy_of_confident_answers(z, label):
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(z, label)
    with mpmath.workdps(900):
        e = [mpmath.exp(mpmath.mpf(number)) for number in z]
        y = [number / mpmath.fsum(e) for number in e]
        truth = [p - (i == label) for i, p in enumerate(y)]
        assert value == pytest.approx(float(-mpmath.log(y[label])), rel=1e-14, abs=0)
        for actual, expected in zip(gradient, truth, strict=True):
            assert actual == pytest.approx(float(expected), rel=1e-14, abs=1e-307)


def test_cross_entropy_with_masked_classes():
    loss, inf = SoftmaxCrossEntropy(), np.inf
    value, gradient = loss.value_and_gradient([0.0, -inf, 0.0], 2)
    assert value == pytest.approx(np.log(2))
    np.testing.assert_allclose(gradient, [0.5, 0, -0.5])
    value, gradient = loss.value_and_gradient([0.0, -inf, 0.0], 1)
    assert value == inf
    np.testing.assert_allclose(gradient, [0.5, -1, 0.5])


def test_dtype_is_kept(rng):
    layer = Dense(np.ones((2, 3), np.float32), np.zeros(3, np.float32), Tanh())
    a, vjp = layer.value_and_vjp(np.ones((4, 2), np.float32))
    for array in (a, *vjp(a)):
        assert array.dtype == np.float32


def test_bad_layers_are_refused():
    w, b = np.ones((2, 3)), np.ones(3)
    for bad in [(w, np.ones(2)), (np.ones(2), b), (w, 1.0), (np.ones((1, 2, 3)), b)]:
        with pytest.raises(ValueError, match=r"pass shapes \(p, q\) and \(q,\)"):
            Dense(*bad)
    with pytest.raises(TypeError, match="must be an Activation"):
        Dense(w, b, Tanh)
    with pytest.raises(TypeError, match="weights must hold real numbers"):
        Dense([["a"]], b)
    for x in (1.0, np.ones(3), np.ones((2, 3))):
        for call in (Dense(w, b), Dense(w, b).value_and_vjp):
            with pytest.raises(ValueError, match=r"pass \(..., 2\), one row an example"):
                call(x)
    with pytest.raises(ValueError, match="does not broadcast"):
        Dense(w, b).value_and_vjp(np.ones((4, 2)))[1](np.ones((5, 3)))


def test_bad_networks_and_steps_are_refused(rng):
    with pytest.raises(ValueError, match="at least one layer"):
        Sequential([])
    with pytest.raises(ValueError, match="layer 1 has 3 outputs but layer 2 has 2"):
        Sequential([Dense.random(2, 3, rng=rng), Dense.random(2, 2, rng=rng)])
    network = Sequential([Dense.random(2, 3, rng=rng)])
    with pytest.raises(ValueError, match="0 gradients for 1 layers"):
        network.descend([], 0.1)
    gradients = network.value_and_vjp(np.ones(2))[1](1.0)
    for rate in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match="rate must be"):
            network.descend(gradients, rate)


def test_bad_targets_are_refused():
    z = np.zeros((4, 3))
    for labels in (np.eye(4, 3), np.zeros(3, int), np.zeros(4), np.zeros((4, 1), int)):
        with pytest.raises(ValueError, match=r"class indices of shape \(4,\).*argmax"):
            SoftmaxCrossEntropy()(z, labels)
    for label in (-1, 3):
        with pytest.raises(ValueError, match=r"must lie in 0 \.\.\. 2"):
            SoftmaxCrossEntropy()(z, np.full(4, label))
    with pytest.raises(ValueError, match="at least one"):
        SoftmaxCrossEntropy()(np.zeros((0, 3)), np.zeros(0, int))
    with pytest.raises(ValueError, match="holds no example"):
        SquaredError()(np.zeros((0, 3)), 0.0)
    with pytest.raises(ValueError, match="does not broadcast"):
        SquaredError()(z, np.zeros((5, 3)))
