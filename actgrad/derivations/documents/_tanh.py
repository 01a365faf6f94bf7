"""The hyperbolic tangent's derivative, in the ways of the documents, and its sigmoid form."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation
from actgrad.derivations.documents._sigmoid import sigmoid_by_chain_rule

_EXPONENTIALS = {"tanh(x)": "(e^x - e^(-x))/(e^x + e^(-x))"}


@derivation(
    "tanh(x)",
    "x",
    title="Hyperbolic tangent by the quotient rule on exponentials",
    source="document 000, section 2; document 003, section on tanh",
    where=_EXPONENTIALS,
    names={"v": unknown_function("v")},
)
def tanh_by_exponentials() -> Lines:
    r"""Derive :math:`\tanh' = 1 - \tanh^2` by the quotient rule (documents 000 and 003)."""
    u, v = "e^x - e^(-x)", "e^x + e^(-x)"
    return [
        (rules.DEFINITION, f"D(({u})/({v}), x)"),
        (
            rules.QUOTIENT,
            f"(({v})*D({u}, x) - ({u})*D({v}, x))/({v})^2",
            f"The numerator is `{u}`, the denominator is `{v}`.",
        ),
        (
            rules.SUM,
            f"(({v})*(D(e^x, x) - D(e^(-x), x)) - ({u})*(D(e^x, x) + D(e^(-x), x)))/({v})^2",
        ),
        (
            rules.EXPONENTIAL,
            f"(({v})*(e^x - D(e^(-x), x)) - ({u})*(e^x + D(e^(-x), x)))/({v})^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"(({v})*(e^x - (-e^(-x))) - ({u})*(e^x + (-e^(-x))))/({v})^2",
            "The slope `-1` of `-x` comes out.",
        ),
        (
            rules.ARITHMETIC,
            f"(({v})*({v}) - ({u})*({u}))/({v})^2",
            "Numerator and denominator are each other's derivative.",
        ),
        (rules.COLLECT, f"(({v})^2 - ({u})^2)/({v})^2"),
        (rules.SPLIT_FRACTION, f"({v})^2/({v})^2 - ({u})^2/({v})^2"),
        (rules.CANCEL, f"1 - ({u})^2/({v})^2"),
        (rules.POWERS, f"1 - (({u})/({v}))^2"),
        (rules.SUBSTITUTE_BACK, "1 - tanh(x)^2"),
    ]


@derivation(
    "tanh(x)",
    "x",
    title="Hyperbolic tangent from its sine and cosine",
    source="document 002, section on tanh",
    where={"tanh(x)": "sinh(x)/cosh(x)"},
)
def tanh_by_hyperbolic_functions() -> Lines:
    r"""Derive :math:`\tanh'` from :math:`\sinh/\cosh` (document 002)."""
    return [
        (rules.DEFINITION, "D(sinh(x)/cosh(x), x)"),
        (rules.QUOTIENT, "(cosh(x)*D(sinh(x), x) - sinh(x)*D(cosh(x), x))/cosh(x)^2"),
        (
            rules.HYPERBOLIC_SINE,
            "(cosh(x)*cosh(x) - sinh(x)*D(cosh(x), x))/cosh(x)^2",
        ),
        (rules.HYPERBOLIC_COSINE, "(cosh(x)*cosh(x) - sinh(x)*sinh(x))/cosh(x)^2"),
        (rules.COLLECT, "(cosh(x)^2 - sinh(x)^2)/cosh(x)^2"),
        (rules.SPLIT_FRACTION, "cosh(x)^2/cosh(x)^2 - sinh(x)^2/cosh(x)^2"),
        (rules.CANCEL, "1 - sinh(x)^2/cosh(x)^2"),
        (rules.POWERS, "1 - (sinh(x)/cosh(x))^2"),
        (rules.SUBSTITUTE_BACK, "1 - tanh(x)^2"),
    ]


@derivation(
    "tanh(x)",
    "x",
    title="Hyperbolic tangent from the exponential of 2x",
    source="document 003, section on tanh",
    where=_EXPONENTIALS,
    names={name: sympy.Symbol(name, real=True) for name in "ab"},
)
def tanh_by_doubled_exponential() -> Lines:
    r"""Derive :math:`\tanh'` from the form with :math:`e^{2x}` (document 003, corrected)."""
    u, v = "e^(2*x) - 1", "e^(2*x) + 1"
    form = _tanh_with_doubled_exponential()
    return [
        (rules.PARTS, f"D(({u})/({v}), x)", "", form),
        (rules.QUOTIENT, f"(({v})*D({u}, x) - ({u})*D({v}, x))/({v})^2"),
        (
            rules.SUM,
            f"(({v})*(D(e^(2*x), x) + D(-1, x)) - ({u})*(D(e^(2*x), x) + D(1, x)))/({v})^2",
        ),
        (
            rules.CONSTANT,
            f"(({v})*(D(e^(2*x), x) + 0) - ({u})*(D(e^(2*x), x) + 0))/({v})^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"(({v})*(2*e^(2*x) + 0) - ({u})*(2*e^(2*x) + 0))/({v})^2",
        ),
        (rules.ARITHMETIC, f"(({v})*(2*e^(2*x)) - ({u})*(2*e^(2*x)))/({v})^2"),
        (rules.FACTOR_OUT, f"(2*e^(2*x)*(({v}) - ({u})))/({v})^2"),
        (rules.COLLECT, f"(4*e^(2*x))/({v})^2"),
        (
            rules.IDENTITY_OF_SQUARES,
            f"(({v})^2 - ({u})^2)/({v})^2",
            "With `a = e^(2*x)` and `b = 1`.",
        ),
        (rules.SPLIT_FRACTION, f"({v})^2/({v})^2 - ({u})^2/({v})^2"),
        (rules.CANCEL, f"1 - ({u})^2/({v})^2"),
        (rules.POWERS, f"1 - (({u})/({v}))^2"),
        (rules.KNOWN, "1 - tanh(x)^2", "The first lines have shown it.", form),
    ]


@derivation(
    "tanh(x)",
    None,
    title="The hyperbolic tangent in terms of the exponential of 2x",
    source="document 003, section on tanh",
    where=_EXPONENTIALS,
)
def _tanh_with_doubled_exponential() -> Lines:
    r"""Show that :math:`\tanh x = (e^{2x} - 1)/(e^{2x} + 1)`."""
    u, v = "e^(2*x) - 1", "e^(2*x) + 1"
    return [
        (rules.DEFINITION, "(e^x - e^(-x))/(e^x + e^(-x))"),
        (
            rules.MULTIPLY_BOTH,
            "(e^x*(e^x - e^(-x)))/(e^x*(e^x + e^(-x)))",
            "Both sides of the bar get the factor `e^x`.",
        ),
        (rules.EXPAND, "(e^x*e^x - e^x*e^(-x))/(e^x*e^x + e^x*e^(-x))"),
        (
            rules.POWERS,
            f"({u})/({v})",
            "The denominator has a plus.",
        ),
    ]


@derivation(
    "2*sigma(2*x) - 1",
    None,
    title="The hyperbolic tangent is a stretched and shifted sigmoid",
    source="follows from the definitions in documents 000, 002 and 003",
    where={
        "sigma(x)": "1/(1 + e^(-x))",
        **_EXPONENTIALS,
    },
)
def tanh_as_scaled_sigmoid() -> Lines:
    r"""Show that :math:`2\sigma(2x) - 1 = \tanh x`."""
    return [
        (rules.DEFINITION, "2*(1/(1 + e^(-2*x))) - 1"),
        (rules.COMMON_DENOMINATOR, "(2 - (1 + e^(-2*x)))/(1 + e^(-2*x))"),
        (rules.ARITHMETIC, "(1 - e^(-2*x))/(1 + e^(-2*x))"),
        (
            rules.MULTIPLY_BOTH,
            "(e^x*(1 - e^(-2*x)))/(e^x*(1 + e^(-2*x)))",
            "Both sides of the bar get the factor `e^x`.",
        ),
        (rules.EXPAND, "(e^x - e^x*e^(-2*x))/(e^x + e^x*e^(-2*x))"),
        (rules.POWERS, "(e^x - e^(-x))/(e^x + e^(-x))"),
        (rules.SUBSTITUTE_BACK, "tanh(x)"),
    ]


@derivation(
    "tanh(x)",
    "x",
    title="Hyperbolic tangent from the sigmoid",
    source="follows from the definitions in documents 000, 002 and 003",
    where={"tanh(x)": "2*sigma(2*x) - 1", "sigma(x)": "1/(1 + e^(-x))"},
)
def tanh_by_sigmoid() -> Lines:
    r"""Derive :math:`\tanh'` from :math:`\tanh x = 2\sigma(2x) - 1`."""
    return [
        (rules.DEFINITION, "D(2*sigma(2*x) - 1, x)"),
        (rules.SUM, "D(2*sigma(2*x), x) + D(-1, x)"),
        (rules.CONSTANT, "D(2*sigma(2*x), x) + 0"),
        (rules.ARITHMETIC, "D(2*sigma(2*x), x)"),
        (rules.CONSTANT_MULTIPLE, "2*D(sigma(2*x), x)"),
        (
            rules.KNOWN,
            "2*(sigma(2*x)*(1 - sigma(2*x)))*D(2*x, x)",
            "The sigmoid's derivative at `2*x`; the inner derivative stays.",
            sigmoid_by_chain_rule(),
        ),
        (rules.LINEAR, "2*(sigma(2*x)*(1 - sigma(2*x)))*2"),
        (rules.EXPAND, "2*sigma(2*x)*(2 - 2*sigma(2*x))", "One 2 goes into the bracket."),
        (
            rules.ADD_AND_SUBTRACT,
            "(2*sigma(2*x) - 1 + 1)*(2 - (2*sigma(2*x) - 1 + 1))",
        ),
        (rules.SUBSTITUTE_BACK, "(tanh(x) + 1)*(2 - (tanh(x) + 1))"),
        (rules.ARITHMETIC, "(1 + tanh(x))*(1 - tanh(x))"),
        (rules.EXPAND, "1 - tanh(x)^2"),
    ]


@derivation(
    "v[i]",
    None,
    title="Hyperbolic tangent for many points: the vector-Jacobian product",
    source="document 003, section on tanh",
    where={
        "v[i]": "sum(g[j]*D(y[j], x[i]), j, 1, n)",
        "y[j]": "tanh(x[j])",
    },
    names={name: sympy.IndexedBase(name, real=True) for name in "vgyx"},
)
def tanh_vjp() -> Lines:
    r"""Derive the vector-Jacobian product :math:`v = g \odot (1 - y^2)` (document 003)."""
    return [
        (rules.DEFINITION, "sum(g[j]*D(y[j], x[i]), j, 1, n)"),
        (
            rules.KNOWN,
            "sum(g[j]*(1 - y[j]^2)*D(x[j], x[i]), j, 1, n)",
            "`y[j]` is the hyperbolic tangent of `x[j]` alone.",
            tanh_by_exponentials(),
        ),
        (rules.PARTIAL, "sum(g[j]*(1 - y[j]^2)*delta(i, j), j, 1, n)"),
        (
            rules.SIFTING,
            "g[i]*(1 - y[i]^2)",
            "The output `y[i]` of the forward pass is all that is needed.",
        ),
    ]
