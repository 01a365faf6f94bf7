"""Exercises of the chapter ``relu``."""

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


def _with_zero(rng: np.random.Generator) -> list[Arguments]:
    return [
        (np.array([2.5]),),
        (np.array([-1.5, 0.0, 1.5]) * rng.uniform(0.5, 2),),
        (rng.normal(size=(3, 4)),),
    ]


def _subdifferential(x: object) -> tuple[object, object]:
    x = np.asarray(x)
    return (x > 0).astype(float), (x >= 0).astype(float)


def _output_and_upstream(rng: np.random.Generator) -> list[Arguments]:
    batch = np.maximum(rng.normal(size=(3, 2)), 0.0)
    # One dead and one live unit at least, whatever was drawn.
    batch[0] = [0.0, 0.7]
    return [
        (np.array([0.0, 1.5]), rng.normal(size=2)),
        (batch, rng.normal(size=(3, 2))),
    ]


EXERCISES: tuple[Exercise, ...] = (
    Implement(
        id="relu-gradient",
        chapter="relu",
        title="The gradient of ReLU",
        level="warm-up",
        minutes=5,
        statement=r"""
Write `relu_gradient(x)`: the derivative of $\max(0, x)$ at each element of `x`. At zero there
is no derivative; any value from 0 to 1 is accepted there.""",
        learnt="the gradient of ReLU is a mask, and at the kink a convention",
        starter='''def relu_gradient(x):
    """Return the derivative of max(0, x) at each element of the input x."""
    ...
''',
        solution='''def relu_gradient(x):
    """Return the derivative of max(0, x) at each element of the input x."""
    return np.where(x > 0, 1.0, 0.0)
''',
        alternatives=("(x >= 0).astype(float)", "np.heaviside(x, 0.5)", "x > 0"),
        bounds=_subdifferential,
        hints=(
            "Treat the two sides of zero on their own: on each, the function is a line.",
            "A comparison gives an array of truth values; as numbers they are 0 and 1.",
        ),
        mistakes=(
            Mistake(
                "relu-itself", "This is ReLU itself, not its derivative.", "np.maximum(x, 0)"
            ),
            Mistake(
                "all-ones",
                "This is 1 everywhere: the left side of zero is flat.",
                "np.ones_like(x)",
            ),
            Mistake(
                "other-side",
                "The sides are exchanged.",
                "(x < 0).astype(float)",
            ),
            Mistake(
                "sign",
                "Left of zero the slope is 0, not -1: this is the derivative of the absolute "
                "value.",
                "np.sign(x)",
            ),
        ),
        parts=(Part("both sides and the kink", 2, _with_zero),),
    ),
    FindTheBug(
        id="relu-backward-bug",
        chapter="relu",
        title="ReLU on the way back",
        level="core",
        minutes=5,
        statement=r"""
A layer keeps its output $y = \max(0, x)$ and calls `relu_backward_bug(y, g)` on the way back,
with the upstream gradient $g$. It must return $dL/dx$. A published tutorial has this condition.
Find an input for which it is wrong, and repair it. Where $y = 0$ take the gradient to be 0.""",
        learnt="a condition that is right for the input can be always true for the output",
        starter='''def relu_backward_bug(y, g):
    """Return dL/dx from the output y = max(0, x) and the upstream gradient g."""
    return g * (y >= 0)
''',
        solution='''def relu_backward_bug(y, g):
    """Return dL/dx from the output y = max(0, x) and the upstream gradient g."""
    return g * (y > 0)
''',
        alternatives=("np.where(y > 0, g, 0.0)", "g * np.sign(y)", "g * (y != 0)"),
        hints=(
            "What values can an output of ReLU have? Which of them fail the condition?",
            "A unit that was off has the output 0, and must stop the gradient.",
        ),
        mistakes=(
            Mistake(
                "times-output",
                "This multiplies by the output; the chain rule multiplies by the slope.",
                "g * y",
            ),
            Mistake(
                "forgot-upstream",
                "The upstream gradient is missing.",
                "(y > 0) + 0.0 * g",
            ),
            Mistake(
                "mask-on-gradient",
                "The mask looks at the upstream gradient instead of at the unit.",
                "g * (g > 0)",
            ),
            Mistake(
                "inverted", "The mask is inverted: it lets dead units pass.", "g * (y == 0)"
            ),
        ),
        parts=(Part("live and dead units", 3, _output_and_upstream),),
    ),
    Derive(
        id="squared-relu",
        chapter="relu",
        title="Squared ReLU",
        level="core",
        minutes=10,
        statement=r"""
The squared ReLU is $f(x) = \max(0, x)^2$. Differentiate it, for every $x$ in one
expression. You may write $r$ for $\max(0, x)$.""",
        learnt="the chain rule works across a kink that the outer function flattens",
        variables={"x": (-2.0, 2.0)},
        definitions={"r": "max(0, x)"},
        start="D(max(0, x)^2, x)",
        solution="2*r",
        alternatives=("2*max(0,x)", "x + abs(x)", "2*relu(x)"),
        hints=(
            r"The outer function is $r^2$; the inner derivative is 0 or 1.",
            "On each side of zero, write the function without the maximum and differentiate.",
        ),
        mistakes=(
            Mistake(
                "forgot-mask",
                "Left of zero the function is flat, and so is its derivative.",
                "2*x",
            ),
            Mistake("forgot-power", "The exponent comes down as a factor.", "r"),
            Mistake(
                "square-of-derivative",
                "This squares the derivative; the chain rule multiplies with it.",
                "(sign(x)+1)/2",
            ),
            Mistake("function-itself", "This is the function itself.", "r^2"),
        ),
    ),
    Predict(
        id="dead-unit-share",
        chapter="relu",
        title="How often a unit is off",
        level="core",
        minutes=10,
        statement=r"""
A ReLU unit computes $\max(0, x - 1)$ and its inputs $x$ are standard normal. Which share of
the examples passes no gradient through it? Predict, then draw a million numbers. One per cent
either way is accepted.""",
        learnt="a bias of one standard deviation switches a unit off for about five examples "
        "in six",
        solution="0.8413447",
        alternatives=("0.84", "0.8413"),
        rtol=1e-2,
        hints=(
            "The gradient is zero where the input of the ReLU is negative.",
            "About 68 per cent of a normal distribution lie within one standard deviation.",
        ),
        mistakes=(
            Mistake(
                "the-other-share",
                "That is the share that does pass a gradient.",
                "0.1586553",
            ),
            Mistake("no-bias", "That is the share without the bias.", "0.5"),
            Mistake(
                "both-sides",
                "That is the share within one standard deviation on both sides.",
                "0.6826895",
            ),
        ),
    ),
)
