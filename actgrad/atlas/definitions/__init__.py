"""The activations, each as one record; everything else about them is derived.

One module a family, each with its ``RECORDS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from actgrad.atlas._definition import Definition
from actgrad.atlas.definitions import (
    exponentials,
    gates,
    normals,
    pairs,
    periodic,
    rectifiers,
    rows,
    shrinks,
    sigmoids,
)

# The functions with a chapter of their own come first, in the book's order.
_FIRST = ("sigmoid", "tanh", "linear", "relu", "softplus", "softmax")


def _in_order(records: Iterable[Definition]) -> Mapping[str, Definition]:
    found: dict[str, Definition] = {}
    for record in sorted(records, key=lambda record: (*_FIRST, record.name).index(record.name)):
        if record.name in found:
            record.refuse("name", "another record has it: write one of its own")
        found[record.name] = record
    return MappingProxyType(found)


DEFINITIONS = _in_order(
    (
        *sigmoids.RECORDS,
        *rectifiers.RECORDS,
        *exponentials.RECORDS,
        *gates.RECORDS,
        *normals.RECORDS,
        *shrinks.RECORDS,
        *periodic.RECORDS,
        *rows.RECORDS,
        *pairs.RECORDS,
    )
)
