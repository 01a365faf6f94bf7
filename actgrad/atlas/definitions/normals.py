"""Activations made of the normal distribution and its density."""

from actgrad.atlas._definition import Definition, Parameter

RECORDS = (
    Definition(
        "laplace",
        "Laplace",
        "Laplace activation",
        "Phi((x - m)/s)",
        "The distribution function of a normal number, whose slope is its density. "
        "At the default mean it has the value and the slope of the squared ReLU.",
        parameters=(
            Parameter("mu", 0.5**0.5, (-1e30, 1e30), (-2.0, 2.0, 0.05), letter="m"),
            Parameter("sigma", 0.28209479177387814, slider=(0.05, 2.0, 0.05), letter="s"),
        ),
        ulp=(4, 5),
        paper="ma2022",
        view=(-3.0, 3.0),
        traps=(
            "In spite of its name it is the normal distribution, not the one called Laplace's.",
        ),
    ),
    Definition(
        "derf",
        "Derf",
        "Dynamic error function",
        "erf(alpha*x + s)",
        "An error function with learned scale and shift, in place of a layer's normalization. "
        "It is to erf what DyT is to the hyperbolic tangent.",
        parameters=(
            Parameter("alpha", 0.5, slider=(0.05, 3.0, 0.05), learned=True),
            Parameter("shift", 0.0, (-1e30, 1e30), (-2.0, 2.0, 0.05), "s", learned=True),
        ),
        ulp=(4, 5),
        paper="chen2025",
    ),
    Definition(
        "gaussian",
        "Gaussian",
        "Gaussian",
        "e^(-x^2)",
        "A bump: it answers to inputs near 0 and to no others. "
        "Its tails, and their slopes, fade faster than any exponential of x.",
        ulp=(4, 5),
        view=(-4.0, 4.0),
        traps=("It takes two inputs to one output: from the output the slope has no sign.",),
    ),
)
