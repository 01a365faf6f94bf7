"""Exercises of the chapter ``softplus``."""

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
    return [(np.array([0.0]),), (rng.uniform(-4, 4, 5),), (rng.normal(size=(2, 3)),)]


def _large(rng: np.random.Generator) -> list[Arguments]:
    far = rng.uniform(710, 1500, 3)
    return [(np.array([1000.0]),), (far,)]


def _far_left(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([-40.0]),), (rng.uniform(-300, -38, 4),)]


def _outputs(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.5]),), (rng.uniform(0.2, 6, 5),), (rng.uniform(0.2, 3, (2, 3)),)]


def _extreme_outputs(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([800.0]),), (rng.uniform(720, 2000, 3),), (rng.uniform(1e-18, 1e-17, 3),)]


EXERCISES: tuple[Exercise, ...] = (
    Derive(
        id="softplus-beta-slope",
        chapter="softplus",
        title="Softplus with a sharpness",
        level="core",
        minutes=10,
        statement=r"""
Differentiate $f(x) = \frac{1}{\beta} \ln(1 + e^{\beta x})$ with respect to $x$. Write `b` for
$\beta$.""",
        learnt="the factor in front and the inner derivative cancel, so the slope stays "
        "between 0 and 1",
        variables={"b": (0.5, 3.0), "x": (-2.0, 2.0)},
        start="D(1/b*log(1 + e^(b*x)), x)",
        solution="1/(1+exp(-b*x))",
        alternatives=("sigma(b*x)", "exp(b*x)/(1+exp(b*x))", "(1+tanh(b*x/2))/2"),
        hints=(
            r"Outermost first: the logarithm of $u = 1 + e^{\beta x}$.",
            r"The inner derivative brings a $\beta$. What stands in front?",
        ),
        mistakes=(
            Mistake(
                "forgot-front-factor",
                "The factor 1/b in front is lost, and the slope grows with b.",
                "b/(1+exp(-b*x))",
            ),
            Mistake(
                "forgot-inner",
                "The inner derivative is missing.",
                "1/(b*(1+exp(-b*x)))",
            ),
            Mistake("beta-one", "This is the slope for b = 1.", "1/(1+exp(-x))"),
            Mistake(
                "reciprocal-only",
                "This is `1/u`; the derivative of `u` is still to be multiplied.",
                "1/(1+exp(b*x))",
            ),
        ),
    ),
    FindTheBug(
        id="softplus-overflow-bug",
        chapter="softplus",
        title="Softplus at both ends",
        level="core",
        minutes=15,
        statement=r"""
`softplus_overflow_bug(x)` is $\ln(1 + e^x)$ as it stands in the book. For $x > 710$ it returns
infinity, and for $x < -37$ it returns 0 where the truth is $e^x$. Repair both ends.""",
        learnt="the larger of the two terms goes out of the logarithm, and log1p keeps the "
        "smaller one",
        starter='''def softplus_overflow_bug(x):
    """Return ln(1 + e^x)."""
    return np.log(1 + np.exp(x))
''',
        solution='''def softplus_overflow_bug(x):
    """Return ln(1 + e^x)."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
''',
        alternatives=("np.logaddexp(0, x)",),
        hints=(
            r"Take $e^x$ out of the sum: $1 + e^x = e^x (e^{-x} + 1)$. For which $x$ does this "
            "help?",
            "NumPy has a function for the logarithm of one plus something small.",
        ),
        mistakes=(
            Mistake(
                "right-end-only",
                "The left end is repaired, the right end still overflows.",
                "np.log1p(np.exp(x))",
            ),
            Mistake(
                "clipped",
                "Clipping the input hides the overflow: the result no longer grows.",
                "np.log1p(np.exp(np.minimum(x, 700)))",
            ),
            Mistake(
                "relu",
                "This is ReLU: near zero the two differ by up to 0.69.",
                "np.maximum(x, 0)",
            ),
            Mistake(
                "lost-shift",
                "What was taken out of the logarithm was not added again.",
                "np.log1p(np.exp(-np.abs(x)))",
            ),
        ),
        parts=(
            Part("ordinary values", 1, _ordinary),
            Part("right of 710", 2, _large),
            Part("left of -37", 2, _far_left, rtol=1e-6, atol=0.0),
        ),
    ),
    Predict(
        id="softplus-gap",
        chapter="softplus",
        title="How far is softplus from ReLU?",
        level="warm-up",
        minutes=5,
        statement=r"""
For $\beta = 10$, how large is the largest distance between
$\frac{1}{\beta} \ln(1 + e^{\beta x})$ and $\max(0, x)$? One per cent either way is
accepted.""",
        learnt="the gap shrinks as one over the sharpness, and it is largest at the kink",
        solution="log(2)/10",
        alternatives=("0.0693", "0.069315", "ln(2)/10"),
        rtol=1e-2,
        hints=(
            "Where would you expect a smooth curve to be farthest from a corner?",
            "At that point the exponential is 1.",
        ),
        mistakes=(
            Mistake("beta-one", "That is the gap for a sharpness of 1.", "log(2)"),
            Mistake("multiplied", "The sharpness divides the gap.", "10*log(2)"),
            Mistake("zero", "They come close only far from zero.", "0"),
            Mistake("log-base", "That logarithm has the base ten.", "0.0301"),
        ),
    ),
    Implement(
        id="softplus-inverse",
        chapter="softplus",
        title="Undo a softplus",
        level="hard",
        minutes=25,
        statement=r"""
To start a positive parameter at a given value one needs the inverse of softplus. Write
`softplus_inverse(y)`: the $x$ with $\ln(1 + e^x) = y$, for positive `y`. Two points are for
$0.2 \le y \le 6$, two for $y$ above 700 and for $y$ near $10^{-18}$.""",
        learnt="expm1 and log1p keep small numbers, and what overflows can be taken out of the "
        "logarithm",
        starter='''def softplus_inverse(y):
    """Return the x with ln(1 + e^x) = y, for y > 0."""
    ...
''',
        solution='''def softplus_inverse(y):
    """Return the x with ln(1 + e^x) = y, for y > 0."""
    return y + np.log(-np.expm1(-y))
''',
        alternatives=("np.where(y > 1, y + np.log1p(-np.exp(-y)), np.log(np.expm1(y)))",),
        hints=(
            "Solve the equation for $x$ on paper first.",
            r"Take $e^y$ out of the logarithm: $e^y - 1 = e^y (1 - e^{-y})$.",
            "For tiny $y$, `1 - np.exp(-y)` is 0; look up `np.expm1`.",
        ),
        mistakes=(
            Mistake(
                "textbook",
                "On paper this is right. It overflows above 710 and loses every digit near 0.",
                "np.log(np.exp(y) - 1)",
            ),
            Mistake(
                "overflow-only-left",
                "Small `y` are right now, large ones still overflow.",
                "np.log(np.expm1(y))",
            ),
            Mistake(
                "softplus-itself",
                "This is softplus itself, not its inverse.",
                "np.logaddexp(0, y)",
            ),
            Mistake(
                "minus-for-plus",
                "What is taken out of the logarithm is added to it, not the other way round.",
                "y - np.log(-np.expm1(-y))",
            ),
        ),
        parts=(
            Part("ordinary values", 2, _outputs),
            Part("huge and tiny outputs", 2, _extreme_outputs, rtol=1e-9),
        ),
    ),
)
