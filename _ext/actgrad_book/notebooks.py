"""Each chapter page offers its notebook, which `write_notebooks` writes beside the wheel."""

from pathlib import Path
from typing import Any

import write_notebooks
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

FOLDER = "notebooks"


def _name(app: Sphinx, pagename: str) -> str:
    """Return the file name of a page's notebook, or nothing where the page has none.

    A book without the package has no wheel, and so no notebooks.
    """
    root = Path(app.srcdir)
    source = root / f"{pagename}.md"
    offered = (
        source.parent == root / "chapters"
        and source.is_file()
        and write_notebooks.is_notebook(source)
        and (root / "pyproject.toml").is_file()
    )
    return f"{source.stem}.ipynb" if offered else ""


def offer(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Have the theme make the button of a page's notebook."""
    name = _name(app, pagename)
    if name:
        context["ipynb_source"] = name


def aim(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Aim the buttons at what is published: the download, and Binder's notebook."""
    name = _name(app, pagename)
    if not name:
        return
    for button in _buttons(context.get("header_buttons", [])):
        if button.get("label") == "download-notebook-button":
            button["url"] = context["pathto"](f"{FOLDER}/{name}", 1)
        elif button.get("text") == "Binder":
            button["url"] = button["url"].replace(f"{pagename}.md", f"{FOLDER}/{name}")


def _buttons(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for item in group for one in (item, *_buttons(item.get("buttons", [])))]


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks into the finished book."""
    root, out = Path(app.srcdir), Path(app.outdir)
    if exception or app.builder.format != "html" or not (root / "pyproject.toml").is_file():
        return
    for copy in (out / "_sources").rglob("*.ipynb"):  # the theme's, with outputs and roles
        copy.unlink()
    try:
        write_notebooks.publish(root, out / FOLDER, app.config.html_baseurl)
    except (OSError, RuntimeError, ValueError) as error:
        raise ExtensionError(str(error)) from error


def show_repository(app: Sphinx, config: Config) -> None:
    """Show launch and repository buttons once the repository's address is set."""
    options = config.html_theme_options
    known = bool(options.get("repository_url"))
    options["use_repository_button"] = options["use_issues_button"] = known
    if not known:
        options["launch_buttons"] = {}


def setup(app: Sphinx) -> None:
    """Run before and after the theme puts its buttons together (priority 501)."""
    app.connect("config-inited", show_repository)
    app.connect("html-page-context", offer, priority=400)
    app.connect("html-page-context", aim, priority=600)
    app.connect("build-finished", publish)
