"""Exercises of the chapter ``numerical-accuracy``."""

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


def _rows(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape),) for shape in (2, 4, (3, 3))]


def _far_rows(rng: np.random.Generator) -> list[Arguments]:
    return [
        (np.array([1000.0, 1001.0]),),
        (rng.uniform(800, 3000) + rng.normal(size=(2, 3)),),
        (-rng.uniform(800, 3000) + rng.normal(size=4),),
    ]


def _ordinary(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.0]),), (rng.uniform(-4, 4, 5),), (rng.normal(size=(2, 3)),)]


def _right_tail(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([40.0]),), (rng.uniform(38, 300, 4),)]


def _far_left(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([-400.0]),), (rng.uniform(-700, -360, 4),)]


def _left_tail(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([-800.0]),), (rng.uniform(-3000, -720, 4),)]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="tail-of-the-slope",
        chapter="numerical-accuracy",
        title="What is left at 40",
        level="warm-up",
        minutes=5,
        statement=r"""
In float64, `s * (1 - s)` with `s = 1 / (1 + np.exp(-40))` is 0. What is the true
$\sigma'(40)$? One per cent either way is accepted.""",
        learnt="the true value is far inside the range of float64; it was lost by a "
        "subtraction, not by the number format",
        solution="exp(-40)/(1+exp(-40))^2",
        alternatives=("4.248e-18", "e^-40"),
        rtol=1e-2,
        atol=0.0,
        hints=(
            r"Which form of $\sigma'$ has no difference of nearly equal numbers?",
            "For large $x$ the denominator is 1 for every practical purpose.",
        ),
        mistakes=(
            Mistake("zero", "That is what the textbook form gives.", "0"),
            Mistake("half-exponent", "The exponent is -40, not -20.", "exp(-20)"),
            Mistake("rounding-unit", "That is the spacing of numbers near 1.", "2^-53"),
        ),
    ),
    FindTheBug(
        id="sigmoid-tail-bug",
        chapter="numerical-accuracy",
        title="The textbook's form",
        level="core",
        minutes=15,
        statement=r"""
`sigmoid_tail_bug(x)` returns $\sigma(x) (1 - \sigma(x))$, the textbook's form. From
$x = 37$ on it is 0, a hundred per cent wrong. Repair it, and leave the left side as good as it
is.""",
        learnt="one minus something close to one can be computed without the subtraction",
        starter='''def sigmoid_tail_bug(x):
    """Return the derivative of the sigmoid."""
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)
''',
        solution='''def sigmoid_tail_bug(x):
    """Return the derivative of the sigmoid."""
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
''',
        alternatives=(
            "1 / (1 + np.exp(-x)) * (1 / (1 + np.exp(x)))",
            "0.25 / np.cosh(x / 2) ** 2",
        ),
        hints=(
            r"$1 - \sigma(x)$ is a sigmoid itself: of which argument?",
            r"$\sigma'$ is even: compute it for $\lvert x \rvert$.",
        ),
        mistakes=(
            Mistake(
                "left-side-lost",
                "The right tail is repaired at the cost of the left one: from -355 on the "
                "square overflows.",
                "np.exp(-x) / (1 + np.exp(-x)) ** 2",
            ),
            Mistake(
                "floor",
                "A floor hides the zero; it is not the derivative.",
                "np.maximum(1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))), 1e-12)",
            ),
            Mistake(
                "left-formula-everywhere",
                "This is the slope of the exponential; near zero it is four times too large.",
                "np.exp(-np.abs(x))",
            ),
        ),
        parts=(
            # The tail first: there the mistakes can be told apart.
            Part("right tail", 2, _right_tail, rtol=1e-6, atol=0.0),
            Part("left tail", 1, _far_left, rtol=1e-6, atol=0.0),
            Part("ordinary values", 1, _ordinary),
        ),
    ),
    Implement(
        id="log-sum-exp",
        chapter="numerical-accuracy",
        title="The logarithm of a sum of exponentials",
        level="core",
        minutes=15,
        statement=r"""
Write `log_sum_exp(z)`: $\ln \sum_j e^{z_j}$ over the last axis, one number a row. Two points
are for ordinary rows, two for rows near 1000 and near -1000.""",
        learnt="a shift that is taken out of the logarithm must be added again",
        starter='''def log_sum_exp(z):
    """Return ln(sum(exp(z))) over the last axis."""
    ...
''',
        solution='''def log_sum_exp(z):
    """Return ln(sum(exp(z))) over the last axis."""
    m = np.max(z, axis=-1)
    return m + np.log(np.sum(np.exp(z - m[..., None]), axis=-1))
''',
        alternatives=("np.logaddexp.reduce(z, axis=-1)",),
        hints=(
            r"$\ln \sum_j e^{z_j} = m + \ln \sum_j e^{z_j - m}$ for every $m$.",
            "Which $m$ keeps every exponential at most 1, and one of them equal to 1?",
        ),
        mistakes=(
            Mistake(
                "no-shift",
                "On paper this is right. Near 1000 it is infinity, near -1000 minus infinity.",
                "np.log(np.sum(np.exp(z), axis=-1))",
            ),
            Mistake(
                "not-added-again",
                "The shift was taken out of the logarithm and never added again.",
                "np.log(np.sum(np.exp(z - z.max(axis=-1, keepdims=True)), axis=-1))",
            ),
            Mistake(
                "maximum-only",
                "This is the maximum; the other elements count as well.",
                "np.max(z, axis=-1)",
            ),
            Mistake(
                "sum-of-logs",
                "The logarithm of a sum is not the sum of the logarithms.",
                "np.sum(z, axis=-1)",
            ),
        ),
        parts=(
            Part("ordinary rows", 2, _rows),
            Part("rows far from zero", 2, _far_rows),
        ),
    ),
    Implement(
        id="log-sigmoid",
        chapter="numerical-accuracy",
        title="The logarithm of the sigmoid",
        level="hard",
        minutes=20,
        statement=r"""
Losses need $\ln \sigma(x)$. Write `log_sigmoid(x)`, right for $x$ near $-1000$, where
$\sigma(x)$ is 0 in float64, and for $x$ above 38, where it is 1 and the result is about
$-e^{-x}$.""",
        learnt="two steps in floating point can lose what their composition keeps",
        starter='''def log_sigmoid(x):
    """Return ln(sigma(x)) at each element of x."""
    ...
''',
        solution='''def log_sigmoid(x):
    """Return ln(sigma(x)) at each element of x."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
''',
        alternatives=("-np.logaddexp(0, -x)",),
        hints=(
            r"$\ln \sigma(x) = -\ln(1 + e^{-x})$: which function of the book is that?",
            "For negative $x$ take the large exponential out of the logarithm first.",
        ),
        mistakes=(
            Mistake(
                "composition",
                "On paper this is right. The sigmoid rounds to 0 or 1 before the logarithm "
                "sees it.",
                "np.log(1 / (1 + np.exp(-x)))",
            ),
            Mistake(
                "overflow",
                "The right side is repaired; on the left the exponential overflows.",
                "-np.log1p(np.exp(-x))",
            ),
            Mistake(
                "softplus",
                "The signs are those of softplus: the logarithm of a number below 1 is "
                "negative.",
                "np.logaddexp(0, x)",
            ),
        ),
        parts=(
            Part("ordinary values", 2, _ordinary),
            Part("far left", 1, _left_tail),
            Part("far right", 1, _right_tail, rtol=1e-6, atol=0.0),
        ),
    ),
    Derive(
        id="central-difference-error",
        chapter="numerical-accuracy",
        title="The error of a numeric check",
        level="hard",
        minutes=20,
        statement=r"""
A gradient check computes $\dfrac{f(x + h) - f(x - h)}{2h}$. Its error begins with a term in
$h^2$. Write this term for $f(x) = e^x$, as an expression in $x$ and $h$.""",
        learnt="the even terms of the Taylor series cancel, so halving the step quarters the "
        "error",
        variables={"x": (-1.0, 1.0), "h": (0.1, 0.5)},
        start="h^2/6*D(D(D(e^x, x), x), x)",
        solution="h^2/6*exp(x)",
        alternatives=("h*h*e^x/6", "exp(x)*h^2/(3*2)"),
        hints=(
            "Expand $f(x + h)$ and $f(x - h)$ to the third order and subtract.",
            r"What is left of $\frac{h^3}{3!} f'''(x)$ after the division by $2h$?",
        ),
        mistakes=(
            Mistake(
                "one-sided",
                "That is the error of the one-sided difference.",
                "h/2*exp(x)",
            ),
            Mistake(
                "second-order",
                "The second-order terms cancel: look at the third.",
                "h^2/2*exp(x)",
            ),
            Mistake(
                "factor-two",
                "Two third-order terms come in, and the denominator holds two `h`.",
                "h^2/3*exp(x)",
            ),
        ),
    ),
)
