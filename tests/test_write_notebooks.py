"""Notebooks hold plain Markdown, run wherever they land, and never replace a reader's work."""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
import write_notebooks
from actgrad_book.citations import Labels
from pybtex.database import parse_file
from write_notebooks import ARCHIVE, Chapters, Writer, publish, write

from actgrad.exercises import CHAPTERS as EXERCISES
from tests.conftest import FRONT

ROOT = Path(__file__).parents[1]
CHAPTERS = Chapters(ROOT / "chapters")
WHEEL = "actgrad-0.1.0-py3-none-any.whl"
SITE = "https://example.org/book"
PAGE = f"{SITE}/chapters"
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT", *write_notebooks.LAB)
WRITERS = {
    "together": Writer(CHAPTERS, WHEEL),
    "together, site known": Writer(CHAPTERS, WHEEL, SITE),
    "alone": Writer(CHAPTERS, WHEEL, together=False),
    "alone, site known": Writer(CHAPTERS, WHEEL, SITE, together=False),
}
# What MyST reads and a notebook shows as it stands: in prose, and in prose that code prints.
MARKUP = {
    "role": r"\{[a-z][\w:.-]*\}`",
    "label": r"(?m)^\([\w-]+\)=",
    "directive": r"(?m)^(`{3,}|:{3,})\s*\{",
    "labelled equation": r"\$\$ \(",
    "page": r"\]\((?!https?://)[^)]*\.(md|html)",
    "anchor": r"\]\(#",
    "footnote": r"\[\^",
    "definition list": r"(?m)^: ",
    "substitution": r"\{\{",
    "comment": r"(?m)^% ",
    "HTML link": r"<a ",
}
IN_CODE = {
    "role": r"\{(ref|doc|cite|eq|line|term|numref|glue(:\w+)?|py:\w+)\}`",
    "file": r"\.\./",
    "MyST-NB": r"myst_nb|\bglue\(",
    "cards": r"display\(exercise\(",
}


def found(patterns, text):
    return [(name, hit[0]) for name, p in patterns.items() if (hit := re.search(p, text))]


@pytest.fixture(params=WRITERS, ids=lambda name: name.replace(", ", "-").replace(" ", "-"))
def writer(request):
    return WRITERS[request.param]


@pytest.mark.parametrize("page", CHAPTERS.paths)
def test_a_notebook_is_plain(page, writer):
    notebook = writer.notebook(page)
    nbformat.validate(notebook)
    title, note, install, *rest = notebook.cells
    assert title.source == f"# {CHAPTERS.titles[page]}"
    assert note.cell_type == "markdown"
    site = writer.site and not writer.together
    wheel = f"actgrad[explorers] @ {SITE}/notebooks/" if site else "./"
    assert install.source.startswith(
        f'%pip install --quiet --disable-pip-version-check "{wheel}'
    )
    assert WHEEL in install.source
    for cell in [title, note, *rest]:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
            assert "%pip" not in cell.source
            assert found(IN_CODE, cell.source) == []
        else:
            code = re.sub(r"(?s)(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "code", cell.source)
            assert found(MARKUP | {"file": r"\.\./"}, code) == []
            for address in re.findall(r"\]\(([^)\s]+)\)", code):
                beside = address.removesuffix(".ipynb")
                assert address.startswith("https://") or (
                    writer.together and beside in CHAPTERS.paths
                )


@pytest.mark.parametrize("kind", MARKUP)
def test_what_must_not_be_left_is_recognised(kind):
    left = {
        "role": "see {ref}`sigmoid-caching`",
        "label": "(sigmoid-definition)=\n## Definition",
        "directive": ":::{note}\n",
        "labelled equation": "$$x$$ (label)",
        "page": "[it](bibliography.md#document-000)",
        "anchor": "[it](#errata-002-7)",
        "footnote": "a claim[^1]",
        "definition list": "Term\n: what it means",
        "substitution": "{{number}}",
        "comment": "% left out",
        "HTML link": '<a href="x">x</a>',
    }
    assert [name for name, _ in found(MARKUP, left[kind])] == [kind]


@pytest.mark.parametrize("page", sorted(EXERCISES.keys() & CHAPTERS.paths.keys()))
def test_an_exercise_is_cells(page):
    cells = WRITERS["together"].notebook(page).cells
    sources = [cell.source for cell in cells]
    names = "answer_box, check, hint, progress, proof_editor"
    begin = sources.index(f"from actgrad.exercises import {names}")
    for item in EXERCISES[page]:
        at = next(n for n, text in enumerate(sources) if text.startswith(f"### {item.title}\n"))
        assert begin < at
        statement, starter, check = cells[at : at + 3]
        assert item.statement.strip() in statement.source
        assert starter.source == item.starter_text.strip()
        assert check.source.endswith(f'check("{item.id}", {item.name})')
        assert [cell.cell_type for cell in (statement, starter, check)] == [
            "markdown",
            "code",
            "code",
        ]
        box = cells[at + 3 : at + 4]
        wanted = item.kind in ("derive", "predict")
        assert any(f'answer_box("{item.id}")' in cell.source for cell in box) == wanted
        editor = any(text.startswith(f'proof_editor("{item.id}")') for text in sources)
        assert editor == (item.kind in ("derive", "prove"))
    assert sum(text.startswith(f'progress("{page}")') for text in sources[begin:]) == 1


def converted(text, **how):
    return Writer(CHAPTERS, WHEEL, **how).markdown(text, "sigmoid")


@pytest.mark.parametrize(
    ("text", "together", "alone", "published"),
    [
        (
            "{doc}`relu`",
            "[ReLU](relu.ipynb)",
            "*ReLU*",
            f"[ReLU]({PAGE}/relu.html)",
        ),
        (
            "{ref}`a later chapter <backpropagation-vanishing>`",
            "[a later chapter](backpropagation.ipynb)",
            "a later chapter [*Backpropagation*]",
            f"[a later chapter]({PAGE}/backpropagation.html#backpropagation-vanishing)",
        ),
        (
            "{ref}`the softplus there <softplus-definition>`",
            "[the softplus there](softplus.ipynb)",
            "the softplus there",
            f"[the softplus there]({PAGE}/softplus.html#softplus-definition)",
        ),
        ("{ref}`here <sigmoid-caching>`", "here", "here", "here"),
        ("{term}`ULP`", "ULP", "ULP", f"[ULP]({PAGE}/glossary.html#term-ULP)"),
        ("{doc}`../atlas/mish`", "Mish", "Mish", f"[Mish]({SITE}/atlas/mish.html)"),
        (
            "{ref}`its page <atlas-mish>`",
            *["its page"] * 2,
            f"[its page]({SITE}/atlas/mish.html)",
        ),
        (
            "{cite}`verhulst1838,higham2002`",
            *["(Verhulst, 1838; [Higham, 2002](https://doi.org/10.1137/1.9780898718027))"] * 2,
            f"([Verhulst, 1838]({PAGE}/bibliography.html); "
            f"[Higham, 2002]({PAGE}/bibliography.html))",
        ),
        (
            "[000](bibliography.md#document-000)",
            *["000"] * 2,
            f"[000]({PAGE}/bibliography.html#document-000)",
        ),
        (
            '<a href="../notebooks/all.zip">All</a>',
            *["All"] * 2,
            f"[All]({SITE}/notebooks/all.zip)",
        ),
        ("equation {eq}`softplus-stable`", *["equation (1)"] * 3),
        ("{line}`sigmoid_by_chain_rule: e^(-x)/(1 + e^(-x))^2`", *["(11)"] * 3),
        ("`{ref}` and ``a `b` {doc}`x` ``", *["`{ref}` and ``a `b` {doc}`x` ``"] * 3),
        ("```python\n{doc}`x`\n```", *["```python\n{doc}`x`\n```"] * 3),
        ("(label)=\n## Title", *["## Title"] * 3),
        ("$$ x $$ (softplus-stable)", *["$$ x \\tag{1}\n$$"] * 3),
        (":::{note} Look\n*here*\n:::", *["> **Look**\n>\n> *here*"] * 3),
        ("```{tip}\n:class: x\n\nhere\n```", *["> **Tip**\n>\n> here"] * 3),
        ("```{math}\n:label: a\nx\n```", *["$$\nx\n$$"] * 3),
    ],
)
def test_markup_becomes_plain(text, together, alone, published):
    assert converted(text) == together
    assert converted(text, together=False) == alone
    assert converted(text, site=f"{SITE}/", together=False) == published


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{doc}`nowhere`", r"chapters/sigmoid\.md: \{doc\}`nowhere` names nothing"),
        ("{cite}`nobody1900`", "names nothing in the chapters"),
        ("{eq}`no-equation`", "names nothing in the chapters"),
        ("{strange}`x`", r"chapters/sigmoid\.md: a notebook has no form for \{strange\}`x`"),
        ("```{strange}\nx\n```", r"a notebook has no form for \{strange\}"),
    ],
)
def test_what_has_no_plain_form_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        converted(text)


def test_sources_are_labelled_as_the_book_labels_them():
    entries = parse_file(ROOT / "chapters" / "references.bib", "bibtex").entries
    labels = Labels().format_labels(list(entries.values()))
    assert dict(zip(entries, labels, strict=True)) == {
        key: text for key, (text, _) in CHAPTERS.sources.items()
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "notebooks"
    publish(ROOT, folder, "")
    return folder


def test_wheel_and_zip_lie_beside_the_notebooks(published, tmp_path):
    (wheel,) = published.glob("*.whl")
    names = {f"{page}.ipynb" for page in CHAPTERS.paths}
    beside = {path.name for path in published.iterdir()}
    assert beside == {*names, wheel.name, f"{ARCHIVE}.zip"}
    with zipfile.ZipFile(published / f"{ARCHIVE}.zip") as archive:
        inside = {Path(name).name for name in archive.namelist()}
        text = archive.read(f"{ARCHIVE}/README.md").decode()
        assert archive.read(f"{ARCHIVE}/{wheel.name}") == wheel.read_bytes()
    assert inside == {
        *names,
        wheel.name,
        "README.md",
        "requirements-lab.txt",
        "constraints.txt",
    }
    assert f"-r requirements-lab.txt ./{wheel.name}" in text
    with zipfile.ZipFile(wheel) as package:
        data = {name for name in package.namelist() if name.startswith("actgrad/data/")}
    assert data == {f"actgrad/data/{path.name}" for path in (ROOT / "actgrad/data").iterdir()}


def test_equal_sources_give_equal_files(published, tmp_path):
    publish(ROOT, tmp_path / "again", "")
    for path in published.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_students_need_neither_sphinx_nor_node():
    listed = (ROOT / "requirements-lab.txt").read_text("utf-8").lower()
    named = re.findall(r"(?m)^[a-z][\w-]*", listed)
    assert "jupyterlab" in named
    assert not re.search(r"sphinx|node|jupyter-book", " ".join(named))


@pytest.fixture
def small(tmp_path):
    """A repository of one chapter with the package."""
    root = tmp_path / "root"
    (root / "chapters").mkdir(parents=True)
    (root / "actgrad").mkdir()
    (root / "actgrad" / "__init__.py").touch()
    for name in SOURCES:
        shutil.copy(ROOT / name, root)
    (root / "chapters" / "references.bib").touch()
    (root / "chapters" / "one.md").write_text(f"{FRONT}# One\n\ntext\n", "utf-8")
    return root


@pytest.mark.parametrize("change", ["run", "edited", "none"])
def test_a_readers_notebook_is_kept(small, tmp_path, change):
    out = tmp_path / "out"
    assert write(small, out, "") == []
    path, page = out / "one.ipynb", small / "chapters" / "one.md"
    mine = nbformat.read(path, 4)
    if change == "run":
        mine.cells[2].execution_count = 1
    elif change == "edited":
        mine.cells.append(nbformat.v4.new_markdown_cell("my note"))
    if change != "none":
        nbformat.write(mine, path)
    before = path.read_text("utf-8")
    page.write_text(page.read_text("utf-8") + "\nnew\n", "utf-8")
    kept = write(small, out, "")
    assert kept == ([] if change == "none" else ["one.ipynb"])
    assert (path.read_text("utf-8") == before) == (change != "none")
    assert len(list(out.glob("*.whl"))) == 1


def test_trouble_is_one_message(small, tmp_path, monkeypatch, capsys):
    (small / "_config.yml").write_text("html: {}\n")
    (small / "chapters" / "one.md").write_text(f"{FRONT}no title\n", "utf-8")
    monkeypatch.setattr(write_notebooks, "ROOT", small)
    monkeypatch.setattr(sys, "path", sys.path[:])
    assert write_notebooks.main([str(tmp_path / "out")]) == 1
    says = "write_notebooks: chapters/one.md: a notebook begins with its title\n"
    assert capsys.readouterr().err == says
    (small / "pyproject.toml").write_text("[project\n")
    assert write_notebooks.main([str(tmp_path / "out")]) == 1
    assert "the wheel was not built: " in capsys.readouterr().err
    assert write_notebooks.main([]) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_a_page_offers_its_notebook(little_book, build):
    (little_book / "actgrad").symlink_to(ROOT / "actgrad")
    for name in SOURCES:
        shutil.copy(ROOT / name, little_book)
    config = (little_book / "_config.yml").read_text("utf-8")
    config = config.replace('url: ""', "url: https://github.com/someone/book")
    (little_book / "_config.yml").write_text(config, "utf-8")
    result = build("$x^2$\n\n```{code-cell} ipython3\n1 + 1\n```\n")
    assert result.returncode == 0, result.stderr
    html = little_book / "_build" / "html"
    page = (html / "chapters" / "page.html").read_text("utf-8")
    assert 'href="../notebooks/page.ipynb"' in page
    assert "urlpath=lab/tree/notebooks/page.ipynb" in page
    assert {path.suffix for path in (html / "notebooks").iterdir()} == {
        ".ipynb",
        ".whl",
        ".zip",
    }
    assert list((html / "_sources").rglob("*.ipynb")) == []
    result = build("{strange}`x`\n")
    assert result.returncode == 1
    assert "strange" in result.stderr


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


# The runtime 2026.01 of Google Colab, as github.com/googlecolab/backend-info lists it at commit
# bd8aaa4: what the notebooks use of it. A package that is newer there than the first cell asks
# for stays as it is; one that is older would be replaced beneath a kernel that runs already.
COLAB = (
    *("numpy==2.0.2", "scipy==1.16.3", "sympy==1.14.0", "matplotlib==3.10.0"),
    *("ipywidgets==7.7.1", "anywidget==0.9.21", "psygnal==0.15.1", "lazy_loader==0.4"),
    *("ipython==7.34.0", "ipykernel==6.17.1", "traitlets==5.7.1", "jupyter_client==7.4.9"),
    *("nbclient==0.10.4", "nbformat==5.10.4"),
)


def environment(folder, *packages):
    """Return the programs of a new environment that holds these packages and nothing else."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install = ["-m", "pip", "install", "--quiet", *packages]
    subprocess.run([programs / "python", *install], check=True, timeout=900)
    return programs


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The programs of an environment with requirements-lab.txt."""
    folder = tmp_path_factory.mktemp("fresh") / "environment"
    return environment(folder, "-r", str(ROOT / "requirements-lab.txt"))


def variables(fresh):
    """The variables of a shell in the new environment; no package from elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"PATH": f"{fresh}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": ""}


def run(fresh, folder, names):
    command = [fresh / "jupyter-execute", "--inplace", "--timeout=300", *names]
    done = subprocess.run(
        command, cwd=folder, env=variables(fresh), capture_output=True, text=True, timeout=3000
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for name in names:
        for cell in nbformat.read(folder / name, 4).cells:
            for output in cell.get("outputs", ()):
                text = json.dumps(output.get("data", {}).get("text/markdown", ""))
                assert found({key: IN_CODE[key] for key in ("role", "file")}, text) == []


@pytest.mark.slow
@pytest.mark.xdist_group("fresh")
def test_every_notebook_runs_alone_from_the_site(fresh, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        publish(ROOT, site / "notebooks", address)
        for page in CHAPTERS.paths:
            folder = tmp_path / page
            folder.mkdir()
            shutil.copy(site / "notebooks" / f"{page}.ipynb", folder)
            run(fresh, folder, [f"{page}.ipynb"])
        server.shutdown()
    where = [fresh / "python", "-c", "import actgrad; print(actgrad.__file__)"]
    told = subprocess.run(
        where, cwd=tmp_path, env=variables(fresh), capture_output=True, text=True
    ).stdout
    assert told.startswith(str(fresh.parent))


@pytest.mark.slow
@pytest.mark.xdist_group("fresh")
def test_the_unpacked_zip_runs(fresh, published, tmp_path):
    remove = [fresh / "python", "-m", "pip", "uninstall", "--quiet", "--yes", "actgrad"]
    subprocess.run(remove, check=True, capture_output=True)
    shutil.unpack_archive(published / f"{ARCHIVE}.zip", tmp_path)
    run(fresh, tmp_path / ARCHIVE, ["index.ipynb", "backpropagation.ipynb"])


@pytest.mark.slow
@pytest.mark.xdist_group("fresh")
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Colab's NumPy has no wheel for it")
def test_the_notebooks_take_the_versions_of_colab_as_they_are(published, tmp_path):
    programs = environment(tmp_path / "environment", *COLAB)
    shutil.unpack_archive(published / f"{ARCHIVE}.zip", tmp_path)
    run(programs, tmp_path / ARCHIVE, ["index.ipynb", "backpropagation.ipynb"])
    listed = [programs / "python", "-m", "pip", "freeze"]
    told = subprocess.run(listed, env=variables(programs), capture_output=True, text=True)
    installed = {line.lower().replace("-", "_") for line in told.stdout.splitlines()}
    assert any(line.startswith("actgrad") for line in installed)
    assert {pin for pin in COLAB if pin not in installed} == set()
