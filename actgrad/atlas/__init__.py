"""What the rest of the house reads: the one small language of formulas and answers.

Plain data and the standard library only. ``read(text)`` returns a tree, ``written`` shows how
it was read, ``evaluate`` computes it in any library of numbers; SymPy's expressions are made in
`actgrad.derivations`, and ``language.js`` is the twin that runs in a page.
"""

from actgrad.atlas._evaluate import Arithmetic, definition, evaluate
from actgrad.atlas._language import Node, ParseError, read, written
from actgrad.atlas._table import FUNCTIONS, Function

__all__ = [
    "FUNCTIONS",
    "Arithmetic",
    "Function",
    "Node",
    "ParseError",
    "definition",
    "evaluate",
    "read",
    "written",
]
