"""Activations of the shape of an S, from one bound to another."""

from actgrad.atlas._definition import Definition, named

RECORDS = (
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
        elsewhere=named(
            "torch.sigmoid",
            "jax.nn.sigmoid",
            "keras.activations.sigmoid",
            "tensorflow.nn.sigmoid",
            "Sigmoid",
            "scipy.special.expit",
        ),
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
        elsewhere=named(
            "torch.tanh", "jax.nn.tanh", "keras.activations.tanh", "tensorflow.nn.tanh", "Tanh"
        ),
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
        elsewhere=named(
            "torch.nn.functional.softsign",
            "jax.nn.soft_sign",
            "keras.activations.softsign",
            "tensorflow.nn.softsign",
            "Softsign",
        ),
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
        elsewhere=named(
            "torch.atan", "jax.numpy.arctan", "keras.ops.arctan", "tensorflow.math.atan", "Atan"
        ),
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
        elsewhere=named(
            "torch.nn.functional.hardtanh", "jax.nn.hard_tanh", "keras.activations.hard_tanh"
        ),
    ),
)
