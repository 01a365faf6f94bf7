"""Classes that follow from the atlas's records, where no kernel is written by hand."""

from __future__ import annotations

import linecache
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import field, make_dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import numpy as np

from actgrad.activations import kernels
from actgrad.activations._arguments import FloatArray, real_parameter
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.activations._precise import exp_of_product
from actgrad.atlas import Arithmetic, Definition, Parameter, evaluate
from actgrad.atlas._latex import latex
from actgrad.atlas._numpy import methods

_FLOATS = Arithmetic(
    SimpleNamespace(**vars(math), sign=lambda x: math.copysign(1, x) if x else x),
    "javascript",
    float,
)


def by_class(records: Iterable[Definition]) -> dict[str, list[Definition]]:
    """Return the element-wise records that promise an accuracy, by the class they share."""
    found: dict[str, list[Definition]] = {}
    for record in records:
        if record.kind == "element-wise" and record.ulp is not None:
            found.setdefault(record.class_name, []).append(record)
    return found


def activation_of(*definitions: Definition, module: str) -> type[ElementwiseActivation]:
    r"""Return the class of a record, a frozen dataclass as one written by hand would be.

    .. math:: y = f(x), \qquad \frac{\partial L}{\partial x} = f'(x) \odot g

    Parameters
    ----------
    *definitions : Definition
        The record, or those that share the class and differ by their ``choice``.
    module : str
        Where the class will be found under its name, so that its objects can be pickled.

    Returns
    -------
    type
        Its parameters are the fields, in the order of the record. A formula is the one of
        ``kernels.NAME.Kernel``, where it has it, else it is made from the record.

    Raises
    ------
    ValueError
        If the record promises no accuracy: it needs a kernel first.
    """
    first = definitions[0]
    for definition in definitions:
        if definition.ulp is None:
            definition.refuse("ulp", "there is no class without a promise: write its bounds")
        if len(definitions) > 1 and (definition.choice or ("",))[0] != (first.choice or "?")[0]:
            definition.refuse("class_name", f"{first.name!r} has it: write a choice in both")
    fields: list[tuple[str, type, Any]]
    own: dict[str, Any]
    if first.choice is None:
        own = {"__post_init__": _checked(first.parameters), **_formulas(first)}
        own["_learned"] = tuple(p.name for p in first.parameters if p.learned)
        bases = (*_kernel(first), ElementwiseActivation)
        fields = [(p.name, float, field(default=p.default)) for p in first.parameters]
    else:
        own, bases = _alternatives(definitions), (ElementwiseActivation,)
        fields = [(first.choice[0], str, field(default=first.choice[1]))]
    made = make_dataclass(
        first.class_name,
        fields,
        bases=bases,
        namespace={**own, "__doc__": _docstring(definitions, module)},
        frozen=True,
    )
    made.__module__ = module  # Python 3.12 and newer set that of the caller
    return made


def _kernel(definition: Definition) -> tuple[type, ...]:
    """Return the class with the formulas that are written by hand, if there is one."""
    name = f"{kernels.__name__}.{definition.name}"
    return (import_module(name).Kernel,) if find_spec(name) else ()


def _formulas(definition: Definition) -> dict[str, Callable[..., Any]]:
    """Return the formulas that no kernel has, compiled from their source.

    Their source is found as that of functions from a file, by `inspect` and in tracebacks.
    """
    by_hand = {name for cls in _kernel(definition) for name in dir(cls)}
    sources = {n: text for n, text in methods(definition).items() if n not in by_hand}
    text = "\n\n".join(sources.values()) + "\n"
    file = f"<record {definition.name} of actgrad.atlas>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    made: dict[str, Any] = {"np": np, "Fraction": Fraction, "exp_of_product": exp_of_product}
    exec(compile(text, file, "exec"), made)
    formulas = {name: made[name] for name in sources}
    if not {"_gradient_from_output", "_one_output"} & {*formulas, *by_hand}:
        formulas["_gradient_from_output"] = _refuse
    return formulas


def _refuse(self: Any, y: FloatArray) -> FloatArray:
    if (inputs := _one_output(self)) is not None:
        self._refuse_if_ambiguous(*inputs)
    raise ValueError(
        f"{self} states no gradient from the output; pass the input to gradient(x)"
    )


def _one_output(f: ElementwiseActivation) -> tuple[float, float] | None:
    """Return two inputs, on the two sides of a turn, with one output."""
    x: list[float] = np.linspace(-8, 8, 2049).tolist()
    y: list[float] = [float(f(place)) for place in x]
    for turn in range(1, len(x) - 1):
        if (y[turn] - y[turn - 1]) * (y[turn + 1] - y[turn]) >= 0:
            continue
        a = max(turn - 32, 0)
        for place in range(turn, len(x) - 1):
            if (y[place] - y[a]) * (y[place + 1] - y[a]) <= 0:
                low, high = x[place], x[place + 1]
                while low < (middle := (low + high) / 2) < high:
                    beyond = (f(middle) < y[a]) == (y[place] < y[a])
                    low, high = (middle, high) if beyond else (low, middle)
                return x[a], low
    return None


def _alternatives(definitions: tuple[Definition, ...]) -> dict[str, Callable[..., Any]]:
    """Return the methods of a class whose argument chooses one of its records."""
    argument = (definitions[0].choice or ("",))[0]
    chosen: dict[Any, Any] = {
        (definition.choice or ("", ""))[1]: make_dataclass(
            definition.class_name,
            [],
            bases=(*_kernel(definition), ElementwiseActivation),
            namespace=_formulas(definition),
            frozen=True,
        )()
        for definition in definitions
    }

    def __post_init__(self: Any) -> None:
        value = getattr(self, argument)
        if not isinstance(value, str) or value not in chosen:
            names = " or ".join(map(repr, chosen))
            raise ValueError(f"{argument} must be {names}, got {value!r}")

    def formula(name: str) -> Callable[[Any, FloatArray], Any]:
        def of_the_chosen(self: Any, x: FloatArray) -> Any:
            return getattr(chosen[getattr(self, argument)], name)(x)

        return of_the_chosen

    names = ("_value", "_gradient", "_value_and_gradient", "_gradient_from_output")
    stated = [name for name in names if all(getattr(f, name) for f in chosen.values())]
    return {"__post_init__": __post_init__, **{name: formula(name) for name in stated}}


def _checked(parameters: tuple[Parameter, ...]) -> Callable[[Any], None]:
    def __post_init__(self: Any) -> None:
        for parameter in parameters:
            name, (low, high) = parameter.name, parameter.domain
            value = real_parameter(name, getattr(self, name))
            if not low <= value <= high:
                raise ValueError(
                    f"{name} must be a number from {low:g} to {high:g}, got {value!r}; "
                    f"pass e.g. {parameter.default!r}"
                )
            object.__setattr__(self, name, value)

    return __post_init__


def _docstring(definitions: tuple[Definition, ...], module: str) -> str:
    first = definitions[0]
    name, parameters = first.class_name, first.parameters
    title = first.title[0].upper() + first.title[1:]
    lines = [f"{title}.", ""]
    for definition in definitions:
        kinks = "".join(
            rf", \qquad f'({latex(place)}) := {latex(slope)}"
            for place, slope in definition.kinks
        )
        lines += [
            rf".. math:: f(x) = {latex(definition.value)}, \qquad",
            rf"          f'(x) = {latex(definition.smooth)}{kinks}",
            "",
        ]
    lines += _parameters_section(definitions)
    values = {"x": -0.5, **first.by_letter(first.defaults)}
    shown = [float(evaluate(tree, values, _FLOATS)) for tree in (first.value, first.gradient)]
    lines += ["Notes", "-----"]
    for definition in definitions:
        lines += [
            definition.idea,
            "",
            f"The class follows from the record ``{definition.name}`` of `actgrad.atlas`.",
            "",
        ]
    for p in parameters:
        if p.letter != p.name:
            lines += [f"In the formulas {p.sign} is `{p.name}`.", ""]
    lines += [
        "Examples",
        "--------",
        f">>> from {module} import {name}",
        f">>> f = {name}()",
        '>>> print(f"{f(-0.5):.6f} {f.gradient(-0.5):.6f}")',
        f"{shown[0]:.6f} {shown[1]:.6f}",
    ]
    if papers := {definition.paper: None for definition in definitions if definition.paper}:
        lines += ["", "References", "----------"]
        lines += [f"``{paper}`` in the book's bibliography." for paper in papers]
    return "\n".join(lines)


def _parameters_section(definitions: tuple[Definition, ...]) -> list[str]:
    first = definitions[0]
    lines = []
    if first.choice is not None:
        argument, default = first.choice
        lines += [f"{argument} : str, default {default!r}"]
        lines += [
            f"    {choice!r} for {definition.title}."
            for definition in definitions
            for _, choice in [definition.choice or ("", "")]
        ]
    for p in first.parameters:
        lines += [f"{p.name} : float, default {p.default!r}"]
        lines += [f"    From {p.domain[0]:g} to {p.domain[1]:g}."]
    if not lines:
        return []
    names = " or ".join(re.findall(r"(?m)^(\w+) :", "\n".join(lines)))
    wrong = f"    If {names} is no such value."
    lines += ["", "Raises", "------", "ValueError", wrong, ""]
    return ["Parameters", "----------", *lines]
