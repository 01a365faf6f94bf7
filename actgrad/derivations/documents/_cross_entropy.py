"""Log-sum-exp, log-softmax and the cross-entropy of k classes; softmax in one pass."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation
from actgrad.derivations.documents._sigmoid import sigmoid_from_probability

_NAMES = {
    **{name: sympy.IndexedBase(name, real=True) for name in ("u", "y", "z", "t")},
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijklnm"},
    **{name: sympy.Symbol(name, real=True) for name in "ELT"},
}
_ONE_CLASS = {**_NAMES, "t": sympy.Symbol("t", integer=True, positive=True)}
_SUM = "sum(e^z[l], l, 1, k)"
_SOFTMAX = {"y[i]": f"e^z[i]/{_SUM}"}
_LOG_SOFTMAX = {"u[i]": f"z[i] - log({_SUM})"}


@derivation(
    "E",
    "z[j]",
    title="Log-sum-exp: its gradient is softmax",
    source="Blanchard, Higham and Higham 2021",
    where={"E": f"log({_SUM})", **_SOFTMAX},
    names=_NAMES,
)
def log_sum_exp_gradient() -> Lines:
    r"""Derive :math:`\partial \ln \sum_l e^{z_l}/\partial z_j = y_j`."""
    return [
        (rules.DEFINITION, f"D(log({_SUM}), z[j])"),
        (rules.CHAIN, f"1/{_SUM}*D({_SUM}, z[j])"),
        (rules.SUM, f"1/{_SUM}*sum(D(e^z[l], z[j]), l, 1, k)"),
        (rules.CHAIN, f"1/{_SUM}*sum(e^z[l]*D(z[l], z[j]), l, 1, k)"),
        (rules.PARTIAL, f"1/{_SUM}*sum(e^z[l]*delta(j, l), l, 1, k)"),
        (rules.SIFTING, f"1/{_SUM}*e^z[j]", "Only the term with `l = j` contains `z[j]`."),
        (rules.SUBSTITUTE_BACK, "y[j]", "One exponential over the sum of all: softmax."),
    ]


@derivation(
    "u[i]",
    "z[j]",
    title="Log-softmax: the Jacobian",
    source="Blanchard, Higham and Higham 2021",
    where={**_LOG_SOFTMAX, **_SOFTMAX},
    names=_NAMES,
)
def log_softmax_jacobian() -> Lines:
    r"""Derive :math:`\partial u_i/\partial z_j = \delta_{ij} - y_j`, that is I - 1 y^T."""
    return [
        (rules.DEFINITION, f"D(z[i] - log({_SUM}), z[j])"),
        (rules.SUM, f"D(z[i], z[j]) - D(log({_SUM}), z[j])"),
        (rules.PARTIAL, f"delta(i, j) - D(log({_SUM}), z[j])"),
        (
            rules.KNOWN,
            "delta(i, j) - y[j]",
            "The second term is the same in every row `i`. The identity matrix minus a column "
            "of ones times the row `y`.",
            log_sum_exp_gradient(),
        ),
    ]


@derivation(
    "e^u[i]",
    None,
    title="Log-softmax is the logarithm of softmax",
    source="Blanchard, Higham and Higham 2021",
    where={**_LOG_SOFTMAX, **_SOFTMAX},
    names=_NAMES,
)
def log_softmax_is_the_logarithm() -> Lines:
    r"""Show that :math:`e^{u_i} = y_i` for :math:`u_i = z_i - \ln \sum_l e^{z_l}`."""
    return [
        (rules.DEFINITION, f"e^(z[i] - log({_SUM}))"),
        (rules.POWERS, f"e^z[i]/e^(log({_SUM}))"),
        (rules.LOGARITHM_UNDONE, f"e^z[i]/{_SUM}"),
        (rules.SUBSTITUTE_BACK, "y[i]"),
    ]


@derivation(
    "L",
    "z[j]",
    title="Softmax with cross-entropy: outputs minus targets",
    source="Bridle 1990",
    where={"L": f"log({_SUM}) - z[t]", **_SOFTMAX},
    names=_ONE_CLASS,
)
def cross_entropy_of_softmax() -> Lines:
    r"""Derive :math:`\partial L/\partial z_j = y_j - \delta_{jt}` for the true class t."""
    return [
        (
            rules.DEFINITION,
            f"D(log({_SUM}) - z[t], z[j])",
            "The loss is minus the log-softmax of the true class `t`.",
        ),
        (rules.SUM, f"D(log({_SUM}), z[j]) - D(z[t], z[j])"),
        (rules.KNOWN, "y[j] - D(z[t], z[j])", "", log_sum_exp_gradient()),
        (
            rules.PARTIAL,
            "y[j] - delta(j, t)",
            "No logarithm and no division is left.",
        ),
    ]


@derivation(
    "L",
    "z[j]",
    title="Softmax with cross-entropy, for targets that are a distribution",
    source="Bridle 1990",
    where={
        "L": "-sum(t[i]*u[i], i, 1, k)",
        "T": "sum(t[i], i, 1, k)",
        **_LOG_SOFTMAX,
        **_SOFTMAX,
    },
    names=_NAMES,
)
def cross_entropy_of_soft_targets() -> Lines:
    r"""Derive :math:`\partial L/\partial z_j = y_j T - t_j`, where T is the sum of t."""
    return [
        (rules.DEFINITION, "D(-sum(t[i]*u[i], i, 1, k), z[j])"),
        (rules.CONSTANT_MULTIPLE, "-D(sum(t[i]*u[i], i, 1, k), z[j])"),
        (rules.SUM, "-sum(D(t[i]*u[i], z[j]), i, 1, k)"),
        (
            rules.CONSTANT_MULTIPLE,
            "-sum(t[i]*D(u[i], z[j]), i, 1, k)",
            "The targets do not depend on the logits.",
        ),
        (
            rules.KNOWN,
            "-sum(t[i]*(delta(i, j) - y[j]), i, 1, k)",
            "",
            log_softmax_jacobian(),
        ),
        (
            rules.SPLIT_SUM,
            "-(t[j]*(1 - y[j]) + sum(t[i]*(-y[j]), i, 1, k, j))",
            "For `i = j` the delta is 1, for all others 0.",
        ),
        (rules.FACTOR_OUT, "-(t[j]*(1 - y[j]) - y[j]*sum(t[i], i, 1, k, j))"),
        (rules.EXPAND, "-(t[j] - t[j]*y[j] - y[j]*sum(t[i], i, 1, k, j))"),
        (rules.SPLIT_SUM, "-(t[j] - y[j]*sum(t[i], i, 1, k))"),
        (rules.SUBSTITUTE, "-(t[j] - y[j]*T)"),
        (
            rules.ARITHMETIC,
            "y[j]*T - t[j]",
            "For a distribution `T` is 1: outputs minus targets. Where the targets do not add "
            "up to 1, the outputs are scaled by what they add up to.",
        ),
    ]


_P = "p(z)"
_BINARY = {
    "t": sympy.Symbol("t", real=True),
    "z": sympy.Symbol("z", real=True),
    **{name: unknown_function(name) for name in "Lp"},
}


@derivation(
    "L(z)",
    "z",
    title="Sigmoid with binary cross-entropy: probability minus target",
    source="Bridle 1990, for two classes",
    where={"L(z)": f"-t*log({_P}) - (1 - t)*log(1 - {_P})", _P: "1/(1 + e^(-z))"},
    names=_BINARY,
)
def binary_cross_entropy_of_sigmoid() -> Lines:
    r"""Derive :math:`\partial L/\partial z = p - t` for :math:`p = \sigma(z)`."""
    return [
        (rules.DEFINITION, f"D(-t*log({_P}) - (1 - t)*log(1 - {_P}), z)"),
        (rules.SUM, f"D(-t*log({_P}), z) - D((1 - t)*log(1 - {_P}), z)"),
        (rules.CONSTANT_MULTIPLE, f"-t*D(log({_P}), z) - (1 - t)*D(log(1 - {_P}), z)"),
        (
            rules.CHAIN,
            f"-t*(1/{_P}*D({_P}, z)) - (1 - t)*(1/(1 - {_P})*D(1 - {_P}, z))",
        ),
        (
            rules.SUM,
            f"-t*(1/{_P}*D({_P}, z)) - (1 - t)*(1/(1 - {_P})*(D(1, z) - D({_P}, z)))",
        ),
        (
            rules.CONSTANT,
            f"-t*(1/{_P}*D({_P}, z)) - (1 - t)*(1/(1 - {_P})*(0 - D({_P}, z)))",
        ),
        (
            rules.KNOWN,
            f"-t*(1/{_P}*({_P}*(1 - {_P}))) - (1 - t)*(1/(1 - {_P})*(0 - {_P}*(1 - {_P})))",
            "The sigmoid's own slope comes in, twice.",
            sigmoid_from_probability(),
        ),
        (
            rules.CANCEL,
            f"-t*(1 - {_P}) - (1 - t)*(0 - {_P})",
            "And it goes out again, against what the logarithms left.",
        ),
        (rules.EXPAND, f"-t + t*{_P} + {_P} - t*{_P}"),
        (rules.COLLECT, f"{_P} - t", "Probability minus target."),
    ]


_SUM_OF_NEGATIVES = "sum(e^(-z[l]), l, 1, k)"
_SUPPORT = "sum(z[l], l, 1, m)"


@derivation(
    "y[i]",
    "z[j]",
    title="Softmin: the Jacobian",
    source="Bridle 1990, with the other sign",
    where={"y[i]": f"e^(-z[i])/{_SUM_OF_NEGATIVES}"},
    names=_NAMES,
)
def softmin_jacobian() -> Lines:
    r"""Derive :math:`\partial y_i/\partial z_j = -y_i(\delta_{ij} - y_j)`."""
    e, total = "e^(-z[i])", _SUM_OF_NEGATIVES
    return [
        (rules.DEFINITION, f"D({e}/{total}, z[j])"),
        (rules.QUOTIENT, f"({total}*D({e}, z[j]) - {e}*D({total}, z[j]))/{total}^2"),
        (
            rules.SUM,
            f"({total}*D({e}, z[j]) - {e}*sum(D(e^(-z[l]), z[j]), l, 1, k))/{total}^2",
        ),
        (
            rules.LINEAR_CHAIN,
            f"({total}*(-{e}*D(z[i], z[j])) - {e}*sum(-e^(-z[l])*D(z[l], z[j]), l, 1, k))"
            f"/{total}^2",
        ),
        (
            rules.PARTIAL,
            f"({total}*(-{e}*delta(i, j)) - {e}*sum(-e^(-z[l])*delta(j, l), l, 1, k))"
            f"/{total}^2",
        ),
        (rules.SIFTING, f"({total}*(-{e}*delta(i, j)) - {e}*(-e^(-z[j])))/{total}^2"),
        (
            rules.SPLIT_FRACTION,
            f"({total}*(-{e}*delta(i, j)))/{total}^2 - ({e}*(-e^(-z[j])))/{total}^2",
        ),
        (rules.CANCEL, f"(-{e}*delta(i, j))/{total} - ({e}*(-e^(-z[j])))/{total}^2"),
        (rules.FACTOR_OUT, f"-({e}/{total})*(delta(i, j) - e^(-z[j])/{total})"),
        (rules.SUBSTITUTE_BACK, "-y[i]*(delta(i, j) - y[j])", "Softmax's, with a minus."),
    ]


@derivation(
    "z[i] - T",
    "z[j]",
    title="Sparsemax: the Jacobian on the support",
    source="Martins and Astudillo 2016",
    where={"T": f"({_SUPPORT} - 1)/m"},
    names=_NAMES,
)
def sparsemax_jacobian_on_the_support() -> Lines:
    r"""Derive :math:`\delta_{ij} - 1/m` for the m entries above the threshold."""
    return [
        (
            rules.DEFINITION,
            f"D(z[i] - ({_SUPPORT} - 1)/m, z[j])",
            "The entries of the support are numbered from 1 to `m`. The threshold `T` is the "
            "number for which the outputs add up to 1.",
        ),
        (rules.SUM, f"D(z[i], z[j]) - D(({_SUPPORT} - 1)/m, z[j])"),
        (rules.CONSTANT_MULTIPLE, f"D(z[i], z[j]) - 1/m*D({_SUPPORT} - 1, z[j])"),
        (
            rules.SUM,
            "D(z[i], z[j]) - 1/m*(sum(D(z[l], z[j]), l, 1, m) + D(-1, z[j]))",
        ),
        (rules.CONSTANT, "D(z[i], z[j]) - 1/m*(sum(D(z[l], z[j]), l, 1, m) + 0)"),
        (rules.PARTIAL, "delta(i, j) - 1/m*(sum(delta(j, l), l, 1, m) + 0)"),
        (rules.SIFTING, "delta(i, j) - 1/m*(1 + 0)"),
        (
            rules.ARITHMETIC,
            "delta(i, j) - 1/m",
            "On the support all have the same part in the threshold. Outside of it the output "
            "is 0 and so is the slope.",
        ),
    ]


_PASSES = {
    **{name: sympy.IndexedBase(name, real=True) for name in "xw"},
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "jlnm"},
    **{name: sympy.Symbol(name, real=True) for name in ("a", "b", "c", "M", "P", "Q")},
    **{name: sympy.Symbol(name, real=True) for name in "ABC"},
}
_ONLINE = "Milakov and Gimelshein 2018"


@derivation(
    "A*e^(a - M) + B*e^(b - M)",
    None,
    title="Online softmax: two sums merged are the sum in one pass",
    source=_ONLINE,
    where={"A": "sum(e^(x[j] - a), j, 1, n)", "B": "sum(e^(w[l] - b), l, 1, m)"},
    names=_PASSES,
)
def online_softmax_in_one_pass() -> Lines:
    r"""Show that sums shifted by a and by b merge into the one shifted by M."""
    return [
        (
            rules.DEFINITION,
            "sum(e^(x[j] - a), j, 1, n)*e^(a - M) + B*e^(b - M)",
            "Each block was shifted by its own maximum. It is `a` for one and `b` for the "
            "other; `M` is the larger of the two.",
        ),
        (
            rules.DEFINITION,
            "sum(e^(x[j] - a), j, 1, n)*e^(a - M) + sum(e^(w[l] - b), l, 1, m)*e^(b - M)",
        ),
        (
            rules.EXPAND,
            "sum(e^(x[j] - a)*e^(a - M), j, 1, n) + sum(e^(w[l] - b)*e^(b - M), l, 1, m)",
        ),
        (
            rules.POWERS,
            "sum(e^(x[j] - M), j, 1, n) + sum(e^(w[l] - M), l, 1, m)",
            "The old shifts cancel: both blocks are shifted by `M`.",
        ),
    ]


@derivation(
    "(A*e^(a - M) + B*e^(b - M))*e^(M - Q) + C*e^(c - Q)",
    None,
    title="Online softmax: the merge of sums is associative",
    source=_ONLINE,
    names=_PASSES,
)
def online_softmax_is_associative() -> Lines:
    r"""Show that merging (a, b) first and merging (b, c) first give the same sum."""
    return [
        (
            rules.EXPAND,
            "A*e^(a - M)*e^(M - Q) + B*e^(b - M)*e^(M - Q) + C*e^(c - Q)",
            "`M` is the maximum after the first merge, `Q` after the second. Of the maxima "
            "nothing is used: any shifts will do.",
        ),
        (rules.POWERS, "A*e^(a - Q) + B*e^(b - Q) + C*e^(c - Q)"),
        (
            rules.POWERS,
            "A*e^(a - Q) + B*e^(b - P)*e^(P - Q) + C*e^(c - P)*e^(P - Q)",
            "`P` is the maximum where the last two are merged first.",
        ),
        (rules.FACTOR_OUT, "A*e^(a - Q) + (B*e^(b - P) + C*e^(c - P))*e^(P - Q)"),
    ]


@derivation(
    "max(a, max(b, c))",
    None,
    title="The maximum of three, the last two first",
    source=_ONLINE,
    names=_PASSES,
)
def maximum_of_three() -> Lines:
    r"""Show that the maximum of a and of the maximum of b and c is that of all three."""
    return [(rules.NESTED_EXTREMA, "max(a, b, c)")]


@derivation(
    "max(max(a, b), c)",
    None,
    title="Online softmax: the merge of maxima is associative",
    source=_ONLINE,
    names=_PASSES,
)
def online_softmax_maxima() -> Lines:
    r"""Show that the maximum does not depend on which two are merged first."""
    return [
        (rules.NESTED_EXTREMA, "max(a, b, c)"),
        (rules.KNOWN, "max(a, max(b, c))", "", maximum_of_three()),
    ]
