"""Exercises of the chapter ``backpropagation``."""

import numpy as np

from actgrad.exercises._exercise import (
    Arguments,
    Derive,
    Exercise,
    FindTheBug,
    Implement,
    Mistake,
    Part,
    Predict,
)


def _networks(rng: np.random.Generator) -> list[Arguments]:
    return [
        (
            rng.normal(size=(n, d)),
            rng.normal(size=(d, h)),
            rng.normal(size=(h, m)),
            rng.normal(size=(n, m)),
        )
        for n, d, h, m in ((1, 1, 1, 1), (3, 2, 2, 2), (4, 3, 5, 2))
    ]


def _chains(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape), rng.normal(size=shape)) for shape in (1, 4, (2, 3))]


EXERCISES: tuple[Exercise, ...] = (
    Implement(
        id="two-layer-gradients",
        chapter="backpropagation",
        title="A two-layer network, backward",
        level="hard",
        minutes=45,
        statement=r"""
The network is $H = \tanh(X W_1)$, $Y = H W_2$, with the loss
$L = \frac12 \sum (Y - T)^2$ over all elements. Write `two_layer_gradients(X, W1, W2, T)`: it
returns the tuple `(dW1, dW2)` of the gradients of $L$. Check it with finite differences before
you hand it in.""",
        learnt="a network's gradients come layer by layer, each from the one above it and "
        "from what was kept",
        starter='''def two_layer_gradients(X, W1, W2, T):
    """Return (dW1, dW2) for L = sum((tanh(X W1) W2 - T)**2) / 2."""
    ...
''',
        solution='''def two_layer_gradients(X, W1, W2, T):
    """Return (dW1, dW2) for L = sum((tanh(X W1) W2 - T)**2) / 2."""
    H = np.tanh(X @ W1)
    dY = H @ W2 - T
    dH = dY @ W2.T
    return X.T @ (dH * (1 - H**2)), H.T @ dY
''',
        alternatives=(
            """def two_layer_gradients(X, W1, W2, T):
    Z = X @ W1
    R = np.tanh(Z) @ W2 - T
    dZ = np.einsum("nm,hm->nh", R, W2) / np.cosh(Z) ** 2
    return np.einsum("nd,nh->dh", X, dZ), np.einsum("nh,nm->hm", np.tanh(Z), R)
""",
        ),
        hints=(
            r"$dY = \partial L / \partial Y$ is the residual. Begin there.",
            "Two things flow back from $Y$: into $W_2$ and into $H$.",
            r"Between $H$ and $X W_1$ stands $\tanh$: its slope, from its output, element by "
            "element.",
        ),
        mistakes=(
            Mistake(
                "forgot-activation",
                "The slope of the hidden activation is missing in `dW1`.",
                """def two_layer_gradients(X, W1, W2, T):
    H = np.tanh(X @ W1)
    dY = H @ W2 - T
    return X.T @ (dY @ W2.T), H.T @ dY
""",
            ),
            Mistake(
                "sign",
                "Both signs are wrong: the residual is output minus target.",
                """def two_layer_gradients(X, W1, W2, T):
    H = np.tanh(X @ W1)
    dY = T - H @ W2
    return X.T @ ((dY @ W2.T) * (1 - H**2)), H.T @ dY
""",
            ),
            Mistake(
                "factor-two",
                "Both are twice too large: the one half of the loss cancels the two.",
                """def two_layer_gradients(X, W1, W2, T):
    H = np.tanh(X @ W1)
    dY = 2 * (H @ W2 - T)
    return X.T @ ((dY @ W2.T) * (1 - H**2)), H.T @ dY
""",
            ),
            Mistake(
                "output-as-input",
                "The slope of the hidden activation was taken at its output: `tanh` of `tanh`.",
                """def two_layer_gradients(X, W1, W2, T):
    H = np.tanh(X @ W1)
    dY = H @ W2 - T
    return X.T @ ((dY @ W2.T) * (1 - np.tanh(H) ** 2)), H.T @ dY
""",
            ),
        ),
        parts=(Part("networks of several shapes", 8, _networks),),
    ),
    FindTheBug(
        id="upstream-factor-bug",
        chapter="backpropagation",
        title="Two functions on the way back",
        level="core",
        minutes=10,
        statement=r"""
`upstream_factor_bug(x, g)` sends a gradient back through $y = \sigma(\tanh(x))$: it gets the
input and $g = dL/dy$ and must return $dL/dx$. One factor of the chain is missing. Find which,
and repair it.""",
        learnt="every function on the way adds one factor, the upstream gradient included",
        starter='''def upstream_factor_bug(x, g):
    """Return dL/dx for y = sigma(tanh(x)) and g = dL/dy."""
    t = np.tanh(x)
    y = 1 / (1 + np.exp(-t))
    dt = y * (1 - y)
    return dt * (1 - t**2)
''',
        solution='''def upstream_factor_bug(x, g):
    """Return dL/dx for y = sigma(tanh(x)) and g = dL/dy."""
    t = np.tanh(x)
    y = 1 / (1 + np.exp(-t))
    dt = g * y * (1 - y)
    return dt * (1 - t**2)
''',
        alternatives=("g * 0.25 / np.cosh(np.tanh(x) / 2) ** 2 / np.cosh(x) ** 2",),
        hints=(
            "List the factors of the chain from the loss to `x`, and tick off those you find.",
            "Is there an argument that the function never uses?",
        ),
        mistakes=(
            Mistake(
                "added",
                "The upstream gradient is added; the chain rule multiplies.",
                """def upstream_factor_bug(x, g):
    t = np.tanh(x)
    y = 1 / (1 + np.exp(-t))
    return g + y * (1 - y) * (1 - t**2)
""",
            ),
            Mistake(
                "outer-only",
                "Now the slope of `tanh` is missing.",
                """def upstream_factor_bug(x, g):
    y = 1 / (1 + np.exp(-np.tanh(x)))
    return g * y * (1 - y)
""",
            ),
            Mistake(
                "inner-only",
                "Now the slope of the sigmoid is missing.",
                "g * (1 - np.tanh(x) ** 2)",
            ),
            Mistake(
                "wrong-place",
                "The slope of the sigmoid is taken at `x`; its input is `tanh(x)`.",
                """def upstream_factor_bug(x, g):
    y = 1 / (1 + np.exp(-x))
    return g * y * (1 - y) * (1 - np.tanh(x) ** 2)
""",
            ),
        ),
        parts=(Part("inputs and upstream gradients", 3, _chains),),
    ),
    Predict(
        id="vanishing-product",
        chapter="backpropagation",
        title="Five saturated layers",
        level="core",
        minutes=10,
        statement=r"""
Five sigmoid layers, all weights 1, and every unit works at $x = 3$. A gradient goes back
through the five: by which factor is it multiplied in all? One per cent either way is accepted,
so keep at least three digits of the factor of one layer.""",
        learnt="a saturated stack of five layers leaves less than a millionth of the gradient",
        solution="(sigma(3)*(1-sigma(3)))^5",
        alternatives=("1.8817e-7", "(exp(-3)/(1+exp(-3))^2)^5"),
        rtol=1e-2,
        atol=0.0,
        hints=(
            r"The factor of one layer is $\sigma'(3)$: compute it first.",
            "Factors along a chain multiply.",
        ),
        mistakes=(
            Mistake(
                "largest-slope",
                "That takes the largest slope; the units work at 3, where it is smaller.",
                "0.25^5",
            ),
            Mistake("values", "That multiplies the values, not the slopes.", "sigma(3)^5"),
            Mistake("added", "Factors along a chain multiply, they do not add.", "5*0.0451767"),
            Mistake("four-layers", "That is four layers.", "0.0451767^4"),
            Mistake(
                "reciprocal",
                "That is how many times smaller it becomes; it is multiplied by one over that.",
                "5.3e6",
            ),
            Mistake(
                "rounded-early",
                "Keep more digits of one layer's factor: its fifth power has five times its "
                "relative error.",
                "0.045^5",
            ),
        ),
    ),
    Derive(
        id="logistic-loss-slope",
        chapter="backpropagation",
        title="The loss that undoes the sigmoid",
        level="core",
        minutes=15,
        statement=r"""
With $y = \sigma(x)$ and a target $t$, the logistic loss is
$L = -t \ln y - (1 - t) \ln(1 - y)$. Write $dL/dx$ in terms of $y$ and $t$.""",
        learnt="a loss that fits its activation leaves a gradient that does not vanish where "
        "the unit is badly wrong",
        variables={"x": (-2.5, 2.5), "t": (0.0, 1.0)},
        definitions={"y": "sigma(x)"},
        answer_in=("y", "t"),
        start="D(-t*log(y) - (1 - t)*log(1 - y), x)",
        solution="y-t",
        alternatives=("-t*(1-y)+(1-t)*y", "y(1-y)*((1-t)/(1-y) - t/y)"),
        hints=(
            r"$dL/dy$ first: two fractions. Then multiply by $\sigma'(x) = y (1 - y)$.",
            "Each denominator cancels against one factor of the slope.",
        ),
        mistakes=(
            Mistake("sign", "The sign is wrong: an output that is too large must cost.", "t-y"),
            Mistake(
                "forgot-sigmoid",
                "This is the gradient by `y`; the slope of the sigmoid is missing.",
                "(y-t)/(y*(1-y))",
            ),
            Mistake(
                "squared-loss",
                "This is the gradient of the squared error.",
                "(y-t)*y*(1-y)",
            ),
            Mistake(
                "first-term-only", "The second logarithm was not differentiated.", "-t*(1-y)"
            ),
        ),
    ),
)
