"""The public names of the numerical part, exactly, and what their docstrings must hold."""

import doctest
import importlib
import inspect
import re

import pytest

import actgrad
from actgrad.atlas import DEFINITIONS

PUBLIC = {
    "actgrad.activations": sorted(
        {
            "Activation",
            "ElementwiseActivation",
            "GatedPair",
            "Identity",
            *(record.class_name for record in DEFINITIONS.values() if record.ulp is not None),
        }
    ),
    "actgrad.layers": [
        "Dense",
        "DenseGradients",
        "Sequential",
        "SoftmaxCrossEntropy",
        "SquaredError",
    ],
    "actgrad.gradient_check": ["GradientReport", "check_gradient", "check_vjp"],
}
NAMES = [(module, name) for module, names in PUBLIC.items() for name in names]


def public(module, name):
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("module", PUBLIC)
def test_all_is_exact(module):
    found = importlib.import_module(module)
    assert sorted(found.__all__) == PUBLIC[module]


TOP = [
    *((name, "actgrad.activations") for name in PUBLIC["actgrad.activations"]),
    *(
        (name, "actgrad.layers")
        for name in PUBLIC["actgrad.layers"]
        if name != "DenseGradients"
    ),
    ("check_gradient", "actgrad.gradient_check"),
    ("check_vjp", "actgrad.gradient_check"),
]


@pytest.mark.parametrize(("name", "module"), TOP)
def test_what_a_reader_types_is_at_the_top(name, module):
    assert getattr(actgrad, name) is public(module, name)
    assert name in actgrad.__all__
    assert name in dir(actgrad)


def sections(doc):
    return set(re.findall(r"^([A-Z]\w+)\n-{3,}$", doc, flags=re.MULTILINE))


def parameters(function):
    return [
        name for name in inspect.signature(function).parameters if name not in ("self", "cls")
    ]


def methods(cls):
    """The public methods whose docstring is written in this class, not inherited."""
    for name, member in vars(cls).items():
        function = getattr(member, "__func__", member)
        if inspect.isfunction(function) and (name == "__call__" or not name.startswith("_")):
            yield name, function


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_docstrings_have_the_sections_of_the_template(module, name):
    thing = public(module, name)
    doc = inspect.getdoc(thing)
    first = doc.splitlines()[0]
    assert first.endswith("."), first
    if inspect.isfunction(thing):
        assert {"Parameters", "Returns", "Raises", "Notes"} <= sections(doc)
        assert all(
            re.search(rf"^[\w, ]*\b{p}\b[\w, ]* : ", doc, re.M) for p in parameters(thing)
        )
        return
    if issubclass(thing, tuple):
        return
    assert "Notes" in sections(doc)
    if thing.__init__ is not object.__init__ and parameters(thing):
        assert "Parameters" in sections(doc)
        for parameter in parameters(thing):
            assert re.search(rf"^[\w, ]*\b{parameter}\b[\w, ]* : ", doc, re.M), parameter
    if name not in ("Activation", "GradientReport"):
        assert ".. math::" in doc
    for method, _ in methods(thing):
        text = inspect.getdoc(getattr(thing, method))
        assert text, f"{name}.{method}"
        assert text.splitlines()[0].endswith("."), f"{name}.{method}"


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_examples_run(module, name):
    thing = public(module, name)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for example in doctest.DocTestFinder(recurse=False).find(
        thing, name, globs={"__name__": module}
    ):
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


def test_every_method_of_the_contract_is_documented_once():
    cls = public("actgrad.activations", "Activation")
    contract = dict(methods(cls))
    assert sorted(contract) == [
        "__call__",
        "gradient",
        "gradient_from_output",
        "jacobian",
        "value_and_vjp",
        "vjp",
    ]
    for name, function in contract.items():
        doc = inspect.getdoc(function)
        assert {"Parameters", "Returns", "Raises"} <= sections(doc), name
        for parameter in parameters(function):
            assert re.search(rf"^{parameter} : ", doc, re.M), (name, parameter)
