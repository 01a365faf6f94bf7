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
        paper="clevert2016",
    ),
    Definition(
        "selu",
        "SELU",
        "SELU",
        "Piecewise((1.050700987355480493*x, x > 0), "
        "(1.050700987355480493*1.673263242354377285*(e^x - 1), "
        "otherwise))",
        "An ELU with two constants that keep mean 0 and variance 1 from layer to layer. "
        "Deep networks then need no normalization.",
        at_kinks=(
            (
                "0",
                "1.050700987355480493*1.673263242354377285",
            ),
        ),
        from_output=(
            "Piecewise((1.050700987355480493, y > 0), "
            "(y + 1.050700987355480493*1.673263242354377285, "
            "otherwise))"
        ),
        ulp=(4, 5),
        paper="klambauer2017",
        elsewhere=named(
            "torch.nn.functional.selu",
            "jax.nn.selu",
            "keras.activations.selu",
            "tensorflow.nn.selu",
            "Selu",
        ),
        traps=(
            "Its constants hold for weights of variance 1/n and for its own form of dropout.",
            "Libraries differ in the slope at 0, and ONNX in its constants, by up to 5.1e-8.",
        ),
    ),
    Definition(
        "celu",
        "CELU",
        "CELU",
        "Piecewise((x, x > 0), (alpha*(e^(x/alpha) - 1), otherwise))",
        "An ELU whose slope has no jump, whatever alpha is. Its closed side ends at -alpha.",
        parameters=(Parameter("alpha", 1.0, slider=(0.01, 2.0, 0.01)),),
        from_output="Piecewise((1, y > 0), (1 + y/alpha, otherwise))",
        ulp=(4, 5),
        paper="barron2017",
        elsewhere=named(
            "torch.nn.functional.celu", "jax.nn.celu", "keras.activations.celu", "Celu"
        ),
    ),
    Definition(
        "isrlu",
        "ISRLU",
        "Inverse square root linear unit",
        "Piecewise((x, x >= 0), (x/sqrt(1 + alpha*x^2), otherwise))",
        "An ELU without an exponential. Its closed side ends at minus one over a root.",
        parameters=(Parameter("alpha", 1.0),),
        stable_formula=(
            "Piecewise((x, x >= 0), (x/sqrt(1 + alpha*x^2), x > -1), "
            "(-1/sqrt(alpha + (1/x)^2), otherwise))"
        ),
        stable_derivative=(
            "Piecewise((1, x >= 0), (1/((1 + alpha*x^2)*sqrt(1 + alpha*x^2)), x > -1), "
            "(1/abs(x)/((alpha + 1/x^2)*sqrt(alpha + 1/x^2))/x^2, otherwise))"
        ),
        ulp=(4, 5),
        paper="carlile2017",
    ),
    Definition(
        "squareplus",
        "Squareplus",
        "Squareplus",
        "(x + sqrt(x^2 + b))/2",
        "A softplus without an exponential: a hyperbola between two lines. "
        "Its tails fade as a power.",
        parameters=(Parameter("b", 4.0),),
        stable_formula=(
            "Piecewise((x*((1 + sqrt(1 + b/x/x))/2), x >= 1), "
            "((x + sqrt(x^2 + b))/2, x >= 0), "
            "(b/(sqrt(x^2 + b) - x)/2, x > -1), "
            "(b/(-x*((1 + sqrt(1 + b/x/x))/2))/4, otherwise))"
        ),
        stable_derivative=(
            "Piecewise(((1 + 1/sqrt(1 + b/x/x))/2, x >= 1), "
            "((x + sqrt(x^2 + b))/(2*sqrt(x^2 + b)), x >= 0), "
            "(b/(sqrt(x^2 + b) - x)/(2*sqrt(x^2 + b)), x > -1), "
            "(b/x/x/(1 + sqrt(1 + b/x/x))/(2*sqrt(1 + b/x/x)), otherwise))"
        ),
        from_output="1/(1 + b/(4*y^2))",
        ulp=(4, 5),
        paper="barron2021",
        elsewhere=named("jax.nn.squareplus", "keras.activations.squareplus"),
        traps=("Written as it stands it loses every digit far to the left.",),
    ),
    Definition(
        "log_sigmoid",
        "LogSigmoid",
        "Logarithm of the sigmoid",
        "-softplus(-x)",
        "The logarithm of a probability, as a loss needs it. "
        "Unlike the logarithm of a computed sigmoid it stays finite on the left.",
        stable_formula="min(0, x) - log1p(e^(-abs(x)))",
        stable_derivative="e^(min(0, -x))/(1 + e^(-abs(x)))",
        from_output="1 - e^y",
        ulp=(4, 5),
        elsewhere=named(
            "torch.nn.functional.logsigmoid",
            "jax.nn.log_sigmoid",
            "keras.activations.log_sigmoid",
            "tensorflow.math.log_sigmoid",
            "scipy.special.log_expit",
        ),
        traps=("The logarithm of a sigmoid that has underflowed is minus infinity.",),
    ),
    Definition(
        "shifted_softplus",
        "ShiftedSoftplus",
        "Shifted softplus",
        "log((1 + e^x)/2)",
        "A softplus that takes 0 to 0. Networks for molecules use it, as it is smooth.",
        stable_formula="max(0, x) + log1p((e^(-abs(x)) - 1)/2)",
        stable_derivative="e^(min(0, x))/(1 + e^(-abs(x)))",
        from_output="1 - e^(-y)/2",
        ulp=(4, 5),
        paper="schutt2017",
    ),
    Definition(
        "exponential",
        "Exponential",
        "Exponential function",
        "e^x",
        "It makes every number positive, and differences into ratios. Its slope is its value.",
        from_output="y",
        ulp=(4, 5),
        view=(-4.0, 4.0),
        elsewhere=named(
            "torch.exp",
            "jax.numpy.exp",
            "keras.activations.exponential",
            "tensorflow.exp",
            "Exp",
        ),
        traps=("It overflows from 709.8 on, in float32 from 88.8 on.",),
    ),
    Definition(
        "xielu",
        "XIELU",
        "xIELU",
        "Piecewise((p*x^2 + beta*x, x > 0), (n*(e^x - 1 - x) + beta*x, otherwise))",
        "A slope that grows with the input on the right and falls below 0 on the left. "
        "How fast it does so is learned, apart for each side.",
        parameters=(
            Parameter("alpha_p", 0.8, slider=(0.1, 3.0, 0.05), letter="p", learned=True),
            Parameter("alpha_n", 0.8, slider=(0.1, 3.0, 0.05), letter="n", learned=True),
            Parameter("beta", 0.5, slider=(0.1, 2.0, 0.05)),
        ),
        stable_formula=(
            "Piecewise((x*(p*x + beta), x > 0), (n*((e^x - 1) - x) + beta*x, otherwise))"
        ),
        ulp=(4, 5),
        paper="huang2024",
        view=(-4.0, 2.0),
        traps=(
            "Libraries train two other numbers: alpha_p is the softplus of one, and alpha_n is "
            "beta plus the softplus of the other.",
            "Some implementations do not let x in the exponential come nearer to 0 than -1e-6: "
            "there 0 goes to -8e-7 and not to 0.",
            "It grows as a square, so float16 overflows from 286 on.",
        ),
    ),
)
