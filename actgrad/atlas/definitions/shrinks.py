"""Activations that pull inputs towards 0, or set what is small to it."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

RECORDS = (
    Definition(
        "hard_shrink",
        "Hardshrink",
        "Hard shrinkage",
        "Piecewise((0, abs(x) <= lam), (x, otherwise))",
        "It sets small inputs to 0 and leaves the others as they are. "
        "At the two borders it jumps.",
        parameters=(Parameter("lambd", 0.5, letter="lam"),),
        at_kinks=(("-lam", "0"), ("lam", "0")),
        from_output="Piecewise((0, y == 0), (1, otherwise))",
        ulp=(0, 0),
        paper="donoho1994",
        view=(-3.0, 3.0),
        elsewhere=(
            *named("torch.nn.functional.hardshrink"),
            Elsewhere("keras.activations.hard_shrink"),
            Elsewhere("Shrink", "", "lambd=0.5"),
        ),
        traps=("ONNX has one operator for both shrinkages: a bias of 0 makes it hard.",),
    ),
    Definition(
        "soft_shrink",
        "Softshrink",
        "Soft shrinkage",
        "Piecewise((x - lam, x > lam), (x + lam, x < -lam), (0, otherwise))",
        "It moves every input towards 0 by the same amount, small ones onto it. "
        "It solves least squares with a penalty on absolute values.",
        parameters=(Parameter("lambd", 0.5, letter="lam"),),
        at_kinks=(("-lam", "0"), ("lam", "0")),
        from_output="Piecewise((0, y == 0), (1, otherwise))",
        ulp=(4, 5),
        paper="donoho1995",
        view=(-3.0, 3.0),
        elsewhere=(
            *named("torch.nn.functional.softshrink", "keras.activations.soft_shrink"),
            Elsewhere("Shrink", "", "lambd=0.5, bias=0.5"),
        ),
    ),
    Definition(
        "tanhshrink",
        "Tanhshrink",
        "Tanh shrinkage",
        "x - tanh(x)",
        "What the hyperbolic tangent leaves of its input. "
        "Small inputs shrink to their cube over 3, large ones by 1.",
        stable_derivative="tanh(x)^2",
        ulp=(4, 5),
        elsewhere=named("torch.nn.functional.tanhshrink", "keras.activations.tanh_shrink"),
        traps=("Written as it stands it is 0 up to 1e-8, where the truth is x^3/3.",),
    ),
    Definition(
        "sym_log",
        "SymLog",
        "Symmetric logarithm",
        "sign(x)*log(1 + abs(x))",
        "It squeezes large numbers of either sign. Near 0 it is nearly a line.",
        stable_formula="sign(x)*log1p(abs(x))",
        stable_derivative="1/(1 + abs(x))",
        from_output="e^(-abs(y))",
        ulp=(4, 5),
        paper="hafner2023",
        view=(-10.0, 10.0),
    ),
    Definition(
        "arsinh",
        "Arsinh",
        "Inverse hyperbolic sine",
        "asinh(x)",
        "It squeezes large numbers of either sign, smoothly. Its slope fades as 1/x.",
        stable_derivative=(
            "Piecewise((1/sqrt(1 + x^2), abs(x) < 1), "
            "(1/(abs(x)*sqrt(1 + (1/x)^2)), otherwise))"
        ),
        from_output="1/cosh(y)",
        ulp=(4, 5),
        view=(-10.0, 10.0),
        elsewhere=named("torch.asinh", "jax.numpy.arcsinh", "tensorflow.asinh", "Asinh"),
    ),
    Definition(
        "log_cosh",
        "LogCosh",
        "Logarithm of the hyperbolic cosine",
        "log(cosh(x))",
        "An absolute value without a corner. Its slope is the hyperbolic tangent.",
        stable_formula="abs(x) - log(2) + log1p(e^(-2*abs(x)))",
        stable_derivative="tanh(x)",
        ulp=(4, 5),
        traps=("Written as it stands it overflows; so does the hyperbolic cosine alone.",),
    ),
)
