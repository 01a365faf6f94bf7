"""ONNX's own node cases: inputs and outputs that every implementation of it must give.

The cases are those of the installed ``onnx``; single-node models alone are looked at.
"""

import warnings

import numpy as np
import pytest

from actgrad import activations
from actgrad.atlas import DEFINITIONS

onnx = pytest.importorskip("onnx")
loader = pytest.importorskip("onnx.backend.test.loader")

pytestmark = pytest.mark.xdist_group("onnx")

# What an operator with its attributes is here. Attributes that our class does not let choose,
# such as SELU's constants, leave a case out; its default case stays.
OURS = {
    "Atan": lambda: activations.Arctan(),
    "Celu": lambda alpha=1.0: activations.CELU(alpha),
    "Elu": lambda alpha=1.0: activations.ELU(alpha),
    "Gelu": lambda approximate=b"none": activations.GELU(approximate.decode()),
    "HardSwish": lambda: activations.Hardswish(),
    "LeakyRelu": lambda alpha=0.01: activations.LeakyReLU(alpha),
    "LogSoftmax": lambda axis=-1: activations.LogSoftmax(axis=axis),
    "Mish": lambda: activations.Mish(),
    "Relu": lambda: activations.ReLU(),
    "Selu": lambda: activations.SELU(),
    "Shrink": lambda lambd=0.5, bias=0.0: (
        activations.Softshrink(lambd) if bias else activations.Hardshrink(lambd)
    ),
    "Sigmoid": lambda: activations.Sigmoid(),
    "Softmax": lambda axis=-1: activations.Softmax(axis=axis),
    "Softplus": lambda: activations.Softplus(),
    "Softsign": lambda: activations.Softsign(),
    "Swish": lambda alpha=1.0: activations.Swish(alpha),
    "Tanh": lambda: activations.Tanh(),
    "ThresholdedRelu": lambda alpha=1.0: activations.ThresholdedReLU(alpha),
}
LEFT_OUT = {
    "test_celu_bfloat16": "NumPy has no bfloat16",
    "test_selu": "our SELU has its paper's constants",
    "test_selu_example": "our SELU has its paper's constants",
}


def attributes(node):
    return {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}


@pytest.fixture(scope="session")
def cases():
    """The cases of one node, by operator; onnx makes all of its thousands on the way."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = {}
        for case in loader.load_model_tests(kind="node"):
            if case.model is not None and len(case.model.graph.node) == 1:
                (node,) = case.model.graph.node
                found.setdefault(node.op_type, []).append((case, node))
    return found


@pytest.mark.parametrize("operator", OURS)
def test_nodes_give_what_onnx_says(operator, cases):
    judged = 0
    for case, node in cases[operator]:
        if case.name in LEFT_OUT:
            continue
        f = OURS[operator](**attributes(node))
        (((x, *_), (y,)),) = case.data_sets
        got = f(x)
        assert got.dtype == y.dtype
        rtol = 2e-3 if x.dtype == np.float16 else 1e-5
        np.testing.assert_allclose(
            got, y, rtol=max(rtol, case.rtol), atol=case.atol, err_msg=case.name
        )
        judged += 1
    assert judged


def test_there_are_many_and_their_operators_stand_in_the_records(cases):
    assert sum(len(cases[operator]) for operator in OURS) - len(LEFT_OUT) >= 36
    named = {e.name for record in DEFINITIONS.values() for e in record.elsewhere}
    assert set(OURS) <= named
