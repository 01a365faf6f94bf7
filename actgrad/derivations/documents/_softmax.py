"""Softmax for any number k of classes: its Jacobian in three forms, its invariance, its VJP."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._derivation import Lines, derivation

_NAMES = {
    **{name: sympy.IndexedBase(name, real=True) for name in "yzgv"},
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijkl"},
    "s": sympy.Symbol("s", real=True),
    "c": sympy.Symbol("c", real=True),
}
_TOTAL = "sum(e^(s*z[l]), l, 1, k)"
_SOFTMAX = {"y[i]": f"e^(s*z[i])/{_TOTAL}"}

# Document 003 has no stretch and calls the output s; a batch has one row for each point.
_BATCH = {
    **_NAMES,
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "Nmr"},
}
_SUM = "sum(e^z[l], l, 1, k)"


@derivation(
    "y[j]",
    "z[j]",
    title="Softmax: the diagonal of the Jacobian",
    source="document 000, section 4, case i = k",
    where=_SOFTMAX,
    names=_NAMES,
)
def softmax_diagonal() -> Lines:
    r"""Derive :math:`\partial y_j/\partial z_j = s y_j(1 - y_j)` (document 000, i = k)."""
    e = "e^(s*z[j])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[j])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[j]) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
            "The numerator contains `z[j]`.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}) - {e}*sum(D(e^(s*z[l]), z[j]), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}) - {e}*sum(s*e^(s*z[l])*D(z[l], z[j]), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}) - {e}*sum(s*e^(s*z[l])*delta(l, j), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}) - {e}*(s*{e}))/{_TOTAL}^2",
            "Only the term with `l = j` depends on `z[j]`.",
        ),
        (rules.FACTOR_OUT, f"(s*{e}*({_TOTAL} - {e}))/{_TOTAL}^2"),
        (rules.SPLIT_PRODUCT, f"s*({e}/{_TOTAL})*(({_TOTAL} - {e})/{_TOTAL})"),
        (
            rules.SPLIT_FRACTION,
            f"s*({e}/{_TOTAL})*({_TOTAL}/{_TOTAL} - {e}/{_TOTAL})",
        ),
        (rules.CANCEL, f"s*({e}/{_TOTAL})*(1 - {e}/{_TOTAL})"),
        (rules.SUBSTITUTE_BACK, "s*y[j]*(1 - y[j])"),
    ]


@derivation(
    "y[i]",
    "z[j]",
    title="Softmax: off the diagonal of the Jacobian",
    source="document 000, section 4, case i not equal to k",
    where=_SOFTMAX,
    conditions=["i != j"],
    names=_NAMES,
)
def softmax_off_diagonal() -> Lines:
    r"""Derive :math:`\partial y_i/\partial z_j = -s y_i y_j` (document 000, i not k)."""
    e = "e^(s*z[i])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[j])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[j]) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*D(z[i], z[j])) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*0) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
            "For `i != j` the numerator does not contain `z[j]`.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(D(e^(s*z[l]), z[j]), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(s*e^(s*z[l])*D(z[l], z[j]), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(s*e^(s*z[l])*delta(l, j), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}*0) - {e}*(s*e^(s*z[j])))/{_TOTAL}^2",
        ),
        (rules.ARITHMETIC, f"-({e}*(s*e^(s*z[j])))/{_TOTAL}^2"),
        (rules.SPLIT_PRODUCT, f"-s*({e}/{_TOTAL})*(e^(s*z[j])/{_TOTAL})"),
        (
            rules.SUBSTITUTE_BACK,
            "-s*y[i]*y[j]",
            "The minus stays, so that a row adds up to 0.",
        ),
    ]


@derivation(
    "y[i]",
    "z[j]",
    title="Softmax: the Jacobian in one line with the Kronecker delta",
    source="document 002, section on softmax",
    where=_SOFTMAX,
    names=_NAMES,
)
def softmax_by_kronecker_delta() -> Lines:
    r"""Derive :math:`\partial y_i/\partial z_j = s y_i(\delta_{ij} - y_j)` (document 002)."""
    e = "e^(s*z[i])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[j])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[j]) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*D(z[i], z[j])) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*delta(i, j)) - {e}*D({_TOTAL}, z[j]))/{_TOTAL}^2",
            "The delta, 1 for `i = j` and 0 otherwise, holds both cases.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}*delta(i, j)) - {e}*sum(D(e^(s*z[l]), z[j]), l, 1, k))"
            f"/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*delta(i, j)) "
            f"- {e}*sum(s*e^(s*z[l])*D(z[l], z[j]), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*delta(i, j)) "
            f"- {e}*sum(s*e^(s*z[l])*delta(l, j), l, 1, k))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}*delta(i, j)) - {e}*(s*e^(s*z[j])))/{_TOTAL}^2",
        ),
        (
            rules.SPLIT_FRACTION,
            f"({_TOTAL}*(s*{e}*delta(i, j)))/{_TOTAL}^2 - ({e}*(s*e^(s*z[j])))/{_TOTAL}^2",
        ),
        (
            rules.CANCEL,
            f"(s*{e}*delta(i, j))/{_TOTAL} - ({e}*(s*e^(s*z[j])))/{_TOTAL}^2",
        ),
        (
            rules.FACTOR_OUT,
            f"s*({e}/{_TOTAL})*(delta(i, j) - e^(s*z[j])/{_TOTAL})",
        ),
        (
            rules.SUBSTITUTE_BACK,
            "s*y[i]*(delta(i, j) - y[j])",
            "For `i != j` this is `-s*y[i]*y[j]`.",
        ),
    ]


@derivation(
    "y[i]",
    "z[j]",
    title="Softmax: the Jacobian as a diagonal matrix minus an outer product",
    source="document 003, section on softmax",
    where={"y[i]": f"e^z[i]/{_SUM}"},
    names=_BATCH,
)
def softmax_jacobian() -> Lines:
    r"""Derive :math:`J = \operatorname{diag}(y) - y y^T`, entry by entry (document 003)."""
    e = "e^z[i]"
    return [
        (rules.DEFINITION, f"D({e}/{_SUM}, z[j])"),
        (rules.QUOTIENT, f"({_SUM}*D({e}, z[j]) - {e}*D({_SUM}, z[j]))/{_SUM}^2"),
        (
            rules.SUM,
            f"({_SUM}*D({e}, z[j]) - {e}*sum(D(e^z[l], z[j]), l, 1, k))/{_SUM}^2",
        ),
        (
            rules.CHAIN,
            f"({_SUM}*({e}*D(z[i], z[j])) - {e}*sum(e^z[l]*D(z[l], z[j]), l, 1, k))/{_SUM}^2",
        ),
        (
            rules.PARTIAL,
            f"({_SUM}*({e}*delta(i, j)) - {e}*sum(e^z[l]*delta(j, l), l, 1, k))/{_SUM}^2",
        ),
        (rules.SIFTING, f"({_SUM}*({e}*delta(i, j)) - {e}*e^z[j])/{_SUM}^2"),
        (
            rules.SPLIT_FRACTION,
            f"({_SUM}*({e}*delta(i, j)))/{_SUM}^2 - ({e}*e^z[j])/{_SUM}^2",
        ),
        (rules.CANCEL, f"({e}*delta(i, j))/{_SUM} - ({e}*e^z[j])/{_SUM}^2"),
        (
            rules.SPLIT_PRODUCT,
            f"({e}/{_SUM})*delta(i, j) - ({e}/{_SUM})*(e^z[j]/{_SUM})",
        ),
        (
            rules.SUBSTITUTE_BACK,
            "y[i]*delta(i, j) - y[i]*y[j]",
            "A diagonal matrix minus an outer product. The first term is the entry of the "
            "diagonal matrix of `y`, the second that of the column `y` times the row `y`.",
        ),
    ]


@derivation(
    "y[r, i]",
    "z[m, j]",
    title="Softmax: the Jacobian of a batch",
    source="document 003, section on softmax, multiple data points",
    where={"y[r, j]": "e^z[r, j]/sum(e^z[r, l], l, 1, k)"},
    names=_BATCH,
)
def softmax_jacobian_of_a_batch() -> Lines:
    r"""Derive the Jacobian of N points at once: one block for each row (document 003)."""
    e, total = "e^z[r, i]", "sum(e^z[r, l], l, 1, k)"
    own, other = "(delta(i, j)*delta(m, r))", "(delta(j, l)*delta(m, r))"
    return [
        (
            rules.DEFINITION,
            f"D({e}/{total}, z[m, j])",
            "Row `r` has a softmax of its own.",
        ),
        (
            rules.QUOTIENT,
            f"({total}*D({e}, z[m, j]) - {e}*D({total}, z[m, j]))/{total}^2",
        ),
        (
            rules.SUM,
            f"({total}*D({e}, z[m, j]) - {e}*sum(D(e^z[r, l], z[m, j]), l, 1, k))/{total}^2",
        ),
        (
            rules.CHAIN,
            f"({total}*({e}*D(z[r, i], z[m, j])) "
            f"- {e}*sum(e^z[r, l]*D(z[r, l], z[m, j]), l, 1, k))/{total}^2",
        ),
        (
            rules.PARTIAL,
            f"({total}*({e}*{own}) - {e}*sum(e^z[r, l]*{other}, l, 1, k))/{total}^2",
            "The two inputs are the same one if row and column agree.",
        ),
        (
            rules.SIFTING,
            f"({total}*({e}*{own}) - {e}*(e^z[r, j]*delta(m, r)))/{total}^2",
        ),
        (
            rules.SPLIT_FRACTION,
            f"({total}*({e}*{own}))/{total}^2 - ({e}*(e^z[r, j]*delta(m, r)))/{total}^2",
        ),
        (
            rules.CANCEL,
            f"({e}*{own})/{total} - ({e}*(e^z[r, j]*delta(m, r)))/{total}^2",
        ),
        (
            rules.FACTOR_OUT,
            f"{e}/{total}*(delta(i, j) - e^z[r, j]/{total})*delta(m, r)",
        ),
        (rules.SUBSTITUTE_BACK, "y[r, i]*(delta(i, j) - y[r, j])*delta(m, r)"),
    ]


@derivation(
    "e^(s*(z[i] - c))/sum(e^(s*(z[l] - c)), l, 1, k)",
    None,
    title="Softmax does not change when all inputs move by the same amount",
    source="document 002, section on softmax, numerical stability",
    where=_SOFTMAX,
    names=_NAMES,
)
def softmax_shift_invariance() -> Lines:
    r"""Show that the same shift of every input changes nothing (document 002, corrected)."""
    return [
        (
            rules.EXPAND,
            "e^(s*z[i] - s*c)/sum(e^(s*z[l] - s*c), l, 1, k)",
            "Any `c` will do; against overflow, the largest of the `z[l]`.",
        ),
        (
            rules.POWERS,
            "(e^(s*z[i])*e^(-s*c))/sum(e^(s*z[l])*e^(-s*c), l, 1, k)",
            "The minus belongs to the shift.",
        ),
        (
            rules.FACTOR_OUT,
            f"(e^(s*z[i])*e^(-s*c))/(e^(-s*c)*{_TOTAL})",
            "The factor is the same in every term of the sum.",
        ),
        (rules.CANCEL, f"e^(s*z[i])/{_TOTAL}"),
        (rules.SUBSTITUTE_BACK, "y[i]"),
    ]


@derivation(
    "v[j]",
    None,
    title="Softmax: the vector-Jacobian product without the Jacobian",
    source="document 003, section on softmax, single data point",
    where={
        "v[j]": "sum(g[i]*D(y[i], z[j]), i, 1, k)",
        "y[j]": f"e^z[j]/{_SUM}",
    },
    names=_BATCH,
)
def softmax_vjp() -> Lines:
    r"""Derive the closed form :math:`v = y \odot (g - y^T g)` (document 003, one point)."""
    return [
        (
            rules.DEFINITION,
            "sum(g[i]*D(y[i], z[j]), i, 1, k)",
            "Column `j` of the Jacobian, weighted with the cotangent.",
        ),
        (
            rules.KNOWN,
            "sum(g[i]*(y[i]*delta(i, j) - y[i]*y[j]), i, 1, k)",
            "The entry of the Jacobian.",
            softmax_jacobian(),
        ),
        (
            rules.SPLIT_SUM,
            "g[j]*(y[j] - y[j]*y[j]) + sum(g[i]*(-y[i]*y[j]), i, 1, k, j)",
            "For `i = j` the delta is 1, for all others 0.",
        ),
        (
            rules.FACTOR_OUT,
            "g[j]*(y[j] - y[j]*y[j]) - y[j]*sum(g[i]*y[i], i, 1, k, j)",
            "What does not depend on `i` comes out of the sum.",
        ),
        (
            rules.EXPAND,
            "g[j]*y[j] - g[j]*y[j]*y[j] - y[j]*sum(g[i]*y[i], i, 1, k, j)",
        ),
        (
            rules.SPLIT_SUM,
            "g[j]*y[j] - y[j]*sum(g[i]*y[i], i, 1, k)",
            "The middle term is the one that the sum has left out.",
        ),
        (
            rules.FACTOR_OUT,
            "y[j]*(g[j] - sum(g[i]*y[i], i, 1, k))",
            "The sum is the same number for every `j`. It is computed once, and no matrix "
            "is ever formed.",
        ),
    ]


@derivation(
    "v[m, j]",
    None,
    title="Softmax: the vector-Jacobian product of a batch",
    source="document 003, section on softmax, multiple data points",
    where={
        "v[m, j]": "sum(sum(g[r, i]*D(y[r, i], z[m, j]), i, 1, k), r, 1, N)",
        "y[r, j]": "e^z[r, j]/sum(e^z[r, l], l, 1, k)",
    },
    names=_BATCH,
)
def softmax_vjp_of_a_batch() -> Lines:
    r"""Derive the VJP for N points at once, row by row (document 003, corrected)."""
    return [
        (
            rules.DEFINITION,
            "sum(sum(g[r, i]*D(y[r, i], z[m, j]), i, 1, k), r, 1, N)",
            "In full the Jacobian has four indices. Its shape is N x k x N x k.",
        ),
        (
            rules.KNOWN,
            "sum(sum(g[r, i]*(y[r, i]*(delta(i, j) - y[r, j])*delta(m, r)), i, 1, k), r, 1, N)",
            "Row `r` depends on row `m` only if it is that row.",
            softmax_jacobian_of_a_batch(),
        ),
        (
            rules.SIFTING,
            "sum(g[m, i]*(y[m, i]*(delta(i, j) - y[m, j])), i, 1, k)",
            "The second delta leaves one row. Of N x k x N x k numbers, N x k x k are not 0.",
        ),
        (
            rules.SPLIT_SUM,
            "g[m, j]*(y[m, j]*(1 - y[m, j])) + sum(g[m, i]*(-y[m, i]*y[m, j]), i, 1, k, j)",
        ),
        (
            rules.FACTOR_OUT,
            "g[m, j]*(y[m, j]*(1 - y[m, j])) - y[m, j]*sum(g[m, i]*y[m, i], i, 1, k, j)",
        ),
        (
            rules.EXPAND,
            "g[m, j]*y[m, j] - g[m, j]*y[m, j]*y[m, j] "
            "- y[m, j]*sum(g[m, i]*y[m, i], i, 1, k, j)",
        ),
        (
            rules.SPLIT_SUM,
            "g[m, j]*y[m, j] - y[m, j]*sum(g[m, i]*y[m, i], i, 1, k)",
        ),
        (
            rules.FACTOR_OUT,
            "y[m, j]*(g[m, j] - sum(g[m, i]*y[m, i], i, 1, k))",
            "One dot product for each row.",
        ),
    ]
