"""Exercises of the chapter ``silu``."""

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
    return [(np.array([1.0]),), (rng.uniform(-4, 4, 5),), (rng.normal(size=(2, 3)),)]


def _with_zero(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.0]),), (np.append(rng.normal(size=3), 0.0),)]


def _near_the_minimum(rng: np.random.Generator) -> list[Arguments]:
    root = -1.2784645427610738
    return [(root + 2e-8 * rng.uniform(0.5, 2, 4) * rng.choice([-1, 1], 4),) for _ in range(2)]


def _with_upstream(rng: np.random.Generator) -> list[Arguments]:
    return [
        (rng.normal(size=(3, 2)), rng.normal(size=(3, 2)), float(beta))
        for beta in rng.uniform(0.5, 2.0, 2)
    ]


_SLOPE = "(1 + np.exp(-x) * (1 + x)) / (1 + np.exp(-x))**2"
_R = "(-1.2784645427610737)"
_D = f"((x - {_R}) - (-1.0946994183093437e-16))"

EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="swish-halfway",
        chapter="silu",
        title="The slope at 0",
        level="warm-up",
        minutes=5,
        statement=r"""
What is the slope of $f(x) = x\,\sigma(\beta x)$ at $x = 0$, for every $\beta$?""",
        learnt="at 0 the gate's own slope is multiplied by the input, so that only the gate "
        "counts",
        solution="1/2",
        alternatives=("0.5", "sigma(0)"),
        hints=(
            "Use the product rule and put in x = 0 at the end.",
            "Which of the two terms has a factor x?",
        ),
        mistakes=(
            Mistake("relu", "ReLU's slope jumps there; this gate is half open.", "0"),
            Mistake("identity", "That would be an open gate.", "1"),
            Mistake(
                "sigmoid-slope", "That is the slope of the gate, not of the product.", "1/4"
            ),
            Mistake("sum", "The second term has the factor x, which is 0.", "3/4"),
        ),
    ),
    Derive(
        id="silu-from-both",
        chapter="silu",
        title="The slope from input and output",
        level="core",
        minutes=10,
        statement=r"""
Let $y = x\,\sigma(x)$ and $s = \sigma(x)$.
Write $f'(x)$ with $y$ and $s$ only, without $x$.""",
        learnt="what the forward pass computed holds the derivative, if two numbers are kept",
        variables={"x": (-3.0, 3.0)},
        definitions={"s": "sigma(x)", "y": "x*sigma(x)"},
        answer_in=("y", "s"),
        start="D(x*sigma(x), x)",
        solution="s + y*(1 - s)",
        alternatives=("y + s*(1 - y)", "y + s - y*s", "1 - (1 - y)*(1 - s)"),
        hints=(
            "Start with the product rule.",
            r"Where $x\,\sigma(x)$ stands in it, write y.",
        ),
        mistakes=(
            Mistake("forgot-gate", "The first term, the gate, is missing.", "y*(1 - s)"),
            Mistake("sigmoid", "This is the derivative of the sigmoid.", "s*(1 - s)"),
            Mistake("y-for-s", "The second factor is one minus the gate.", "s + y*(1 - y)"),
            Mistake("sign", "The sign of the last term is wrong.", "s + y*(1 + s)"),
        ),
    ),
    FindTheBug(
        id="silu-division-bug",
        chapter="silu",
        title="A training run that ended in NaN",
        level="core",
        minutes=10,
        statement=r"""
`silu_division_bug(x)` is the derivative of SiLU. To save an exponential it takes the gate from
the output, as $y/x$. A training run ended in NaN. Repair it.""",
        learnt="a division that saves an exponential has a place where it is 0/0",
        starter='''def silu_division_bug(x):
    """Return the derivative of SiLU."""
    y = x / (1 + np.exp(-x))
    s = y / x
    return s * (1 + x * (1 - s))
''',
        solution='''def silu_division_bug(x):
    """Return the derivative of SiLU."""
    s = 1 / (1 + np.exp(-x))
    return s * (1 + x * (1 - s))
''',
        alternatives=(_SLOPE,),
        hints=(
            "Which input makes the division fail? What is the derivative there?",
            "The gate does not need the output: compute it from the input.",
        ),
        mistakes=(
            Mistake(
                "epsilon",
                "A small number in the denominator makes the gate 0 at 0; it is 1/2 there.",
                "(lambda s: s * (1 + x * (1 - s)))(x / (1 + np.exp(-x)) / (x + 1e-12))",
            ),
            Mistake(
                "one-at-zero",
                "At 0 the gate is half open, so the slope there is 1/2.",
                f"np.where(x == 0, 1.0, {_SLOPE})",
            ),
            Mistake(
                "gate-only",
                "This is the gate; the second term is missing.",
                "1 / (1 + np.exp(-x))",
            ),
        ),
        parts=(
            Part("ordinary values", 1, _ordinary),
            Part("with a zero", 2, _with_zero),
        ),
    ),
    Implement(
        id="swish-parameter-gradient",
        chapter="silu",
        title="Learn the sharpness",
        level="core",
        minutes=15,
        statement=r"""
Write `swish_parameter_gradient(x, g, beta)`: $dL/d\beta$, one number, where
$y = x\,\sigma(\beta x)$ for every element and $g = dL/dy$.""",
        learnt="a shared parameter gathers the sum over all elements of upstream times local",
        starter='''def swish_parameter_gradient(x, g, beta):
    """Return dL/dbeta, one number."""
    ...
''',
        solution='''def swish_parameter_gradient(x, g, beta):
    """Return dL/dbeta, one number."""
    s = 1 / (1 + np.exp(-beta * x))
    return (g * x**2 * s * (1 - s)).sum()
''',
        alternatives=("(g * x**2 / (2 + np.exp(beta * x) + np.exp(-beta * x))).sum()",),
        hints=(
            r"Differentiate $x\,\sigma(\beta x)$ by $\beta$: x is a constant, twice.",
            "Every element has the same beta.",
        ),
        mistakes=(
            Mistake(
                "one-x",
                "The inner derivative is x: there are two factors x.",
                "(g * x * (1 / (1 + np.exp(-beta * x))) * (1 / (1 + np.exp(beta * x)))).sum()",
            ),
            Mistake(
                "mean",
                "The pulls of the elements add up; they are not averaged.",
                "(g * x**2 / (1 + np.exp(-beta * x)) / (1 + np.exp(beta * x))).mean()",
            ),
            Mistake(
                "not-summed",
                "One number was asked for: the parameter is shared.",
                "g * x**2 / (1 + np.exp(-beta * x)) / (1 + np.exp(beta * x))",
            ),
            Mistake(
                "by-x",
                "This is the gradient that goes to the input, summed.",
                "(g / (1 + np.exp(-beta * x)) * (1 + beta * x / (1 + np.exp(beta * x)))).sum()",
            ),
        ),
        parts=(Part("two sharpnesses", 3, _with_upstream),),
    ),
    Implement(
        id="silu-gradient-near-minimum",
        chapter="silu",
        title="Digits at the lowest point",
        level="hard",
        minutes=30,
        statement=r"""
Write `silu_gradient_near_minimum(x)`: the derivative of SiLU, right to eleven digits also
within
$10^{-7}$ of its root. The root is the sum $r$ of the two numbers in the starter, and
$1 + r + e^r = 0$. The derivative is $1 + x + e^x$ times two factors: find them, and write the
sum with $d = x - r$ and `np.expm1(d)`.""",
        learnt="near a root the distance from it is the number to compute with, and the root "
        "needs more digits than one float holds",
        starter='''def silu_gradient_near_minimum(x):
    """Return the derivative of SiLU, accurate near its root."""
    high, low = -1.2784645427610737, -1.0946994183093437e-16
    ...
''',
        solution='''def silu_gradient_near_minimum(x):
    """Return the derivative of SiLU, accurate near its root."""
    high, low = -1.2784645427610737, -1.0946994183093437e-16
    d = (x - high) - low
    numerator = d - (1 + high) * np.expm1(d)
    return numerator / ((1 + np.exp(-x)) * (1 + np.exp(x)))
''',
        alternatives=(f"({_D} - (1 + {_R})*np.expm1({_D}))/(2 + np.exp(x) + np.exp(-x))",),
        hints=(
            r"$\sigma(x)\,(1 + x\,\sigma(-x)) = \sigma(x)\,\sigma(-x)\,(1 + e^x + x)$.",
            r"Put $x = r + d$ into $1 + x + e^x$ and use $e^r = -(1 + r)$.",
            "Subtract the large part of the root first, then the small one.",
        ),
        mistakes=(
            Mistake(
                "typed",
                "On paper this is right. Next to the root nearly equal numbers are subtracted.",
                "(1 + x + np.exp(x))/(2 + np.exp(x) + np.exp(-x))",
            ),
            Mistake(
                "one-part-root",
                "The root is used with sixteen digits; at this distance half of them are gone.",
                f"(x - {_R} - (1 + {_R})*np.expm1(x - {_R}))/(2 + np.exp(x) + np.exp(-x))",
            ),
            Mistake(
                "tangent-only",
                "The exponential was replaced by its tangent: right next to the root only.",
                f"-{_R}*{_D}/(2 + np.exp(x) + np.exp(-x))",
            ),
            Mistake(
                "one-factor",
                "The denominator has two factors.",
                f"({_D} - (1 + {_R})*np.expm1({_D}))/(1 + np.exp(-x))",
            ),
        ),
        parts=(
            Part("ordinary values", 1, _ordinary),
            Part("next to the root", 3, _near_the_minimum, rtol=1e-11, atol=0.0),
        ),
    ),
)
