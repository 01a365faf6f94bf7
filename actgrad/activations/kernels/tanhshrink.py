"""Tanhshrink, x - tanh(x)."""

import numpy as np

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import polynomial

# Lambert's fraction tanh x = x/(1 + z/(3 + z/(5 + ...))) with z = x^2, up to 21 instead of ...
ABOVE = (4583103525, 349188840, 6891885, 42900, 65)
BELOW = (13749310575, 6547290750, 413513100, 7567560, 45045, 66)
WIDTH = 1.5


class Kernel:
    r"""Near 0, where x - tanh(x) cancels, a quotient of polynomials with positive terms.

    .. math:: x - \tanh x = x \, \frac{k}{1 + k}, \qquad
              k = \cfrac{x^2}{3 + \cfrac{x^2}{5 + \cdots}}
    """

    def _value(self, x: FloatArray) -> FloatArray:
        a = x.clip(-WIDTH, WIDTH)
        z = a * a
        near = a * (z * (polynomial(ABOVE, z) / polynomial(BELOW, z)))
        return (a == x) * near + (a != x) * (x - np.tanh(x))
