"""Exercises of the chapter ``gated-units``."""

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
    return [(rng.normal(size=shape),) for shape in (4, 6, (2, 4), (3, 2, 8))]


def _rows_and_cotangents(rng: np.random.Generator) -> list[Arguments]:
    shapes = ((2,), (6,), (3, 4))
    return [
        (rng.normal(size=shape), rng.normal(size=(*shape[:-1], shape[-1] // 2)))
        for shape in shapes
    ]


def _pairs(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape), rng.normal(size=shape)) for shape in (3, (2, 4))]


def _shut(rng: np.random.Generator) -> list[Arguments]:
    b = rng.normal(size=4)
    return [
        (np.array([-np.inf, 1.0]), np.array([2.0, 3.0])),
        (np.array([-np.inf, -900.0, 0.5, -np.inf]), b),
    ]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="glu-by-hand",
        chapter="gated-units",
        title="A gate two thirds open",
        level="warm-up",
        minutes=3,
        statement=r"""
The two halves of a GLU, in PyTorch's order, are $6$ and $\ln 2$. What is its output? It needs
no calculator.""",
        learnt="the sigmoid of a logarithm is a fraction, and PyTorch's gate is the second "
        "half",
        solution="4",
        alternatives=("6*sigma(ln(2))", "6/(1+1/2)"),
        rtol=1e-6,
        hints=(
            r"$\sigma(\ln u) = u/(1 + u)$.",
            "PyTorch's gate is the second half; the first one passes.",
        ),
        mistakes=(
            Mistake("first-half", "That takes the first half for the gate.", "ln(2)*sigma(6)"),
            Mistake("open", "That is the output of an open gate.", "6"),
            Mistake("gate-alone", "That is the gate alone.", "2/3"),
            Mistake("both", "Only one of the halves goes through the sigmoid.", "sigma(6)*2/3"),
        ),
    ),
    Derive(
        id="swiglu-gate-slope",
        chapter="gated-units",
        title="The slope of SwiGLU's gate",
        level="core",
        minutes=8,
        statement=r"""
A SwiGLU is $y = a\,\sigma(a)\,b$. Write $\partial y/\partial a$ in terms of $a$, $b$ and
$s = \sigma(a)$.""",
        learnt="the gate's slope is the slope of SiLU, times the half that it lets through",
        variables={"a": (-3.0, 3.0), "b": (0.5, 2.0)},
        definitions={"s": "sigma(a)"},
        start="D(a*sigma(a)*b, a)",
        solution="b*(s+a*s*(1-s))",
        alternatives=("b*s*(1+a*sigma(-a))", "b*s + a*b*s - a*b*s^2"),
        hints=(
            "It is a product of two factors that depend on `a`, and one that does not.",
            r"$\sigma' = \sigma (1 - \sigma)$.",
        ),
        mistakes=(
            Mistake(
                "without-b", "The half that passes is missing: it is a factor.", "s+a*s*(1-s)"
            ),
            Mistake("first-term", "The sigmoid depends on `a` as well.", "b*s"),
            Mistake(
                "second-term", "The factor `a` in front depends on `a` as well.", "a*b*s*(1-s)"
            ),
            Mistake("other-half", "That is the derivative by `b`.", "a*s"),
        ),
    ),
    Implement(
        id="glu-backward",
        chapter="gated-units",
        title="Both gradients of a GLU",
        level="core",
        minutes=12,
        statement=r"""
Write `glu_backward(x, g)`: $\partial L/\partial x$ for a GLU in PyTorch's order. The last axis
of `x` has an even length; its first half passes and its second half is the gate. `g` is
$\partial L/\partial y$, half as long. The result has the shape of `x`.""",
        learnt="the gradient of each half is made of the other one: a gated layer keeps two "
        "arrays for the backward pass",
        starter='''def glu_backward(x, g):
    """Return dL/dx for a GLU whose second half is the gate."""
    ...
''',
        solution='''def glu_backward(x, g):
    """Return dL/dx for a GLU whose second half is the gate."""
    a, b = np.split(x, 2, axis=-1)
    s = 1 / (1 + np.exp(-b))
    return np.concatenate([g * s, g * a * s * (1 - s)], axis=-1)
''',
        alternatives=(
            """def glu_backward(x, g):
    n = x.shape[-1] // 2
    dx = np.empty_like(x)
    dx[..., :n] = g / (1 + np.exp(-x[..., n:]))
    dx[..., n:] = g * x[..., :n] / (4 * np.cosh(x[..., n:] / 2) ** 2)
    return dx
""",
        ),
        hints=(
            "Split first, and differentiate the product by each of its factors.",
            "Put the two gradients together in the order in which the halves lie.",
        ),
        mistakes=(
            Mistake(
                "gate-first",
                "That takes the first half for the gate.",
                """def glu_backward(x, g):
    b, a = np.split(x, 2, axis=-1)
    s = 1 / (1 + np.exp(-b))
    return np.concatenate([g * a * s * (1 - s), g * s], axis=-1)
""",
            ),
            Mistake(
                "order",
                "Both gradients are right, and lie in the wrong halves.",
                """def glu_backward(x, g):
    a, b = np.split(x, 2, axis=-1)
    s = 1 / (1 + np.exp(-b))
    return np.concatenate([g * a * s * (1 - s), g * s], axis=-1)
""",
            ),
            Mistake(
                "gate-without-value",
                "The gate's slope lacks the half that it lets through.",
                """def glu_backward(x, g):
    a, b = np.split(x, 2, axis=-1)
    s = 1 / (1 + np.exp(-b))
    return np.concatenate([g * s, g * s * (1 - s)], axis=-1)
""",
            ),
            Mistake(
                "constant-gate",
                "The gate has a gradient too: it is computed from weights that learn.",
                """def glu_backward(x, g):
    a, b = np.split(x, 2, axis=-1)
    return np.concatenate([g / (1 + np.exp(-b)), 0 * g], axis=-1)
""",
            ),
        ),
        parts=(Part("rows and batches", 4, _rows_and_cotangents),),
    ),
    FindTheBug(
        id="swiglu-layout-bug",
        chapter="gated-units",
        title="SwiGLU for another layout",
        level="core",
        minutes=6,
        statement=r"""
Some models store gate and value in turns: entries 0, 2, 4, ... of the last axis are the gate,
entries 1, 3, 5, ... the value. `swiglu_layout_bug(x)` is SwiGLU for such a model. It runs, its
shapes fit, and its outputs are plausible. Repair it.""",
        learnt="nothing but the values tells one layout from the other: not the shape, not the "
        "range, not a gradient check",
        starter='''def swiglu_layout_bug(x):
    """Return SwiGLU of rows in which gate and value take turns, the gate first."""
    gate, value = np.split(x, 2, axis=-1)
    return gate / (1 + np.exp(-gate)) * value
''',
        solution='''def swiglu_layout_bug(x):
    """Return SwiGLU of rows in which gate and value take turns, the gate first."""
    gate, value = x[..., 0::2], x[..., 1::2]
    return gate / (1 + np.exp(-gate)) * value
''',
        alternatives=(
            """def swiglu_layout_bug(x):
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    gate, value = pairs[..., 0], pairs[..., 1]
    return gate * value / (1 + np.exp(-gate))
""",
        ),
        hints=(
            "Number the entries of a row of four, and write down which are multiplied.",
            "A slice can have a step.",
        ),
        mistakes=(
            Mistake(
                "odd-gate",
                "The pairs are right; gate and value have changed places.",
                "x[..., 1::2] / (1 + np.exp(-x[..., 1::2])) * x[..., 0::2]",
            ),
            Mistake(
                "second-half",
                "That is still a split into halves, with the other one for the gate.",
                "np.split(x, 2, axis=-1)[1] / (1 + np.exp(-np.split(x, 2, axis=-1)[1])) "
                "* np.split(x, 2, axis=-1)[0]",
            ),
            Mistake(
                "sigmoid-only",
                "The gate of SwiGLU is SiLU: the gate times its sigmoid.",
                "1 / (1 + np.exp(-x[..., 0::2])) * x[..., 1::2]",
            ),
        ),
        parts=(Part("rows and batches", 3, _rows),),
    ),
    FindTheBug(
        id="swiglu-mask-bug",
        chapter="gated-units",
        title="Gates that are shut",
        level="core",
        minutes=8,
        statement=r"""
`swiglu_mask_bug(a, b)` is $a\,\sigma(a)\,b$, with the gate `a`. A mask sets some gates to minus
infinity, which should shut them, and the outputs become NaN. Repair it, and leave ordinary
values as they are.""",
        learnt="a limit of 0 times infinity has to be put in by hand: no formula with that "
        "product finds it",
        starter='''def swiglu_mask_bug(a, b):
    """Return SwiGLU of the gate a and the value b."""
    return a * (1 / (1 + np.exp(-a))) * b
''',
        solution='''def swiglu_mask_bug(a, b):
    """Return SwiGLU of the gate a and the value b."""
    a = np.maximum(a, -1000.0)
    return a * np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a))) * b
''',
        alternatives=(
            """def swiglu_mask_bug(a, b):
    finite = np.where(np.isinf(a), 0.0, a)
    return finite * b * 0.5 * (1 + np.tanh(finite / 2))
""",
        ),
        hints=(
            "What is minus infinity times 0 in floating point, and what should it be here?",
            "From about -745 on, the sigmoid is 0 anyway: how negative must `a` be?",
        ),
        mistakes=(
            Mistake(
                "clipped-early",
                "At -10 the sigmoid is small, not 0: a shut gate still lets something through.",
                "np.maximum(a, -10) / (1 + np.exp(-np.maximum(a, -10))) * b",
            ),
            Mistake(
                "negative-lost",
                "Now every negative gate is shut; ordinary values have changed.",
                "np.maximum(a, 0) / (1 + np.exp(-a)) * b",
            ),
            Mistake(
                "masked-value",
                "A shut gate gives 0 whatever `b` is; this lets `b` through.",
                "np.where(np.isinf(a), b, a / (1 + np.exp(-a)) * b)",
            ),
        ),
        parts=(
            Part("gates at minus infinity", 2, _shut),
            Part("ordinary values", 1, _pairs),
        ),
    ),
)
