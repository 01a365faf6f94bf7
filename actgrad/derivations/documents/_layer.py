"""A layer's three gradients, entry by entry, for matrices of any size."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation

_NAMES = {
    **{name: sympy.IndexedBase(name, real=True) for name in ("X", "W", "b", "Z", "A", "G")},
    **{name: sympy.IndexedBase(name, real=True) for name in ("dX", "dW", "db")},
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijlrcNpq"},
    **{name: unknown_function(name) for name in ("f", "f'")},
}
_LAYER = {
    "A[i, j]": "f(Z[i, j])",
    "Z[i, j]": "sum(X[i, l]*W[l, j], l, 1, p) + b[j]",
}
_SHAPES = (
    "The sums go over all neurons and all examples. `X` is N x p, `W` is p x q, `b` has q "
    "entries; `Z`, `A` and the cotangent `G` are N x q."
)


def _summed(term: str) -> str:
    return f"sum(sum({term}, j, 1, q), i, 1, N)"


@derivation(
    "dX[r, c]",
    None,
    title="A layer: the gradient of the inputs",
    source="document 002, introduction",
    where={"dX[r, c]": _summed("G[i, j]*D(A[i, j], X[r, c])"), **_LAYER},
    names=_NAMES,
)
def layer_gradient_of_inputs() -> Lines:
    r"""Derive :math:`dX = (G \odot f'(Z)) W^T` (document 002)."""
    slope = "G[i, j]*f'(Z[i, j])"
    total = "sum(X[i, l]*W[l, j], l, 1, p)"
    return [
        (rules.DEFINITION, _summed("G[i, j]*D(A[i, j], X[r, c])"), _SHAPES),
        (rules.DEFINITION, _summed("G[i, j]*D(f(Z[i, j]), X[r, c])")),
        (rules.CHAIN, _summed(f"{slope}*D(Z[i, j], X[r, c])")),
        (rules.DEFINITION, _summed(f"{slope}*D({total} + b[j], X[r, c])")),
        (
            rules.SUM,
            _summed(f"{slope}*(sum(D(X[i, l]*W[l, j], X[r, c]), l, 1, p) + D(b[j], X[r, c]))"),
        ),
        (
            rules.CONSTANT,
            _summed(f"{slope}*(sum(D(X[i, l]*W[l, j], X[r, c]), l, 1, p) + 0)"),
        ),
        (
            rules.CONSTANT_MULTIPLE,
            _summed(f"{slope}*(sum(D(X[i, l], X[r, c])*W[l, j], l, 1, p) + 0)"),
        ),
        (
            rules.PARTIAL,
            _summed(f"{slope}*(sum(delta(i, r)*delta(c, l)*W[l, j], l, 1, p) + 0)"),
        ),
        (rules.SIFTING, _summed(f"{slope}*(delta(i, r)*W[c, j])")),
        (
            rules.SIFTING,
            "sum(G[r, j]*f'(Z[r, j])*W[c, j], j, 1, q)",
            "Each delta leaves one term of its sum. This is entry (r, c) of the element-wise "
            "product of `G` and the derivative at `Z`, times the transpose of `W`: N x q "
            "times q x p is N x p, the shape of `X`.",
        ),
    ]


@derivation(
    "dW[r, c]",
    None,
    title="A layer: the gradient of the weights",
    source="document 002, introduction",
    where={"dW[r, c]": _summed("G[i, j]*D(A[i, j], W[r, c])"), **_LAYER},
    names=_NAMES,
)
def layer_gradient_of_weights() -> Lines:
    r"""Derive :math:`dW = X^T (G \odot f'(Z))` (document 002)."""
    slope = "G[i, j]*f'(Z[i, j])"
    total = "sum(X[i, l]*W[l, j], l, 1, p)"
    return [
        (rules.DEFINITION, _summed("G[i, j]*D(A[i, j], W[r, c])"), _SHAPES),
        (rules.DEFINITION, _summed("G[i, j]*D(f(Z[i, j]), W[r, c])")),
        (rules.CHAIN, _summed(f"{slope}*D(Z[i, j], W[r, c])")),
        (rules.DEFINITION, _summed(f"{slope}*D({total} + b[j], W[r, c])")),
        (
            rules.SUM,
            _summed(f"{slope}*(sum(D(X[i, l]*W[l, j], W[r, c]), l, 1, p) + D(b[j], W[r, c]))"),
        ),
        (
            rules.CONSTANT,
            _summed(f"{slope}*(sum(D(X[i, l]*W[l, j], W[r, c]), l, 1, p) + 0)"),
        ),
        (
            rules.CONSTANT_MULTIPLE,
            _summed(f"{slope}*(sum(X[i, l]*D(W[l, j], W[r, c]), l, 1, p) + 0)"),
        ),
        (
            rules.PARTIAL,
            _summed(f"{slope}*(sum(X[i, l]*(delta(l, r)*delta(j, c)), l, 1, p) + 0)"),
            "A weight is itself only if both indices agree.",
        ),
        (rules.SIFTING, _summed(f"{slope}*(X[i, r]*delta(j, c))")),
        (rules.SIFTING, "sum(G[i, c]*f'(Z[i, c])*X[i, r], i, 1, N)"),
        (
            rules.REORDER,
            "sum(X[i, r]*(G[i, c]*f'(Z[i, c])), i, 1, N)",
            "Written as a matrix product. This is entry (r, c) of the transpose of `X` times "
            "the element-wise product of `G` and the derivative at `Z`: p x N times N x q is "
            "p x q, the shape of `W`.",
        ),
    ]


@derivation(
    "db[c]",
    None,
    title="A layer: the gradient of the biases",
    source="document 002, introduction",
    where={"db[c]": _summed("G[i, j]*D(A[i, j], b[c])"), **_LAYER},
    names=_NAMES,
)
def layer_gradient_of_biases() -> Lines:
    r"""Derive :math:`db = 1^T (G \odot f'(Z))`, the sum over the rows (document 002)."""
    slope = "G[i, j]*f'(Z[i, j])"
    total = "sum(X[i, l]*W[l, j], l, 1, p)"
    return [
        (rules.DEFINITION, _summed("G[i, j]*D(A[i, j], b[c])"), _SHAPES),
        (rules.DEFINITION, _summed("G[i, j]*D(f(Z[i, j]), b[c])")),
        (rules.CHAIN, _summed(f"{slope}*D(Z[i, j], b[c])")),
        (rules.DEFINITION, _summed(f"{slope}*D({total} + b[j], b[c])")),
        (rules.SUM, _summed(f"{slope}*(D({total}, b[c]) + D(b[j], b[c]))")),
        (rules.CONSTANT, _summed(f"{slope}*(0 + D(b[j], b[c]))")),
        (rules.PARTIAL, _summed(f"{slope}*(0 + delta(c, j))")),
        (rules.ARITHMETIC, _summed(f"{slope}*delta(c, j)")),
        (
            rules.SIFTING,
            "sum(G[i, c]*f'(Z[i, c]), i, 1, N)",
            "The bias is added to every row. Its gradient is the sum over the rows, with q "
            "entries.",
        ),
    ]
