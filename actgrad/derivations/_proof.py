"""What a proof of one equality is: exact, numeric, or none."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """How an equality was proved."""

    EXACT = "exact"
    NUMERIC = "numeric"


@dataclass(frozen=True)
class Proof:
    """One proved equality: its kind and, if numeric, why the exact route did not do."""

    kind: Kind
    reason: str = ""


class Unproved(AssertionError):
    """Two expressions that should be equal are not, or are not shown to be."""


class NoPoint(Unproved):
    """No point was found at which the expression before has a value: nothing is shown."""
