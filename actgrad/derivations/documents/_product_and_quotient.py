"""The product rule's proof, and the quotient rule from the product rule and the chain rule."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation

# The values at x and at x + h.
_VALUES = {
    **{name: sympy.Symbol(name, real=True) for name in ("u", "v", "u_h", "v_h")},
    "h": sympy.Symbol("h", positive=True),
}
_NAMES = {name: unknown_function(name) for name in ("u", "v")}


@derivation(
    "(u_h*v_h - u*v)/h",
    None,
    title="The product rule: the difference quotient of a product",
    source="document 001, remark on adding and subtracting the same thing",
    names=_VALUES,
)
def product_rule_by_difference_quotient() -> Lines:
    r"""Split the difference quotient of :math:`u v` into those of u and v (document 001)."""
    return [
        (
            rules.ADD_AND_SUBTRACT,
            "(u_h*v_h - u*v_h + u*v_h - u*v)/h",
            "In the mixed term `u*v_h` only one factor has moved.",
        ),
        (rules.SPLIT_FRACTION, "(u_h*v_h - u*v_h)/h + (u*v_h - u*v)/h"),
        (rules.FACTOR_OUT, "(u_h - u)/h*v_h + (u*v_h - u*v)/h"),
        (
            rules.FACTOR_OUT,
            "(u_h - u)/h*v_h + u*((v_h - v)/h)",
            "Two difference quotients: that of `u` and that of `v`.",
        ),
    ]


@derivation(
    "u(x)/v(x)",
    "x",
    title="The quotient rule from the product rule and the chain rule",
    source="documents 000 and 001, which use it",
    names=_NAMES,
)
def quotient_rule_from_product_and_chain() -> Lines:
    r"""Derive :math:`(u/v)' = (v u' - u v')/v^2` from two rules (documents 000, 001)."""
    du, dv = "D(u(x), x)", "D(v(x), x)"
    return [
        (
            rules.PRODUCT,
            f"{du}*(1/v(x)) + u(x)*D(1/v(x), x)",
            "A quotient is the product of `u(x)` and `1/v(x)`.",
        ),
        (
            rules.CHAIN,
            f"{du}*(1/v(x)) + u(x)*(-1/v(x)^2*{dv})",
            "The outer function is a power with the exponent `-1`.",
        ),
        (
            rules.MULTIPLY_BOTH,
            f"(v(x)*{du})/v(x)^2 + u(x)*(-1/v(x)^2*{dv})",
        ),
        (
            rules.COMMON_DENOMINATOR,
            f"(v(x)*{du} - u(x)*{dv})/v(x)^2",
            "The minus comes from the power rule. This is why the order of the two terms "
            "matters.",
        ),
    ]
