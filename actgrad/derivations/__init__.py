"""Derivations whose every equals sign is proved. SymPy only: NumPy is never imported."""

from actgrad.derivations import functions
from actgrad.derivations._derivation import Derivation, Report, Step, write
from actgrad.derivations._derive import Unsupported, derive
from actgrad.derivations._line import CheckedLine, Setting, check_line
from actgrad.derivations._output import OutputForm, Witness, in_terms_of_output
from actgrad.derivations._parse import ParseError, parse
from actgrad.derivations._printing import latex, plain
from actgrad.derivations._proof import Kind, Proof, Unproved
from actgrad.derivations._prove import prove_equal
from actgrad.derivations._rule import Rule, RuleDoesNotApply
from actgrad.derivations._slip import Slip
from actgrad.derivations._task import Hint, Reached, Task, replay
from actgrad.derivations._whole import CheckedProof, check_proof
from actgrad.derivations.documents import *  # noqa: F403
from actgrad.derivations.documents import DERIVATIONS
from actgrad.derivations.documents import __all__ as _documents

__all__ = [
    "DERIVATIONS",
    "CheckedLine",
    "CheckedProof",
    "Derivation",
    "Hint",
    "Kind",
    "OutputForm",
    "ParseError",
    "Proof",
    "Reached",
    "Report",
    "Rule",
    "RuleDoesNotApply",
    "Setting",
    "Slip",
    "Step",
    "Task",
    "Unproved",
    "Unsupported",
    "Witness",
    "check_line",
    "check_proof",
    "derive",
    "functions",
    "in_terms_of_output",
    "latex",
    "parse",
    "plain",
    "prove_equal",
    "replay",
    "write",
    *_documents,
]
