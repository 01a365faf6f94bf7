"""Exercises of the chapter ``leaky-and-exponential``."""

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
    sizes = rng.uniform(0.2, 2.0, 5)
    signs = np.array([-1.0, 1.0, -1.0, 1.0, -1.0])
    return [(sizes * signs,), (rng.permuted(sizes * signs),)]


def _both_tails(rng: np.random.Generator) -> list[Arguments]:
    return [
        (np.array([-40.0, 800.0]),),
        (rng.uniform(-300, -38, 4),),
        (rng.uniform(710, 2e3, 3),),
    ]


def _with_upstream(rng: np.random.Generator) -> list[Arguments]:
    shape = (3, 4)
    signs = rng.permuted(np.repeat([-1.0, 1.0], 6)).reshape(shape)
    x = rng.uniform(0.2, 2.0, shape) * signs
    return [(x, rng.normal(size=shape)), (-x, rng.normal(size=shape))]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="elu-smooth-alpha",
        chapter="leaky-and-exponential",
        title="When does ELU have a slope at 0?",
        level="warm-up",
        minutes=5,
        statement=r"""
$f(x) = x$ for $x > 0$ and $\alpha\,(e^{2x} - 1)$ otherwise: an ELU with a 2 in the exponent.
For which $\alpha$ is it differentiable at 0?""",
        learnt="two cases meet without a kink where the slopes from both sides are equal",
        solution="1/2",
        alternatives=("0.5", "2^(-1)"),
        hints=(
            "Differentiate each case by itself. What are the two slopes at 0?",
            "The chain rule brings the 2 out of the exponent.",
        ),
        mistakes=(
            Mistake(
                "forgot-inner",
                "That is the value for `e^x`. Here the chain rule brings out a 2.",
                "1",
            ),
            Mistake("multiplied", "The slope from the left is then 4.", "2"),
            Mistake(
                "values-only",
                "The two values at 0 are equal for every alpha; compare the slopes.",
                "0",
            ),
        ),
    ),
    Derive(
        id="prelu-parameter",
        chapter="leaky-and-exponential",
        title="The slope of a slope",
        level="core",
        minutes=10,
        statement=r"""
A leaky unit with a bounded slope: $f(x) = \alpha x$ for $x \le 0$, with
$\alpha = \sigma(t)$, so that the learned $t$ may be any number and $\alpha$ stays between 0
and 1. Differentiate $f$ with respect to $t$, for a negative $x$.""",
        learnt="a parameter's derivative holds the input fixed, and the chain rule goes on "
        "through whatever keeps the parameter in its range",
        variables={"x": (-2.0, -0.2), "t": (-2.0, 2.0)},
        start="D(x*sigma(t), t)",
        solution="x*sigma(t)*(1-sigma(t))",
        alternatives=("x*e^t/(1+e^t)^2", "x*sigma(t)*sigma(-t)"),
        hints=(
            "The input is a constant here; the letter is t.",
            r"The derivative by $\alpha$ is $x$. Multiply by $d\alpha/dt$.",
        ),
        mistakes=(
            Mistake("by-alpha", "This is the derivative by alpha; go on to t.", "x"),
            Mistake("by-input", "This is the derivative by x.", "sigma(t)"),
            Mistake(
                "product-rule",
                "x does not depend on t: there is no second term.",
                "sigma(t)+x*sigma(t)*(1-sigma(t))",
            ),
            Mistake("forgot-input", "The factor x is lost.", "sigma(t)*(1-sigma(t))"),
        ),
    ),
    Implement(
        id="elu-gradient-safe",
        chapter="leaky-and-exponential",
        title="ELU's slope without a NaN",
        level="core",
        minutes=15,
        statement=r"""
Write `elu_gradient_safe(x)`: the derivative of ELU with $\alpha = 1$, that is 1 for $x > 0$ and
$e^x$ otherwise. It must be right at 800, where $e^x$ is infinite, and at $-40$, where $y + 1$
is 0.""",
        learnt="where both branches are computed, the unused one must be harmless, and a tail "
        "is computed from the input",
        starter='''def elu_gradient_safe(x):
    """Return the derivative of ELU with alpha = 1."""
    ...
''',
        solution='''def elu_gradient_safe(x):
    """Return the derivative of ELU with alpha = 1."""
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))
''',
        alternatives=("np.exp(np.minimum(x, 0))",),
        hints=(
            "Which values does the exponential get where its branch is not used?",
            "Cut them off before the exponential, with `np.minimum`.",
        ),
        mistakes=(
            Mistake(
                "with-a-mask",
                "At 800 this is infinity times 0, which is NaN.",
                "(x > 0) * 1.0 + (x <= 0) * np.exp(x)",
            ),
            Mistake(
                "from-output",
                "In the left tail `y` rounds to -1, and this to 0.",
                "np.where(x > 0, 1.0, np.expm1(np.minimum(x, 0)) + 1)",
            ),
            Mistake(
                "elu-itself",
                "This is ELU, not its derivative.",
                "np.where(x > 0, x, np.expm1(np.minimum(x, 0)))",
            ),
            Mistake("right-side-too", "To the right of 0 the slope is 1.", "np.exp(x)"),
        ),
        parts=(
            Part("ordinary values", 2, _ordinary),
            Part("both tails", 2, _both_tails, rtol=1e-6, atol=0.0),
        ),
    ),
    FindTheBug(
        id="prelu-gradient-bug",
        chapter="leaky-and-exponential",
        title="A slope that learns the wrong way",
        level="hard",
        minutes=20,
        statement=r"""
`prelu_gradient_bug(x, g)` should return $dL/d\alpha$ of one PReLU parameter that is shared by
all elements of `x`, where $f(x) = x$ for $x > 0$ and $\alpha x$ otherwise, and $g = dL/dy$. The
network trains, but $\alpha$ goes the wrong way. Repair it.""",
        learnt="a shared parameter gathers the sum of upstream times local, and its local "
        "derivative is min(0, x)",
        starter='''def prelu_gradient_bug(x, g):
    """Return dL/dalpha, one number, from the input x and the cotangent g."""
    local = np.maximum(x, 0)
    return (g * local).mean()
''',
        solution='''def prelu_gradient_bug(x, g):
    """Return dL/dalpha, one number, from the input x and the cotangent g."""
    local = np.minimum(x, 0)
    return (g * local).sum()
''',
        alternatives=("(g * x)[x < 0].sum()",),
        hints=(
            "For which inputs does alpha stand in the formula at all?",
            "Every element pulls at the same alpha. Do the pulls add up, or are they averaged?",
        ),
        mistakes=(
            Mistake(
                "still-the-mean",
                "The side is right now. The parameter is shared: the pulls add up.",
                "(g * np.minimum(x, 0)).mean()",
            ),
            Mistake(
                "wrong-side",
                "The sum is right now. Positive inputs do not depend on alpha.",
                "(g * np.maximum(x, 0)).sum()",
            ),
            Mistake(
                "mask-only",
                "The derivative of `alpha*x` by alpha is x, not 1.",
                "(g * (x < 0)).sum()",
            ),
            Mistake("no-upstream", "The cotangent is missing.", "np.minimum(x, 0).sum()"),
        ),
        parts=(Part("sums over both signs", 3, _with_upstream),),
    ),
)
