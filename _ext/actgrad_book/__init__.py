"""The book's Sphinx extension: explorers, the lab, self-hosted KaTeX, slim pages, sound cache.

One module a concern; each has a ``setup(app)`` that connects its own handlers.
"""

from typing import Any

from sphinx.application import Sphinx

from . import (
    accessibility,
    api,
    assets,
    atlas,
    bundle,
    cache,
    cells,
    citations,
    derivations,
    exercises,
    explorers,
    front,
    lab,
    lab_links,
    mathematics,
    notebooks,
    pages,
    predictions,
    search,
    sources,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the parts of the extension."""
    for part in (
        accessibility,
        api,
        assets,
        atlas,
        bundle,
        cache,
        cells,
        citations,
        derivations,
        exercises,
        explorers,
        front,
        lab,
        lab_links,
        mathematics,
        notebooks,
        pages,
        predictions,
        search,
        sources,
    ):
        part.setup(app)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
