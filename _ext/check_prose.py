"""Check the book's prose for what its style forbids: ``python _ext/check_prose.py [FILE ...]``.

Code, formulas and addresses are left out. Without files: the chapters and the Markdown files
at the root. Each finding is one line, ``file:line: words: what to do``; the status is 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What stands here is not prose; newlines stay, so that line numbers are right.
NOT_PROSE = re.compile(
    r"\A---\n.*?\n---\n"
    r"|^(?P<fence>```+|~~~+|:::+)\s*\{(?:code-cell|math|bibliography|toctree)\b.*?^(?P=fence)"
    r"|^(?P<bare>```+)(?!\{)\w+\n.*?^(?P=bare)"
    r"|\$\$.*?\$\$|\$[^$\n]+\$|(?<!`)(?P<code>``?)(?!`).+?(?<!`)(?P=code)(?!`)|<[^>\n]*>|\]\([^)\n]*\)|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
RULES = {
    r"\b(?:simply|obviously|clearly|trivial(?:ly)?|of course|just)\b": (
        "it helps nobody who does not see it: leave it out, or say why"
    ),
    r"\b(?:basically|really|very|quite|extremely|actually)\b": "leave it out, or give a number",
    r"\bin order to\b": "write 'to'",
    r"\b(?:utili[sz]e|leverage|facilitate)\w*\b": "write 'use' or 'help'",
    r"\b(?:TODO|FIXME|XXX)\b": "finish it, or leave it out",
    r"\w!(?=\s|$)": "write a full stop",
    r"\b(\w+)(?:[ \t]+|[ \t]*\n[ \t]*)\1\b(?!-)": "the word stands twice",
    r"\b\d+(?:\.\d+)?[eE][-+]?\d+\b": "write a power of ten as a formula, or as code",
}
_RULES = [(re.compile(form, re.IGNORECASE), advice) for form, advice in RULES.items()]


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the words and the advice for everything that the style forbids."""
    prose = NOT_PROSE.sub(lambda found: "…" + "\n" * found[0].count("\n"), text)
    for form, advice in _RULES:
        for found in form.finditer(prose):
            yield prose.count("\n", 0, found.start()) + 1, " ".join(found[0].split()), advice


def main(names: list[str]) -> int:
    """Print every finding and return the status."""
    files = [Path(name) for name in names] or [
        *sorted((ROOT / "chapters").glob("*.md")),
        *sorted(ROOT.glob("*.md")),
    ]
    count = 0
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{file}: cannot be read as UTF-8 text ({error})", file=sys.stderr)
            return 2
        for line, words, advice in sorted(findings(text)):
            print(f"{file}:{line}: {words!r}: {advice}")
            count += 1
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
