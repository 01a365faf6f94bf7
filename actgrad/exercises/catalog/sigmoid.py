"""Exercises of the chapter ``sigmoid``."""

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


def _ordinary(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.0]),), (rng.uniform(-4, 4, 5),), (rng.normal(size=(3, 4)),)]


def _tails(rng: np.random.Generator) -> list[Arguments]:
    far = rng.uniform(40, 700, 4)
    return [(np.array([40.0]),), (far,), (-far,)]


def _output_and_upstream(rng: np.random.Generator) -> list[Arguments]:
    return [
        (rng.uniform(0.05, 0.95, shape), rng.normal(size=shape)) for shape in (1, 4, (3, 2))
    ]


EXERCISES: tuple[Exercise, ...] = (
    Implement(
        id="sigmoid-gradient",
        chapter="sigmoid",
        title="The gradient of the sigmoid, tails included",
        level="core",
        minutes=10,
        statement=r"""
Write `sigmoid_gradient(x)`: the derivative $\sigma'(x)$ of $\sigma(x) = 1/(1 + e^{-x})$, for an
array of any shape. Half of the points are for $\lvert x \rvert \le 4$. The other half are for
$40 \le \lvert x \rvert \le 700$, where the derivative is tiny but not zero: six digits of it
must be right.""",
        learnt="a formula that is right on paper can lose every digit in floating point, and "
        "an equal one need not",
        starter='''def sigmoid_gradient(x):
    """Return the derivative of the sigmoid at each element of x."""
    ...
''',
        solution='''def sigmoid_gradient(x):
    """Return the derivative of the sigmoid at each element of x."""
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
''',
        alternatives=(
            "0.25 / np.cosh(x / 2) ** 2",
            "1 / (2 + np.exp(x) + np.exp(-x))",
            "1 / (1 + np.exp(-x)) / (1 + np.exp(x))",
        ),
        hints=(
            "Begin with the derivative that the chapter derives, and try it at `x = 40`.",
            r"$1 - \sigma(40)$ is a difference of two numbers that float64 cannot tell "
            "apart. Which earlier line of the derivation has no such difference?",
            r"$\sigma'$ is even, $\sigma'(-x) = \sigma'(x)$: it is enough to compute it on the "
            "side where no exponential overflows.",
        ),
        mistakes=(
            Mistake(
                "sigmoid-itself",
                "This is the sigmoid itself, not its derivative.",
                "1 / (1 + np.exp(-x))",
            ),
            Mistake(
                "lost-square",
                "The denominator lost its square: the reciprocal rule divides by `u**2`.",
                "np.exp(-x) / (1 + np.exp(-x))",
            ),
            Mistake(
                "lost-inner-sign",
                "The sign is wrong everywhere: the derivative of `exp(-x)` has a minus, and it "
                "meets the minus of the reciprocal rule.",
                "-np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2",
            ),
            Mistake(
                "cancellation",
                "On paper this is right. In float64, `sigma(40)` rounds to 1, and `1 - sigma` "
                "to 0: the true slope there is 4.2e-18.",
                "1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x)))",
            ),
            Mistake(
                "overflow",
                "On paper this is right. In float64 the square of a large exponential "
                "overflows: one side becomes 0 or `nan` from about 355 on.",
                "np.exp(-x) / (1 + np.exp(-x)) ** 2",
            ),
        ),
        parts=(
            Part("ordinary values", 2, _ordinary),
            Part("both tails, from 40 to 700", 2, _tails, rtol=1e-6, atol=0.0),
        ),
    ),
    Derive(
        id="sigmoid-second-derivative",
        chapter="sigmoid",
        title="Where the sigmoid bends",
        level="core",
        minutes=10,
        statement=r"""
Write the second derivative $\sigma''(x)$ in terms of the output $y = \sigma(x)$. Any equal
expression in $x$ or $y$ counts. Before you check it: where must it be zero?""",
        learnt="a derivative that is known in terms of the output can be differentiated again "
        "without going back to the exponentials",
        variables={"x": (-3.0, 3.0)},
        definitions={"y": "sigma(x)"},
        start="D(D(sigma(x), x), x)",
        solution="y*(1-y)*(1-2*y)",
        alternatives=(
            "y - 3*y^2 + 2*y^3",
            "exp(-x)*(exp(-x)-1)/(1+exp(-x))^3",
            "-sigma(x)(1-sigma(x))tanh(x/2)",
        ),
        hints=(
            "Differentiate $y - y^2$ with respect to $x$; remember that $y$ depends on $x$.",
            "The chain rule gives a factor $dy/dx$ in every term. You know $dy/dx$ in terms of "
            "$y$.",
        ),
        mistakes=(
            Mistake(
                "treated-y-as-x",
                "This differentiates by `y`, not by `x`: the factor `dy/dx` of the chain rule "
                "is missing.",
                "1-2*y",
            ),
            Mistake("first-derivative", "This is the first derivative.", "y*(1-y)"),
            Mistake(
                "product-of-derivatives",
                "The derivative of a product is not the product of the derivatives.",
                "-(y*(1-y))^2",
            ),
            Mistake(
                "sign",
                "The sign is wrong: left of zero the sigmoid gets steeper.",
                "y*(1-y)*(2*y-1)",
            ),
        ),
    ),
    Derive(
        id="logistic-derivative",
        chapter="sigmoid",
        title="The whole logistic family",
        level="hard",
        minutes=15,
        statement=r"""
The logistic function is $y = \dfrac{L}{1 + e^{-k (x - c)}}$. Write $dy/dx$ in terms of $y$ and
the parameters $L$ and $k$; expressions with $x$ and $c$ count too.""",
        learnt="how far the sigmoid's formula goes: stretching and scaling change it, shifting "
        "does not",
        variables={"L": (0.5, 3.0), "k": (0.5, 3.0), "c": (-1.0, 1.0), "x": (-2.0, 2.0)},
        definitions={"y": "L/(1+exp(-k*(x-c)))"},
        worth=3,
        start="D(L/(1 + e^(-k*(x - c))), x)",
        solution="k*y*(1-y/L)",
        alternatives=(
            "k*y*(L-y)/L",
            "L*k*exp(-k*(x-c))/(1+exp(-k*(x-c)))^2",
            "L*k*sigma(k*(x-c))*(1-sigma(k*(x-c)))",
        ),
        hints=(
            r"Write $y = L\,\sigma(u)$ with $u = k (x - c)$, and use the chain rule.",
            r"$\sigma(u) = y / L$: put it into $\sigma'(u) = \sigma(u)(1 - \sigma(u))$.",
        ),
        mistakes=(
            Mistake(
                "standard-sigmoid",
                "This is the formula for `L = 1` and `k = 1`.",
                "y*(1-y)",
            ),
            Mistake(
                "forgot-inner-derivative",
                "The derivative of the inner function is missing: `k*(x-c)` grows `k` times as "
                "fast as `x`.",
                "y*(1-y/L)",
            ),
            Mistake(
                "forgot-height",
                "This takes `y` for a number between 0 and 1; here it goes up to `L`.",
                "k*y*(1-y)",
            ),
        ),
    ),
    Predict(
        id="sigmoid-slopes-multiply",
        chapter="sigmoid",
        title="How fast slopes vanish",
        level="warm-up",
        minutes=5,
        statement=r"""
Backpropagation through a stack of sigmoid layers multiplies one slope $\sigma'(x)$ a layer.
Suppose that each layer has one unit and the weight 1. What is the smallest number of layers
that makes the product smaller than 0.0001 *whatever the inputs are*? Predict first, then
compute.""",
        learnt="even at its steepest point the sigmoid passes on a quarter of the gradient",
        solution="7",
        alternatives=("7.0", "6 + 1"),
        rtol=1e-6,
        hints=(
            "Whatever the inputs are: take the inputs that pass on the most.",
            "Where is the slope largest, and how large is it there? Multiply it with itself "
            "until the product is small enough.",
        ),
        mistakes=(
            Mistake(
                "one-too-few",
                "Six layers can still pass on more than that.",
                "6",
            ),
            Mistake(
                "value-for-slope",
                "This multiplies the value at zero, one half; a gradient multiplies slopes.",
                "14",
            ),
            Mistake(
                "decade-a-layer",
                "This takes a factor of ten a layer. The largest slope is larger than 0.1.",
                "5",
            ),
        ),
    ),
    FindTheBug(
        id="sigmoid-backward-bug",
        chapter="sigmoid",
        title="A layer that learns slowly",
        level="core",
        minutes=5,
        statement=r"""
A layer keeps its output $y = \sigma(x)$ and calls `sigmoid_backward_bug(y, g)` on the way back,
with the upstream gradient $g = dL/dy$. It must return $dL/dx$. Training runs, and is slow.
Repair the function; it has only `y` and `g`.""",
        learnt="a gradient formula is written for the input or for the output, and the mix-up "
        "raises no error",
        starter='''def sigmoid_backward_bug(y, g):
    """Return dL/dx from the output y = sigma(x) and the upstream gradient g = dL/dy."""
    s = 1 / (1 + np.exp(-y))
    return g * s * (1 - s)
''',
        solution='''def sigmoid_backward_bug(y, g):
    """Return dL/dx from the output y = sigma(x) and the upstream gradient g = dL/dy."""
    return g * y * (1 - y)
''',
        alternatives=("g * (y - y**2)", "g * (0.25 - (y - 0.5) ** 2)"),
        hints=(
            "Print the slope that the function uses for `y = 0.5`. What is the true slope "
            "there?",
            "What does `s` hold if `y` already is an output?",
        ),
        mistakes=(
            Mistake(
                "forgot-upstream",
                "The upstream gradient `g` is missing.",
                "y * (1 - y) + 0 * g",
            ),
            Mistake(
                "recomputed-from-output",
                "`1 - s` is repaired, `s` is not: the sigmoid is still applied to an output.",
                "g / (1 + np.exp(-y)) * (1 - y)",
            ),
            Mistake(
                "divided-upstream",
                "The chain rule multiplies by the slope; this divides by it.",
                "g / (y * (1 - y))",
            ),
        ),
        parts=(Part("outputs between 0.05 and 0.95", 3, _output_and_upstream),),
    ),
)
