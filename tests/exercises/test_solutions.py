"""Every solution against an oracle that shares nothing with it.

Formulas are differentiated by SymPy, values are recomputed by mpmath with 40 digits, gradients
of layers and networks by finite differences of the loss. The table of oracles is complete: an
exercise without one fails.
"""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from actgrad.exercises import EXERCISES
from actgrad.exercises._exercise import ExpressionExercise, FunctionExercise
from tests.catalogue import BY_HAND

X, Y, A, B, C, K, L, S, T, R, H = sp.symbols("x y a b c k L s t r h", real=True)
SIGMA = 1 / (1 + sp.exp(-X))
SHARE = sp.exp(A) / (sp.exp(A) + sp.exp(B))

# Derive: what the statement asks for, differentiated by SymPy.
FORMULAS = {
    "quotient-warm-up": sp.diff(X / (1 + X**2), X),
    "chain-rule-bell": sp.diff(sp.exp(-(X**2) / 2), X),
    "product-rule-swish": sp.diff(X * SIGMA, X),
    "product-rule-lines": sp.diff(X * sp.exp(-(X**2) / 2), X),
    "sigmoid-second-derivative": sp.diff(SIGMA, X, 2),
    "logistic-derivative": sp.diff(L / (1 + sp.exp(-K * (X - C))), X),
    "tanh-through-sigmoid": sp.diff(2 * SIGMA.subs(X, 2 * X) - 1, X),
    "affine-slope": sp.diff(A * (A * X + B) + B, X),
    "squared-relu": sp.diff(sp.Piecewise((X**2, X > 0), (0, True)), X),
    "silu-from-both": sp.diff(X * SIGMA, X),
    "quick-gelu-slope": sp.diff(X / (1 + sp.exp(-K * X)), X),
    "prelu-parameter": sp.diff(X / (1 + sp.exp(-T)), T),
    "softplus-beta-slope": sp.diff(sp.log(1 + sp.exp(B * X)) / B, X),
    "log-softmax-slope": sp.diff(sp.log(sp.exp(S * A) / (sp.exp(S * A) + sp.exp(S * B))), A),
    "log-sum-exp-curvature": sp.diff(sp.log(sp.exp(A) + sp.exp(B)), A, B),
    "swiglu-gate-slope": sp.diff(A / (1 + sp.exp(-A)) * B, A),
    "cross-entropy-softmax": sp.diff(-T * sp.log(SHARE) - (1 - T) * sp.log(1 - SHARE), A),
    "logistic-loss-slope": sp.diff(-T * sp.log(SIGMA) - (1 - T) * sp.log(1 - SIGMA), X),
    "central-difference-error": sp.series(
        (sp.exp(X + H) - sp.exp(X - H)) / (2 * H) - sp.exp(X), H, 0, 3
    ).removeO(),
}


def mp_sigma(x):
    return 1 / (1 + mp.exp(-mp.mpf(x)))


def layers_until(bound):
    count, product = 0, 1.0
    while product >= bound:
        count, product = count + 1, product * 0.25
    return count


def saturation():
    low, high = 1.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if np.tanh(np.float16(middle)) == 1 else (middle, high)
    return high


# Predict: computed, not predicted.
NUMBERS = {
    "full-jacobian-size": lambda: np.zeros((8, 5, 8, 5)).size,
    "sigmoid-slopes-multiply": lambda: layers_until(0.0001),
    "tanh-slope-lost": saturation,
    "linear-depth-parameters": lambda: (np.ones((6, 100)) @ np.ones((100, 4))).size,
    "dead-unit-share": lambda: mp.ncdf(1),
    "elu-smooth-alpha": lambda: 1 / mp.diff(lambda t: mp.expm1(2 * t), 0),
    "gelu-steepest": lambda: mp.findroot(
        lambda t: mp.diff(lambda v: v * mp.ncdf(v), t, 2), 1.2
    ),
    "swish-halfway": lambda: mp.diff(lambda t: t * mp_sigma(3 * t), 0),
    "softplus-gap": lambda: max(
        np.logaddexp(0, 10 * x) / 10 - max(0, x) for x in np.linspace(-1, 1, 2001)
    ),
    "softmax-two-classes": lambda: mp.exp(mp.log(3)) / (mp.exp(mp.log(3)) + 1),
    "loss-of-knowing-nothing": lambda: -mp.log(mp.exp(3) / mp.fsum([mp.exp(3)] * 10)),
    "glu-by-hand": lambda: 6 * mp.quad(lambda t: mp.diff(mp_sigma, t), [-mp.inf, mp.log(2)]),
    "batch-jacobian-bytes": lambda: np.dtype(float).itemsize * (64 * 1000) ** 2 / 1e9,
    "vanishing-product": lambda: mp.diff(mp_sigma, 3) ** 5,
    "tail-of-the-slope": lambda: mp.diff(mp_sigma, 40),
}


def each(function):
    """Apply a function of mpmath numbers element by element."""

    def mapped(*arrays):
        shape = np.broadcast_shapes(*map(np.shape, arrays))
        flat = [np.ravel(np.broadcast_to(array, shape)).tolist() for array in arrays]
        values = [float(function(*map(mp.mpf, items))) for items in zip(*flat, strict=True)]
        return np.array(values).reshape(shape)

    return mapped


def rows(function):
    """Apply a function of a list of mpmath numbers to each row."""

    def mapped(z):
        flat = np.reshape(z, (-1, np.shape(z)[-1])).tolist()
        values = np.array([function([mp.mpf(x) for x in row]) for row in flat], dtype=float)
        return values.reshape((*np.shape(z)[:-1], *values.shape[1:]))

    return mapped


def softmax_row(row):
    total = mp.fsum(mp.exp(x) for x in row)
    return [mp.exp(x) / total for x in row]


def numeric_gradient(loss, array):
    """Central differences of a loss, element by element, with one Richardson step."""

    def slope(index, step):
        up, down = array.copy(), array.copy()
        up[index] += step
        down[index] -= step
        return (loss(up) - loss(down)) / (2 * step)

    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        gradient[index] = (4 * slope(index, 1e-3) - slope(index, 2e-3)) / 3
    return gradient


def dense_gradients(X, W, b, G):
    def loss(x, w, bias):
        return np.sum(G * np.tanh(x @ w + bias))

    return (
        numeric_gradient(lambda v: loss(v, W, b), X),
        numeric_gradient(lambda v: loss(X, v, b), W),
        numeric_gradient(lambda v: loss(X, W, v), b),
    )


def two_layer_gradients(X, W1, W2, T):
    def loss(w1, w2):
        return np.sum((np.tanh(X @ w1) @ w2 - T) ** 2) / 2

    return (
        numeric_gradient(lambda v: loss(v, W2), W1),
        numeric_gradient(lambda v: loss(W1, v), W2),
    )


def softmax_vjp(y, g):
    def loss(z):
        e = np.exp(z)
        return np.sum(g * e / e.sum(axis=-1, keepdims=True))

    return numeric_gradient(loss, np.log(y))


def softmax_jacobian(s):
    z = np.log(s)

    def output(index):
        return lambda v: np.exp(v[index]) / np.exp(v).sum()

    return np.array([numeric_gradient(output(index), z) for index in range(len(z))])


def log_softmax_row(row):
    total = mp.log(mp.fsum(mp.exp(x) for x in row))
    return [x - total for x in row]


def mean_cross_entropy(z, p):
    return -np.mean((p * rows(log_softmax_row)(z)).sum(axis=-1))


def merged(a, A, b, B):
    total = mp.mpf(A) * mp.exp(mp.mpf(a)) + mp.mpf(B) * mp.exp(mp.mpf(b))
    return max(a, b), float(total / mp.exp(mp.mpf(max(a, b))))


def glu_backward(x, g):
    def loss(v):
        n = v.shape[-1] // 2
        return np.sum(g * v[..., :n] * (1 + np.tanh(v[..., n:] / 2)) / 2)

    return numeric_gradient(loss, x)


def silu(x):
    return mp.mpf(0) if x == -mp.inf else x * mp_sigma(x)


def silu_slope(x):
    with mp.workdps(60):
        return mp_sigma(x) * (1 + x * mp_sigma(-x))


def quick_gelu(x):
    k = mp.mpf("1.702")
    return x if x == mp.inf else mp.mpf(0) if x < -(10**5) else x * mp_sigma(k * x)


def tanh_gelu(x):
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def swiglu_of_turns(row):
    return [silu(row[i]) * row[i + 1] for i in range(0, len(row), 2)]


def collapsed(W1, b1, W2, b2):
    bias = (np.zeros((1, len(W1))) @ W1 + b1) @ W2 + b2
    columns = [((row[None, :] @ W1 + b1) @ W2 + b2 - bias)[0] for row in np.eye(len(W1))]
    return np.array(columns), bias[0]


FUNCTIONS = {
    "dense-forward": lambda X, W, b: each(mp.tanh)(np.einsum("nd,dm->nm", X, W) + b),
    "dense-gradients": dense_gradients,
    "bias-gradient-bug": lambda dZ: numeric_gradient(
        lambda b: np.sum(dZ * (0 * dZ + b)), np.zeros(dZ.shape[1])
    ),
    "polynomial-derivative": lambda c: np.polyder(np.poly1d(c[::-1])).coeffs[::-1],
    "sigmoid-gradient": each(lambda x: mp_sigma(x) * mp_sigma(-x)),
    "sigmoid-backward-bug": each(lambda y, g: g * mp.diff(mp_sigma, mp.log(y / (1 - y)))),
    "tanh-backward": each(lambda y, g: g * mp.diff(mp.tanh, mp.atanh(y))),
    "tanh-exponential-bug": each(mp.tanh),
    "collapse-layers": collapsed,
    "linear-gradient-bug": each(lambda x: mp.diff(lambda v: v, x)),
    "relu-gradient": each(lambda x: 1 if x > 0 else 0),
    "relu-backward-bug": each(lambda y, g: g if y > 0 else 0),
    "softplus-overflow-bug": each(lambda x: mp.log1p(mp.exp(x))),
    "softplus-inverse": each(lambda y: mp.log(mp.expm1(y))),
    "softmax-stable": rows(softmax_row),
    "softmax-shift-bug": rows(softmax_row),
    "softmax-jacobian-bug": softmax_jacobian,
    "softmax-vjp": softmax_vjp,
    "softmax-diagonal-bug": softmax_vjp,
    "softmax-batch-bug": softmax_vjp,
    "cross-entropy-gradient": lambda z, p: numeric_gradient(
        lambda v: mean_cross_entropy(v, p), z
    ),
    "log-softmax-bug": rows(log_softmax_row),
    "softmax-twice-bug": mean_cross_entropy,
    "online-softmax-merge": merged,
    "glu-backward": glu_backward,
    "swiglu-layout-bug": rows(swiglu_of_turns),
    "swiglu-mask-bug": each(lambda a, b: silu(a) * b),
    "two-layer-gradients": two_layer_gradients,
    "upstream-factor-bug": each(lambda x, g: g * mp.diff(lambda v: mp_sigma(mp.tanh(v)), x)),
    "elu-gradient-safe": each(lambda x: 1 if x > 0 else mp.exp(x)),
    "prelu-gradient-bug": lambda x, g: (np.minimum(x, 0) * g).sum(),
    "quick-gelu-everywhere": each(quick_gelu),
    "tanh-gelu-gradient-bug": each(lambda x: mp.diff(tanh_gelu, x)),
    "silu-division-bug": each(silu_slope),
    "swish-parameter-gradient": lambda x, g, beta: sum(
        gi * float(mp.diff(lambda b, xi=xi: xi * mp_sigma(b * mp.mpf(xi)), beta))
        for xi, gi in zip(x.ravel().tolist(), g.ravel().tolist(), strict=True)
    ),
    "silu-gradient-near-minimum": each(silu_slope),
    "sigmoid-tail-bug": each(lambda x: mp_sigma(x) * mp_sigma(-x)),
    "log-sum-exp": rows(lambda row: mp.log(mp.fsum(mp.exp(x) for x in row))),
    "log-sigmoid": each(lambda x: -mp.log1p(mp.exp(-x))),
}


def ids(kind):
    """Those that are written by hand: test_atlas.py judges the others."""
    return {item.id for item in BY_HAND if isinstance(item, kind)}


def test_every_exercise_has_an_oracle():
    assert ids(FunctionExercise) == set(FUNCTIONS)
    assert ids(ExpressionExercise) == set(FORMULAS) | set(NUMBERS)


def test_the_catalogue_is_as_large_as_promised():
    kinds = [item.kind for item in EXERCISES.values()]
    assert len(kinds) >= 40
    assert kinds.count("find-the-bug") >= 8
    assert set(kinds) == {"derive", "prove", "implement", "predict", "find-the-bug"}
    assert {item.level for item in EXERCISES.values()} == {"warm-up", "core", "hard"}


@pytest.mark.parametrize("id", FORMULAS)
def test_formula(id):
    exercise = EXERCISES[id]
    values = exercise.points_at(np.random.default_rng(5), 25)
    letters = list(exercise.variables)
    function = sp.lambdify(
        [sp.Symbol(name, real=True) for name in letters], FORMULAS[id], "numpy"
    )
    expected = np.broadcast_to(function(*(values[name] for name in letters)), 25)
    np.testing.assert_allclose(exercise.values(exercise.solution, values), expected, rtol=1e-9)


@pytest.mark.parametrize("id", NUMBERS)
def test_number(id):
    exercise = EXERCISES[id]
    got = float(exercise.values(exercise.solution, {})[0])
    assert got == pytest.approx(float(NUMBERS[id]()), rel=min(exercise.rtol, 5e-3), abs=0)


@pytest.mark.parametrize("id", FUNCTIONS)
def test_function(id):
    exercise = EXERCISES[id]
    solution = exercise.function(exercise.solution)
    numeric = FUNCTIONS[id].__name__ != "mapped"
    with mp.workdps(60):
        for part in exercise.parts:
            for arguments in part.draw(np.random.default_rng(11)):
                got = solution(*arguments)
                expected = FUNCTIONS[id](*arguments)
                pairs = (
                    zip(got, expected, strict=True)
                    if isinstance(got, tuple)
                    else [(got, expected)]
                )
                for left, right in pairs:
                    np.testing.assert_allclose(
                        left,
                        right,
                        rtol=1e-8 if numeric else 1e-12,
                        atol=1e-9 if numeric else part.atol and 1e-14,
                    )
