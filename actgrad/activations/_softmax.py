"""Softmax, with a stretch and over any axis."""

import operator
from dataclasses import dataclass

import numpy as np

from actgrad.activations._arguments import FloatArray, positive_parameter
from actgrad.activations._precise import exp_of_difference
from actgrad.activations._rows import RowActivation


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

    References
    ----------
    Source documents 000 (by cases), 002 (stretch, Kronecker delta) and 003 (diag(y) - y y^T and
    the closed product).
    """

    stretch: float = 1.0
    axis: int = -1

    def __post_init__(self) -> None:
        object.__setattr__(self, "stretch", positive_parameter("stretch", self.stretch))
        try:
            axis = operator.index(self.axis)
        except TypeError:
            raise ValueError(
                f"axis must be an integer, got {self.axis!r}; pass e.g. -1"
            ) from None
        object.__setattr__(self, "axis", axis)

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

    def _vjp_from_output(self, y: FloatArray, g: FloatArray) -> FloatArray:
        h = g - g[np.arange(len(y)), y.argmax(axis=-1), np.newaxis]
        h -= np.vecdot(y, h)[:, np.newaxis]
        h -= (y * h).sum(axis=-1, keepdims=True)
        h *= y
        return h if self.stretch == 1 else self.stretch * h

    def _vjp_of_infinite(self, y: FloatArray, g: FloatArray) -> FloatArray:
        g = np.where((y == 0) & np.isinf(g), 0, g)
        infinite = np.isinf(g).any(axis=-1, keepdims=True)
        dz = self._vjp_from_output(y, np.where(infinite, np.sign(g) * np.isinf(g), g))
        return np.where(infinite & (dz != 0), np.inf * dz, dz)

    def _jacobian_from_output(self, y: FloatArray) -> FloatArray:
        likeliest = np.argmax(y, axis=-1, keepdims=True)
        others = y.copy()
        np.put_along_axis(others, likeliest, 0, axis=-1)
        complement = 1 - y
        np.put_along_axis(complement, likeliest, others.sum(-1, keepdims=True), axis=-1)

        jacobian = -self.stretch * y[..., :, np.newaxis] * y[..., np.newaxis, :]
        np.einsum("...ii->...i", jacobian)[...] = self.stretch * y * complement
        return jacobian
