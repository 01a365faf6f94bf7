"""The activations, each as one record; everything else about them is derived."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actgrad.atlas._definition import Definition, Parameter

_IN_ORDER = (
    Definition(
        "sigmoid",
        "Sigmoid",
        "Sigmoid",
        "sigma(x)",
        "It maps every number into (0, 1), so that it reads as a probability. "
        "In its tails the slope fades, and with it the gradient.",
        from_output="y*(1 - y)",
        ulp=(4, 5),
        paper="verhulst1838",
    ),
    Definition(
        "tanh",
        "Tanh",
        "Hyperbolic tangent",
        "tanh(x)",
        "A sigmoid whose outputs lie around 0, in (-1, 1). Its slope at 0 is 1.",
        from_output="(1 - y)*(1 + y)",
        ulp=(4, 5),
        paper="lecun1998",
    ),
    Definition(
        "linear",
        "Linear",
        "Linear",
        "x",
        "What a layer uses that shall have no activation. It passes every gradient on.",
        from_output="1",
        ulp=(0, 0),
    ),
    Definition(
        "relu",
        "ReLU",
        "ReLU",
        "max(0, x)",
        "A gate: open for positive inputs, closed for the others. "
        "Where it is open the gradient passes unchanged.",
        at_kinks=(("0", "0"),),
        from_output="Piecewise((1, y > 0), (0, otherwise))",
        ulp=(0, 0),
        paper="nair2010",
    ),
    Definition(
        "softplus",
        "Softplus",
        "Softplus",
        "softplus(beta*x)/beta",
        "A ReLU without a corner. Its slope is the sigmoid of beta x.",
        parameters=(Parameter("beta", 1.0),),
        from_output="1 - e^(-beta*y)",
        ulp=(4, 5),
        paper="dugas2001",
    ),
    Definition(
        "leaky_relu",
        "LeakyReLU",
        "Leaky ReLU",
        "Piecewise((x, x > 0), (alpha*x, otherwise))",
        "A ReLU whose closed side leaks: its slope is alpha there, not 0. "
        "So no unit is without a gradient.",
        parameters=(Parameter("alpha", 0.01, slider=(0.01, 2.0, 0.01)),),
        at_kinks=(("0", "alpha"),),
        from_output="Piecewise((1, y > 0), (alpha, otherwise))",
        ulp=(4, 5),
        paper="maas2013",
    ),
    Definition(
        "elu",
        "ELU",
        "ELU",
        "Piecewise((x, x > 0), (alpha*(e^x - 1), otherwise))",
        "A ReLU whose closed side bends down to -alpha. Its outputs lie nearer to mean 0.",
        parameters=(Parameter("alpha", 1.0, slider=(0.01, 2.0, 0.01)),),
        at_kinks=(("0", "alpha"),),
        from_output="Piecewise((1, y > 0), (y + alpha, otherwise))",
        ulp=(4, 5),
    ),
    Definition(
        "gelu",
        "GELU",
        "GELU",
        "x*Phi(x)",
        "The input times the probability that a normal number is smaller. "
        "It is a gate that opens gradually.",
    ),
    Definition(
        "silu",
        "SiLU",
        "SiLU (swish)",
        "x*sigma(x)",
        "The input times its own sigmoid. It is a gate that opens gradually.",
    ),
    Definition(
        "mish",
        "Mish",
        "Mish",
        "x*tanh(softplus(x))",
        "The input times the hyperbolic tangent of its softplus. It is close to SiLU.",
    ),
    Definition(
        "softsign",
        "Softsign",
        "Softsign",
        "x/(1 + abs(x))",
        "Like tanh it maps into (-1, 1). Its tails fade as a power, not as an exponential.",
        stable_formula=(
            "Piecewise((x/(1 + abs(x)), abs(x) < 1), (sign(x)/(1 + 1/abs(x)), otherwise))"
        ),
        stable_derivative="(1/(1 + abs(x)))^2",
        from_output="(1 - abs(y))^2",
        ulp=(4, 5),
    ),
    Definition(
        "arctan",
        "Arctan",
        "Inverse tangent",
        "atan(x)",
        "It maps into an interval around 0, from -pi/2 to pi/2. Its slope fades as 1/x^2.",
        stable_derivative=(
            "Piecewise((1/(1 + x^2), abs(x) < 1), ((1/x)^2/(1 + (1/x)^2), otherwise))"
        ),
        from_output="cos(y)^2",
        ulp=(4, 5),
    ),
    Definition(
        "hard_tanh",
        "Hardtanh",
        "Hard tanh",
        "max(-1, min(1, x))",
        "A tanh made of straight lines. It is cut off at -1 and at 1.",
        at_kinks=(("-1", "0"), ("1", "0")),
        from_output="Piecewise((1, abs(y) < 1), (0, otherwise))",
        ulp=(4, 5),
    ),
)

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {definition.name: definition for definition in _IN_ORDER}
)
