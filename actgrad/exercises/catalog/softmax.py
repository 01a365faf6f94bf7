"""Exercises of the chapter ``softmax``."""

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
    return [(rng.normal(size=shape),) for shape in (2, 4, (3, 3), (2, 3, 4))]


def _large_rows(rng: np.random.Generator) -> list[Arguments]:
    return [
        (np.array([1000.0, 1001.0]),),
        (rng.uniform(800, 2000) + rng.normal(size=4),),
        (rng.uniform(-2000, -800) + rng.normal(size=(2, 3)),),
    ]


def _near_500(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([500.0, 501.0]),), (rng.uniform(400, 600) + rng.normal(size=(2, 3)),)]


def _masked(rng: np.random.Generator) -> list[Arguments]:
    row = rng.normal(size=5)
    row[1] = row[3] = -np.inf
    return [(np.array([0.0, -np.inf]),), (row,)]


def _probabilities(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.dirichlet(np.ones(size)),) for size in (2, 3, 5)]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="softmax-two-classes",
        chapter="softmax",
        title="Two classes by hand",
        level="warm-up",
        minutes=3,
        statement=r"""
What is the first element of $\mathrm{softmax}(\ln 3,\ 0)$? It needs no calculator.""",
        learnt="softmax turns differences of inputs into ratios of outputs",
        solution="3/4",
        alternatives=("0.75", "exp(ln(3))/(exp(ln(3))+1)"),
        rtol=1e-6,
        hints=(
            r"$e^{\ln 3} = 3$ and $e^0 = 1$.",
            "The outputs are to each other as the exponentials are, and they add up to 1.",
        ),
        mistakes=(
            Mistake("ratio", "That is the ratio of the two outputs.", "3"),
            Mistake("other-class", "That is the second element.", "1/4"),
            Mistake(
                "exponential-of-three",
                "That takes 3 for the input; the input is its logarithm.",
                "exp(3)/(1+exp(3))",
            ),
            Mistake(
                "no-exponential",
                "That divides the inputs without their exponentials.",
                "1",
            ),
        ),
    ),
    Implement(
        id="softmax-stable",
        chapter="softmax",
        title="A softmax for every input",
        level="core",
        minutes=15,
        statement=r"""
Write `softmax_stable(z)`: the softmax over the last axis of `z`, for an array of any shape
with at least one axis. Two points are for ordinary rows, two for rows far from zero (near 1000
and near -1000), one for rows with masked elements, $z_i = -\infty$, whose output is 0.""",
        learnt="subtracting the maximum of each row changes nothing on paper and everything in "
        "floating point",
        starter='''def softmax_stable(z):
    """Return the softmax over the last axis."""
    ...
''',
        solution='''def softmax_stable(z):
    """Return the softmax over the last axis."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
''',
        alternatives=(
            "np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",
            """def softmax_stable(z):
    e = np.exp(z - z.max(-1)[..., None])
    return e / e.sum(-1)[..., None]
""",
        ),
        hints=(
            "Write the formula first, with `keepdims=True` in the sum, and try a batch.",
            "Multiply numerator and denominator by the same number: which one keeps every "
            "exponential at most 1, and one of them equal to 1?",
        ),
        mistakes=(
            Mistake(
                "no-shift",
                "On paper this is right. The exponential overflows near 710, and far below "
                "zero the sum becomes 0.",
                "np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)",
            ),
            Mistake(
                "whole-array",
                "The sum runs over the whole array: each row must add up to 1.",
                "np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
            ),
            Mistake(
                "first-axis",
                "The sum runs over the first axis, so columns add up to 1.",
                "np.exp(z) / np.exp(z).sum(axis=0)",
            ),
            Mistake(
                "no-normalisation",
                "The division by the sum is missing.",
                "np.exp(z - z.max(axis=-1, keepdims=True))",
            ),
            Mistake(
                "sigmoid",
                "This is the sigmoid of each element; softmax looks at the whole row.",
                "1 / (1 + np.exp(-z))",
            ),
        ),
        parts=(
            Part("ordinary rows", 2, _rows),
            Part("rows far from zero", 2, _large_rows),
            Part("masked elements", 1, _masked),
        ),
    ),
    FindTheBug(
        id="softmax-shift-bug",
        chapter="softmax",
        title="A softmax as it is printed",
        level="core",
        minutes=5,
        statement=r"""
Printed derivations of the stable softmax contain $e^{+s \max z}$ where $e^{-s \max z}$ belongs.
On paper it cancels either way and goes unnoticed; in code it is worse than no shift. Repair
`softmax_shift_bug(z)`, a softmax over the last axis.""",
        learnt="an identity that holds for every shift says nothing about which shift to take",
        starter='''def softmax_shift_bug(z):
    """Return the softmax over the last axis."""
    e = np.exp(z + np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
''',
        solution='''def softmax_shift_bug(z):
    """Return the softmax over the last axis."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
''',
        alternatives=("np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",),
        hints=(
            "Print the exponents for `z = [1000, 1001]`.",
            "After a good shift the largest exponent is 0.",
        ),
        mistakes=(
            Mistake(
                "shift-removed",
                "Without any shift it still overflows, only later.",
                "np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)",
            ),
            Mistake(
                "minimum",
                "Shifting by the minimum makes the smallest exponent 0; the largest one can "
                "still overflow, and a mask of minus infinity breaks it.",
                "np.exp(z - z.min(axis=-1, keepdims=True)) "
                "/ np.exp(z - z.min(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)",
            ),
            Mistake(
                "numerator-only",
                "Only the numerator is shifted: the outputs no longer add up to 1.",
                "np.exp(z - z.max(axis=-1, keepdims=True)) "
                "/ np.exp(z).sum(axis=-1, keepdims=True)",
            ),
        ),
        parts=(
            Part("rows near 500", 1, _near_500),
            Part("rows far from zero", 1, _large_rows),
            Part("masked elements", 1, _masked),
        ),
    ),
    FindTheBug(
        id="softmax-jacobian-bug",
        chapter="softmax",
        title="A Jacobian to repair",
        level="core",
        minutes=10,
        statement=r"""
`softmax_jacobian_bug(y)` must return the Jacobian $J_{ij} = \partial y_i / \partial z_j$ of the
softmax of a vector $z$, from its output `y`. Its diagonal is right. Repair the rest. What must
each row of a right Jacobian add up to?""",
        learnt="adding a constant to every input changes no output, so every row of the "
        "Jacobian adds up to zero: a test that finds lost signs",
        starter='''def softmax_jacobian_bug(y):
    """Return the matrix of dy_i/dz_j for the softmax y of a vector z."""
    J = np.outer(y, y)
    np.fill_diagonal(J, y * (1 - y))
    return J
''',
        solution='''def softmax_jacobian_bug(y):
    """Return the matrix of dy_i/dz_j for the softmax y of a vector z."""
    return np.diag(y) - np.outer(y, y)
''',
        alternatives=("y[:, None] * (np.eye(len(y)) - y[None, :])",),
        hints=(
            "Raise one input: what must happen to the outputs of the others?",
            "The quotient rule has a minus; with $i \\neq j$ its first term is zero.",
        ),
        mistakes=(
            Mistake(
                "diagonal-only",
                "Off the diagonal it is zero now. The outputs share one sum, so each depends "
                "on every input.",
                "np.diag(y * (1 - y))",
            ),
            Mistake(
                "all-minus",
                "The sign of the diagonal went wrong with the rest.",
                "-np.outer(y, y)",
            ),
            Mistake(
                "identity-for-diagonal",
                "The Kronecker delta is multiplied by the output too.",
                "np.eye(len(y)) - np.outer(y, y)",
            ),
        ),
        parts=(Part("vectors of several lengths", 3, _probabilities),),
    ),
    Derive(
        id="log-softmax-slope",
        chapter="softmax",
        title="The slope of the logarithm",
        level="core",
        minutes=10,
        statement=r"""
With a stretch $s$ the softmax is $y_i = e^{s z_i} / \sum_j e^{s z_j}$. Differentiate
$\ln y_1$ with respect to $z_1$, for two classes $z_1, z_2$. Write the result in terms of
$y = y_1$ and $s$; expressions in `s`, `a` $= z_1$ and `b` $= z_2$ count too.""",
        learnt="the logarithm turns the quotient into a difference, and most of the derivative "
        "disappears",
        variables={"s": (0.5, 2.0), "a": (-1.5, 1.5), "b": (-1.5, 1.5)},
        definitions={"y": "exp(s*a)/(exp(s*a)+exp(s*b))"},
        start="D(log(e^(s*a)/(e^(s*a) + e^(s*b))), a)",
        solution="s*(1-y)",
        alternatives=("s - s*y", "s*exp(s*b)/(exp(s*a)+exp(s*b))", "s*sigma(s*(b-a))"),
        hints=(
            r"$\ln y_1 = s z_1 - \ln(e^{s z_1} + e^{s z_2})$.",
            "The derivative of the second logarithm contains a softmax.",
        ),
        mistakes=(
            Mistake("forgot-stretch", "This is right for a stretch of 1.", "1-y"),
            Mistake(
                "softmax-slope",
                "This is the slope of the softmax, not of its logarithm.",
                "s*y*(1-y)",
            ),
            Mistake(
                "reciprocal",
                "This is the outer derivative alone; the chain rule multiplies it.",
                "1/y",
            ),
            Mistake("second-term-only", "The derivative of the first term is missing.", "-s*y"),
        ),
    ),
)
