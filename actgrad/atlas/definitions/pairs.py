"""Gated pairs: of two halves, one is a gate for the other."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, named

_ORDER = (
    "Which half is the gate differs, the second in PyTorch's, JAX's and Keras's GLU, the first "
    "in ONNX's SwiGLU: weights that were trained with the one order give plausible nonsense in "
    "the other."
)
_CAPPED, _CLIPPED = "min(a, c)", "max(-c, min(b, c))"
_GATE = f"{_CAPPED}*sigma(alpha*{_CAPPED})"
# The slope of x sigma(alpha x) at c: that of the inside.
_GATE_SLOPE_AT_C = "(sigma(alpha*c) + alpha*c*sigma(alpha*c)*sigma(-alpha*c))"

RECORDS = (
    Definition(
        "glu",
        "GLU",
        "GLU",
        "a*sigma(b)",
        "A linear layer, times a sigmoid that decides how much of it passes. "
        "Where the gate is open the gradient goes through a without fading.",
        kind="gated pair",
        ulp=(5, 7),
        paper="dauphin2017",
        elsewhere=named("torch.nn.functional.glu", "jax.nn.glu", "keras.activations.glu"),
        traps=(_ORDER,),
    ),
    Definition(
        "reglu",
        "ReGLU",
        "ReGLU",
        "max(0, a)*b",
        "A gated linear unit with ReLU for its gate. "
        "It is quadratic where the gate is open, and 0 where it is shut.",
        kind="gated pair",
        at_kinks=(("0", "0", "a"),),
        ulp=(1, 1),
        paper="shazeer2020",
        traps=(_ORDER,),
    ),
    Definition(
        "geglu",
        "GeGLU",
        "GeGLU",
        "a*Phi(a)*b",
        "A gated linear unit with GELU for its gate. It has no kink.",
        kind="gated pair",
        ulp=(5, 7),
        paper="shazeer2020",
        traps=(
            _ORDER,
            "Some models take GELU's tanh form for the gate, others the exact one.",
        ),
    ),
    Definition(
        "swiglu",
        "SwiGLU",
        "SwiGLU",
        "a*sigma(a)*b",
        "A gated linear unit with SiLU for its gate. Many large language models use it.",
        kind="gated pair",
        ulp=(5, 7),
        paper="shazeer2020",
        elsewhere=(Elsewhere("SwiGLU"),),
        traps=(
            _ORDER,
            "A gate at -inf gives 0 times -inf, NaN, where the sigmoid is multiplied out.",
        ),
    ),
    Definition(
        "swiglu_clamped",
        "ClampedSwiGLU",
        "Clamped SwiGLU",
        f"{_GATE}*({_CLIPPED} + 1)",
        "SwiGLU whose halves cannot grow beyond a limit, which low precision needs. "
        "Raised by 1, the unit passes its gate on where b is 0.",
        parameters=(
            Parameter("alpha", 1.702, slider=(0.5, 4.0, 0.002)),
            Parameter("limit", 7.0, slider=(1.0, 10.0, 0.5), letter="c"),
        ),
        kind="gated pair",
        at_kinks=(
            ("c", f"{_GATE_SLOPE_AT_C}*({_CLIPPED} + 1)", "a"),
            ("-c", _GATE, "b"),
            ("c", _GATE, "b"),
        ),
        ulp=(6, 8),
        paper="openai2025",
        traps=(
            _ORDER,
            "The gate is clamped from above alone, the other half on both sides.",
            "Beyond the limit the gradient is 0: a half that has grown too far learns nothing "
            "from such an input.",
        ),
    ),
)
