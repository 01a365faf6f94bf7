"""Exercises of the chapter ``vector-jacobian-products``."""

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


def _probabilities(rng: np.random.Generator, shape: tuple[int, ...]) -> object:
    e = np.exp(rng.normal(size=shape))
    return e / e.sum(axis=-1, keepdims=True)


def _vectors(rng: np.random.Generator) -> list[Arguments]:
    return [(_probabilities(rng, (k,)), rng.normal(size=k)) for k in (2, 3, 6)]


def _batches(rng: np.random.Generator) -> list[Arguments]:
    return [
        (_probabilities(rng, shape), rng.normal(size=shape))
        for shape in ((2, 2), (4, 3), (3, 3))
    ]


EXERCISES: tuple[Exercise, ...] = (
    Implement(
        id="softmax-vjp",
        chapter="vector-jacobian-products",
        title="Softmax backward without a Jacobian",
        level="core",
        minutes=15,
        statement=r"""
A layer kept its output $y = \mathrm{softmax}(z)$. Write `softmax_vjp(y, g)`: it returns
$dL/dz = J^T g$ over the last axis, for a single vector or a batch of rows, without building
$J$.""",
        learnt="one weighted sum a row replaces a matrix a row",
        starter='''def softmax_vjp(y, g):
    """Return J^T g over the last axis, where J is the Jacobian of y = softmax(z)."""
    ...
''',
        solution='''def softmax_vjp(y, g):
    """Return J^T g over the last axis, where J is the Jacobian of y = softmax(z)."""
    return y * (g - np.sum(g * y, axis=-1, keepdims=True))
''',
        alternatives=(
            "y * g - y * np.einsum('...k,...k->...', y, g)[..., None]",
            """def softmax_vjp(y, g):
    J = y[..., :, None] * (np.eye(y.shape[-1]) - y[..., None, :])
    return np.einsum("...ij,...i->...j", J, g)
""",
        ),
        hints=(
            r"Write $J = \mathrm{diag}(y) - y y^T$ and multiply it with $g$ on paper.",
            "$y^T g$ is one number a row. Keep its axis, so that it can be subtracted.",
        ),
        mistakes=(
            Mistake(
                "diagonal-only",
                "This uses the diagonal of the Jacobian alone. The outputs of a softmax "
                "depend on every input of their row.",
                "g * y * (1 - y)",
            ),
            Mistake(
                "rows-mixed",
                "The sum runs over the whole batch, so the rows disturb each other.",
                "y * (g - np.sum(g * y))",
            ),
            Mistake(
                "forgot-output-factor",
                "The factor `y` in front is missing.",
                "g - np.sum(g * y, axis=-1, keepdims=True)",
            ),
            Mistake(
                "plain-sum",
                "The sum must be weighted by the outputs.",
                "y * (g - np.sum(g, axis=-1, keepdims=True))",
            ),
            Mistake(
                "plus",
                "The sign of the second term is wrong.",
                "y * (g + np.sum(g * y, axis=-1, keepdims=True))",
            ),
        ),
        parts=(
            # The batch first: on a single vector, mixing the rows goes unseen.
            Part("batches", 3, _batches),
            Part("single vectors", 1, _vectors),
        ),
    ),
    FindTheBug(
        id="softmax-diagonal-bug",
        chapter="vector-jacobian-products",
        title="Softmax on the way back",
        level="core",
        minutes=10,
        statement=r"""
`softmax_diagonal_bug(y, g)` is given the output $y$ of a softmax over a vector and the upstream
gradient. It uses $y (1 - y)$, and a loss may go down all the same. Repair it.""",
        learnt="a gradient that is wrong can still point downhill; a numeric check tells",
        starter='''def softmax_diagonal_bug(y, g):
    """Return dL/dz for one vector y = softmax(z) and g = dL/dy."""
    return g * y * (1 - y)
''',
        solution='''def softmax_diagonal_bug(y, g):
    """Return dL/dz for one vector y = softmax(z) and g = dL/dy."""
    return y * (g - y @ g)
''',
        alternatives=("(np.diag(y) - np.outer(y, y)) @ g", "y * g - y * np.dot(g, y)"),
        hints=(
            r"Which entries of the Jacobian does this use? Which does it leave out?",
            r"$J$ is symmetric here: $J^T g = J g = y \odot g - y\,(y^T g)$.",
        ),
        mistakes=(
            Mistake(
                "off-diagonal-sign",
                "The sign of the entries off the diagonal is wrong.",
                "y * g + y * (y @ g) - 2 * y * y * g",
            ),
            Mistake(
                "without-diagonal-product",
                "This is the diagonal matrix alone; the outer product is missing.",
                "y * g",
            ),
            Mistake(
                "outer-only",
                "This is the outer product alone; the diagonal matrix is missing.",
                "-y * (y @ g)",
            ),
        ),
        parts=(Part("vectors of several lengths", 3, _vectors),),
    ),
    FindTheBug(
        id="softmax-batch-bug",
        chapter="vector-jacobian-products",
        title="Right for one row",
        level="core",
        minutes=10,
        statement=r"""
This vector-Jacobian product was tested on a single vector and is right there. On a batch, one
row an example, every example changes the gradient of every other. Repair
`softmax_batch_bug(y, g)`; both arrays have shape `(N, k)`.""",
        learnt="a reduction without an axis reduces over the batch as well",
        starter='''def softmax_batch_bug(y, g):
    """Return dL/dz row by row, shape (N, k)."""
    return y * (g - np.sum(g * y))
''',
        solution='''def softmax_batch_bug(y, g):
    """Return dL/dz row by row, shape (N, k)."""
    return y * (g - np.sum(g * y, axis=-1, keepdims=True))
''',
        alternatives=("y * (g - np.vecdot(y, g)[:, None])",),
        hints=(
            "Compare the result for a batch with the results for its rows one by one.",
            "The sum must leave one number a row, in a shape that can be subtracted.",
        ),
        mistakes=(
            Mistake(
                "columns",
                "The sum runs down the columns: the wrong axis.",
                "y * (g - np.sum(g * y, axis=0, keepdims=True))",
            ),
            Mistake(
                "mean",
                "A mean is a sum divided by the number of classes; the formula has the sum.",
                "y * (g - np.mean(g * y, axis=-1, keepdims=True))",
            ),
            Mistake(
                "averaged-over-batch",
                "Dividing by the number of rows does not separate them.",
                "y * (g - np.sum(g * y) / len(y))",
            ),
        ),
        parts=(Part("batches", 3, _batches),),
    ),
    Predict(
        id="batch-jacobian-bytes",
        chapter="vector-jacobian-products",
        title="What building it would take",
        level="warm-up",
        minutes=5,
        statement=r"""
A softmax over $k = 1000$ classes for a batch of $N = 64$ examples. How many gigabytes
($10^9$ bytes) would the full $N \times k \times N \times k$ Jacobian take in float64? One per
cent either way is accepted.""",
        learnt="the full Jacobian of a modest layer takes tens of gigabytes, and nearly all of "
        "it is zero",
        solution="32.768",
        alternatives=("8*(64*1000)^2/10^9", "32.8"),
        rtol=1e-2,
        hints=(
            "A float64 number takes eight bytes.",
            "Square the number of elements of the batch.",
        ),
        mistakes=(
            Mistake(
                "one-block-a-row",
                "That keeps one block an example and leaves out the zeros between examples.",
                "8*64*1000^2/10^9",
            ),
            Mistake(
                "elements", "That is the number of elements; each has eight bytes.", "4.096"
            ),
            Mistake("float32", "That is the size in float32.", "16.384"),
            Mistake("one-example", "That is a single example.", "8*1000^2/10^9"),
        ),
    ),
    Derive(
        id="cross-entropy-softmax",
        chapter="vector-jacobian-products",
        title="Cross-entropy meets softmax",
        level="hard",
        minutes=20,
        statement=r"""
For two classes with inputs $a$ and $b$ let $y = e^a / (e^a + e^b)$ and let the loss be
$L = -t \ln y - (1 - t) \ln(1 - y)$, with a target share $t$. Write $dL/da$ in terms of $y$ and
$t$.""",
        learnt="the Jacobian of softmax cancels the derivative of the logarithm, which is why "
        "the two are computed together",
        variables={"a": (-1.5, 1.5), "b": (-1.5, 1.5), "t": (0.1, 0.9)},
        definitions={"y": "exp(a)/(exp(a)+exp(b))"},
        answer_in=("y", "t"),
        worth=3,
        start="D(-t*log(y) - (1 - t)*log(1 - y), a)",
        solution="y-t",
        alternatives=("-t*(1-y)+(1-t)*y", "y(1-y)*((1-t)/(1-y) - t/y)"),
        hints=(
            r"$dL/dy$ first, then $dy/da = y (1 - y)$.",
            "Bring $dL/dy$ on one denominator, and something cancels.",
        ),
        mistakes=(
            Mistake("sign", "The sign is wrong: too much `y` must cost.", "t-y"),
            Mistake(
                "forgot-softmax",
                "This is the gradient by `y`; the softmax is still to be passed.",
                "(y-t)/(y*(1-y))",
            ),
            Mistake(
                "slope-twice",
                "The slope of the softmax is multiplied once too often.",
                "(y-t)*y*(1-y)",
            ),
        ),
    ),
)
