"""Activations made of straight lines that let positive inputs pass."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

RECORDS = (
    Definition(
        "linear",
        "Linear",
        "Linear",
        "x",
        "What a layer uses that shall have no activation. It passes every gradient on.",
        from_output="1",
        ulp=(0, 0),
        elsewhere=named("jax.nn.identity", "keras.activations.linear", "Identity"),
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
        elsewhere=named(
            "torch.nn.functional.relu",
            "jax.nn.relu",
            "keras.activations.relu",
            "tensorflow.nn.relu",
            "Relu",
        ),
    ),
    Definition(
        "leaky_relu",
        "LeakyReLU",
        "Leaky ReLU",
        "Piecewise((x, x > 0), (alpha*x, otherwise))",
        "A ReLU whose closed side leaks: its slope is alpha there, not 0. "
        "So no unit is without a gradient.",
        parameters=(
            Parameter("negative_slope", 0.01, slider=(0.01, 2.0, 0.01), letter="alpha"),
        ),
        at_kinks=(("0", "alpha"),),
        from_output="Piecewise((1, y > 0), (alpha, otherwise))",
        ulp=(4, 5),
        paper="maas2013",
        elsewhere=(
            *named("torch.nn.functional.leaky_relu", "jax.nn.leaky_relu", "LeakyRelu"),
            Elsewhere(
                "keras.activations.leaky_relu", "negative_slope=0.2", "negative_slope=0.01"
            ),
            Elsewhere("keras.layers.LeakyReLU", "negative_slope=0.3", "negative_slope=0.01"),
            Elsewhere("tensorflow.nn.leaky_relu", "alpha=0.2", "alpha=0.01"),
        ),
    ),
)
