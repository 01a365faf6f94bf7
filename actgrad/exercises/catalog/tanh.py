"""Exercises of the chapter ``tanh``."""

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


def _output_and_upstream(rng: np.random.Generator) -> list[Arguments]:
    return [
        (rng.uniform(-0.95, 0.95, shape), rng.normal(size=shape)) for shape in (1, 4, (3, 2))
    ]


def _ordinary(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.0]),), (rng.uniform(-3, 3, 5),), (rng.normal(size=(2, 3)),)]


def _large(rng: np.random.Generator) -> list[Arguments]:
    far = rng.uniform(400, 900, 3)
    return [(np.array([500.0]),), (far,), (-far,)]


EXERCISES: tuple[Exercise, ...] = (
    Derive(
        id="tanh-through-sigmoid",
        chapter="tanh",
        title="The same slope from the sigmoid",
        level="core",
        minutes=10,
        statement=r"""
Start from $\tanh x = 2\,\sigma(2x) - 1$ and differentiate it, without the formula for
$\tanh'$. Write the result in terms of $s = \sigma(2x)$.""",
        learnt="two activations that are one function scaled and shifted have slopes that are "
        "scaled alike",
        variables={"x": (-1.5, 1.5)},
        definitions={"s": "sigma(2*x)"},
        answer_in=("s",),
        start="D(2*sigma(2*x) - 1, x)",
        solution="4*s*(1-s)",
        alternatives=("1-(2s-1)^2", "4s - 4s²"),
        hints=(
            r"$\sigma(2x)$ is a composition: the chain rule gives a factor.",
            r"At $x = 0$ the slope of $\tanh$ is 1 and $s = 1/2$.",
        ),
        mistakes=(
            Mistake(
                "forgot-inner",
                "The inner derivative of `2x` is missing.",
                "2*s*(1-s)",
            ),
            Mistake(
                "forgot-outer",
                "Both factors are missing: the one in front and the one inside.",
                "s*(1-s)",
            ),
            Mistake(
                "kept-the-constant",
                "A constant has the derivative zero; here it is still subtracted.",
                "4*s*(1-s)-1",
            ),
        ),
    ),
    Implement(
        id="tanh-backward",
        chapter="tanh",
        title="Backward from the output",
        level="warm-up",
        minutes=5,
        statement=r"""
A layer kept its output $y = \tanh x$. Write `tanh_backward(y, g)`: it returns
$dL/dx$ from `y` and the upstream gradient $g = dL/dy$, without another exponential.""",
        learnt="what the forward pass computed is enough for the backward pass",
        starter='''def tanh_backward(y, g):
    """Return dL/dx from the output y = tanh(x) and g = dL/dy."""
    ...
''',
        solution='''def tanh_backward(y, g):
    """Return dL/dx from the output y = tanh(x) and g = dL/dy."""
    return g * (1 - y**2)
''',
        alternatives=("g * (1 - y) * (1 + y)", "g - g * y * y"),
        hints=(
            r"Which formula of the chapter has $\tanh x$ on its right side and no $x$ alone?",
            "For an element-wise function the vector-Jacobian product is one multiplication.",
        ),
        mistakes=(
            Mistake(
                "fed-output-to-input-formula",
                "`y` already is `tanh(x)`; here `tanh` is applied to it once more.",
                "g * (1 - np.tanh(y) ** 2)",
            ),
            Mistake(
                "forgot-upstream",
                "The upstream gradient is missing.",
                "1 - y**2 + 0 * g",
            ),
            Mistake("forgot-square", "The output is not squared.", "g * (1 - y)"),
            Mistake(
                "sigmoid-formula",
                "This is the sigmoid's formula.",
                "g * y * (1 - y)",
            ),
        ),
        parts=(Part("outputs between -0.95 and 0.95", 2, _output_and_upstream),),
    ),
    FindTheBug(
        id="tanh-exponential-bug",
        chapter="tanh",
        title="A tanh as it is printed",
        level="core",
        minutes=15,
        statement=r"""
Document 003 prints this form of $\tanh$: its numerator and denominator are the same. Repair it.
Two points are for ordinary values; one more is for $400 \le \lvert x \rvert \le 900$, where
$e^{2 \lvert x \rvert}$ overflows and the result must still be right. Use exponentials, not
`np.tanh`, if you want to learn something.""",
        learnt="a check at one point finds a wrong formula, and the sign of the exponent "
        "decides whether a right one survives large inputs",
        starter='''def tanh_exponential_bug(x):
    """Return tanh(x), from exponentials."""
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) - 1)
''',
        solution='''def tanh_exponential_bug(x):
    """Return tanh(x), from exponentials."""
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)
''',
        alternatives=("1 - 2 / (np.exp(2 * x) + 1)", "np.tanh(x)"),
        hints=(
            r"Expand $\tanh x = \dfrac{e^x - e^{-x}}{e^x + e^{-x}}$ by $e^x$.",
            r"For the last point use that $\tanh$ is odd, so that the exponent never is "
            "positive.",
        ),
        mistakes=(
            Mistake(
                "overflow",
                "On paper this is right. From 355 on it is infinity divided by infinity.",
                "(np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)",
            ),
            Mistake(
                "single-exponent",
                "The exponent is `2x`; with `x` this is `tanh(x/2)`.",
                "(np.exp(x) - 1) / (np.exp(x) + 1)",
            ),
            Mistake(
                "upside-down",
                "Numerator and denominator are exchanged: at 0 it divides by zero.",
                "(np.exp(2 * x) + 1) / (np.exp(2 * x) - 1)",
            ),
            Mistake(
                "sign",
                "The sign is wrong: `tanh` rises.",
                "(1 - np.exp(2 * x)) / (1 + np.exp(2 * x))",
            ),
        ),
        parts=(
            Part("ordinary values", 2, _ordinary),
            Part("large inputs", 1, _large),
        ),
    ),
    Predict(
        id="tanh-slope-lost",
        chapter="tanh",
        title="Where the slope disappears",
        level="hard",
        minutes=20,
        statement=r"""
In float16, from which $x$ on is `np.tanh(x)` exactly 1, so that `1 - y**2` is exactly 0?
Numbers just below 1 are $2^{-11}$ apart. Predict $x$ from
$1 - \tanh x \approx 2 e^{-2x}$, then try it with `np.float16`. One per cent either way is
accepted.""",
        learnt="saturation in floating point happens at a point that can be computed with a "
        "pencil",
        solution="13*log(2)/2",
        alternatives=("4.505", "4.5", "log(2^13)/2"),
        rtol=1e-2,
        hints=(
            "The result rounds to 1 once the distance to 1 is half of the spacing or less.",
            r"Solve $2 e^{-2x} = 2^{-12}$ for $x$.",
        ),
        mistakes=(
            Mistake(
                "sigmoid-threshold",
                "That is where the sigmoid reaches 1: the factor 2 in the exponent halves it.",
                "13*log(2)",
            ),
            Mistake(
                "float64",
                "That is where it happens in float64.",
                "55*log(2)/2",
            ),
            Mistake(
                "no-factor-two",
                "The 2 in front of the exponential is missing, and the rounding to nearest.",
                "11*log(2)/2",
            ),
            Mistake(
                "decimal-digits",
                "This takes the three decimal digits of float16 for powers of e; they are "
                "powers of ten.",
                "3/2",
            ),
        ),
    ),
)
