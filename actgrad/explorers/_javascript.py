"""JavaScript of the functions that explorers draw, generated from their SymPy expressions."""

import json
from typing import Any

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from actgrad.derivations.functions import FUNCTIONS, Function
from actgrad.explorers._parameters import parameters


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    """SymPy's printer, with `log1p` and `expm1`, which keep what is small, `erf` and `erfc`."""

    def _print_Add(self, expression: sympy.Add, order: str | None = None) -> str:
        # exp(u) - 1, of which JavaScript knows a form that keeps small u
        powers = [term for term in expression.args if isinstance(term, sympy.exp)]
        if len(expression.args) == 2 and powers and sympy.S.NegativeOne in expression.args:
            return f"Math.expm1({self._print(powers[0].args[0])})"
        # 1 + erf(u), which cancels where u is far below 0
        errors = [term for term in expression.args if isinstance(term, sympy.erf)]
        if errors and sympy.S.One in expression.args:
            tail = f"erfc({self._print(-errors[0].args[0])})"
            rest = sympy.Add(*[a for a in expression.args if a not in (1, errors[0])])
            return tail if rest == 0 else f"{tail} + {self._print(rest)}"
        printed: str = super()._print_Add(expression, order)
        return printed

    def _print_log(self, expression: sympy.log) -> str:
        (argument,) = expression.args
        if argument.is_Add and sympy.S.One in argument.args:
            return (
                f"Math.log1p({self._print(sympy.Add(*[a for a in argument.args if a != 1]))})"
            )
        return f"Math.log({self._print(argument)})"

    def _print_erf(self, expression: sympy.erf) -> str:
        return f"erf({self._print(expression.args[0])})"


def javascript(expression: Any) -> str:
    """Return a JavaScript expression of the same value, over the same symbols' names."""
    return " ".join(_Printer().doprint(expression).split())


def _entry(function: Function) -> str:
    names = ", ".join(str(symbol) for symbol in function.parameters)
    signature = f"({function.symbol}, {{ {names} }})" if names else f"({function.symbol})"
    kinks = ", ".join(javascript(kink) for kink in function.kinks)
    parametric = f"({{ {names} }})" if names else "()"
    controls = {
        name: {
            "title": p.title,
            "min": p.minimum,
            "max": p.maximum,
            "step": p.step,
            "default": p.default,
        }
        for name, p in parameters(function.name).items()
    }
    return (
        f"{json.dumps(function.name)}: {{\n"
        f"  title: {json.dumps(function.title)},\n"
        f"  value: {signature} => {javascript(function.stable_expression)},\n"
        f"  derivative: {signature} => {javascript(function.stable_derivative)},\n"
        f"  kinks: {parametric} => [{kinks}],\n"
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
        + ",\n".join(map(_entry, FUNCTIONS.values()))
        + "\n};\nexport const defaults = (name) => Object.fromEntries("
        "Object.entries(functions[name].parameters)"
        ".map(([key, parameter]) => [key, parameter.default]));\n"
    )
