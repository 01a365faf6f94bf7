"""The lab's files: Python for the browser, SymPy and the derivations, packed small.

SymPy, mpmath and `actgrad` are those of the environment that builds the book; of each only
what the derivations import. The files and the answers that the page has from the start take
half a minute each, side by side; they are made again only when one of the sources, of the
locked packages or of the scripts that make them is another.
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
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
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


def key(part: str) -> str:
    """Return what a part is named by: a digest of all that goes into it.

    SymPy and mpmath count by their versions: to read them all would take seconds.
    """
    sha = hashlib.sha256(repr([(name, version(name)) for name in PACKAGES[:2]]).encode())
    spec = importlib.util.find_spec("actgrad")
    assert spec is not None
    assert spec.origin is not None
    own = Path(spec.origin).parent
    for folder in (own / "atlas", own / "derivations"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".js"):
                sha.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    scripts = (HERE / name for name in PARTS[part][1])
    for path in (*scripts, MANIFEST / "package-lock.json", Path(__file__)):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def _run(*command: str | Path) -> str:
    """Return what a command printed."""
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )
    if done.returncode:
        raise ExtensionError(f"cannot pack the lab:\n{done.stderr.strip()[-1500:]}")
    return done.stdout


def _pack(work: Path, new: Path) -> None:
    """Write what the worker loads."""
    texts = sources()
    needed = sorted({*NEEDED, *_standard(texts)})
    given = work / "given.json"
    request = {"sources": texts, "asked": ASKED, "needed": needed}
    given.write_text(json.dumps(request), encoding="utf-8")
    _run(NODE, HERE / "pack.mjs", fetch(), given, new)


def _answer(work: Path, new: Path) -> None:
    """Write what the page can answer without the worker."""
    said = _run(sys.executable, HERE / "ready.py", *EXAMPLES)
    (new / "ready.js").write_text(said, encoding="utf-8")


# How each part is made, and from which scripts beside the packages.
PARTS: Mapping[str, tuple[Callable[[Path, Path], None], tuple[str, ...]]] = {
    "packed": (
        _pack,
        (*("clock.js", "compile.py", "importer.py", "inside.py", "pack.mjs", "worker.js"),),
    ),
    "answers": (_answer, ("ready.py",)),
}


def part(name: str) -> Path:
    """Return the folder of the files of a part; make it unless it is there."""
    target = CACHE / f"{name}-{key(name)}"
    if target.is_dir():
        return target
    make, _ = PARTS[name]
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        new = Path(work) / "files"
        new.mkdir()
        make(Path(work), new)
        for old in set(CACHE.glob(f"{name}-*")) - {target}:
            shutil.rmtree(old)
        if not target.is_dir():  # another process may have been as fast
            new.rename(target)
    return target


def parts() -> list[Path]:
    """Return the folders of all parts; those that are missing are made at the same time."""
    fetch()
    with ThreadPoolExecutor() as pool:
        return list(pool.map(part, PARTS))
