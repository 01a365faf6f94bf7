"""Softmax for general n: its Jacobian in three forms, its invariance, its VJP."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._derivation import Lines, derivation

_NAMES = {
    **{name: sympy.IndexedBase(name, real=True) for name in ("S", "z", "g", "v", "J")},
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijkln"},
    "s": sympy.Symbol("s", real=True),
    "c": sympy.Symbol("c", real=True),
}
_TOTAL = "sum(e^(s*z[j]), j, 1, n)"
_SOFTMAX = {"S[i]": f"e^(s*z[i])/{_TOTAL}"}

# Document 003 calls the output s and has no stretch; a batch has one row for each point.
_OUTPUTS = {
    **_NAMES,
    "s": sympy.IndexedBase("s", real=True),
    "N": sympy.Symbol("N", integer=True, positive=True),
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ab"},
}
_SUM = "sum(e^z[l], l, 1, n)"
_ROW = "sum(e^z[i, l], l, 1, n)"


@derivation(
    "S[k]",
    "z[k]",
    title="Softmax: the diagonal of the Jacobian",
    source="document 000, section 4, case i = k",
    where=_SOFTMAX,
    names=_NAMES,
)
def softmax_diagonal() -> Lines:
    r"""Derive :math:`\partial S_k/\partial z_k = s S_k(1 - S_k)` (document 000, i = k)."""
    e = "e^(s*z[k])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[k])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[k]) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
            "Document 000 has no stretch: there `s = 1`.",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
            "The numerator contains `z[k]`.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}) - {e}*sum(D(e^(s*z[j]), z[k]), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}) - {e}*sum(s*e^(s*z[j])*D(z[j], z[k]), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}) - {e}*sum(s*e^(s*z[j])*delta(j, k), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}) - {e}*(s*{e}))/{_TOTAL}^2",
            "Only the term with `j = k` depends on `z[k]`.",
        ),
        (rules.FACTOR_OUT, f"(s*{e}*({_TOTAL} - {e}))/{_TOTAL}^2"),
        (rules.SPLIT_PRODUCT, f"s*({e}/{_TOTAL})*(({_TOTAL} - {e})/{_TOTAL})"),
        (
            rules.SPLIT_FRACTION,
            f"s*({e}/{_TOTAL})*({_TOTAL}/{_TOTAL} - {e}/{_TOTAL})",
        ),
        (rules.CANCEL, f"s*({e}/{_TOTAL})*(1 - {e}/{_TOTAL})"),
        (rules.SUBSTITUTE_BACK, "s*S[k]*(1 - S[k])"),
    ]


@derivation(
    "S[i]",
    "z[k]",
    title="Softmax: off the diagonal of the Jacobian",
    source="document 000, section 4, case i not equal to k",
    where=_SOFTMAX,
    conditions=["i != k"],
    names=_NAMES,
)
def softmax_off_diagonal() -> Lines:
    r"""Derive :math:`\partial S_i/\partial z_k = -s S_i S_k` (document 000, i not k)."""
    e = "e^(s*z[i])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[k])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[k]) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*D(z[i], z[k])) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*0) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
            "For `i != k` the numerator does not contain `z[k]`.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(D(e^(s*z[j]), z[k]), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(s*e^(s*z[j])*D(z[j], z[k]), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*0) - {e}*sum(s*e^(s*z[j])*delta(j, k), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}*0) - {e}*(s*e^(s*z[k])))/{_TOTAL}^2",
        ),
        (rules.ARITHMETIC, f"-({e}*(s*e^(s*z[k])))/{_TOTAL}^2"),
        (rules.SPLIT_PRODUCT, f"-s*({e}/{_TOTAL})*(e^(s*z[k])/{_TOTAL})"),
        (
            rules.SUBSTITUTE_BACK,
            "-s*S[i]*S[k]",
            "The minus stays. Document 002 loses the minus in its combined formula; without "
            "it the entries of a row would not add up to 0.",
        ),
    ]


@derivation(
    "S[i]",
    "z[k]",
    title="Softmax: the Jacobian in one line with the Kronecker delta",
    source="document 002, section on softmax",
    where=_SOFTMAX,
    names=_NAMES,
)
def softmax_by_kronecker_delta() -> Lines:
    r"""Derive :math:`\partial S_i/\partial z_k = s S_i(\delta_{ik} - S_k)` (document 002)."""
    e = "e^(s*z[i])"
    return [
        (rules.DEFINITION, f"D({e}/{_TOTAL}, z[k])"),
        (
            rules.QUOTIENT,
            f"({_TOTAL}*D({e}, z[k]) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*D(z[i], z[k])) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*delta(i, k)) - {e}*D({_TOTAL}, z[k]))/{_TOTAL}^2",
            "The delta, 1 for `i = k` and 0 otherwise, holds both cases.",
        ),
        (
            rules.SUM,
            f"({_TOTAL}*(s*{e}*delta(i, k)) - {e}*sum(D(e^(s*z[j]), z[k]), j, 1, n))"
            f"/{_TOTAL}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({_TOTAL}*(s*{e}*delta(i, k)) "
            f"- {e}*sum(s*e^(s*z[j])*D(z[j], z[k]), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.PARTIAL,
            f"({_TOTAL}*(s*{e}*delta(i, k)) "
            f"- {e}*sum(s*e^(s*z[j])*delta(j, k), j, 1, n))/{_TOTAL}^2",
        ),
        (
            rules.SIFTING,
            f"({_TOTAL}*(s*{e}*delta(i, k)) - {e}*(s*e^(s*z[k])))/{_TOTAL}^2",
        ),
        (
            rules.SPLIT_FRACTION,
            f"({_TOTAL}*(s*{e}*delta(i, k)))/{_TOTAL}^2 - ({e}*(s*e^(s*z[k])))/{_TOTAL}^2",
        ),
        (
            rules.CANCEL,
            f"(s*{e}*delta(i, k))/{_TOTAL} - ({e}*(s*e^(s*z[k])))/{_TOTAL}^2",
        ),
        (
            rules.FACTOR_OUT,
            f"s*({e}/{_TOTAL})*(delta(i, k) - e^(s*z[k])/{_TOTAL})",
        ),
        (
            rules.SUBSTITUTE_BACK,
            "s*S[i]*(delta(i, k) - S[k])",
            "For `i != k` this is `-s*S[i]*S[k]`. The case distinction of document 002 "
            "prints it without the minus, its delta form is right.",
        ),
    ]


@derivation(
    "s[i]",
    "z[k]",
    title="Softmax: the Jacobian as a diagonal matrix minus an outer product",
    source="document 003, section on softmax",
    where={"s[i]": f"e^z[i]/{_SUM}"},
    names=_OUTPUTS,
)
def softmax_jacobian() -> Lines:
    r"""Derive :math:`J = \operatorname{diag}(s) - s s^T`, entry by entry (document 003)."""
    e = "e^z[i]"
    return [
        (rules.DEFINITION, f"D({e}/{_SUM}, z[k])"),
        (rules.QUOTIENT, f"({_SUM}*D({e}, z[k]) - {e}*D({_SUM}, z[k]))/{_SUM}^2"),
        (
            rules.SUM,
            f"({_SUM}*D({e}, z[k]) - {e}*sum(D(e^z[l], z[k]), l, 1, n))/{_SUM}^2",
        ),
        (
            rules.CHAIN,
            f"({_SUM}*({e}*D(z[i], z[k])) - {e}*sum(e^z[l]*D(z[l], z[k]), l, 1, n))/{_SUM}^2",
        ),
        (
            rules.PARTIAL,
            f"({_SUM}*({e}*delta(i, k)) - {e}*sum(e^z[l]*delta(k, l), l, 1, n))/{_SUM}^2",
        ),
        (rules.SIFTING, f"({_SUM}*({e}*delta(i, k)) - {e}*e^z[k])/{_SUM}^2"),
        (
            rules.SPLIT_FRACTION,
            f"({_SUM}*({e}*delta(i, k)))/{_SUM}^2 - ({e}*e^z[k])/{_SUM}^2",
        ),
        (rules.CANCEL, f"({e}*delta(i, k))/{_SUM} - ({e}*e^z[k])/{_SUM}^2"),
        (
            rules.SPLIT_PRODUCT,
            f"({e}/{_SUM})*delta(i, k) - ({e}/{_SUM})*(e^z[k]/{_SUM})",
        ),
        (
            rules.SUBSTITUTE_BACK,
            "s[i]*delta(i, k) - s[i]*s[k]",
            "A diagonal matrix minus an outer product. The first term is the entry of the "
            "diagonal matrix of `s`, the second that of the column `s` times the row `s`. "
            "The letter is the output here, not the stretch.",
        ),
    ]


@derivation(
    "s[b, j]",
    "z[a, i]",
    title="Softmax: the Jacobian of a batch",
    source="document 003, section on softmax, multiple data points",
    where={"s[b, i]": "e^z[b, i]/sum(e^z[b, l], l, 1, n)"},
    names=_OUTPUTS,
)
def softmax_jacobian_of_a_batch() -> Lines:
    r"""Derive the Jacobian of N points at once: one block for each row (document 003)."""
    e, total = "e^z[b, j]", "sum(e^z[b, l], l, 1, n)"
    own, other = "(delta(i, j)*delta(a, b))", "(delta(i, l)*delta(a, b))"
    return [
        (
            rules.DEFINITION,
            f"D({e}/{total}, z[a, i])",
            "Row `b` has a softmax of its own. Document 003 writes the denominator as the "
            "sum of the `z[b, l]`; it is the sum of the `e^z[b, l]`.",
        ),
        (
            rules.QUOTIENT,
            f"({total}*D({e}, z[a, i]) - {e}*D({total}, z[a, i]))/{total}^2",
        ),
        (
            rules.SUM,
            f"({total}*D({e}, z[a, i]) - {e}*sum(D(e^z[b, l], z[a, i]), l, 1, n))/{total}^2",
        ),
        (
            rules.CHAIN,
            f"({total}*({e}*D(z[b, j], z[a, i])) "
            f"- {e}*sum(e^z[b, l]*D(z[b, l], z[a, i]), l, 1, n))/{total}^2",
        ),
        (
            rules.PARTIAL,
            f"({total}*({e}*{own}) - {e}*sum(e^z[b, l]*{other}, l, 1, n))/{total}^2",
            "The two inputs are the same one if row and column agree.",
        ),
        (
            rules.SIFTING,
            f"({total}*({e}*{own}) - {e}*(e^z[b, i]*delta(a, b)))/{total}^2",
        ),
        (
            rules.SPLIT_FRACTION,
            f"({total}*({e}*{own}))/{total}^2 - ({e}*(e^z[b, i]*delta(a, b)))/{total}^2",
        ),
        (
            rules.CANCEL,
            f"({e}*{own})/{total} - ({e}*(e^z[b, i]*delta(a, b)))/{total}^2",
        ),
        (
            rules.FACTOR_OUT,
            f"{e}/{total}*(delta(i, j) - e^z[b, i]/{total})*delta(a, b)",
        ),
        (rules.SUBSTITUTE_BACK, "s[b, j]*(delta(i, j) - s[b, i])*delta(a, b)"),
    ]


@derivation(
    "e^(s*(z[i] - c))/sum(e^(s*(z[j] - c)), j, 1, n)",
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
            "e^(s*z[i] - s*c)/sum(e^(s*z[j] - s*c), j, 1, n)",
            "Any `c` will do; against overflow, the largest of the `z[j]`.",
        ),
        (
            rules.POWERS,
            "(e^(s*z[i])*e^(-s*c))/sum(e^(s*z[j])*e^(-s*c), j, 1, n)",
            "The minus belongs to the shift. Document 002 writes `e^(s*c)` for the second "
            "factor: it lost the minus, which its proof survives because the factor cancels.",
        ),
        (
            rules.FACTOR_OUT,
            f"(e^(s*z[i])*e^(-s*c))/(e^(-s*c)*{_TOTAL})",
            "The factor is the same in every term of the sum.",
        ),
        (rules.CANCEL, f"e^(s*z[i])/{_TOTAL}"),
        (rules.SUBSTITUTE_BACK, "S[i]"),
    ]


@derivation(
    "v[i]",
    None,
    title="Softmax: the vector-Jacobian product without the Jacobian",
    source="document 003, section on softmax, single data point",
    where={
        "v[i]": "sum(g[j]*D(s[j], z[i]), j, 1, n)",
        "s[i]": f"e^z[i]/{_SUM}",
    },
    names=_OUTPUTS,
)
def softmax_vjp() -> Lines:
    r"""Derive the closed form :math:`v = s \odot (g - s^T g)` (document 003, one point)."""
    return [
        (
            rules.DEFINITION,
            "sum(g[j]*D(s[j], z[i]), j, 1, n)",
            "Column `i` of the Jacobian, weighted with the cotangent.",
        ),
        (
            rules.KNOWN,
            "sum(g[j]*(s[j]*delta(i, j) - s[j]*s[i]), j, 1, n)",
            "The entry of the Jacobian.",
            softmax_jacobian(),
        ),
        (
            rules.SPLIT_SUM,
            "g[i]*(s[i] - s[i]*s[i]) + sum(g[j]*(-s[j]*s[i]), j, 1, n, i)",
            "For `j = i` the delta is 1, for all others 0.",
        ),
        (
            rules.FACTOR_OUT,
            "g[i]*(s[i] - s[i]*s[i]) - s[i]*sum(g[j]*s[j], j, 1, n, i)",
            "What does not depend on `j` comes out of the sum.",
        ),
        (
            rules.EXPAND,
            "g[i]*s[i] - g[i]*s[i]*s[i] - s[i]*sum(g[j]*s[j], j, 1, n, i)",
        ),
        (
            rules.SPLIT_SUM,
            "g[i]*s[i] - s[i]*sum(g[j]*s[j], j, 1, n)",
            "The middle term is the one that the sum has left out.",
        ),
        (
            rules.FACTOR_OUT,
            "s[i]*(g[i] - sum(g[j]*s[j], j, 1, n))",
            "The sum is the same number for every `i`. It is computed once, and no matrix "
            "is ever formed.",
        ),
    ]


@derivation(
    "v[a, i]",
    None,
    title="Softmax: the vector-Jacobian product of a batch",
    source="document 003, section on softmax, multiple data points",
    where={
        "v[a, i]": "sum(sum(g[b, j]*D(s[b, j], z[a, i]), j, 1, n), b, 1, N)",
        "s[b, i]": "e^z[b, i]/sum(e^z[b, l], l, 1, n)",
    },
    names=_OUTPUTS,
)
def softmax_vjp_of_a_batch() -> Lines:
    r"""Derive the VJP for N points at once, row by row (document 003, corrected)."""
    return [
        (
            rules.DEFINITION,
            "sum(sum(g[b, j]*D(s[b, j], z[a, i]), j, 1, n), b, 1, N)",
            "In full the Jacobian has four indices. Its shape is N x n x N x n.",
        ),
        (
            rules.KNOWN,
            "sum(sum(g[b, j]*(s[b, j]*(delta(i, j) - s[b, i])*delta(a, b)), j, 1, n), b, 1, N)",
            "Row `b` depends on row `a` only if it is that row.",
            softmax_jacobian_of_a_batch(),
        ),
        (
            rules.SIFTING,
            "sum(g[a, j]*(s[a, j]*(delta(i, j) - s[a, i])), j, 1, n)",
            "The second delta leaves one row. Of N x n x N x n numbers, N x n x n are not 0.",
        ),
        (
            rules.SPLIT_SUM,
            "g[a, i]*(s[a, i]*(1 - s[a, i])) + sum(g[a, j]*(-s[a, j]*s[a, i]), j, 1, n, i)",
        ),
        (
            rules.FACTOR_OUT,
            "g[a, i]*(s[a, i]*(1 - s[a, i])) - s[a, i]*sum(g[a, j]*s[a, j], j, 1, n, i)",
        ),
        (
            rules.EXPAND,
            "g[a, i]*s[a, i] - g[a, i]*s[a, i]*s[a, i] "
            "- s[a, i]*sum(g[a, j]*s[a, j], j, 1, n, i)",
        ),
        (
            rules.SPLIT_SUM,
            "g[a, i]*s[a, i] - s[a, i]*sum(g[a, j]*s[a, j], j, 1, n)",
            "Document 003 drops the sum sign in this line; it is needed.",
        ),
        (
            rules.FACTOR_OUT,
            "s[a, i]*(g[a, i] - sum(g[a, j]*s[a, j], j, 1, n))",
            "One dot product for each row.",
        ),
    ]
