"""Which modules an answer may import: one rule for practice, grader and feedback."""

import dis
import functools
import sys
import sysconfig
from collections.abc import Collection, Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

ALLOWED = ("numpy",)
# What an assignment may allow besides, and the packages that come with it.
ALLOWABLE: dict[str, tuple[str, ...]] = {
    "scipy": ("scipy",),
    "sympy": ("sympy", "mpmath"),
    "actgrad.activations": ("actgrad.activations", "actgrad.atlas"),
}

_INSTALLED = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}


def rule(allow: Sequence[str] = ()) -> str:
    """Return the rule in a sentence: what an answer may import.

    Examples
    --------
    >>> rule(["scipy"])
    "An answer may import `numpy`, `scipy` and Python's standard library; nothing else is \
there when it is graded."
    """
    names = ", ".join(f"`{name}`" for name in dict.fromkeys([*ALLOWED, *allow]))
    return (
        f"An answer may import {names} and Python's standard library; nothing else is there "
        "when it is graded."
    )


def refused(names: Sequence[str]) -> list[str]:
    """Return the names that no assignment can allow.

    Examples
    --------
    >>> refused(["scipy", "torch"])
    ['torch']
    """
    return [name for name in names if name not in (*ALLOWED, *ALLOWABLE)]


def foreign(answer: Any, allow: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the packages that an answer uses and that are not there when it is graded.

    Parameters
    ----------
    answer : object
        A function (looked through with all that it calls and refers to), or any value.
    allow : sequence of str
        What the assignment allows besides NumPy, of `ALLOWABLE`.

    Examples
    --------
    >>> import sympy
    >>> foreign(sympy.Symbol("x"))
    ('sympy',)
    >>> foreign(sympy.Symbol("x"), allow=["sympy"])
    ()
    >>> foreign(lambda x: 2 * x)
    ()
    """
    there = {*ALLOWED, *(module for name in allow for module in ALLOWABLE.get(name, ()))}
    found: set[str] = set()
    seen: dict[int, Any] = {}  # holds the objects too, so that no id is used again
    waiting = [answer]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen[id(item)] = item
        module = _module(item)
        package = module.partition(".")[0]
        if _is_foreign(module, there):
            found.add(package)
        elif _is_under(module, there) or package in sys.stdlib_module_names:
            waiting += _held(item)
        else:
            waiting += _parts(item)
            if isinstance(item, FunctionType):
                found |= {
                    name.partition(".")[0]
                    for name in _operands(item.__code__, "IMPORT_NAME")
                    if _is_foreign(name, there)
                }
    return tuple(sorted(found))


def _module(item: Any) -> str:
    """Return the name of the module that an object comes from, or ``""``."""
    name = item.__name__ if isinstance(item, ModuleType) else getattr(item, "__module__", None)
    if isinstance(item, FunctionType) and item.__code__.co_filename.startswith("<lambdify"):
        name = "sympy"  # SymPy's `lambdify` made it, and leaves no other trace
    if name is None and isinstance(item, np.ufunc):
        name = _home(item)
    return name if isinstance(name, str) else ""


def _home(ufunc: np.ufunc) -> str:
    """Return a package that holds a ufunc; some packages' ufuncs do not know their own."""
    homes = {
        name.partition(".")[0]
        for name, module in list(sys.modules.items())
        if isinstance(module, ModuleType) and vars(module).get(ufunc.__name__) is ufunc
    }
    return min(
        homes,
        key=lambda name: (name not in ALLOWED, not _is_foreign(name, ALLOWED)),
        default="",
    )


def _is_under(module: str, there: Collection[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in there)


def _is_foreign(module: str, there: Collection[str]) -> bool:
    package = module.partition(".")[0]
    if package in ("", "__main__") or package in sys.stdlib_module_names:
        return False
    if _is_under(module, there):
        return False
    if package == __name__.partition(".")[0]:
        # `from actgrad import ReLU` takes from the part that is there, if it is.
        return module != package or not any(name.startswith(f"{package}.") for name in there)
    # A module of the student's own lies elsewhere, and is handed in with the answer.
    found = PathFinder.find_spec(package)
    file = found.origin if found else None
    return file is not None and any(Path(file).is_relative_to(home) for home in _INSTALLED)


def _held(item: Any) -> list[Any]:
    """Return what an object holds; `partial` and `numpy.vectorize` hold a function."""
    if isinstance(item, functools.partial):
        return [item.func, *item.args, *item.keywords.values()]
    if isinstance(item, FunctionType | ModuleType | type):
        return []
    return [*getattr(item, "__dict__", {}).values()]


def _parts(item: Any) -> list[Any]:
    """Return what an object of the student's own refers to."""
    if isinstance(item, MethodType):
        return [item.__func__, item.__self__]
    if isinstance(item, FunctionType):
        cells = [cell.cell_contents for cell in item.__closure__ or () if _is_filled(cell)]
        defaults = [*(item.__defaults__ or ()), *(item.__kwdefaults__ or {}).values()]
        return [*_globals(item), *cells, *defaults]
    if isinstance(item, type):
        return list(vars(item).values())
    return [] if isinstance(item, ModuleType) else [*_held(item), type(item)]


def _globals(function: FunctionType) -> list[Any]:
    """Return the global objects that a function names; of a module what it takes from it."""
    names = set(_operands(function.__code__, "LOAD_GLOBAL", "LOAD_NAME"))
    taken = set(_operands(function.__code__, "LOAD_ATTR", "LOAD_METHOD"))
    values = [function.__globals__[name] for name in names if name in function.__globals__]
    modules = [vars(value) for value in values if isinstance(value, ModuleType)]
    return values + [module[name] for module in modules for name in taken if name in module]


def _operands(code: CodeType, *kinds: str) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in kinds:
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _operands(constant, *kinds)


def _is_filled(cell: CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
