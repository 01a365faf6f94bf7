"""What pages share is one style sheet, one script, and a file for each kind of explorer.

The theme, Bootstrap and the extensions bring 90 KB of style and 50 KB of scripts to a page, of
which it uses a fifth. When all pages are there, the rules that one of them uses become
``_static/pages.css``; ``page.js`` and ``host.js`` become ``_static/pages.js``, which does what
the theme's and Bootstrap's scripts did here; each explorer's module becomes a classic script,
which a page can load from disk too; the signs that formulas use become
``_static/formulas.woff2``. `bundle.mjs` does the work; without a change it is not run.
"""

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from . import exercises
from .assets import MANIFEST, NODE
from .explorers import kept_modules
from .font import needed, subset

HERE = Path(__file__).parent
SCRIPTS = ("page.js", "host.js")
# The theme links its sheet by itself; all others are registered.
THEME = "styles/pydata-sphinx-theme.css"
# What `page.js` stands in for, and what no page here needs.
REPLACED = (
    *("documentation_options.js", "doctools.js", "sphinx_highlight.js"),
    *("clipboard.min.js", "copybutton.js", "sphinx-book-theme.js"),
    *("togglebutton.js", "design-tabs.js"),
)
INLINE = re.compile(r"toggleHint|toggleOpenOnPrint|togglebuttonSelector|DOCUMENTATION_OPTIONS")

TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
CLASSES = re.compile(r"""\bclass=\\?["']([^"'\\]*)""")
STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'|`[^`]*`""")
SCRIPT = re.compile(r"(<script\b[^>]*>)(.*?)</script>", re.S)
SHARED = ("pages.css", "pages.js", "formulas.woff2")
LINK = re.compile(rf'_static/({"|".join(map(re.escape, SHARED))})(?:\?v=\w+)?(?=[")])')
# KaTeX's own sheet is for HTML.
UNUSED = ("katex-math.css",)


def drop_scripts(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Leave out the scripts that the one script stands in for; no other holds the page up."""
    context["script_files"][:] = [
        _deferred(script) for script in context["script_files"] if not _replaced(script)
    ]


def _replaced(script: Any) -> bool:
    name = Path(str(getattr(script, "filename", script) or "")).name.split("?")[0]
    return name in REPLACED or bool(
        not name and INLINE.search(getattr(script, "attributes", {}).get("body", ""))
    )


def _deferred(script: Any) -> Any:
    """Return the script so that it waits for the page, if it is a file."""
    if not getattr(script, "filename", None) or "async" in script.attributes:
        return script
    # The pages share the script objects.
    attributes = {**script.attributes, "defer": "defer"}
    return type(script)(script.filename, priority=script.priority, **attributes)


def used_by(texts: list[str], scripts: list[str]) -> dict[str, list[str]]:
    """Return what rules can ask for: the tags, classes, ids and attributes of the pages.

    Parameters
    ----------
    texts : list of str
        The pages, with the scripts that stand in them.
    scripts : list of str
        Scripts from elsewhere. Each word in a script's strings may be what it gives an element.
    """
    found: dict[str, set[str]] = {
        name: set()
        for name in ("tags", "classes", "ids", "attributes", "values", "undetermined")
    }
    written, loose = set[str](), list(scripts)
    for text in texts:
        found["classes"].update(
            word for names in CLASSES.findall(text) for word in names.split()
        )
        loose += [body for tag, body in SCRIPT.findall(text) if "json" not in tag]
        written.update(TAG.findall(SCRIPT.sub(r"\1", text)))
    for tag in written:
        name, *attributes = ATTRIBUTE.findall(tag[1:-1])
        found["tags"].add(name[0].lower())
        for attribute, value in attributes:
            words = value.strip("\"'").split()
            found["attributes"].add(attribute)
            found["values"].update(words)
            if attribute in ("class", "id"):
                found["classes" if attribute == "class" else "ids"].update(words)
    for script in loose:
        for string in STRING.findall(script):
            found["undetermined"].update(re.findall(r"[A-Za-z_][\w-]*", string))
    return {name: sorted(words) for name, words in found.items()}


def bundle(app: Sphinx, exception: Exception | None) -> None:
    """Write what the pages share, unless it was made for these very pages."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    pages = [page for page in Path(app.outdir).rglob("*.html") if static not in page.parents]
    texts = [page.read_text(encoding="utf-8") for page in sorted(pages)]
    modules = kept_modules(app, texts)
    names = [THEME, *(_registered(app, static))]
    given: dict[str, Any] = {
        "sheets": [{"name": n, "css": (static / n).read_text("utf-8")} for n in names],
        "moduleSheets": [module["css"] for module in modules.values()],
        "modules": {key: module["esm"] for key, module in modules.items()},
        "script": "\n".join(f"{{\n{(HERE / name).read_text('utf-8')}}}" for name in SCRIPTS),
        "exercises": exercises.script(),
    }
    tool = (HERE / "bundle.mjs").read_text(encoding="utf-8")
    sha = hashlib.sha256((tool + json.dumps(given)).encode())
    for text in texts:
        sha.update(LINK.sub("", text).encode())
    stamp = Path(app.doctreedir) / "bundle.digest"
    if stamp.is_file() and stamp.read_text() == sha.hexdigest():
        return
    own = [
        HERE / "search.js",
        *sorted((static / "lab").glob("[lt]*.js")),
    ]
    scripts = [
        *given["modules"].values(),
        given["script"],
        given["exercises"],
        *(p.read_text("utf-8") for p in own),
    ]
    font = subset(needed(texts))
    # The sheet asks for the font by its content, as the pages ask for the sheet.
    versioned = f"formulas.woff2?v={_version(font)}"
    for sheet in given["sheets"]:
        sheet["css"] = sheet["css"].replace("formulas.woff2", versioned)
    asked = {"used": used_by(texts, scripts), "font": base64.b64encode(font).decode()}
    _write(static, _made(given | asked))
    _link(static, pages, _version(font))
    stamp.write_text(sha.hexdigest())


def _registered(app: Sphinx, static: Path) -> list[str]:
    """Return the style sheets that theme and extensions have registered, in their order."""
    sheets = sorted(app.builder._css_files, key=lambda sheet: sheet.priority)  # type: ignore[attr-defined]
    found = [str(sheet.filename).removeprefix("_static/").split("?")[0] for sheet in sheets]
    kept = (name for name in dict.fromkeys(found) if name not in UNUSED)
    return [name for name in kept if (static / name).is_file()]


def _made(given: dict[str, Any]) -> Any:
    done = subprocess.run(
        [NODE, HERE / "bundle.mjs"],
        cwd=MANIFEST,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise ExtensionError(f"bundle.mjs cannot make pages.css: {done.stderr.strip()[-1500:]}")
    return json.loads(done.stdout)


def _write(static: Path, made: dict[str, Any]) -> None:
    (static / "formulas.woff2").write_bytes(base64.b64decode(made["font"]))
    (static / "pages.css").write_text(made["css"], encoding="utf-8")
    (static / "pages.js").write_text(made["js"], encoding="utf-8")
    (static / exercises.SCRIPT).write_text(made["exercises"], encoding="utf-8")
    folder = static / "explorers"
    folder.mkdir(exist_ok=True)
    for old in {path.stem for path in folder.iterdir()} - set(made["modules"]):
        (folder / f"{old}.js").unlink()
    for key, code in made["modules"].items():
        (folder / f"{key}.js").write_text(code, encoding="utf-8")


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _link(static: Path, pages: list[Path], font: str) -> None:
    """Let the pages ask for these very files: a browser keeps those of another build."""
    version = {name: _version((static / name).read_bytes()) for name in SHARED}
    version["formulas.woff2"] = font
    for page in pages:
        text = page.read_text(encoding="utf-8")
        linked = LINK.sub(lambda found: f"_static/{found[1]}?v={version[found[1]]}", text)
        if linked != text:
            page.write_text(linked, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Bundle once everything else has been written."""
    app.connect("html-page-context", drop_scripts, priority=900)
    app.connect("build-finished", bundle, priority=900)
