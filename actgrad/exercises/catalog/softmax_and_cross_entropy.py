"""Exercises of the chapter ``softmax-and-cross-entropy``."""

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

_SHAPES = ((1, 2), (4, 3), (3, 5))


def _batches(rng: np.random.Generator) -> list[Arguments]:
    return [
        (rng.normal(size=shape), rng.dirichlet(np.ones(shape[1]), shape[0]))
        for shape in _SHAPES
    ]


def _large_batches(rng: np.random.Generator) -> list[Arguments]:
    return [
        (
            rng.uniform(800, 2000) + rng.normal(size=shape),
            rng.dirichlet(np.ones(shape[1]), shape[0]),
        )
        for shape in _SHAPES
    ]


def _classes(rng: np.random.Generator) -> list[Arguments]:
    return [
        (rng.normal(size=shape), np.eye(shape[1])[rng.integers(0, shape[1], shape[0])])
        for shape in _SHAPES
    ]


def _rows(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.normal(size=shape),) for shape in (2, 4, (3, 3))]


def _far_apart(rng: np.random.Generator) -> list[Arguments]:
    return [(np.array([0.0, -800.0]),), (rng.uniform(-3000, 3000, size=(3, 4)),)]


def _blocks(rng: np.random.Generator) -> list[Arguments]:
    found = []
    for _ in range(4):
        a, b = 3 * rng.normal(size=2)
        first, second = rng.uniform(1, 5, size=2)
        found.append((a, first, b, second))
    return found


def _far_blocks(rng: np.random.Generator) -> list[Arguments]:
    return [(900.0, 1.5, 901.0, 2.0), (rng.uniform(-2000, -900), 1.25, -900.0, 3.0)]


def _empty_blocks(rng: np.random.Generator) -> list[Arguments]:
    return [(-np.inf, 0.0, rng.normal(), 1.5), (rng.normal(), 2.5, -np.inf, 0.0)]


EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="loss-of-knowing-nothing",
        chapter="softmax-and-cross-entropy",
        title="The loss of knowing nothing",
        level="warm-up",
        minutes=2,
        statement=r"""
Training starts, the classes are 10, and all logits of an example are equal. What is its
cross-entropy? Write it as a formula or as a number.""",
        learnt="the first loss that a training run prints should be near the logarithm of the "
        "number of classes; if it is far from it, something is wrong already",
        solution="log(10)",
        alternatives=("-log(1/10)", "2.302585093"),
        rtol=1e-4,
        hints=(
            "What is the softmax of ten equal numbers?",
            "The loss is minus the logarithm of the true class's probability.",
        ),
        mistakes=(
            Mistake("probability", "That is the probability of the true class.", "1/10"),
            Mistake("sign", "A cross-entropy is never negative.", "-log(10)"),
            Mistake(
                "bits",
                "That is in bits; the loss takes the natural logarithm.",
                "log(10)/log(2)",
            ),
            Mistake("zero", "A loss of 0 would mean certainty.", "0"),
        ),
    ),
    Derive(
        id="log-sum-exp-curvature",
        chapter="softmax-and-cross-entropy",
        title="How log-sum-exp bends",
        level="core",
        minutes=8,
        statement=r"""
Let $E = \ln(e^a + e^b)$. Its derivative by $a$ is $s = e^a/(e^a + e^b)$. Differentiate that by
$b$: write $\partial^2 E/\partial a\,\partial b$ in terms of $s$, or of $a$ and $b$.""",
        learnt="the second derivatives of log-sum-exp are the Jacobian of softmax: so that "
        "matrix is symmetric, and what one class gains the other loses",
        variables={"a": (-2.0, 2.0), "b": (-2.0, 2.0)},
        definitions={"s": "exp(a)/(exp(a)+exp(b))"},
        start="D(D(log(e^a + e^b), a), b)",
        solution="-s*(1-s)",
        alternatives=("s^2 - s", "-exp(a+b)/(exp(a)+exp(b))^2", "-sigma(a-b)*sigma(b-a)"),
        hints=(
            "It is an entry of the Jacobian of softmax: on the diagonal or off it?",
            "With two classes, softmax is the sigmoid of $a - b$.",
        ),
        mistakes=(
            Mistake("first", "That is the first derivative by $a$.", "s"),
            Mistake("diagonal", "That is the second derivative by $a$ twice.", "s*(1-s)"),
            Mistake("square", "The other class's share is 1 - s, not s.", "-s^2"),
            Mistake("other-class", "That is the share of the other class.", "1-s"),
        ),
    ),
    Implement(
        id="cross-entropy-gradient",
        chapter="softmax-and-cross-entropy",
        title="The gradient that starts every backward pass",
        level="core",
        minutes=12,
        statement=r"""
Write `cross_entropy_gradient(z, p)`: $\partial L/\partial z$ for the cross-entropy
$L = -\frac1N \sum_n \sum_j p_{nj} \ln y_{nj}$ of $N$ rows of logits `z` with the targets `p`,
both of shape (N, k); each row of `p` adds up to 1, and $y$ is the softmax of `z` over the last
axis. Two points are for ordinary logits, two for logits near 1000.""",
        learnt="outputs minus targets, over the number of examples: no logarithm and no "
        "division by a probability",
        starter='''def cross_entropy_gradient(z, p):
    """Return dL/dz for logits z and targets p, both of shape (N, k)."""
    ...
''',
        solution='''def cross_entropy_gradient(z, p):
    """Return dL/dz for logits z and targets p, both of shape (N, k)."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return (e / np.sum(e, axis=-1, keepdims=True) - p) / len(z)
''',
        alternatives=(
            "(np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) - p) / z.shape[0]",
        ),
        hints=(
            "For one row the derivation ends with outputs minus targets.",
            "The loss is a mean over the rows, so is its gradient.",
        ),
        mistakes=(
            Mistake(
                "sum-for-mean",
                "This is the gradient of the sum over the rows: the step would grow with the "
                "batch.",
                "np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) - p",
            ),
            Mistake(
                "sign",
                "The sign is wrong: a step against this gradient makes the loss larger.",
                "(p - np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))) / len(z)",
            ),
            Mistake(
                "mean-of-all",
                "This divides by N times k: the mean runs over the rows alone.",
                "(np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) - p) / z.size",
            ),
            Mistake(
                "logits-minus-targets",
                "That subtracts the targets from the logits; the outputs are meant.",
                "(z - p) / len(z)",
            ),
            Mistake(
                "without-softmax",
                "This is the gradient by the probabilities; the softmax is still to be passed.",
                "-p / np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) / len(z)",
            ),
        ),
        parts=(
            Part("targets that are distributions", 2, _batches),
            Part("logits near 1000", 2, _large_batches),
        ),
    ),
    FindTheBug(
        id="log-softmax-bug",
        chapter="softmax-and-cross-entropy",
        title="A loss of infinity",
        level="core",
        minutes=8,
        statement=r"""
`log_softmax_bug(z)` takes the logarithm of a softmax over the last axis that is itself without
fault. For `z = [0, -800]` it gives minus infinity, where -800 is right, and a loss of infinity
stops the training. Repair it.""",
        learnt="take the logarithm on paper, and nothing that underflows is left to take it of",
        starter='''def log_softmax_bug(z):
    """Return the logarithm of the softmax over the last axis."""
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return np.log(e / np.sum(e, axis=-1, keepdims=True))
''',
        solution='''def log_softmax_bug(z):
    """Return the logarithm of the softmax over the last axis."""
    d = z - np.max(z, axis=-1, keepdims=True)
    return d - np.log(np.sum(np.exp(d), axis=-1, keepdims=True))
''',
        alternatives=("z - np.logaddexp.reduce(z, axis=-1, keepdims=True)",),
        hints=(
            "The logarithm of a quotient is a difference.",
            "Which of the two logarithms can you take without computing an exponential?",
        ),
        mistakes=(
            Mistake(
                "small-number",
                "A small number inside of the logarithm hides the infinity: the loss stops "
                "growing near 28, and its gradient is lost.",
                "np.log(np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True)) + 1e-12)",
            ),
            Mistake(
                "no-shift",
                "The quotient is gone, but the exponentials of the logits still overflow.",
                "z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))",
            ),
            Mistake(
                "shift-forgotten",
                "The sum is shifted and the logits are not: the maximum is missing.",
                "z - np.log(np.sum(np.exp(z - z.max(axis=-1, keepdims=True)), axis=-1, "
                "keepdims=True))",
            ),
        ),
        parts=(
            Part("logits far apart", 2, _far_apart),
            Part("ordinary rows", 1, _rows),
        ),
    ),
    FindTheBug(
        id="softmax-twice-bug",
        chapter="softmax-and-cross-entropy",
        title="A loss with a floor",
        level="core",
        minutes=8,
        statement=r"""
`softmax_twice_bug(z, p)` is the mean cross-entropy of the logits `z` with the targets `p`, both
of shape (N, k). It runs, it falls while training, and it cannot fall below a certain value,
however sure the network is. Repair it.""",
        learnt="a loss that takes logits takes probabilities without complaint, and trains "
        "worse",
        starter='''def softmax_twice_bug(z, p):
    """Return the mean cross-entropy of logits z and targets p, both of shape (N, k)."""
    y = np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)
    log_y = y - np.logaddexp.reduce(y, axis=-1, keepdims=True)
    return -np.mean(np.sum(p * log_y, axis=-1))
''',
        solution='''def softmax_twice_bug(z, p):
    """Return the mean cross-entropy of logits z and targets p, both of shape (N, k)."""
    log_y = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    return -np.mean(np.sum(p * log_y, axis=-1))
''',
        alternatives=(
            "-np.sum(p * (z - np.logaddexp.reduce(z, axis=-1, keepdims=True))) / len(z)",
        ),
        hints=(
            "How many softmaxes lie between `z` and the loss?",
            "Try `z = [[100, 0]]` and `p = [[1, 0]]`: what should the loss be?",
        ),
        mistakes=(
            Mistake(
                "probabilities-only",
                "Now the logarithm is missing.",
                "-np.mean(np.sum(p * np.exp(z) / np.exp(z).sum(-1, keepdims=True), axis=-1))",
            ),
            Mistake(
                "mean-of-all",
                "The mean runs over all N times k terms: each row's sum belongs together.",
                "-np.mean(p * (z - np.logaddexp.reduce(z, axis=-1, keepdims=True)))",
            ),
            Mistake(
                "sign",
                "A cross-entropy is never negative: the sign is wrong.",
                "np.mean(np.sum(p * (z - np.logaddexp.reduce(z, axis=-1, keepdims=True)), -1))",
            ),
        ),
        parts=(
            Part("one class each", 1, _classes),
            Part("targets that are distributions", 1, _batches),
            Part("logits near 1000", 1, _large_batches),
        ),
    ),
    Implement(
        id="online-softmax-merge",
        chapter="softmax-and-cross-entropy",
        title="Two blocks become one",
        level="hard",
        minutes=15,
        statement=r"""
A long row was read in two blocks. Of each is known its maximum $m$ and the sum of
$e^{z_j - m}$ over its entries: `a`, `A` of the first and `b`, `B` of the second. Write
`online_softmax_merge(a, A, b, B)`, which returns the pair of both blocks together. Two points
are for ordinary blocks, one for blocks near 1000 and -1000, one for a block that is empty:
its maximum is $-\infty$, and its sum 0.""",
        learnt="a softmax needs one pass: what was summed with an old maximum is put right by "
        "one factor",
        starter='''def online_softmax_merge(a, A, b, B):
    """Return the maximum and the shifted sum of two blocks together."""
    ...
''',
        solution='''def online_softmax_merge(a, A, b, B):
    """Return the maximum and the shifted sum of two blocks together."""
    m = np.maximum(a, b)
    return m, A * np.exp(a - m) + B * np.exp(b - m)
''',
        alternatives=(
            """def online_softmax_merge(a, A, b, B):
    if a < b:
        a, A, b, B = b, B, a, A
    return a, A + B * np.exp(b - a)
""",
        ),
        hints=(
            "With which shift were the terms of `A` computed, and which one do you want?",
            "$e^{z_j - a} e^{a - m}$ is one exponential.",
        ),
        mistakes=(
            Mistake(
                "sums-added",
                "The two sums have different shifts: they cannot be added as they are.",
                """def online_softmax_merge(a, A, b, B):
    return np.maximum(a, b), A + B
""",
            ),
            Mistake(
                "sign",
                "The factors have the wrong sign in the exponent.",
                """def online_softmax_merge(a, A, b, B):
    m = np.maximum(a, b)
    return m, A * np.exp(m - a) + B * np.exp(m - b)
""",
            ),
            Mistake(
                "second-not-scaled",
                "Only the first sum is put right; the second may have the smaller maximum.",
                """def online_softmax_merge(a, A, b, B):
    m = np.maximum(a, b)
    return m, A * np.exp(a - m) + B
""",
            ),
            Mistake(
                "no-shift",
                "That is the sum without a shift; the pair's sum is shifted by its maximum.",
                """def online_softmax_merge(a, A, b, B):
    return np.maximum(a, b), A * np.exp(a) + B * np.exp(b)
""",
            ),
        ),
        parts=(
            Part("ordinary blocks", 2, _blocks),
            Part("blocks far from zero", 1, _far_blocks),
            Part("an empty block", 1, _empty_blocks),
        ),
    ),
)
