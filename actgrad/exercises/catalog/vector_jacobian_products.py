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
A layer kept its output $s = \mathrm{softmax}(z)$. Write `softmax_vjp(s, g)`: it returns
$dL/dz = J^T g$ over the last axis, for a single vector or a batch of rows, without building
$J$.""",
        learnt="one weighted sum a row replaces a matrix a row",
        starter='''def softmax_vjp(s, g):
    """Return J^T g over the last axis, where J is the Jacobian of s = softmax(z)."""
    ...
''',
        solution='''def softmax_vjp(s, g):
    """Return J^T g over the last axis, where J is the Jacobian of s = softmax(z)."""
    return s * (g - np.sum(g * s, axis=-1, keepdims=True))
''',
        alternatives=(
            "s * g - s * np.einsum('...k,...k->...', s, g)[..., None]",
            """def softmax_vjp(s, g):
    J = s[..., :, None] * (np.eye(s.shape[-1]) - s[..., None, :])
    return np.einsum("...ij,...i->...j", J, g)
""",
        ),
        hints=(
            r"Write $J = \mathrm{diag}(s) - s s^T$ and multiply it with $g$ on paper.",
            "$s^T g$ is one number a row. Keep its axis, so that it can be subtracted.",
        ),
        mistakes=(
            Mistake(
                "diagonal-only",
                "This uses the diagonal of the Jacobian alone. The outputs of a softmax "
                "depend on every input of their row.",
                "g * s * (1 - s)",
            ),
            Mistake(
                "rows-mixed",
                "The sum runs over the whole batch, so the rows disturb each other.",
                "s * (g - np.sum(g * s))",
            ),
            Mistake(
                "forgot-output-factor",
                "The factor `s` in front is missing.",
                "g - np.sum(g * s, axis=-1, keepdims=True)",
            ),
            Mistake(
                "plain-sum",
                "The sum must be weighted by the outputs.",
                "s * (g - np.sum(g, axis=-1, keepdims=True))",
            ),
            Mistake(
                "plus",
                "The sign of the second term is wrong.",
                "s * (g + np.sum(g * s, axis=-1, keepdims=True))",
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
        title="Softmax treated like a sigmoid",
        level="core",
        minutes=10,
        statement=r"""
`softmax_diagonal_bug(s, g)` is given the output $s$ of a softmax over a vector and the upstream
gradient. It uses $s (1 - s)$, and a loss may go down all the same. Repair it.""",
        learnt="a gradient that is wrong can still point downhill; a numeric check tells",
        starter='''def softmax_diagonal_bug(s, g):
    """Return dL/dz for one vector s = softmax(z) and g = dL/ds."""
    return g * s * (1 - s)
''',
        solution='''def softmax_diagonal_bug(s, g):
    """Return dL/dz for one vector s = softmax(z) and g = dL/ds."""
    return s * (g - s @ g)
''',
        alternatives=("(np.diag(s) - np.outer(s, s)) @ g", "s * g - s * np.dot(g, s)"),
        hints=(
            r"Which entries of the Jacobian does this use? Which does it leave out?",
            r"$J$ is symmetric here: $J^T g = J g = s \odot g - s\,(s^T g)$.",
        ),
        mistakes=(
            Mistake(
                "off-diagonal-sign",
                "The sign of the entries off the diagonal is wrong.",
                "s * g + s * (s @ g) - 2 * s * s * g",
            ),
            Mistake(
                "without-diagonal-product",
                "This is the diagonal matrix alone; the outer product is missing.",
                "s * g",
            ),
            Mistake(
                "outer-only",
                "This is the outer product alone; the diagonal matrix is missing.",
                "-s * (s @ g)",
            ),
        ),
        parts=(Part("vectors of several lengths", 3, _vectors),),
    ),
    FindTheBug(
        id="softmax-batch-bug",
        chapter="vector-jacobian-products",
        title="Rows that disturb each other",
        level="core",
        minutes=10,
        statement=r"""
This vector-Jacobian product was tested on a single vector and is right there. On a batch, one
row an example, every example changes the gradient of every other. Repair
`softmax_batch_bug(s, g)`; both arrays have shape `(n, k)`.""",
        learnt="a reduction without an axis reduces over the batch as well",
        starter='''def softmax_batch_bug(s, g):
    """Return dL/dz row by row, shape (n, k)."""
    return s * (g - np.sum(g * s))
''',
        solution='''def softmax_batch_bug(s, g):
    """Return dL/dz row by row, shape (n, k)."""
    return s * (g - np.sum(g * s, axis=-1, keepdims=True))
''',
        alternatives=("s * (g - np.vecdot(s, g)[:, None])",),
        hints=(
            "Compare the result for a batch with the results for its rows one by one.",
            "The sum must leave one number a row, in a shape that can be subtracted.",
        ),
        mistakes=(
            Mistake(
                "columns",
                "The sum runs down the columns: the wrong axis.",
                "s * (g - np.sum(g * s, axis=0, keepdims=True))",
            ),
            Mistake(
                "mean",
                "A mean is a sum divided by the number of classes; the formula has the sum.",
                "s * (g - np.mean(g * s, axis=-1, keepdims=True))",
            ),
            Mistake(
                "averaged-over-batch",
                "Dividing by the number of rows does not separate them.",
                "s * (g - np.sum(g * s) / len(s))",
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
For two classes with inputs $a$ and $b$ let $s = e^a / (e^a + e^b)$ and let the loss be
$L = -q \ln s - (1 - q) \ln(1 - s)$, with a target share $q$. Write $dL/da$ in terms of $s$ and
$q$.""",
        learnt="the Jacobian of softmax cancels the derivative of the logarithm, which is why "
        "the two are computed together",
        variables={"a": (-1.5, 1.5), "b": (-1.5, 1.5), "q": (0.1, 0.9)},
        definitions={"s": "exp(a)/(exp(a)+exp(b))"},
        answer_in=("s", "q"),
        worth=3,
        start="D(-q*log(s) - (1 - q)*log(1 - s), a)",
        solution="s-q",
        alternatives=("-q*(1-s)+(1-q)*s", "s(1-s)*((1-q)/(1-s) - q/s)"),
        hints=(
            r"$dL/ds$ first, then $ds/da = s (1 - s)$.",
            "Bring $dL/ds$ on one denominator, and something cancels.",
        ),
        mistakes=(
            Mistake("sign", "The sign is wrong: too much `s` must cost.", "q-s"),
            Mistake(
                "forgot-softmax",
                "This is the gradient by `s`; the softmax is still to be passed.",
                "(s-q)/(s*(1-s))",
            ),
            Mistake(
                "slope-twice",
                "The slope of the softmax is multiplied once too often.",
                "(s-q)*s*(1-s)",
            ),
        ),
    ),
)
