"""The API page names all that is public, and nothing that is not."""

import importlib
import re
from pathlib import Path

import pytest
from actgrad_book.api import classes

from actgrad.derivations import DERIVATIONS

PAGES = sorted((Path(__file__).parents[1] / "chapters").glob("api*.md"))
PAGE = "\n".join(page.read_text("utf-8") for page in PAGES)
MODULES = re.findall(r"(?m)^\.\. currentmodule:: (\S+)", PAGE)
# Data and aliases have no docstring of their own; the page's text names them.
WITHOUT_ENTRY = {
    "CHAPTERS",
    "DATA",
    "EXERCISES",
    "DEFINITIONS",
    "DERIVATIONS",
    "ACTIVATIONS",
    "FUNCTIONS",
    "Identity",
    "functions",
}


def shown(module: str) -> set[str]:
    blocks = re.findall(rf"(?ms)^\.\. currentmodule:: {re.escape(module)}$(.*?)^```", PAGE)
    text = "".join(blocks)
    generated = set(classes()) if ".. activation-classes::" in text else set()
    if ".. derivation-table::" in text:
        generated |= set(DERIVATIONS)
    return generated | set(re.findall(r"(?m)^\.\. auto\w+:: (\w+)$", text))


def test_every_public_module_has_its_part() -> None:
    assert set(MODULES) == {
        f"actgrad.{name}"
        for name in (
            "activations",
            "atlas",
            "derivations",
            "exercises",
            "explorers",
            "gradient_check",
            "layers",
            "notebook",
        )
    }


@pytest.mark.parametrize("module", sorted(set(MODULES)))
def test_the_page_is_complete(module: str) -> None:
    public = set(importlib.import_module(module).__all__) - WITHOUT_ENTRY
    assert shown(module) == public
