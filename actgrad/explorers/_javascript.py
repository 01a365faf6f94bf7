"""JavaScript of the functions that explorers draw, generated from their SymPy expressions."""

import json
from collections.abc import Mapping
from typing import Any

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from actgrad.derivations.functions import ACTIVATIONS, Function, X


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    """SymPy's printer, with `log1p` and `expm1`, which keep what is small, `erf` and `erfc`."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def _print_Add(self, expression: sympy.Add, order: str | None = None) -> str:
        # exp(u) - 1, of which JavaScript knows a form that keeps small u
        powers = [term for term in expression.args if isinstance(term, sympy.exp)]
        if len(expression.args) == 2 and powers and sympy.S.NegativeOne in expression.args:
            return f"Math.expm1({self._print(powers[0].args[0])})"
        printed: str = super()._print_Add(expression, order)
        return printed

    def _print_Symbol(self, symbol: sympy.Symbol) -> str:
        # Of the parameters by name: as properties they may have a reserved word's.
        return "x" if symbol == X else f"own.{self._names[symbol.name]}"

    def _print_log(self, expression: sympy.log) -> str:
        (argument,) = expression.args
        if argument.is_Add and sympy.S.One in argument.args:
            return (
                f"Math.log1p({self._print(sympy.Add(*[a for a in argument.args if a != 1]))})"
            )
        return f"Math.log({self._print(argument)})"

    def _print_erf(self, expression: sympy.erf) -> str:
        return f"erf({self._print(expression.args[0])})"

    def _print_erfc(self, expression: sympy.erfc) -> str:
        return f"erfc({self._print(expression.args[0])})"


def javascript(expression: Any, names: Mapping[str, str] | None = None) -> str:
    """Return a JavaScript expression in ``x``, its letters the properties of ``own``.

    Parameters
    ----------
    expression : SymPy expression
        In ``x`` and other letters.
    names : mapping of str to str
        What the property of each letter is called.
    """
    return " ".join(_Printer(names or {}).doprint(expression).split())


def _entry(function: Function) -> str:
    names = {p.letter: p.name for p in function.definition.parameters}
    kinks = ", ".join(javascript(kink, names) for kink in function.kinks)
    controls = {
        p.name: {
            "title": p.sign,
            **dict(zip(("min", "max", "step"), p.slider, strict=True)),
            "default": p.default,
        }
        for p in function.definition.parameters
    }
    return (
        f"{json.dumps(function.name)}: {{\n"
        f"  title: {json.dumps(function.title)},\n"
        f"  value: (x, own) => {javascript(function.stable_expression, names)},\n"
        f"  derivative: (x, own) => {javascript(function.stable_derivative, names)},\n"
        f"  kinks: (own) => [{kinks}],\n"
        f"  parameters: {json.dumps(controls)},\n"
        "}"
    )


def functions_module() -> str:
    """Return the module of ``functions``, every function of the book by name.

    `defaults(name)` are the parameters of one, each at its default.
    """
    return (
        'import { erf, erfc } from "./special.js";\n'
        "export const functions = {\n"
        + ",\n".join(map(_entry, ACTIVATIONS.values()))
        + "\n};\nexport const defaults = (name) => Object.fromEntries("
        "Object.entries(functions[name].parameters)"
        ".map(([key, parameter]) => [key, parameter.default]));\n"
    )
