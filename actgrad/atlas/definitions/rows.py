"""Activations of whole rows: every output depends on every input of its row."""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, RowSum, named

_NOTHING_ALLOWED = (
    "A row of nothing but -inf, all of it masked, has no answer: it gives NaN, forward and "
    "backward."
)

RECORDS = (
    Definition(
        "softmax",
        "Softmax",
        "Softmax",
        "e^(s*x)/S",
        "It maps k numbers to k probabilities, and keeps their order. "
        "Only the differences of its inputs count.",
        kind="rows",
        parameters=(Parameter("stretch", 1.0, letter="s"),),
        row_sums=(RowSum("S", "e^(s*x)"),),
        ulp=(5, 5),
        paper="bridle1990",
        elsewhere=(
            Elsewhere("torch.softmax", arguments="dim=-1"),
            *named("jax.nn.softmax", "keras.activations.softmax", "tensorflow.nn.softmax"),
            *named("Softmax"),
            Elsewhere("scipy.special.softmax", "axis=None", "axis=-1"),
        ),
        traps=(
            "Written as it stands it overflows from s x = 709.8 on: the largest input has to "
            "be subtracted first.",
            "Its diagonal alone, y(1 - y), is not its derivative: each output depends on each "
            "input.",
            "The logarithm of its output is -inf where the output underflows to 0: take "
            "log-softmax.",
            _NOTHING_ALLOWED,
        ),
    ),
    Definition(
        "log_softmax",
        "LogSoftmax",
        "Log-softmax",
        "x - log(S)",
        "The logarithm of softmax, which a cross-entropy needs. "
        "It keeps digits where the probability itself is 0 or 1 in floating point.",
        kind="rows",
        row_sums=(RowSum("S", "e^x"),),
        ulp=(4, 5),
        paper="bridle1990",
        elsewhere=(
            Elsewhere("torch.log_softmax", arguments="dim=-1"),
            *named("jax.nn.log_softmax", "keras.activations.log_softmax"),
            *named("tensorflow.nn.log_softmax", "LogSoftmax"),
            Elsewhere("scipy.special.log_softmax", "axis=None", "axis=-1"),
        ),
        traps=(
            "A loss that expects log-probabilities takes probabilities without complaint, and "
            "the other way round.",
            "A masked entry is -inf, and 0 times -inf is NaN: a target of 0 is no help.",
            _NOTHING_ALLOWED,
        ),
    ),
    Definition(
        "log_sum_exp",
        "LogSumExp",
        "Log-sum-exp",
        "log(S)",
        "A smooth maximum, which maps a row to one number. Its gradient is softmax.",
        kind="rows",
        row_sums=(RowSum("S", "e^x"),),
        ulp=(4, 5),
        paper="bridle1990",
        elsewhere=(
            Elsewhere("torch.logsumexp", arguments="dim=-1"),
            Elsewhere("jax.nn.logsumexp", "axis=None", "axis=-1"),
            Elsewhere("keras.ops.logsumexp", "axis=None", "axis=-1"),
            Elsewhere("tensorflow.reduce_logsumexp", "axis=None", "axis=-1"),
            Elsewhere("ReduceLogSumExp", "keepdims=1", "axes=[-1], keepdims=0"),
            Elsewhere("scipy.special.logsumexp", "axis=None", "axis=-1"),
        ),
        traps=(
            "Written as it stands it overflows from 709.8 on: take the largest input out of "
            "the logarithm.",
            "It lies above the maximum, by the logarithm of the number of entries at most.",
            "A row of nothing but -inf gives -inf, the logarithm of 0, and has no gradient.",
        ),
    ),
    Definition(
        "softmin",
        "Softmin",
        "Softmin",
        "e^(-x)/S",
        "Softmax of the negative input. The smallest number gets the largest share.",
        kind="rows",
        row_sums=(RowSum("S", "e^(-x)"),),
        ulp=(5, 5),
        paper="bridle1990",
        elsewhere=(Elsewhere("torch.nn.functional.softmin", arguments="dim=-1"),),
        traps=("It is 1 - softmax for two entries only: of k entries those add up to k - 1.",),
    ),
    Definition(
        "sparsemax",
        "Sparsemax",
        "Sparsemax",
        "max(0, x - tau)",
        "The point of the simplex that lies nearest to the input. "
        "Unlike softmax it gives many entries the probability 0.",
        kind="rows",
        row_sums=(RowSum("tau", "max(0, x - tau)", "1"),),
        at_kinks=(("tau", "0"),),
        ulp=(5, 5),
        paper="martins2016",
        elsewhere=named("keras.activations.sparsemax"),
        traps=(
            "The logarithm of an entry outside of the support is -inf: it needs a loss of "
            "its own in place of the cross-entropy.",
            "An entry outside of the support gets no gradient, whatever its cotangent.",
        ),
    ),
)
