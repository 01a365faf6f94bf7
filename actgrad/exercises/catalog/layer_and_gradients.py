"""Exercises of the chapter ``layer-and-gradients``."""

import numpy as np

from actgrad.exercises._exercise import (
    Arguments,
    Exercise,
    FindTheBug,
    Implement,
    Mistake,
    Part,
    Predict,
)


def _layers(rng: np.random.Generator) -> list[Arguments]:
    sizes = [(1, 2, 3), (4, 3, 2), (5, 4, 4)]
    return [
        (rng.normal(size=(N, p)), rng.normal(size=(p, q)), rng.normal(size=q))
        for N, p, q in sizes
    ]


def _layers_and_upstream(rng: np.random.Generator) -> list[Arguments]:
    return [(*case, rng.normal(size=(len(case[0]), len(case[2])))) for case in _layers(rng)]


def _upstream(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape),) for shape in ((2, 1), (3, 2), (7, 4))]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="full-jacobian-size",
        chapter="layer-and-gradients",
        title="How many entries has the full Jacobian?",
        level="warm-up",
        minutes=5,
        statement=r"""
A batch of 8 rows goes through an element-wise activation on 5 units: input and output are
$8 \times 5$ arrays. How many entries has the full Jacobian, every output by every input, zeros
included?""",
        learnt="the full Jacobian has the square of the number of elements; an element-wise "
        "function needs only its diagonal",
        solution="1600",
        alternatives=("40*40", "(8*5)^2"),
        rtol=1e-9,
        hints=(
            "Count the outputs, count the inputs.",
            "Each of the outputs has a derivative by each of the inputs, those of other rows "
            "included.",
        ),
        mistakes=(
            Mistake(
                "diagonal-only",
                "That is the number of entries that can differ from zero: the diagonal.",
                "40",
            ),
            Mistake(
                "one-row",
                "That is the Jacobian of a single row; the batch has eight rows.",
                "25",
            ),
            Mistake(
                "blocks-only",
                "That counts one block a row. The full Jacobian also has the derivatives of "
                "one row's outputs by another row's inputs, which are zero.",
                "200",
            ),
        ),
    ),
    Implement(
        id="dense-forward",
        chapter="layer-and-gradients",
        title="A dense layer, forward",
        level="warm-up",
        minutes=5,
        statement=r"""
Write `dense_forward(X, W, b)`: the output $A = \tanh(X W + b)$ of a dense layer. `X` has shape
`(N, p)`, one example a row, `W` has shape `(p, q)`, `b` has shape `(q,)`.""",
        learnt="rows are examples, the weights act from the right, and the bias is added to "
        "every row before the activation",
        starter='''def dense_forward(X, W, b):
    """Return tanh(X W + b), shape (N, q)."""
    ...
''',
        solution='''def dense_forward(X, W, b):
    """Return tanh(X W + b), shape (N, q)."""
    return np.tanh(X @ W + b)
''',
        alternatives=(
            "np.tanh(np.dot(X, W) + b[None, :])",
            "1 - 2 / (1 + np.exp(2 * (X @ W + b)))",
        ),
        hints=(
            "Check the shapes first: `(N, p)` times `(p, q)` is `(N, q)`.",
            "In NumPy `*` multiplies element by element; the matrix product is `@`.",
        ),
        mistakes=(
            Mistake(
                "bias-outside",
                "The bias is added after the activation. It belongs to the input of `tanh`.",
                "np.tanh(X @ W) + b",
            ),
            Mistake("no-bias", "The bias is missing.", "np.tanh(X @ W) + 0 * b"),
            Mistake(
                "no-activation", "The activation is missing: this is `X W + b`.", "X @ W + b"
            ),
            Mistake("bias-subtracted", "The bias is subtracted.", "np.tanh(X @ W - b)"),
        ),
        parts=(Part("layers of several shapes", 2, _layers),),
    ),
    Implement(
        id="dense-gradients",
        chapter="layer-and-gradients",
        title="A dense layer, backward",
        level="hard",
        minutes=30,
        statement=r"""
The layer is $A = \tanh(Z)$ with $Z = X W + b$. Write `dense_gradients(X, W, b, G)`: it gets the
upstream gradient $G = \partial L / \partial A$, shape `(N, q)`, and returns the tuple
`(dX, dW, db)` of the gradients of $L$, each in the shape of its variable.""",
        learnt="the three gradients share one array, dL/dZ, and each follows from the chain "
        "rule and from the shape that it must have",
        starter='''def dense_gradients(X, W, b, G):
    """Return the gradients (dX, dW, db) of the layer tanh(X W + b)."""
    ...
''',
        solution='''def dense_gradients(X, W, b, G):
    """Return the gradients (dX, dW, db) of the layer tanh(X W + b)."""
    A = np.tanh(X @ W + b)
    delta = G * (1 - A**2)
    return delta @ W.T, X.T @ delta, delta.sum(axis=0)
''',
        alternatives=(
            """def dense_gradients(X, W, b, G):
    delta = G / np.cosh(X @ W + b) ** 2
    dX = np.einsum("nq,pq->np", delta, W)
    dW = np.einsum("np,nq->pq", X, delta)
    return dX, dW, np.ones(len(X)) @ delta
""",
        ),
        hints=(
            r"Compute $\Delta = \partial L / \partial Z$ first: element by element, with "
            r"$\tanh'$.",
            "The shapes leave one product each: `dX` is `(N, p)` from `(N, q)` and `(p, q)`.",
            "`b` is added to every row, so its gradient collects from every row.",
        ),
        mistakes=(
            Mistake(
                "forgot-activation",
                "The activation's derivative is missing: `G` was used where dL/dZ belongs.",
                "(G @ W.T, X.T @ G, G.sum(axis=0))",
            ),
            Mistake(
                "mean-for-bias",
                "`db` is a mean. The bias acts on every row, and its gradient is the sum; a "
                "mean belongs to the loss, if anywhere.",
                """def dense_gradients(X, W, b, G):
    delta = G * (1 - np.tanh(X @ W + b) ** 2)
    return delta @ W.T, X.T @ delta, delta.mean(axis=0)
""",
            ),
            Mistake(
                "fed-activation-to-derivative",
                "The derivative was taken at the output: `tanh` was applied twice before the "
                "square.",
                """def dense_gradients(X, W, b, G):
    A = np.tanh(X @ W + b)
    delta = G * (1 - np.tanh(A) ** 2)
    return delta @ W.T, X.T @ delta, delta.sum(axis=0)
""",
            ),
            Mistake(
                "averaged-weights",
                "`dW` is divided by the number of rows. `G` is the gradient of `L` itself, so "
                "nothing is averaged here.",
                """def dense_gradients(X, W, b, G):
    delta = G * (1 - np.tanh(X @ W + b) ** 2)
    return delta @ W.T, X.T @ delta / len(X), delta.sum(axis=0)
""",
            ),
        ),
        parts=(Part("layers of several shapes", 6, _layers_and_upstream),),
    ),
    FindTheBug(
        id="bias-gradient-bug",
        chapter="layer-and-gradients",
        title="The bias that learns too slowly",
        level="core",
        minutes=5,
        statement=r"""
In $Z = X W + b$ the same $b$ is added to each of the $N$ rows. `bias_gradient_bug(delta)` gets
$\Delta = \partial L / \partial Z$, shape `(N, q)`, and must return $\partial L / \partial b$,
shape `(q,)`. With a batch of 64 the bias's gradient is 64 times too small. Repair it.""",
        learnt="what is broadcast forward is summed backward",
        starter='''def bias_gradient_bug(delta):
    """Return dL/db, shape (q,), from dL/dZ, shape (N, q)."""
    return delta.mean(axis=0)
''',
        solution='''def bias_gradient_bug(delta):
    """Return dL/db, shape (q,), from dL/dZ, shape (N, q)."""
    return delta.sum(axis=0)
''',
        alternatives=("np.ones(len(delta)) @ delta", "np.einsum('nq->q', delta)"),
        hints=(
            "Write $L$ for two rows and one unit, and differentiate by $b$.",
            "By the chain rule each row contributes one term. What joins the terms?",
        ),
        mistakes=(
            Mistake("first-row", "Only the first row contributes here.", "delta[0]"),
            Mistake(
                "squared-count",
                "Now it is too large by the number of rows: the sum needs no factor.",
                "len(delta) * delta.sum(axis=0)",
            ),
            Mistake(
                "norm",
                "This adds sizes, so gradients of opposite sign no longer cancel.",
                "np.abs(delta).sum(axis=0)",
            ),
        ),
        parts=(Part("batches of several sizes", 2, _upstream),),
    ),
)
