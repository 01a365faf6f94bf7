"""Runs in Pyodide while the book is built: sources to the byte code of this very Python.

`SOURCES` maps the names of modules to pairs (is it a package, its text); `STANDARD` is the
zip file of the standard library. Docstrings and the places in lines go: no traceback is shown.
"""

import ast
import io
import marshal
import struct
import zipfile
from importlib.util import MAGIC_NUMBER
from types import CodeType
from typing import Any

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def without_docstrings(node: Any) -> Any:
    """Drop docstrings. Statements alone are walked: expressions may nest too deeply."""
    if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        first, *rest = node.body
        filled = isinstance(node, ast.Module) or rest
        node.body = rest if filled else [ast.copy_location(ast.Pass(), first)]
    for block in BLOCKS:
        for child in getattr(node, block, None) or ():
            if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                without_docstrings(child)
    return node


def unlocated(code: CodeType) -> CodeType:
    """Return the code with every instruction marked as nowhere: an empty table is an error."""
    units = len(code.co_code) // 2
    rest = bytes([0xF8 | (units % 8 - 1)]) if units % 8 else b""
    inner = (unlocated(c) if hasattr(c, "co_code") else c for c in code.co_consts)
    return code.replace(co_linetable=b"\xff" * (units // 8) + rest, co_consts=tuple(inner))


def compiled(text: str, name: str) -> bytes:
    code = compile(without_docstrings(ast.parse(text)), name, "exec", dont_inherit=True)
    return marshal.dumps(unlocated(code))


def pack(sources: dict[str, tuple[bool, str]]) -> bytes:
    """Return all modules one after the other, under an index of where each stands."""
    index: dict[str, tuple[bool, int, int]] = {}
    blob = bytearray()
    for name, (is_package, text) in sorted(sources.items()):
        code = compiled(text, f"{name}.py")
        index[name] = (is_package, len(blob), len(code))
        blob += code
    head = marshal.dumps(index)
    return len(head).to_bytes(4, "little") + head + bytes(blob)


def trimmed(standard: str, names: list[str]) -> bytes:
    """Return the standard library with the modules of these names alone, as byte code."""
    target = io.BytesIO()
    with zipfile.ZipFile(standard) as source, zipfile.ZipFile(target, "w") as kept:
        for path in sorted(source.namelist()):
            module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            if module not in names or not path.endswith(".py"):
                continue
            head = MAGIC_NUMBER + struct.pack("<III", 0, 0, 0)
            entry = zipfile.ZipInfo(f"{path}c", (2020, 1, 1, 0, 0, 0))
            kept.writestr(entry, head + compiled(source.read(path).decode(), path))
    return target.getvalue()
