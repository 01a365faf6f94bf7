"""Softmax, with a stretch and over any axis, and softmin."""

from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray, axis_parameter, positive_parameter
from actgrad.activations._precise import exp_of_difference
from actgrad.activations._rows import RowActivation, complement


@dataclass(frozen=True)
class Softmax(RowActivation):
    r"""Softmax, which maps k numbers to k probabilities.

    .. math:: y_i = \frac{e^{s z_i}}{\sum_j e^{s z_j}}, \qquad
              \frac{\partial y_i}{\partial z_j} = s \, y_i (\delta_{ij} - y_j), \qquad
              \frac{\partial L}{\partial z} = s \, y \odot (g - \langle y, g \rangle)

    Parameters
    ----------
    stretch : float, default 1.0
        The factor s, the inverse of a temperature: the larger, the sharper.
    axis : int, default -1
        The axis along which the outputs sum to 1.

    Raises
    ------
    ValueError
        If `stretch` is not a number from 1e-30 to 1e30 or `axis` is not an integer.

    Notes
    -----
    The input must have at least one element along `axis` (else a ``ValueError``). An entry of
    -inf is a mask: its probability and its gradient are 0. Entries of +inf share the
    probability evenly. A row of nothing but -inf has no answer; it gives NaN.

    Subtracting the maximum changes nothing in exact arithmetic; it is done where the row needs
    it, that is, where its exponentials could overflow or all underflow, and the rounding of
    the difference is made good. The product J^T g sees only differences of cotangents, so the
    cotangent of the likeliest class is subtracted first: then saturated rows keep their
    digits. The mean <y, g> is subtracted twice, as the first time it carries the rounding of
    the sum of y. For the same reason the diagonal entry of the likeliest class is y_i times
    the sum of the *other* probabilities, not y_i (1 - y_i).

    Examples
    --------
    >>> from actgrad import Softmax
    >>> f = Softmax()
    >>> print(f([1000.0, 1000.0]))
    [0.5 0.5]
    >>> print(f.vjp([0.0, 0.0], [1.0, 0.0]))
    [ 0.25 -0.25]

    References
    ----------
    Source documents 000 (by cases), 002 (stretch, Kronecker delta) and 003 (diag(y) - y y^T and
    the closed product).
    """

    stretch: float = 1.0
    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "stretch", positive_parameter("stretch", self.stretch))
        object.__setattr__(self, "axis", axis_parameter(self.axis))

    def _value(self, z: FloatArray) -> FloatArray:
        top = z.max(axis=-1, keepdims=True)
        safe = (top >= 0) & (top <= (60 if z.dtype == np.float32 else 600))
        if self.stretch == 1 and safe.all():
            e = np.exp(z)
        else:
            shift = np.where(safe & (self.stretch == 1), 0, top)  # each row decides for itself
            e = exp_of_difference(self.stretch, z, shift)
        e /= e.sum(axis=-1, keepdims=True)
        return e

    def _vjp_from_probabilities(self, p: FloatArray, g: FloatArray) -> FloatArray:
        h = g - g[np.arange(len(p)), p.argmax(axis=-1), np.newaxis]
        h -= np.vecdot(p, h)[:, np.newaxis]
        h -= (p * h).sum(axis=-1, keepdims=True)
        h *= p
        return h if self.stretch == 1 else self.stretch * h

    def _diagonal(self, p: FloatArray) -> FloatArray:
        return self.stretch * p * complement(p)

    def _off_diagonal(self, p: FloatArray) -> FloatArray:
        return -self.stretch * p[..., :, np.newaxis] * p[..., np.newaxis, :]


_SOFTMAX = Softmax()


@dataclass(frozen=True)
class Softmin(RowActivation):
    r"""Softmin, the softmax of the negative input: the smallest number gets the largest share.

    .. math:: y_i = \frac{e^{-z_i}}{\sum_j e^{-z_j}}, \qquad
              \frac{\partial y_i}{\partial z_j} = -y_i (\delta_{ij} - y_j), \qquad
              \frac{\partial L}{\partial z} = -y \odot (g - \langle y, g \rangle)

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
    It is as exact as `Softmax`, whose formulas it uses. An entry of +inf is a mask; a row of
    nothing but +inf has no answer and gives NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from actgrad import Softmin
    >>> Softmin()([0.0, 0.0, np.inf])
    array([0.5, 0.5, 0. ])

    References
    ----------
    ``bridle1990`` in the book's bibliography, with the other sign.
    """

    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", axis_parameter(self.axis))

    def _value(self, z: FloatArray) -> FloatArray:
        return _SOFTMAX._value(-z)

    def _vjp_from_probabilities(self, p: FloatArray, g: FloatArray) -> FloatArray:
        return -_SOFTMAX._vjp_from_probabilities(p, g)

    def _diagonal(self, p: FloatArray) -> FloatArray:
        return -_SOFTMAX._diagonal(p)

    def _off_diagonal(self, p: FloatArray) -> FloatArray:
        return -_SOFTMAX._off_diagonal(p)
