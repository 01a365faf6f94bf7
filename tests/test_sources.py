"""A mention of a source document leads to its entry in the bibliography."""

import pytest
from actgrad_book.sources import linked
from docutils import nodes


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("as document 002 says", ["002"]),
        ("Documents 000, 001, and 003 differ", ["000", "001", "003"]),
        ("documents 000 and 003; see 007", ["000", "003"]),
        ("the year 2002 and a 002", []),
    ],
)
def test_each_number_of_a_mention_is_a_link(text, numbers):
    pieces = list(linked(text, "bibliography.html"))
    assert "".join(piece.astext() for piece in pieces) == text
    links = [piece for piece in pieces if isinstance(piece, nodes.reference)]
    assert [link.astext() for link in links] == numbers
    assert [link["refuri"] for link in links] == [
        f"bibliography.html#document-{number}" for number in numbers
    ]
