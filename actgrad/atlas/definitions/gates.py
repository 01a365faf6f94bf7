"""Activations that multiply the input by a gate that opens gradually."""

from actgrad.atlas._definition import Definition, Elsewhere, named

RECORDS = (
    Definition(
        "gelu",
        "GELU",
        "GELU",
        "x*Phi(x)",
        "The input times the probability that a normal number is smaller. "
        "It is a gate that opens gradually.",
        elsewhere=(
            *named(
                "torch.nn.functional.gelu",
                "keras.activations.gelu",
                "tensorflow.nn.gelu",
                "Gelu",
            ),
            Elsewhere("jax.nn.gelu", "approximate=True", "approximate=False"),
            Elsewhere("keras.ops.gelu", "approximate=True", "approximate=False"),
        ),
    ),
    Definition(
        "silu",
        "SiLU",
        "SiLU (swish)",
        "x*sigma(x)",
        "The input times its own sigmoid. It is a gate that opens gradually.",
        elsewhere=named(
            "torch.nn.functional.silu",
            "jax.nn.silu",
            "keras.activations.silu",
            "tensorflow.nn.silu",
            "Swish",
        ),
    ),
    Definition(
        "mish",
        "Mish",
        "Mish",
        "x*tanh(softplus(x))",
        "The input times the hyperbolic tangent of its softplus. It is close to SiLU.",
        elsewhere=named(
            "torch.nn.functional.mish", "jax.nn.mish", "keras.activations.mish", "Mish"
        ),
    ),
)
