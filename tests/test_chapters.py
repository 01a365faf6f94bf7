"""Every chapter is a notebook that runs from top to bottom and has the parts it should have."""

import ast
import re
from pathlib import Path

import jupytext
import pytest
import yaml
from nbclient import NotebookClient

from actgrad.derivations import DERIVATIONS
from tests.prose import with_computed_paragraphs

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.md"))
NOTEBOOKS = [path for path in CHAPTERS if "\nkernelspec:" in path.read_text("utf-8")[:600]]
FUNCTIONS = {"sigmoid", "tanh", "linear", "relu", "softplus", "softmax"}
WITH_PARTS = {*FUNCTIONS, "softmax-and-cross-entropy", "gated-units"}
PARTS = [
    "Definition",
    "Implementation",
    "Explore",
    "Check all against all",
    "What goes wrong",
    "Summary",
    "Exercises",
]


def sections(path: Path) -> dict[str, str]:
    """Return the text under each second-level heading."""
    parts = re.split(r"(?m)^## (.+)$", path.read_text("utf-8"))
    return {title.strip(): text for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def prose(text: str) -> str:
    """Return a chapter's text without front matter, cells, formulas and directives' marks."""
    text = re.sub(r"\A---.*?\n---\n", "", with_computed_paragraphs(text), flags=re.S)
    text = re.sub(r"(?ms)^```.*?^```", "", text)
    return re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " formula ", text, flags=re.S)


@pytest.mark.execution
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_top_to_bottom(path, tmp_path):
    notebook = jupytext.read(path, fmt="md:myst")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    complaints = [
        output.text
        for cell in code
        for output in cell.outputs
        if output.get("name") == "stderr" and "Warning" in output.text
    ]
    assert complaints == []


def test_every_chapter_is_in_the_contents():
    contents = str(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
    named = set(re.findall(r"'(?:root|file)': 'chapters/([^']+)'", contents))
    assert named == {path.stem for path in CHAPTERS}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_outputs_and_no_promises(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|coming soon|lorem ipsum)\b", text, re.I)
    words = prose(text)
    for word in ("simply", "obviously", "just"):
        assert not re.search(rf"\b{word}\b", words, re.I), f"{path.stem}: '{word}'"
    assert not re.search(r"[a-z]!(\s|$)", words), f"{path.stem}: an exclamation mark"


@pytest.mark.parametrize("name", sorted(WITH_PARTS))
def test_function_chapter_has_its_parts(name):
    path = ROOT / "chapters" / f"{name}.md"
    parts = sections(path)
    assert [title for title in parts if title in PARTS] == PARTS
    for title in PARTS:
        assert len(parts[title].split()) > 15, f"{name}: '{title}' is empty"
    text = path.read_text("utf-8")
    opening = prose(text).strip().split("\n\n")[1]
    assert "?" in opening, "the chapter's question stands in its first lines"
    assert "{predict}" in parts["Explore"]
    assert re.search(r"\w+Explorer\(", parts["Explore"])
    assert "Source(" in parts["Implementation"]
    assert "assert" in parts["Check all against all"]
    assert re.search(rf"CHAPTERS\[\"{name}\"\]", parts["Exercises"])
    assert len(re.findall(r"(?m)^- ", parts["Summary"])) == 3
    assert 900 <= len(prose(text).split()) <= 2600


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_derivations_are_shown_and_never_typed(name):
    text = (ROOT / "chapters" / f"{name}.md").read_text("utf-8")
    assert re.search(rf"(?m)^(DerivationStepper\()?{name}\w*\(\)\)?$", text)
    assert not re.search(r"\\begin\{(aligned|align|eqnarray)", text)


BOX = re.compile(r"(?ms)^```\{admonition\} Where this comes from\n.*?^```$")
DOCUMENT = re.compile(r"\bdocuments?\s+00\d|\b(?:four|three|these|source)\s+documents\b", re.I)


def main_chapters() -> list[Path]:
    """Return the chapters that are no appendices."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    parts = [part for part in contents["parts"] if part["caption"] != "Appendices"]
    names = [contents["root"], *(c["file"] for part in parts for c in part["chapters"])]
    return [ROOT / f"{name}.md" for name in names]


@pytest.mark.parametrize("path", main_chapters(), ids=lambda path: path.stem)
def test_the_documents_stand_in_one_closing_box(path):
    text = path.read_text("utf-8")
    boxes = BOX.findall(text)
    assert len(boxes) <= 1
    assert DOCUMENT.findall(BOX.sub("", text)) == []
    assert all(DOCUMENT.search(box) for box in boxes)
    if boxes:
        after = text[text.index(boxes[0]) + len(boxes[0]) :]
        assert set(re.findall(r"(?m)^## (.+)$", after)) <= {"Exercises"}


def test_chapters_have_such_boxes():
    boxes = [path for path in main_chapters() if BOX.search(path.read_text("utf-8"))]
    assert len(boxes) >= 10


def test_no_note_of_a_derivation_speaks_of_a_document():
    notes = [step.note for make in DERIVATIONS.values() for step in make().steps if step.note]
    assert len(notes) > 50
    assert [note for note in notes if DOCUMENT.search(note)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_that_belongs_in_the_package_is_defined(path):
    notebook = jupytext.read(path, fmt="md:myst")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert not re.search(r"(?m)^class ", code)
    for function in re.findall(r"(?ms)^def \w+\(.*?(?=^\S)", code + "\nend"):
        assert len(function.splitlines()) <= 25


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_cell_makes_is_shown(path):
    """A notebook shows the last expression of a cell, and none inside a `with` or a loop."""
    for cell in jupytext.read(path, fmt="md:myst").cells:
        tree = ast.parse(cell.source if cell.cell_type == "code" else "")
        lost = [
            node.value.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr)
            and node is not tree.body[-1]
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
        ]
        assert not {"Facing", "Picture", "Source", "Table", "Text"}.intersection(lost)
