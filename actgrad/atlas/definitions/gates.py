"""Activations that multiply the input by a gate that opens gradually."""

from actgrad.atlas._definition import Definition

RECORDS = (
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
)
