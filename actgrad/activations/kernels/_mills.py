r"""Mills' ratio of the normal distribution, as a quotient of polynomials.

.. math:: M(a) = \frac{1 - \Phi(a)}{\varphi(a)}
               = \sqrt{\pi/2} \, e^{a^2/2} \operatorname{erfc}(a/\sqrt 2)
               \approx \frac{P(a)}{a P(a) + C(a)}, \qquad
          M(a) - a \approx (a_0 - a) \Bigl(1 + \frac{Z(a)}{a P(a) + C(a)}\Bigr), \qquad a \ge 0

All coefficients are positive, so that nothing cancels. Where a is large, an error of P
counts in numerator and denominator alike, and C and Z are small beside a P.

Relative errors are below 2^-57. The coefficients interpolate, at 22 Chebyshev nodes t of
a = 2.75 (1 + t)/(1 - t), of which the nearest to the root a_0 is the root itself; Z follows
from P and C. ``python tests/activations/test_mills.py`` computes them.
"""

from actgrad.activations._arguments import FloatArray
from actgrad.activations._precise import polynomial

ROOT = "0.7517915246935644574579049467795240396645"
"""a_0, where M(a) = a."""

P = (
    1.2533141373155003,
    2.294078138654406,
    2.076791173759439,
    1.2106071535617373,
    0.5011065991297062,
    0.15405348435918761,
    0.03584305294006792,
    0.006315666169016819,
    0.0008280796578748176,
    7.731563722048357e-05,
    4.662934505585495e-06,
    1.3943239255737555e-07,
)
C = (
    1.0,
    1.3749799515950907,
    0.9600367496911054,
    0.4373560875669185,
    0.1421849960217677,
    0.03423352281236488,
    0.0061624292214576895,
    0.0008187537888295426,
    7.703677243557516e-05,
    4.66293450558501e-06,
    1.3943239255737573e-07,
)
Z = (
    0.667103307431352,
    1.3105391498556433,
    1.2515628326101513,
    0.7609228948256245,
    0.32590394168959474,
    0.1030781233878644,
    0.024570921286318083,
    0.004422172593594227,
    0.0005909515412302682,
    5.6156998131930246e-05,
    3.444928112134755e-06,
    1.0482409099238096e-07,
)


def above_and_below(a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a P(a) and a P(a) + C(a), whose quotient is a M(a)."""
    above = a * polynomial(P, a)
    return above, above + polynomial(C, a)


def ratio(a: FloatArray) -> FloatArray:
    """Return M(a)."""
    p = polynomial(P, a)
    return p / (a * p + polynomial(C, a))
