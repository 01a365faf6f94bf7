"""The students' edition holds no solution in any file; the instructors' edition holds them."""

import re
from pathlib import Path

import pytest

from actgrad.exercises import CHAPTERS
from tests.catalogue import BY_HAND

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
PAGE = """
```{code-cell} ipython3
from IPython.display import display
from actgrad.exercises import CHAPTERS, exercise

for item in CHAPTERS["sigmoid"]:
    display(exercise(item.id))
```
"""


def squeezed(text: str) -> str:
    """Return text as it is found in HTML, JSON or Markdown alike: no marks, no white space."""
    text = re.sub(r"<[^>]*>", "", text)
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        text = text.replace(escaped, plain)
    text = text.replace("\\n", "").replace('\\"', '"').replace("&amp;", "&")
    return re.sub(r"\s|[\"',]", "", text)


def solutions() -> dict[str, str]:
    """Return each solution that is long enough not to stand somewhere by chance, squeezed.

    The atlas's exercises stand on pages that derive what they ask for.
    """
    found = {item.id: squeezed(item.solution) for item in BY_HAND}
    return {name: text for name, text in found.items() if len(text) >= 10}


def readable(folder: Path) -> dict[str, str]:
    """Return the squeezed text of every file of a built book that may hold text."""
    kinds = {".html", ".md", ".ipynb", ".js", ".json", ".txt", ".py", ".inv", ".svg"}
    return {
        path.relative_to(folder).as_posix(): squeezed(path.read_text("utf-8", "replace"))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in kinds
    }


def leaks(folder: Path) -> list[tuple[str, str]]:
    """Return the pairs (file, exercise) where a solution stands."""
    wanted = solutions()
    return [
        (name, exercise)
        for name, text in readable(folder).items()
        for exercise, body in wanted.items()
        if body in text
    ]


def test_there_are_solutions_to_look_for():
    assert len(set(solutions().values())) == len(solutions()) >= 20


def test_students_edition_holds_no_solution():
    if not BOOK.is_dir():
        pytest.skip("no finished book: run `make book` first")
    assert leaks(BOOK) == []


@pytest.mark.parametrize(
    ("edition", "folder"), [("student", "html"), ("instructor", "instructor-html")]
)
def test_solutions_stand_in_the_instructors_edition_alone(little_book, build, edition, folder):
    result = build(PAGE, ACTGRAD_EDITION=edition)
    assert result.returncode == 0, result.stderr
    found = {exercise for _, exercise in leaks(little_book / "_build" / folder)}
    chapter = {item.id for item in CHAPTERS["sigmoid"]} & set(solutions())
    assert found == (chapter if edition == "instructor" else set())
