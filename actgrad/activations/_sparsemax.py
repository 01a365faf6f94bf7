"""Sparsemax, the point of the simplex that lies nearest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actgrad.activations._arguments import FloatArray, axis_parameter
from actgrad.activations._precise import difference
from actgrad.activations._rows import RowActivation


@dataclass(frozen=True)
class Sparsemax(RowActivation):
    r"""Sparsemax, which maps k numbers to k probabilities, many of them exactly 0.

    .. math:: y = \operatorname*{arg\,min}_{p \ge 0,\, \sum_i p_i = 1} \lVert p - z \rVert^2,
              \qquad y_i = \max(0, z_i - \tau), \qquad
              \frac{\partial y_i}{\partial z_j} = \delta_{ij} - \frac{1}{\lvert S \rvert}
              \quad (i, j \in S), \qquad
              \left(\frac{\partial L}{\partial z}\right)_i = g_i - \frac{1}{\lvert S \rvert}
              \sum_{j \in S} g_j \quad (i \in S)

    Parameters
    ----------
    axis : int, default -1
        The axis along which the outputs sum to 1.

    Raises
    ------
    ValueError
        If `axis` is not an integer.

    Notes
    -----
    The support S holds the entries with y_i > 0, and the threshold tau makes these sum to 1.
    Outside of S the Jacobian is 0. As an entry enters S, y has a kink: where z_i is tau the
    entry counts as outside, as y_i = 0 says. The output therefore determines the gradient.

    An entry of -inf is a mask, and so is each that lies 1 or more below the largest. Entries
    of +inf share the probability evenly. A row of nothing but -inf gives NaN.

    Examples
    --------
    >>> from actgrad import Sparsemax
    >>> f = Sparsemax()
    >>> f([1.0, 0.5, -1.0])
    array([0.75, 0.25, 0.  ])
    >>> f.jacobian([1.0, 0.5, -1.0])
    array([[ 0.5, -0.5,  0. ],
           [-0.5,  0.5,  0. ],
           [ 0. ,  0. ,  0. ]])

    References
    ----------
    ``martins2016`` in the book's bibliography.
    """

    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", axis_parameter(self.axis))

    def _value(self, z: FloatArray) -> FloatArray:
        # Only differences count, and none that exceeds 1.
        d = np.maximum(difference(z, z.max(axis=-1, keepdims=True)), -1)
        falling = -np.sort(-d, axis=-1)
        sizes = np.arange(1, z.shape[-1] + 1, dtype=z.dtype)
        inside = 1 + sizes * falling > np.cumsum(falling, axis=-1)
        size = inside.sum(axis=-1, keepdims=True)
        smallest = np.take_along_axis(falling, size - 1, axis=-1)
        # A sum in pairs is more exact than the running one that has found the support.
        tau = (np.where(d >= smallest, d, 0).sum(axis=-1, keepdims=True) - 1) / size
        return np.maximum(d - tau.astype(z.dtype), 0)

    def _vjp_from_probabilities(self, p: FloatArray, g: FloatArray) -> FloatArray:
        support = p > 0
        h = np.where(support, g - g[np.arange(len(p)), p.argmax(axis=-1), np.newaxis], 0)
        mean = h.sum(axis=-1, keepdims=True) / _size(support, p)
        return np.where(support, h - mean, 0 * p)  # 0 p is NaN in a row without an answer

    def _diagonal(self, p: FloatArray) -> FloatArray:
        support = p > 0
        size = _size(support, p)
        return np.where(support, (size - 1) / size, 0 * p)

    def _off_diagonal(self, p: FloatArray) -> FloatArray:
        support = p > 0
        both = support[..., :, np.newaxis] & support[..., np.newaxis, :]
        return np.where(both, -1 / _size(support, p)[..., np.newaxis], 0 * p[..., np.newaxis])


def _size(support: NDArray[np.bool_], p: FloatArray) -> FloatArray:
    return support.sum(axis=-1, keepdims=True).astype(p.dtype)
