"""Exercises of the chapter ``linear``."""

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


def _two_layers(rng: np.random.Generator) -> list[Arguments]:
    return [
        (
            rng.normal(size=(d, k)),
            rng.normal(size=k),
            rng.normal(size=(k, m)),
            rng.normal(size=m),
        )
        for d, k, m in ((1, 1, 1), (3, 3, 3), (2, 4, 3))
    ]


def _inputs(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape),) for shape in (1, 4, (2, 3), (2, 2, 2))]


EXERCISES: tuple[Exercise, ...] = (
    Derive(
        id="affine-slope",
        chapter="linear",
        title="The slope of a straight line, twice",
        level="warm-up",
        minutes=3,
        statement=r"""
Let $f(x) = a x + b$. Differentiate $f(f(x))$ with respect to $x$.""",
        learnt="a straight line scales the gradient by the same number everywhere, and "
        "stacking two multiplies the numbers",
        variables={"a": (-2.0, 2.0), "b": (-2.0, 2.0), "x": (-2.0, 2.0)},
        worth=1,
        start="D(a*(a*x + b) + b, x)",
        solution="a^2",
        alternatives=("a*a", "a**2 + 0*b*x"),
        hints=(
            "Chain rule: the outer slope at the inner function, times the inner slope.",
            "The slope of a straight line is the same at every $x$.",
        ),
        mistakes=(
            Mistake("one-layer", "This is the slope of a single application.", "a"),
            Mistake("added", "Slopes along a chain multiply, they do not add.", "2*a"),
            Mistake("kept-x", "The `x` is still there: its derivative is 1.", "a^2*x"),
            Mistake(
                "kept-constant",
                "The constant is still there: its derivative is zero.",
                "a^2+a*b+b",
            ),
        ),
    ),
    Implement(
        id="collapse-layers",
        chapter="linear",
        title="Two linear layers are one",
        level="core",
        minutes=10,
        statement=r"""
Between two layers stands the identity: $A = (X W_1 + b_1) W_2 + b_2$. Write
`collapse_layers(W1, b1, W2, b2)`: it returns the tuple `(W, b)` of the single layer
$A = X W + b$ that computes the same for every $X$.""",
        learnt="depth without a nonlinear activation adds no function that one layer lacks",
        starter='''def collapse_layers(W1, b1, W2, b2):
    """Return (W, b) with X W + b = (X W1 + b1) W2 + b2 for every X."""
    ...
''',
        solution='''def collapse_layers(W1, b1, W2, b2):
    """Return (W, b) with X W + b = (X W1 + b1) W2 + b2 for every X."""
    return W1 @ W2, b1 @ W2 + b2
''',
        alternatives=("(np.dot(W1, W2), b2 + W2.T @ b1)",),
        hints=(
            "Multiply the product out and collect what stands beside $X$.",
            "The first bias goes through the second layer too.",
        ),
        mistakes=(
            Mistake(
                "lost-first-bias",
                "The first bias is lost: it goes through the second layer.",
                "(W1 @ W2, b2 + 0 * (b1 @ W2))",
            ),
            Mistake(
                "bias-twice",
                "The second bias is sent through the second layer as well.",
                "(W1 @ W2, b1 @ W2 + 2 * b2)",
            ),
            Mistake(
                "bias-subtracted",
                "The second bias is subtracted.",
                "(W1 @ W2, b1 @ W2 - b2)",
            ),
        ),
        parts=(Part("pairs of layers", 3, _two_layers),),
    ),
    Predict(
        id="linear-depth-parameters",
        chapter="linear",
        title="What the wide middle is worth",
        level="core",
        minutes=5,
        statement=r"""
A network without biases maps 6 inputs to 100 units to 4 outputs, with the identity between. How
many numbers describe everything that it can compute: the number of weights of the smallest
single layer that does the same?""",
        learnt="counting weights says little; what counts is the function that they make",
        solution="24",
        alternatives=("6*4", "24.0"),
        rtol=1e-9,
        hints=(
            "Which single matrix does the work of the two? What is its shape?",
            "The width of the middle does not appear in the shape of the product.",
        ),
        mistakes=(
            Mistake(
                "all-weights", "That is what is stored: both matrices together.", "6*100+100*4"
            ),
            Mistake("first-matrix", "That is the first matrix alone.", "600"),
            Mistake(
                "product-of-counts",
                "The numbers of weights do not multiply.",
                "600*400",
            ),
        ),
    ),
    FindTheBug(
        id="linear-gradient-bug",
        chapter="linear",
        title="The slope of the identity",
        level="warm-up",
        minutes=5,
        statement=r"""
`linear_gradient_bug(x)` must return the derivative of the identity at each element of `x`, in
the shape of `x`. It works for vectors, and fails on a batch. Repair it.""",
        learnt="an element-wise gradient has the shape of its input, whatever that is",
        starter='''def linear_gradient_bug(x):
    """Return the derivative of f(x) = x at each element of x."""
    return np.ones(len(x))
''',
        solution='''def linear_gradient_bug(x):
    """Return the derivative of f(x) = x at each element of x."""
    return np.ones_like(x)
''',
        alternatives=("np.ones(x.shape)", "x * 0 + 1", "np.full(np.shape(x), 1.0)"),
        hints=(
            "`len` of an array is the length of its first axis.",
            "NumPy has a function that makes ones in the likeness of an array.",
        ),
        mistakes=(
            Mistake(
                "identity-itself",
                "This is the identity, not its derivative.",
                "x",
            ),
            Mistake("zeros", "The derivative of `x` is not zero.", "np.zeros_like(x)"),
            Mistake(
                "jacobian",
                "This is the Jacobian over the last axis; its diagonal was asked for.",
                "np.broadcast_to(np.eye(x.shape[-1]), (*x.shape, x.shape[-1])).copy()",
            ),
            Mistake(
                "scalar",
                "One number came back. An element-wise gradient has the shape of `x`.",
                "1.0 + 0 * x.sum()",
            ),
        ),
        parts=(Part("arrays of one to three axes", 1, _inputs),),
    ),
)
