"""What the rest of the house reads: the activations as records, and the one small language.

Plain data and the standard library only. ``read(text)`` returns a tree, ``written`` shows how
it was read, ``evaluate`` computes it in any library of numbers; SymPy's expressions are made in
`actgrad.derivations`, and ``language.js`` is the twin that runs in a page.
"""

from actgrad.atlas._definition import Definition, Elsewhere, Parameter, RowSum, named
from actgrad.atlas._derivative import derivative
from actgrad.atlas._evaluate import Arithmetic, definition, evaluate
from actgrad.atlas._language import Node, ParseError, read, written
from actgrad.atlas._table import FUNCTIONS, Function
from actgrad.atlas.definitions import DEFINITIONS

__all__ = [
    "DEFINITIONS",
    "FUNCTIONS",
    "Arithmetic",
    "Definition",
    "Elsewhere",
    "Function",
    "Node",
    "Parameter",
    "ParseError",
    "RowSum",
    "definition",
    "derivative",
    "evaluate",
    "named",
    "read",
    "written",
]
