"""Activations that multiply the input by a gate that opens gradually."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

# GELU's form with tanh: the exponent w, and x w'.
_W = "2*sqrt(2/pi)*(x + 0.044715*x^3)"
_XW = "2*sqrt(2/pi)*x*(1 + 0.134145*x^2)"

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
        ulp=(4, 5),
        choice=("approximate", "none"),
        paper="hendrycks2016",
    ),
    Definition(
        "gelu_tanh",
        "GELU",
        "GELU, form with tanh",
        f"x*sigma({_W})",
        "GELU without the error function, which was slow or missing. "
        "sigma(2 u) is (1 + tanh(u))/2, so that papers write it with tanh.",
        stable_formula=(
            f"Piecewise((x*e^({_W})/(1 + e^({_W})), x < 0), (x/(1 + e^(-{_W})), otherwise))"
        ),
        stable_derivative=(
            f"Piecewise((e^({_W})*(1 + {_XW}/(1 + e^({_W})))/(1 + e^({_W})), x < 0), "
            f"((1 + {_XW}*e^(-{_W})/(1 + e^(-{_W})))/(1 + e^(-{_W})), otherwise))"
        ),
        elsewhere=(
            *(
                Elsewhere(name, 'approximate="none"', 'approximate="tanh"')
                for name in ("torch.nn.functional.gelu", "Gelu")
            ),
            Elsewhere("jax.nn.gelu"),
            Elsewhere("keras.ops.gelu"),
            *(
                Elsewhere(name, "approximate=False", "approximate=True")
                for name in ("keras.activations.gelu", "tensorflow.nn.gelu")
            ),
        ),
        ulp=(4, 5),
        choice=("approximate", "tanh"),
        paper="hendrycks2016",
    ),
    Definition(
        "quick_gelu",
        "QuickGELU",
        "QuickGELU",
        "x*sigma(1.702*x)",
        "GELU with a logistic gate instead of the normal one. "
        "The factor 1.702 brings the two gates closest together.",
        ulp=(4, 5),
        paper="hendrycks2016",
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
        ulp=(4, 5),
        paper="elfwing2018",
    ),
    Definition(
        "swish",
        "Swish",
        "Swish",
        "x*sigma(beta*x)",
        "SiLU with a sharpness beta that may be learned. "
        "From beta = 0, half the input, it goes over to ReLU.",
        parameters=(Parameter("beta", 1.0, learned=True),),
        ulp=(4, 5),
        paper="ramachandran2017",
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
        ulp=(4, 5),
        paper="misra2020",
    ),
    Definition(
        "tanh_exp",
        "TanhExp",
        "TanhExp (TeLU)",
        "x*tanh(e^x)",
        "The input times the hyperbolic tangent of its exponential. "
        "The gate is all but 1 soon after 0.",
        stable_derivative="tanh(e^x) + 4*x*e^(x - 2*e^x)/(1 + e^(-2*e^x))^2",
        ulp=(4, 5),
        paper="liu2020",
    ),
    Definition(
        "smish",
        "Smish",
        "Smish",
        "x*tanh(log(1 + sigma(x)))",
        "Mish with the sigmoid in place of the exponential. Its gate opens only to 3/5.",
        ulp=(4, 5),
        paper="wang2022",
    ),
    Definition(
        "serf",
        "Serf",
        "Serf",
        "x*erf(softplus(x))",
        "Mish with the error function in place of the hyperbolic tangent. "
        "Its gate opens faster.",
        ulp=(4, 5),
        paper="nag2021",
    ),
    Definition(
        "e_swish",
        "ESwish",
        "E-swish",
        "beta*x*sigma(x)",
        "SiLU times a constant beta. The slope of large inputs is beta too.",
        parameters=(Parameter("beta", 1.5),),
        ulp=(4, 5),
        paper="alcaide2018",
    ),
)
