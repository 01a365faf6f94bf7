"""The lab's files: Python for the browser, SymPy and the derivations, packed small.

SymPy, mpmath and `actgrad` are those of the environment that builds the book; of each only
what the derivations import. Packing takes half a minute and is done again only when one of
the sources, of the locked packages or of the packing scripts is another.
"""

import ast
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from sphinx.errors import ExtensionError

from .assets import MANIFEST, NODE, fetch

HERE = Path(__file__).with_name("lab_files")
CACHE = Path(__file__).parents[2] / "_build" / "lab"
# Answered by the build, as the functions of the atlas are; the first stands in the field.
EXAMPLES = (
    *("x tanh(ln(1 + e^x))", "1/(1 + e^(-x))", "x Phi(x)", "x/(1 + e^(-beta x))"),
    *("max(alpha x, x)", "ln(1 + e^x)", "|x|/(1 + x²)", "e^(-x²)", "x^x"),
)
PACKAGES = ("sympy", "mpmath", "actgrad")
ROOTS = ("sympy", "mpmath", "actgrad.derivations", "actgrad.derivations._answer")
# What the browser's copies of modules say instead: no lazy names, no pages of documentation.
INSTEAD = {"actgrad": "", "mpmath.function_docs": "def __getattr__(name):\n    return ''\n"}
# Of the standard library, what an error may ask for besides what a trace shows.
NEEDED = (
    *("__future__", "_colorize", "_pylong", "bisect", "codeop", "datetime", "encodings.ascii"),
    *("encodings.idna", "encodings.latin_1", "gc", "hashlib", "linecache", "pprint", "random"),
    *("shutil", "tempfile", "textwrap", "token", "tokenize", "traceback", "zipimport"),
)
ASKED = (
    ("answer", {"text": "x*tanh(log(1 + e^x))"}),
    ("answer", {"text": "max(0, x)*Phi(beta*x) + |x|"}),
    ("answer", {"text": "x +"}),
    ("line", {"before": "D(x*sin(2*x), x)", "after": "sin(2*x) + x*cos(2*x)"}),
    ("task", {"task": '{"derivation": "sigmoid_by_chain_rule"}', "blank": "2"}),
    ("hint", {"line": "D(x*sin(x), x)", "more": "line"}),
)


def sources() -> dict[str, tuple[bool, str]]:
    """Return whatever the derivations may import: name -> (is it a package, its text)."""
    found: dict[str, tuple[bool, str]] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in found or path is None:
            continue
        text = INSTEAD.get(name, path.read_text(encoding="utf-8"))
        found[name] = (path.name == "__init__.py", text)
        waiting += name.rpartition(".")[:1]
        waiting += _imported(name, *found[name])
    inside = (HERE / "inside.py").read_text(encoding="utf-8")
    return {**found, "lab_inside": (False, inside)}


def _path(name: str) -> Path | None:
    """Return the file of a module of the packages; None for everything else."""
    package, *parts = name.split(".")
    if package not in PACKAGES or "tests" in parts:
        return None
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    base = Path(spec.origin).parent.joinpath(*parts)
    candidates = (base / "__init__.py", base.with_name(f"{base.name}.py"))
    return next((path for path in candidates if path.is_file()), None)


def _imported(name: str, is_package: bool, text: str) -> Iterator[str]:
    """Yield every module that the text may import, in a function's body too."""
    package = name if is_package else name.rpartition(".")[0]
    for node in _imports(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    # Statements alone: an expression may nest too deeply to walk.
    for block in ("body", "orelse", "finalbody", "handlers"):
        for child in getattr(node, block, None) or ():
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                yield child
            elif isinstance(child, (ast.stmt, ast.ExceptHandler)):
                yield from _imports(child)


def _standard(texts: dict[str, tuple[bool, str]]) -> set[str]:
    """Return what the derivations themselves import of the standard library, late or not."""
    own = [name for name in texts if name.startswith("actgrad.")]
    names = {imported for name in own for imported in _imported(name, *texts[name])}
    return {name for name in names if name in sys.stdlib_module_names}


def key() -> str:
    """Return what the packed files are named by: a digest of all that goes into them.

    SymPy and mpmath count by their versions: to read them all would take seconds.
    """
    sha = hashlib.sha256(repr([(name, version(name)) for name in PACKAGES[:2]]).encode())
    spec = importlib.util.find_spec("actgrad")
    assert spec is not None
    assert spec.origin is not None
    own = Path(spec.origin).parent
    for folder in (own / "atlas", own / "derivations", HERE):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".js", ".mjs"):
                sha.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for path in (MANIFEST / "package-lock.json", Path(__file__)):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def _start(*command: str | Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )


def _said(process: subprocess.Popen[str]) -> str:
    """Return what a process printed, once it has ended well."""
    said, complaint = process.communicate()
    if process.returncode:
        raise ExtensionError(f"cannot pack the lab:\n{complaint.strip()[-1500:]}")
    return said


def pack() -> Path:
    """Return the folder of the packed files; make it unless it is there."""
    target = CACHE / key()
    if target.is_dir():
        return target
    modules = fetch()
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        given, new = Path(work) / "given.json", Path(work) / "files"
        new.mkdir()
        answering = _start(sys.executable, HERE / "ready.py", *EXAMPLES)
        texts = sources()
        needed = sorted({*NEEDED, *_standard(texts)})
        request = {"sources": texts, "asked": ASKED, "needed": needed}
        given.write_text(json.dumps(request), encoding="utf-8")
        _said(_start(NODE, HERE / "pack.mjs", modules, given, new))
        (new / "ready.js").write_text(_said(answering), encoding="utf-8")
        for old in set(CACHE.glob("?" * 16)) - {target}:
            shutil.rmtree(old)
        if not target.is_dir():  # another process may have been as fast
            new.rename(target)
    return target
