"""Exercises of the chapter ``gelu``."""

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
    return [(np.array([1.0]),), (rng.uniform(-3, 3, 5),), (rng.normal(size=(2, 3)),)]


def _extremes(rng: np.random.Generator) -> list[Arguments]:
    far = rng.uniform(710, 1500, 2)
    return [(np.array([-np.inf, np.inf]),), (np.concatenate([far, -far]),)]


_CLIPPED = "np.maximum(x, -1e4)"
_TANH = "np.tanh(np.sqrt(2/np.pi)*(x + 0.044715*x**3))"

EXERCISES: tuple[Exercise, ...] = (
    Predict(
        id="gelu-steepest",
        chapter="gelu",
        title="Where is GELU steepest?",
        level="warm-up",
        minutes=5,
        statement=r"""
The slope of GELU is $\Phi(x) + x\,\varphi(x)$, with $\varphi(x) = e^{-x^2/2}/\sqrt{2\pi}$ and
$\Phi' = \varphi$. At which positive $x$ is it largest? Give an exact form or six digits.""",
        learnt="the slope of a gated unit can exceed 1, and the second derivative tells where",
        solution="sqrt(2)",
        alternatives=("2^(1/2)", "1.41421356237"),
        rtol=1e-5,
        hints=(
            "Where the slope is largest, its own derivative is 0.",
            r"$\varphi'(x) = -x\,\varphi(x)$.",
        ),
        mistakes=(
            Mistake("forgot-twice", "Both terms give a phi: there are two of them.", "1"),
            Mistake("squared", "That is its square.", "2"),
            Mistake("at-zero", "At 0 the slope is 1/2; it is larger farther right.", "0"),
        ),
    ),
    Derive(
        id="quick-gelu-slope",
        chapter="gelu",
        title="The slope of a cheap gate",
        level="core",
        minutes=10,
        statement=r"""
Differentiate $f(x) = x\,\sigma(k x)$, the cheap form of GELU with $k = 1.702$, with respect to
$x$. Write `k` for the constant.""",
        learnt="a gated unit's slope has two terms: the gate, and the input times the gate's "
        "slope, chain rule included",
        variables={"k": (1.2, 2.0), "x": (-2.0, 2.0)},
        start="D(x*sigma(k*x), x)",
        solution="sigma(k*x) + k*x*sigma(k*x)*(1 - sigma(k*x))",
        alternatives=(
            "sigma(k*x)*(1 + k*x*sigma(-k*x))",
            "(1 + e^(-k*x) + k*x*e^(-k*x))/(1 + e^(-k*x))^2",
        ),
        hints=(
            "Two factors contain x.",
            "The gate's inner function is k x: the chain rule brings out a k.",
        ),
        mistakes=(
            Mistake(
                "forgot-inner",
                "The gate's inner derivative k is missing.",
                "sigma(k*x) + x*sigma(k*x)*(1 - sigma(k*x))",
            ),
            Mistake(
                "gate-only",
                "The input's own factor is differentiated, the gate is not.",
                "sigma(k*x)",
            ),
            Mistake(
                "product-of-derivatives",
                "A product's derivative is not the product of the derivatives.",
                "k*sigma(k*x)*(1 - sigma(k*x))",
            ),
            Mistake(
                "forgot-x",
                "The second term is the input times the gate's slope.",
                "sigma(k*x) + k*sigma(k*x)*(1 - sigma(k*x))",
            ),
        ),
    ),
    Implement(
        id="quick-gelu-everywhere",
        chapter="gelu",
        title="A gate without NaN",
        level="core",
        minutes=15,
        statement=r"""
Write `quick_gelu_everywhere(x)`: $x\,\sigma(1.702\,x)$, right for ordinary inputs, for inputs
beyond $\pm 700$, and at $\pm\infty$, where the limits are 0 and $\infty$. No number may give
NaN.""",
        learnt="a product of infinity and a vanishing gate needs its limit said in the code",
        starter='''def quick_gelu_everywhere(x):
    """Return x * sigma(1.702 * x), 0 at -inf and inf at inf."""
    ...
''',
        solution='''def quick_gelu_everywhere(x):
    """Return x * sigma(1.702 * x), 0 at -inf and inf at inf."""
    x = np.maximum(x, -1e4)
    return x * np.exp(-np.logaddexp(0, -1.702 * x))
''',
        alternatives=(f"{_CLIPPED} / (1 + np.exp((-1.702 * {_CLIPPED}).clip(None, 700)))",),
        hints=(
            "Where does `np.exp(-1.702 * x)` overflow, and what is the quotient there?",
            "Far to the left the value rounds to 0: inputs below -1000 need not be told apart.",
        ),
        mistakes=(
            Mistake(
                "textbook",
                "At -inf this is infinity divided by infinity.",
                "x / (1 + np.exp(-1.702 * x))",
            ),
            Mistake(
                "nan-to-zero",
                "Turning NaN into 0 hides a NaN that came in, and here the limit at inf too.",
                "np.nan_to_num(x / (1 + np.exp(-1.702 * x)), nan=0.0, posinf=0.0)",
            ),
            Mistake(
                "silu",
                "This is SiLU: the factor 1.702 is missing.",
                f"{_CLIPPED} * np.exp(-np.logaddexp(0, -{_CLIPPED}))",
            ),
        ),
        parts=(
            Part("ordinary values", 2, _ordinary),
            Part("far out and at infinity", 2, _extremes),
        ),
    ),
    FindTheBug(
        id="tanh-gelu-gradient-bug",
        chapter="gelu",
        title="GELU on the way back",
        level="hard",
        minutes=25,
        statement=r"""
`tanh_gelu_gradient_bug(x)` should be the derivative of
$\frac{x}{2}(1 + \tanh u)$ with $u = c\,(x + 0.044715\,x^3)$ and $c = \sqrt{2/\pi}$. It agrees
at 0, and is off elsewhere. Repair it.""",
        learnt="the chain rule differentiates the inner function too, cube included, and a "
        "value at one point proves nothing",
        starter='''def tanh_gelu_gradient_bug(x):
    """Return the derivative of GELU's form with tanh."""
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (x + 0.044715 * x**3))
    return (1 + t) / 2 + x / 2 * (1 - t**2) * c
''',
        solution='''def tanh_gelu_gradient_bug(x):
    """Return the derivative of GELU's form with tanh."""
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (x + 0.044715 * x**3))
    return (1 + t) / 2 + x / 2 * (1 - t**2) * c * (1 + 3 * 0.044715 * x**2)
''',
        alternatives=(
            f"(1 + {_TANH} + x*(1 - {_TANH}**2)*np.sqrt(2/np.pi)*(1 + 0.134145*x**2))/2",
        ),
        hints=(
            "Write u' on paper. What does the code multiply with instead?",
            "The derivative of the cube is three times the square.",
        ),
        mistakes=(
            Mistake(
                "three-lost",
                "The cube's derivative has a factor 3.",
                f"(1 + {_TANH})/2 + x/2*(1 - {_TANH}**2)*np.sqrt(2/np.pi)*(1 + 0.044715*x**2)",
            ),
            Mistake(
                "first-term-only",
                "The second term of the product rule is missing.",
                f"(1 + {_TANH})/2",
            ),
            Mistake(
                "function-itself",
                "This is the function, not its derivative.",
                f"x*(1 + {_TANH})/2",
            ),
        ),
        parts=(Part("ordinary values", 4, _ordinary),),
    ),
)
