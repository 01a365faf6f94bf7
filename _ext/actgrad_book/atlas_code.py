"""A record's formulas as the NumPy code that they are evaluated as."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from actgrad.atlas import FUNCTIONS, Arithmetic, Definition, definition, evaluate
from actgrad.atlas._evaluate import precise

WIDE = 72
# How tightly Python binds, from a comparison to a name.
_COMPARED, _AND, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)


class _Code:
    """Stands for a number; what is computed with it is Python text instead."""

    def __init__(self, text: str, binds: int = _ATOM) -> None:
        self.text, self.binds = text, binds

    def at_least(self, binds: int) -> str:
        """Return the text, in brackets where it would fall apart."""
        return self.text if self.binds >= binds else f"({self.text})"

    def __pos__(self) -> _Code:
        return self

    def __neg__(self) -> _Code:
        return _Code(f"-{self.at_least(_SIGN)}", _SIGN)


def _operator(sign: str, binds: int, left: int, right: int) -> dict[str, Any]:
    def of(a: Any, b: Any) -> _Code:
        a, b = (part if isinstance(part, _Code) else _Code(str(part)) for part in (a, b))
        return _Code(f"{a.at_least(left)} {sign} {b.at_least(right)}", binds)

    return {"of": of, "reflected": lambda a, b: of(b, a)}


for _name, _sign, *_binds in (
    ("add", "+", _SUM, _SUM, _PRODUCT),
    ("sub", "-", _SUM, _SUM, _PRODUCT),
    ("mul", "*", _PRODUCT, _PRODUCT, _SIGN),
    ("truediv", "/", _PRODUCT, _PRODUCT, _SIGN),
    ("pow", "**", _POWER, _ATOM, _SIGN),
    ("and", "&", _AND, _AND, _SUM),
    *((name, sign, _COMPARED, _AND, _AND) for name, sign in (("lt", "<"), ("le", "<="))),
    *((name, sign, _COMPARED, _AND, _AND) for name, sign in (("gt", ">"), ("ge", ">="))),
    *((name, sign, _COMPARED, _AND, _AND) for name, sign in (("eq", "=="), ("ne", "!="))),
):
    _made = _operator(_sign, *_binds)
    setattr(_Code, f"__{_name}__", _made["of"])
    setattr(_Code, f"__r{_name}__", _made["reflected"])


class _Numpy:
    """Stands for NumPy: what it has, as text."""

    def __getattr__(self, name: str) -> Any:
        if not hasattr(np, name):
            raise AttributeError(f"NumPy has no {name}")
        return _called(name) if callable(getattr(np, name)) else _Code(f"np.{name}")


def _called(name: str) -> Callable[..., _Code]:
    def call(*arguments: Any) -> _Code:
        texts = [part.text if isinstance(part, _Code) else str(part) for part in arguments]
        text = f"np.{name}({', '.join(texts)})"
        if len(text) > WIDE and len(texts) > 1:
            inner = textwrap.indent(",\n".join(texts), "    ")
            text = f"np.{name}(\n{inner},\n)"
        return _Code(text)

    return call


def _where(condition: Any, value: Any, other: Any) -> Any:
    return value if condition is True else _called("where")(condition, value, other)


@dataclass(frozen=True)
class _AsText(Arithmetic):
    """NumPy as text; what NumPy lacks and the language defines is a function of its own."""

    helpers: dict[str, str] = field(default_factory=dict)

    def call(self, name: str, arguments: list[Any]) -> Any:
        """Return the text of a call, and keep what the function is."""
        if FUNCTIONS[name].numpy:
            return super().call(name, arguments)
        if name not in self.helpers:
            code = evaluate(definition(name, stable=True), {"x": _Code("x")}, self)
            self.helpers[name] = _function(name, "x", code.text)
        return _Code(f"{name}({arguments[0].text})")


def _function(name: str, arguments: str, result: str) -> str:
    return f"def {name}({arguments}):\n{textwrap.indent(f'return {result}', '    ')}\n"


def functions(record: Definition) -> str:
    """Return a record's value and gradient as the NumPy code that computes them.

    Raises
    ------
    AttributeError
        Where they use a function that NumPy lacks.
    """
    letters = [p.letter for p in record.parameters]
    arguments = ", ".join(["x", *letters])
    numbers = {name: _Code(name) for name in ("x", *letters)}
    library = _AsText(_Numpy(), "numpy", _Code, _where)
    made = [
        _function(name, arguments, evaluate(precise(tree), numbers, library).text)
        for name, tree in (("f", record.stable_value), ("df", record.stable_gradient))
    ]
    return "\n\n".join((*library.helpers.values(), *made))
