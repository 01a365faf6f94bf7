"""Each chapter page offers its notebook, without outputs, beside its source."""

from pathlib import Path
from typing import Any

import jupytext
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config


def is_notebook(source: Path) -> bool:
    """Return whether a chapter's text is a notebook (it names a kernel)."""
    return (
        source.suffix == ".md" and "\nkernelspec:" in source.read_text(encoding="utf-8")[:600]
    )


def offer(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Write the page's notebook beside its source; the theme's download button names it."""
    if pagename not in app.env.found_docs:
        return
    source = Path(app.env.doc2path(pagename))
    if not is_notebook(source):
        return
    notebook = jupytext.read(source, fmt="md:myst")
    for cell in notebook.cells:  # an identifier drawn anew would make every build differ
        cell.pop("id", None)
    notebook.nbformat_minor = 4
    target = Path(app.outdir) / "_sources" / f"{pagename}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    jupytext.write(notebook, target, fmt="ipynb")
    context["ipynb_source"] = f"{pagename}.ipynb"


def show_repository(app: Sphinx, config: Config) -> None:
    """Show launch and repository buttons once the repository's address is set."""
    options = config.html_theme_options
    known = bool(options.get("repository_url"))
    options["use_repository_button"] = options["use_issues_button"] = known
    if not known:
        options["launch_buttons"] = {}


def setup(app: Sphinx) -> None:
    """Run before the theme puts its buttons together (priority 501)."""
    app.connect("config-inited", show_repository)
    app.connect("html-page-context", offer, priority=400)
