"""Write the chapters as notebooks that run wherever they land, beside the package's wheel.

``python _ext/write_notebooks.py FOLDER`` needs Jupytext, pybtex and setuptools, neither Sphinx
nor Node.js. The book's build publishes the same notebooks. What MyST writes as roles, labels
and directives becomes plain Markdown here, and an exercise becomes cells.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pybtex.database import Entry, parse_file
from pybtex.richtext import Text as RichText

ROOT = Path(__file__).parents[1]
ARCHIVE = "actgrad-notebooks"
LAB = ("requirements-lab.txt", "constraints.txt")

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Code that the page does not show is folded in the notebook.
FOLDED = {"remove-cell", "remove-input", "hide-input", "hide-cell"}
ON_THE_PAGE = {
    "chapter-cards": "*The chapters, each with its curve, stand on the book's {page}.*",
    "lab": "*The lab itself runs on the book's {page}.* Here `derive` and `proof_editor` of "
    "`actgrad` answer the same.",
    "lab-contents": "*The list, with versions and licences, stands on the book's {page}.*",
}
ADMONITIONS = {
    *("admonition", "attention", "caution", "danger", "dropdown", "error", "hint"),
    *("important", "note", "seealso", "tip", "warning"),
}

ROLE = re.compile(r"\{([a-z][\w:.-]*)\}`([^`]+)`")
TITLED = re.compile(r"(.*?)\s*<([^<>]+)>", re.S)
LABEL = re.compile(r"^\(([\w-]+)\)=[ \t]*\n", re.M)
EQUATION = re.compile(r"\$\$([^$]+?)\$\$ \(([\w-]+)\)")
FENCE = re.compile(r"^(`{3,}|:{3,})\{([\w:-]+)\}[ \t]*(.*)\n((?:.*\n)*?)\1[ \t]*$", re.M)
PAGE_LINK = re.compile(r"\[([^\]]+)\]\((?:([\w-]+)\.md)?(?:#([\w-]+))?\)")
RECORD_LINK = re.compile(r"\[([^\]]+)\]\(\.\./atlas/([\w-]+)\.md(?:#[\w-]+)?\)")
FILE_LINK = re.compile(r'<a href="\.\./(notebooks/[^"]+)">(.*?)</a>', re.S)
COMPUTED = re.compile(r'(^Text\(\s*r?""")(.*?)(""")', re.M | re.S)
EXERCISES = re.compile(r'CHAPTERS\["([\w-]+)"\]:\s+display\(exercise\(item\.id\)\)')
ATLAS = re.compile(r"\batlas[/-]([\w-]+)$")
MARK = re.compile(r'("untouched": ")[0-9a-f]*(")')
# Code, in which nothing is a role; and roles, which end with what begins code.
CODE_OR_ROLE = re.compile(
    rf"^```.*?^```[ \t]*$|{ROLE.pattern}|(?<!`)(`+)(?!`).+?(?<!`)\3(?!`)", re.M | re.S
)


def is_notebook(source: Path) -> bool:
    """Return whether a chapter's text is a notebook (it names a kernel)."""
    return source.suffix == ".md" and "\nkernelspec:" in source.read_text("utf-8")[:600]


class Chapters:
    """The chapters of a folder, with what their roles refer to.

    Parameters
    ----------
    folder : Path
        The folder with the chapters and their bibliography.
    """

    def __init__(self, folder: Path) -> None:
        self.texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md")}
        self.paths = {
            path.stem: path for path in sorted(folder.glob("*.md")) if is_notebook(path)
        }
        self._bibliography = folder / "references.bib"

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each page."""
        found = {}
        for page, text in self.texts.items():
            heading = re.search(r"^# (.+)$", text, re.M)
            found[page] = heading[1].strip() if heading else page
        return found

    @cached_property
    def sections(self) -> dict[str, tuple[str, str]]:
        """Page and title of each label before a heading."""
        found = {}
        for page, text in self.texts.items():
            for match in re.finditer(r"^((?:\([\w-]+\)=\s*\n)+)(?:#+ (.+)$)?", text, re.M):
                for label in LABEL.findall(match[1]):
                    found[label] = (page, (match[2] or "").strip())
        return found

    @cached_property
    def equations(self) -> dict[str, int]:
        """The number of each labelled equation, counted on its page."""
        return {
            label: number
            for text in self.texts.values()
            for number, (_, label) in enumerate(EQUATION.findall(text), 1)
        }

    @cached_property
    def records(self) -> dict[str, str]:
        """The title of each page of the atlas, by the stem of its file."""
        from actgrad.atlas import DEFINITIONS

        titles = {name: record.title for name, record in DEFINITIONS.items()}
        return {
            name.replace("_", "-"): title[0].upper() + title[1:]
            for name, title in titles.items()
        }

    @cached_property
    def sources(self) -> dict[str, tuple[str, str]]:
        """Author-year text and address of each entry of the bibliography."""
        entries = parse_file(self._bibliography, "bibtex").entries
        return {key: (_author_year(entry), _address(entry)) for key, entry in entries.items()}


def _author_year(entry: Entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        str(RichText.from_latex(" ".join(person.prelast_names + person.last_names)))
        for person in people
    ]
    if not names:
        names = [str(RichText.from_latex(entry.fields["title"]))]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return f"{who}, {entry.fields.get('year', 'n.d.')}"


def _address(entry: Entry) -> str:
    doi = entry.fields.get("doi", "")
    return f"https://doi.org/{doi}" if doi else str(entry.fields.get("url", ""))


@dataclass(frozen=True)
class Writer:
    """Turns the MyST text of a chapter into cells.

    Parameters
    ----------
    chapters : Chapters
        All of them: one refers to another.
    wheel : str
        The name of the package's wheel.
    site : str
        The address of the published book; empty where there is none.
    together : bool
        Whether the notebooks and the wheel lie in one folder. Otherwise each is alone.
    """

    chapters: Chapters
    wheel: str
    site: str = ""
    together: bool = True

    @property
    def _site(self) -> str:
        return f"{self.site.rstrip('/')}/"

    def notebook(self, page: str) -> NotebookNode:
        """Return the notebook of a chapter, without outputs."""
        source = jupytext.reads(self.chapters.texts[page], fmt="md:myst")
        cells = [made for cell in source.cells for made in self._cells(cell, page)]
        imports = next((cell for cell in cells if cell.cell_type == "code"), None)
        if imports is not None:
            imports.metadata.clear()
        heading, _, rest = cells[0].source.partition("\n")
        if cells[0].cell_type != "markdown" or not heading.startswith("# "):
            raise ValueError(f"chapters/{page}.md: a notebook begins with its title")
        cells[:1] = [new_markdown_cell(heading), *self._install()] + (
            [new_markdown_cell(rest.strip())] if rest.strip() else []
        )
        for cell in cells:  # an identifier drawn anew would make every build differ
            cell.pop("id", None)
        metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
        return new_notebook(cells=cells, metadata=metadata, nbformat_minor=4)

    def _install(self) -> list[NotebookNode]:
        if self.site and not self.together:
            where = "from the site of this book"
            what = f"actgrad[explorers] @ {self._site}notebooks/{self.wheel}"
        else:
            where = f"from the file `{self.wheel}`, which belongs beside this notebook"
            what = f"./{self.wheel}[explorers]"
        note = (
            "*Run the cells from top to bottom. The first installs the package `actgrad` "
            f"{where}; where it is installed already, nothing changes. Paragraphs with "
            "computed numbers appear when their cells have run.*"
        )
        code = f'%pip install --quiet --disable-pip-version-check "{what}"'
        return [new_markdown_cell(note), new_code_cell(code)]

    def _cells(self, cell: NotebookNode, page: str) -> Iterator[NotebookNode]:
        if cell.cell_type != "code":
            text = self.markdown(cell.source, page)
            if text:
                yield new_markdown_cell(text)
            return
        exercises = EXERCISES.search(cell.source)
        if exercises:
            yield from practice(exercises[1])
            return
        source = cell.source.replace("from actgrad.exercises import CHAPTERS, exercise\n", "")
        code = COMPUTED.sub(
            lambda match: match[1] + self._inline(match[2], page) + match[3], source
        )
        tags = cell.metadata.get("tags", [])
        folded = {"jupyter": {"source_hidden": True}} if FOLDED & set(tags) else {}
        yield new_code_cell(code, metadata=folded)

    def markdown(self, text: str, page: str) -> str:
        """Return MyST prose as Markdown that any notebook shows."""
        text = FENCE.sub(lambda match: self._directive(match, page), text)
        text = EQUATION.sub(
            lambda match: (
                f"$${match[1].rstrip()} \\tag{{{self.chapters.equations[match[2]]}}}\n$$"
            ),
            LABEL.sub("", text),
        )
        return self._inline(text, page).strip()

    def _inline(self, text: str, page: str) -> str:
        """Replace roles and links to pages, but not in code."""
        parts, last = [], 0
        for match in CODE_OR_ROLE.finditer(text):
            parts.append(self._links(text[last : match.start()], page))
            parts.append(self._role(match, page) if match[1] else match[0])
            last = match.end()
        return "".join([*parts, self._links(text[last:], page)])

    def _links(self, text: str, page: str) -> str:
        text = RECORD_LINK.sub(lambda m: self._record(m[2], m[1]), text)
        text = PAGE_LINK.sub(lambda m: self._link(m[2] or page, m[1], m[3] or "", page), text)
        return FILE_LINK.sub(
            lambda m: f"[{m[2]}]({self._site}{m[1]})" if self.site else m[2], text
        )

    def _role(self, match: re.Match[str], page: str) -> str:
        name, content = match[1], " ".join(match[2].split())
        titled = TITLED.fullmatch(content)
        text, target = titled.groups() if titled else ("", content)
        try:
            if name in ("doc", "ref") and (record := ATLAS.search(target)):
                return self._record(record[1], text)
            if name == "doc":
                target = Path(target).name
                return self._link(target, text or self.chapters.titles[target], "", page)
            if name == "ref":
                of, title = self.chapters.sections[target]
                if not (text or title):
                    raise KeyError(target)
                return self._link(of, text or title, target, page)
            if name == "line":
                return self._line(content)
            if name == "eq":
                return f"({self.chapters.equations[target]})"
            if name == "term":
                anchor = "term-" + "-".join(target.split())
                return self._link("glossary", text or target, anchor, page)
            if name == "cite":
                cited = [self._citation(key.strip()) for key in target.split(",")]
                return f"({'; '.join(cited)})"
        except KeyError:
            raise ValueError(
                f"chapters/{page}.md: {match[0]} names nothing in the chapters"
            ) from None
        raise ValueError(f"chapters/{page}.md: a notebook has no form for {match[0]}")

    def _record(self, stem: str, text: str) -> str:
        """Return a link to a page of the atlas, which is published and no notebook."""
        title = text or self.chapters.records[stem]
        return f"[{title}]({self._site}atlas/{stem}.html)" if self.site else title

    def _line(self, content: str) -> str:
        """Return the number that a line of a derivation has today."""
        from actgrad.derivations import DERIVATIONS

        name, _, formula = content.partition(":")
        return f"({DERIVATIONS[name]().number_of(formula)})"

    def _citation(self, key: str) -> str:
        text, address = self.chapters.sources[key]
        if self.site:
            address = f"{self._site}chapters/bibliography.html"
        return f"[{text}]({address})" if address else text

    def _link(self, target: str, text: str, anchor: str, page: str) -> str:
        if target not in self.chapters.titles:
            raise KeyError(target)
        if target == page:
            return text
        if self.together and target in self.chapters.paths:
            return f"[{text}]({target}.ipynb)"
        if self.site:
            end = f"#{anchor}" if anchor else ""
            return f"[{text}]({self._site}chapters/{target}.html{end})"
        title = self.chapters.titles[target]
        if text == title:
            return f"*{title}*"
        # Where the text says the title, or the page only explains it, the title adds nothing.
        said = title.lower() in text.lower() or target in ("bibliography", "glossary")
        return text if said else f"{text} [*{title}*]"

    def _directive(self, match: re.Match[str], page: str) -> str:
        _, name, title, body = match.groups()
        options = re.match(r"(?:^:[\w-]+:.*\n)*\n?", body, re.M)
        body = body[options.end() if options else 0 :].strip()
        if name == "math":
            return f"$$\n{body}\n$$"
        if name in ADMONITIONS:
            head = title.strip() or name.capitalize()
            inner = self.markdown(body + "\n", page)
            return "\n".join(
                f"> {line}".rstrip() for line in f"**{head}**\n\n{inner}".split("\n")
            )
        if name == "predict":
            return f"**Predict first.** {self.markdown(body, page).strip()}"
        if name == "predicted":
            return ""
        if name in ON_THE_PAGE:
            where = f"[page]({self._site}chapters/{page}.html)" if self.site else "page"
            return ON_THE_PAGE[name].format(page=where)
        raise ValueError(f"chapters/{page}.md: a notebook has no form for {{{name}}}")


def practice(chapter: str) -> Iterator[NotebookNode]:
    """Yield the exercises of a chapter as cells: statement, starter, check; then progress."""
    from actgrad.exercises import CHAPTERS, answer_box
    from actgrad.exercises._exercise import Derivable, ExpressionExercise

    names = "answer_box, check, hint, progress, proof_editor"
    yield new_code_cell(f"from actgrad.exercises import {names}")
    for item in CHAPTERS[chapter]:
        points = f"{item.points} point{'s' * (item.points > 1)}"
        about = f"*{item.kind}, {item.level}, about {item.minutes} min, {points}*"
        yield new_markdown_cell(f"### {item.title}\n\n{about}\n\n{item.statement.strip()}")
        yield new_code_cell(item.starter_text.strip())
        yield new_code_cell(f'# hint("{item.id}")\ncheck("{item.id}", {item.name})')
        if isinstance(item, ExpressionExercise) and answer_box(item.id) is not None:
            yield new_code_cell(f'answer_box("{item.id}")  # or answer here: Enter checks')
        if isinstance(item, Derivable) and item.task is not None:
            yield new_code_cell(f'proof_editor("{item.id}")  # or line by line: each is proved')
    yield new_code_cell(f'progress("{chapter}")  # progress() tells of the whole book')


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the package's wheel into a folder; equal sources give equal bytes.

    It is built from a copy, so that no file of an earlier build slips in.

    Raises
    ------
    RuntimeError
        If setuptools cannot build it; the message ends with what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        ignore = shutil.ignore_patterns("__pycache__", "*.ipynb", ".*")
        shutil.copytree(root / "actgrad", copy / "actgrad", ignore=ignore)
        for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
            shutil.copy(root / name, copy)
        code = "import sys; from setuptools import build_meta as b; b.build_wheel(sys.argv[1])"
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder.resolve())],
            cwd=copy,
            env={**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONPATH": ""},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"the wheel was not built: {done.stderr.strip()[-400:]}")
    (wheel,) = folder.glob("actgrad-*.whl")
    return wheel


def publish(root: Path, folder: Path, site: str) -> None:
    """Write the wheel, each notebook as one downloads it alone, and a zip of all.

    Parameters
    ----------
    root : Path
        The folder of the book's sources and the package.
    folder : Path
        Where to write; ``notebooks`` of the built site.
    site : str
        The site's address, or empty.
    """
    shutil.rmtree(folder, ignore_errors=True)
    wheel = build_wheel(root, folder)
    chapters = Chapters(root / "chapters")
    alone = Writer(chapters, wheel.name, site, together=False)
    for page in chapters.paths:
        (folder / f"{page}.ipynb").write_text(_text(alone.notebook(page)), "utf-8")
    files = {name: (root / name).read_bytes() for name in LAB}
    files["README.md"] = _readme(wheel.name).encode()
    files[wheel.name] = wheel.read_bytes()
    for page, text in texts(Writer(chapters, wheel.name, site)).items():
        files[f"{page}.ipynb"] = text.encode()
    with zipfile.ZipFile(folder / f"{ARCHIVE}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{ARCHIVE}/{name}")  # of 1980, in every build
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def texts(writer: Writer) -> dict[str, str]:
    """Return the notebook of each chapter as the text of its file."""
    return {page: _text(writer.notebook(page)) for page in writer.chapters.paths}


def _text(notebook: NotebookNode) -> str:
    """Return a notebook's file, with a mark by which an untouched one is known."""
    notebook.metadata["actgrad"] = {"untouched": ""}
    return _marked(nbformat.writes(notebook) + "\n")


def _marked(text: str) -> str:
    bare = MARK.sub(r"\1\2", text)
    digest = hashlib.sha256(bare.encode()).hexdigest()[:16]
    return MARK.sub(rf"\g<1>{digest}\2", bare)


def write(root: Path, folder: Path, site: str) -> list[str]:
    """Write wheel and notebooks into a folder to work in; return the names of those kept.

    A notebook that somebody has run or edited is kept as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("actgrad-*.whl"):
        old.unlink()
    wheel = build_wheel(root, folder)
    kept = []
    for page, text in texts(Writer(Chapters(root / "chapters"), wheel.name, site)).items():
        path = folder / f"{page}.ipynb"
        if path.exists() and path.read_text("utf-8") != _marked(path.read_text("utf-8")):
            kept.append(path.name)
        else:
            path.write_text(text, "utf-8")
    return kept


def _readme(wheel: str) -> str:
    return f"""\
# The chapters as notebooks

With Python 3.11 or newer, in this folder:

    python -m venv .venv
    . .venv/bin/activate           # on Windows: .venv\\Scripts\\activate
    python -m pip install -r requirements-lab.txt ./{wheel}
    jupyter lab index.ipynb

`{wheel}` is the package `actgrad` with the data that the chapters read. In another Jupyter
(Notebook 7, VS Code) open a notebook and run its cells from the top: the first installs the
package from that file. Once installed, everything works without a network.
"""


def main(arguments: list[str]) -> int:
    """Write the notebooks into the folder that is named; return the exit status."""
    if len(arguments) != 1:
        print("usage: python _ext/write_notebooks.py FOLDER", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))  # the exercises of these chapters, not of an older package
    folder = Path(arguments[0])
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    try:
        kept = write(ROOT, folder, settings["html"].get("baseurl", ""))
    except (OSError, RuntimeError, ValueError) as error:
        print(f"write_notebooks: {error}", file=sys.stderr)
        return 1
    if kept:
        print(f"kept, because you have worked in them: {', '.join(kept)}")
        print("To get a chapter anew, rename your notebook and run this again.")
    print(f"The notebooks are in {folder}; open them with: jupyter lab {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
