"""Exercises of the chapter ``differentiation-rules``."""

import numpy as np

from actgrad.exercises._exercise import (
    Arguments,
    Derive,
    Exercise,
    Implement,
    Mistake,
    Part,
    Prove,
)


def _coefficients(rng: np.random.Generator) -> list[Arguments]:
    return [(rng.uniform(0.5, 2, size),) for size in (2, 3, 6)]


EXERCISES: tuple[Exercise, ...] = (
    Derive(
        id="quotient-warm-up",
        chapter="differentiation-rules",
        title="The quotient rule",
        level="warm-up",
        minutes=5,
        statement=r"Differentiate $f(x) = \dfrac{x}{1 + x^2}$.",
        learnt="the order of the two products in the numerator, and the square below",
        variables={"x": (0.2, 2.5)},
        start="D(x/(1 + x^2), x)",
        solution="(1-x^2)/(1+x^2)^2",
        alternatives=("((1+x^2) - x*2*x)/(1+x^2)**2", "1/(1+x^2) - 2x^2/(1+x^2)^2"),
        hints=(
            r"With $u = x$ and $v = 1 + x^2$ the rule is $\dfrac{u' v - u v'}{v^2}$.",
            "At $x = 1$ the function has its maximum: what must the derivative be there?",
        ),
        mistakes=(
            Mistake(
                "swapped",
                "The sign is wrong: the numerator is `u'v - uv'`, in this order.",
                "(x^2-1)/(1+x^2)^2",
            ),
            Mistake(
                "quotient-of-derivatives",
                "The derivative of a quotient is not the quotient of the derivatives.",
                "1/(2*x)",
            ),
            Mistake("lost-square", "The denominator is squared.", "(1-x^2)/(1+x^2)"),
        ),
    ),
    Derive(
        id="chain-rule-bell",
        chapter="differentiation-rules",
        title="The chain rule on a bell curve",
        level="warm-up",
        minutes=5,
        statement=r"Differentiate $f(x) = e^{-x^2 / 2}$.",
        learnt="the outer derivative is taken at the inner function, then multiplied by the "
        "inner derivative",
        variables={"x": (-2.0, 2.0)},
        start="D(e^(-x^2/2), x)",
        solution="-x*exp(-x^2/2)",
        alternatives=("-x/exp(x^2/2)", "-(x/sqrt(exp(x^2)))"),
        hints=(
            r"The outer function is $e^u$, the inner one $u = -x^2 / 2$.",
            "Left of zero the curve rises, right of zero it falls: check the sign with it.",
        ),
        mistakes=(
            Mistake(
                "forgot-inner",
                "The inner derivative is missing: the exponential alone was differentiated.",
                "exp(-x^2/2)",
            ),
            Mistake("sign", "The minus of the inner function is lost.", "x*exp(-x^2/2)"),
            Mistake(
                "derivative-inside",
                "The outer derivative must be taken at the inner function, not at the inner "
                "derivative.",
                "exp(-x)",
            ),
            Mistake(
                "power-rule-on-exponential",
                "This treats the exponential as a power of `x`.",
                "-x^2/2*exp(-x^2/2-1)",
            ),
        ),
    ),
    Derive(
        id="product-rule-swish",
        chapter="differentiation-rules",
        title="The product rule on SiLU",
        level="core",
        minutes=10,
        statement=r"""
SiLU (or swish) is $f(x) = x\,\sigma(x)$. Differentiate it. You may write $y$ for
$\sigma(x)$.""",
        learnt="the product rule gives two terms, and known derivatives go in as they are",
        variables={"x": (-3.0, 3.0)},
        definitions={"y": "sigma(x)"},
        start="D(x*sigma(x), x)",
        solution="y + x*y*(1-y)",
        alternatives=(
            "y*(1+x*(1-y))",
            "(1+exp(-x)+x*exp(-x))/(1+exp(-x))^2",
            "sigma(x)+x*sigma(x)*sigma(-x)",
        ),
        hints=(
            r"$(u v)' = u' v + u v'$ with $u = x$ and $v = \sigma(x)$.",
            r"$\sigma'$ in terms of $y$ is the chapter on the sigmoid in one line.",
        ),
        mistakes=(
            Mistake(
                "product-of-derivatives",
                "The derivative of a product is not the product of the derivatives.",
                "y*(1-y)",
            ),
            Mistake(
                "second-term-only",
                "One of the two terms is missing: the one with `u'`.",
                "x*y*(1-y)",
            ),
            Mistake(
                "first-term-only",
                "One of the two terms is missing: the one with `v'`.",
                "y",
            ),
            Mistake(
                "gate-not-differentiated",
                "The gate's derivative was replaced by the gate itself.",
                "y + x*y",
            ),
        ),
    ),
    Prove(
        id="product-rule-lines",
        chapter="differentiation-rules",
        title="A product, line by line",
        level="core",
        minutes=12,
        statement=r"""
Differentiate $f(x) = x\,e^{-x^2/2}$ as on paper: a line a row, each equal to the line above.
A derivative that is not carried out yet is written `D(x^2, x)` or `d/dx(x^2)`. Each of three
rules that a right line shows is a point; two more are for a last line without derivatives. A
line may use up to three rules.""",
        learnt="one rule a line leaves nothing to believe: each equals sign can be checked",
        variables={"x": (-2.0, 2.0)},
        start="D(x*e^(-x^2/2), x)",
        rules=("product rule", "chain rule", "power rule", "exponential rule", "factor out"),
        solution="""
D(x, x)*e^(-x^2/2) + x*D(e^(-x^2/2), x)
= e^(-x^2/2) + x*e^(-x^2/2)*D(-x^2/2, x)
= e^(-x^2/2) + x*e^(-x^2/2)*(-x)
= e^(-x^2/2) - x^2*e^(-x^2/2)
= (1 - x^2)*e^(-x^2/2)
""",
        alternatives=(
            """
d/dx(x e^(-x^2/2))
= d/dx(x) e^(-x^2/2) + x d/dx(e^(-x^2/2))
= e^(-x^2/2) + x d/dx(e^(-x^2/2))
= e^(-x^2/2) - x^2 e^(-x^2/2)
""",
        ),
        hints=(
            "The outermost operation is a product of two functions of $x$.",
            "The second factor is a function of a function: name the inner one.",
        ),
        mistakes=(
            Mistake(
                "product-of-the-derivatives",
                "The derivative of a product is not the product of the derivatives.",
                "D(x, x)*D(e^(-x^2/2), x)",
            ),
            Mistake(
                "inner-derivative-forgotten",
                "The inner derivative was forgotten.",
                """
D(x, x)*e^(-x^2/2) + x*D(e^(-x^2/2), x)
= e^(-x^2/2) + x*e^(-x^2/2)
""",
            ),
            Mistake(
                "power-rule-used-on-an-exponential",
                "The power rule is for a variable below; here the variable is in the exponent.",
                """
e^(-x^2/2) + x*D(e^(-x^2/2), x)
= e^(-x^2/2) + x*(-x^2/2)*e^(-x^2/2 - 1)
""",
            ),
            Mistake(
                "minus-in-the-product-rule",
                "The terms of the product rule are added; the minus belongs to the quotient "
                "rule.",
                "D(x, x)*e^(-x^2/2) - x*D(e^(-x^2/2), x)",
            ),
        ),
    ),
    Implement(
        id="polynomial-derivative",
        chapter="differentiation-rules",
        title="Power, constant multiple and sum rule in one line",
        level="core",
        minutes=10,
        statement=r"""
A polynomial $c_0 + c_1 x + c_2 x^2 + \dots$ is given by the array `c` of its coefficients.
Write `polynomial_derivative(c)`: the coefficients of its derivative, in the same order, one
fewer. `c` has at least two elements.""",
        learnt="three rules together differentiate every polynomial, and none is left over",
        starter='''def polynomial_derivative(c):
    """Return the coefficients of the derivative, lowest power first."""
    ...
''',
        solution='''def polynomial_derivative(c):
    """Return the coefficients of the derivative, lowest power first."""
    powers = np.arange(1, len(c))
    return powers * c[1:]
''',
        alternatives=(
            "np.array([k * c[k] for k in range(1, len(c))])",
            "(np.arange(len(c)) * c)[1:]",
            "np.polynomial.polynomial.polyder(c)",
        ),
        hints=(
            r"$c_k x^k$ becomes $k\,c_k x^{k-1}$: where does it stand in the new array?",
            "The constant term disappears, and the rest moves one place to the left.",
        ),
        mistakes=(
            Mistake(
                "off-by-one",
                "The factor is the new power, not the old one.",
                "np.arange(len(c) - 1) * c[1:]",
            ),
            Mistake(
                "no-factor",
                "The powers came down by one, but none came down as a factor.",
                "c[1:] * 1",
            ),
            Mistake(
                "kept-constant",
                "The highest coefficient was dropped; it is the constant that disappears.",
                "np.arange(1, len(c)) * c[:-1]",
            ),
            Mistake(
                "same-length",
                "The derivative has one coefficient fewer.",
                "np.arange(len(c)) * c",
            ),
        ),
        parts=(Part("polynomials of several degrees", 3, _coefficients),),
    ),
)
