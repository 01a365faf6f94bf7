"""JavaScript that runs in pages and notebooks, put together as text: there is no bundler."""

import json
import re
from collections.abc import Callable
from importlib import resources

from actgrad.atlas import _table as table

_FILES = resources.files(__package__)
_IMPORT = re.compile(r'^import [^;]*? from "\./([a-z_]+)\.js";\n', re.M)


def source(name: str) -> str:
    """Return a JavaScript file of this folder; ``table.js`` is generated."""
    if name == "table.js":
        return f"export const table = {json.dumps(_words(), ensure_ascii=False)};\n"
    return (_FILES / name).read_text(encoding="utf-8")


def module_text(stem: str, read: Callable[[str], str] = source) -> str:
    """Return one self-contained module: what the file imports, then the file.

    A page opened from disk cannot import a second file, so the imported files stand above in
    the order of their use, each once, and the `import` and `export` words are dropped.
    """
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        text = read(f"{name}.js")
        for imported in _IMPORT.findall(text):
            if imported not in texts:
                add(imported)
        texts[name] = _IMPORT.sub("", text)

    add(stem)
    own = texts.pop(stem)
    return re.sub(r"(?m)^export (?!default)", "", "".join(texts.values())) + own


def _words() -> dict[str, object]:
    """Return what the twin of the reader needs of the table."""
    return {
        "functions": {
            name: [function.arity, function.javascript]
            for name, function in table.FUNCTIONS.items()
        },
        "definitions": table.DEFINITIONS | table.STABLE,
        "spellings": table.SPELLINGS,
        "constants": table.CONSTANTS,
        "cases": table.CASES,
        "otherwise": table.OTHERWISE,
        "relations": table.RELATIONS,
        "brackets": table.BRACKETS,
        "likeFunctions": table.LIKE_FUNCTIONS,
        "greek": table.GREEK,
        "letters": table.LETTERS,
        "signs": table.SIGNS,
        "latex": table.LATEX,
        "fractions": table.FRACTIONS,
        "raised": table.RAISED,
        "tokens": table.TOKENS,
        "leftSide": table.LEFT_SIDE,
        "messages": table.MESSAGES,
        "noLetters": table.NO_LETTERS,
        "theLetters": table.THE_LETTERS,
        "didYouMean": table.DID_YOU_MEAN,
        "theFunctions": table.THE_FUNCTIONS,
        "maxLength": table.MAX_LENGTH,
        "maxSigns": table.MAX_SIGNS,
        "maxDepth": table.MAX_DEPTH,
        "maxDigits": table.MAX_DIGITS,
        "maxExponent": table.MAX_EXPONENT,
    }
