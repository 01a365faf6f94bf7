"""Activations of the shape of an S, from one bound to another."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

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
        paper="bergstra2009",
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
    Definition(
        "hard_sigmoid",
        "Hardsigmoid",
        "Hard sigmoid",
        "min(6, max(0, x + 3))/6",
        "A sigmoid made of straight lines, for phones and few bits. "
        "From 3 on, on either side, no gradient passes.",
        at_kinks=(("-3", "0"), ("3", "0")),
        stable_derivative="Piecewise((1/6, abs(x) < 3), (0, otherwise))",
        from_output="Piecewise((1/6, 0 < y < 1), (0, otherwise))",
        ulp=(4, 5),
        paper="courbariaux2015",
        view=(-6.0, 6.0),
        elsewhere=(
            *named(
                "torch.nn.functional.hardsigmoid",
                "jax.nn.hard_sigmoid",
                "keras.activations.hard_sigmoid",
            ),
            Elsewhere("HardSigmoid", "alpha=0.2", "alpha=0.16666666666666666"),
        ),
        traps=(
            "Its slope is 1/6 here and 1/5 by default in ONNX: a model moved across changes.",
        ),
    ),
    Definition(
        "sparse_sigmoid",
        "SparseSigmoid",
        "Sparse sigmoid",
        "max(0, min(2, x + 1))/2",
        "A sigmoid of straight lines from -1 to 1. It is the slope of sparse plus.",
        at_kinks=(("-1", "0"), ("1", "0")),
        stable_derivative="Piecewise((1/2, abs(x) < 1), (0, otherwise))",
        from_output="Piecewise((1/2, 0 < y < 1), (0, otherwise))",
        ulp=(4, 5),
        paper="martins2016",
        view=(-4.0, 4.0),
        elsewhere=named("jax.nn.sparse_sigmoid", "keras.activations.sparse_sigmoid"),
    ),
    Definition(
        "bipolar_sigmoid",
        "BipolarSigmoid",
        "Bipolar sigmoid",
        "(1 - e^(-x))/(1 + e^(-x))",
        "The sigmoid stretched onto (-1, 1). It is the hyperbolic tangent of x/2.",
        stable_formula="tanh(x/2)",
        stable_derivative="2*e^(-abs(x))/(1 + e^(-abs(x)))^2",
        from_output="(1 - y)*(1 + y)/2",
        ulp=(4, 5),
    ),
    Definition(
        "lecun_tanh",
        "ScaledTanh",
        "LeCun's hyperbolic tangent",
        "1.7159*tanh(2*x/3)",
        "A hyperbolic tangent scaled so that it takes 1 to 1 and -1 to -1, nearly. "
        "Near there, at plus and minus 0.988, its second derivative is largest in size.",
        stable_derivative="4*1.7159*2/3*e^(-4*abs(x)/3)/(1 + e^(-4*abs(x)/3))^2",
        from_output="2/3*(1.7159 - y)*(1.7159 + y)/1.7159",
        ulp=(4, 5),
        paper="lecun1998",
    ),
    Definition(
        "softcap",
        "Softcap",
        "Soft cap",
        "c*tanh(x/c)",
        "It leaves small numbers alone and keeps large ones below a bound. "
        "Language models cap the logits of attention with it.",
        parameters=(Parameter("cap", 30.0, slider=(1.0, 60.0, 1.0), letter="c"),),
        stable_derivative="4*e^(-2*abs(x)/c)/(1 + e^(-2*abs(x)/c))^2",
        from_output="(1 - y/c)*(1 + y/c)",
        ulp=(4, 5),
        paper="gemma2024",
        view=(-100.0, 100.0),
    ),
    Definition(
        "dyt",
        "DyT",
        "Dynamic tanh",
        "gamma*tanh(alpha*x)",
        "A hyperbolic tangent with learned scales, in place of a layer's normalization. "
        "The shift that follows it is the layer's own.",
        parameters=(
            Parameter("alpha", 0.5, slider=(0.05, 3.0, 0.05), learned=True),
            Parameter("weight", 1.0, slider=(0.1, 3.0, 0.1), letter="gamma", learned=True),
        ),
        stable_derivative=("4*gamma*alpha*e^(-2*alpha*abs(x))/(1 + e^(-2*alpha*abs(x)))^2"),
        from_output="alpha*(gamma - y)*(gamma + y)/gamma",
        ulp=(4, 5),
        paper="zhu2025",
    ),
    Definition(
        "isru",
        "ISRU",
        "Inverse square root unit",
        "x/sqrt(1 + alpha*x^2)",
        "An S without an exponential: a square root is enough. "
        "Its bounds are plus and minus one over the root of alpha.",
        parameters=(Parameter("alpha", 1.0),),
        stable_formula=(
            "Piecewise((x/sqrt(1 + alpha*x^2), abs(x) < 1), "
            "(sign(x)/sqrt(alpha + (1/x)^2), otherwise))"
        ),
        stable_derivative=(
            "Piecewise((1/((1 + alpha*x^2)*sqrt(1 + alpha*x^2)), abs(x) < 1), "
            "(1/abs(x)/((alpha + 1/x^2)*sqrt(alpha + 1/x^2))/x^2, otherwise))"
        ),
        ulp=(4, 5),
        paper="carlile2017",
    ),
    Definition(
        "gudermann",
        "Gudermann",
        "Gudermann's function",
        "2*atan(tanh(x/2))",
        "It maps into (-pi/2, pi/2), as the inverse tangent does. "
        "Its tails fade as an exponential.",
        stable_derivative="2*e^(-abs(x))/(1 + e^(-2*abs(x)))",
        ulp=(4, 5),
    ),
    Definition(
        "sqnl",
        "SQNL",
        "Square nonlinearity",
        "Piecewise((1, x >= 2), (-1, x <= -2), (x*(1 - abs(x)/4), otherwise))",
        "An S of two parabolas. It needs one product and no exponential.",
        stable_derivative="max(0, 1 - abs(x)/2)",
        from_output="sqrt(1 - abs(y))",
        ulp=(4, 5),
        view=(-4.0, 4.0),
        paper="wuraola2018",
    ),
)
