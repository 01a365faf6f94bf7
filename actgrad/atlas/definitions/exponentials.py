"""Rectifiers whose bend is an exponential."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

RECORDS = (
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
        elsewhere=(
            Elsewhere("torch.nn.functional.softplus", "threshold=20"),
            *named(
                "jax.nn.softplus",
                "keras.activations.softplus",
                "tensorflow.nn.softplus",
                "Softplus",
                "scipy.special.softplus",
            ),
        ),
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
        elsewhere=named(
            "torch.nn.functional.elu",
            "jax.nn.elu",
            "keras.activations.elu",
            "tensorflow.nn.elu",
            "Elu",
        ),
    ),
)
