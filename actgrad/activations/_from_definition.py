"""Classes that follow from the atlas's records, where no kernel is written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, make_dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from actgrad.activations._arguments import FloatArray, real_parameter
from actgrad.activations._elementwise import ElementwiseActivation
from actgrad.atlas import Arithmetic, Definition, Node, Parameter, evaluate
from actgrad.atlas._evaluate import precise
from actgrad.atlas._latex import latex


def activation_of(definition: Definition, module: str) -> type[ElementwiseActivation]:
    r"""Return the class of a record, a frozen dataclass as one written by hand would be.

    .. math:: y = f(x), \qquad \frac{\partial L}{\partial x} = f'(x) \odot g

    Parameters
    ----------
    definition : Definition
        The record.
    module : str
        Where the class will be found under its name, so that its objects can be pickled.

    Returns
    -------
    type
        Its parameters are the fields, in the order of the record.

    Raises
    ------
    ValueError
        If the record promises no accuracy: it needs a kernel first.
    """
    if definition.ulp is None:
        definition.refuse("ulp", "there is no class without a promise: write its bounds")
    formulas = {
        "_value": _formula(definition, definition.stable_value, "x"),
        "_gradient": _formula(definition, definition.stable_gradient, "x"),
        "_gradient_from_output": _formula(definition, definition.output_gradient, "y"),
        "__post_init__": _checked(definition.parameters),
        "__doc__": _docstring(definition, module),
    }
    fields = [(p.name, float, field(default=p.default)) for p in definition.parameters]
    made = make_dataclass(
        definition.class_name,
        fields,
        bases=(ElementwiseActivation,),
        namespace=formulas,
        frozen=True,
    )
    made.__module__ = module  # Python 3.12 and newer set that of the caller
    return made


def _formula(
    definition: Definition, node: Node | None, letter: str
) -> Callable[[Any, FloatArray], FloatArray]:
    names = [parameter.name for parameter in definition.parameters]
    if node is None:

        def unknown(self: Any, y: FloatArray) -> FloatArray:
            raise ValueError(
                f"{self} states no gradient from the output; pass the input to gradient(x)"
            )

        return unknown
    tree = precise(node)

    def formula(self: Any, x: FloatArray) -> FloatArray:
        number = x.dtype.type
        values = {name: number(getattr(self, name)) for name in names}
        y = np.empty_like(x)
        y[...] = evaluate(tree, {letter: x, **values}, _arithmetic(x.dtype))
        np.copyto(y, x, where=np.isnan(x))  # no case holds for NaN, and the last one is taken
        return y

    return formula


@lru_cache
def _arithmetic(dtype: np.dtype[Any]) -> Arithmetic:
    return Arithmetic(np, "numpy", dtype.type, _where)


def _where(condition: Any, value: Any, other: Any) -> Any:
    return value if condition is True else np.where(condition, value, other)


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


def _docstring(definition: Definition, module: str) -> str:
    name, parameters = definition.class_name, definition.parameters
    title = definition.title[0].upper() + definition.title[1:]
    kinks = "".join(
        rf", \qquad f'({latex(place)}) := {latex(slope)}" for place, slope in definition.kinks
    )
    smooth = definition.smooth
    lines = [
        f"{title}.",
        "",
        rf".. math:: f(x) = {latex(definition.value)}, \qquad",
        rf"          f'(x) = {latex(smooth)}{kinks}",
        "",
    ]
    if parameters:
        lines += ["Parameters", "----------"]
        for p in parameters:
            lines += [f"{p.name} : float, default {p.default!r}"]
            lines += [f"    From {p.domain[0]:g} to {p.domain[1]:g}."]
        names = " or ".join(f"`{p.name}`" for p in parameters)
        lines += [
            "",
            "Raises",
            "------",
            "ValueError",
            f"    If {names} is no such number.",
            "",
        ]
    values = {"x": -0.5, **definition.defaults}
    floats = _arithmetic(np.dtype(float))
    shown = [
        float(evaluate(tree, values, floats))
        for tree in (definition.value, definition.gradient)
    ]
    lines += [
        "Notes",
        "-----",
        definition.idea,
        "",
        f"The class follows from the record ``{definition.name}`` of `actgrad.atlas`.",
        "",
        "Examples",
        "--------",
        f">>> from {module} import {name}",
        f">>> f = {name}()",
        '>>> print(f"{f(-0.5):.6f} {f.gradient(-0.5):.6f}")',
        f"{shown[0]:.6f} {shown[1]:.6f}",
    ]
    if definition.paper:
        source = f"``{definition.paper}`` in the book's bibliography."
        lines += ["", "References", "----------", source]
    return "\n".join(lines)
