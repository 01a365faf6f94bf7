"""The static host of the explorers: from the widget state that MyST-NB saves to a moving page.

MyST-NB writes the state of every widget of a page into one script, and a view script where each
widget was displayed. Here the state becomes one compact script, a view becomes an element that
holds the explorer's still picture, and ``host.js`` does the rest. The modules stand beside the
pages: see `bundle`.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from . import atlas, lab_links

logger = logging.getLogger(__name__)

VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">\s*(\{.*?\})\s*</script>', re.S
)
PALETTE = Path(__file__).parents[2] / "actgrad" / "explorers" / "palette.json"
STEPPER = re.compile(r'<div class="actgrad-explorer actgrad-steps" data-model="(\w+)"')
# Pixels that explorers ask for, on a desk and on a phone: what is below would move when they
# start.
HEIGHTS = {
    "ActivationExplorer": (519, 528),
    "AnswerBox": (162, 182),
    "CodeBox": (343, 487),
    "DepthExplorer": (351, 319),
}
MODULE = re.compile(r'"module":"([0-9a-f]{12})"')
STATE_TYPE = "application/vnd.jupyter.widget-state+json"


def _take_state(context: dict[str, Any]) -> dict[str, Any]:
    """Remove MyST-NB's state scripts from the page and return the models that they hold."""
    models: dict[str, Any] = {}
    kept = []
    for script in context["script_files"]:
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") == STATE_TYPE:
            models |= json.loads(attributes["body"])["state"]
        else:
            kept.append(script)
    context["script_files"][:] = kept
    return models


def _folder(app: Sphinx) -> Path:
    """Return where modules are kept between builds, as a page may not be written again."""
    folder = Path(app.doctreedir) / "explorers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_modules(app: Sphinx, pages: list[str]) -> dict[str, dict[str, str]]:
    """Return script and style of each kind of explorer in the pages, by key; forget others."""
    used = {key for page in pages for key in MODULE.findall(page)}
    kept = {}
    for path in sorted(_folder(app).iterdir()):
        if path.stem in used:
            kept[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        else:
            path.unlink()
    return kept


def _compact(models: dict[str, Any], used: list[str], folder: Path) -> dict[str, Any]:
    """Return the state of each used model with its module's key, under which that is kept."""
    states: dict[str, Any] = {}
    for identifier in used:
        state = {
            name: value
            for name, value in models[identifier]["state"].items()
            if not (isinstance(value, str) and value.startswith("IPY_MODEL_"))
        }
        module = json.dumps({"esm": state.pop("_esm"), "css": state.pop("_css", "")})
        key = hashlib.sha256(module.encode()).hexdigest()[:12]
        (folder / f"{key}.json").write_text(module, encoding="utf-8")
        state.pop("fallback", None)
        states[identifier] = {
            "module": key,
            "state": {name: value for name, value in state.items() if not name.startswith("_")},
        }
    return states


def _is(name: str, model: dict[str, Any]) -> bool:
    return str(model["state"].get("_anywidget_id", "")).endswith(f".{name}")


def _hide_lines(body: str, models: dict[str, Any]) -> str:
    """Mark the lines that a stepper has yet to show: they are hidden from the first paint on.

    A script above them says that they can be brought back; without it all stand there.
    """
    for view in reversed(list(STEPPER.finditer(body))):
        start = body.rfind('<table class="derivation', 0, view.start())
        start = body.find("<tbody", start)
        end = body.find("</tbody>", start)
        first, *rows = body[start:end].split('<tr class="')
        to_come = models[view[1]]["state"]["step"]
        # Of the next line the rule is shown, the line on request.
        classes = [
            "actgrad-to-come " * (i >= to_come) + "actgrad-hint " * (i == to_come)
            for i in range(len(rows))
        ]
        rows = [hidden + row for hidden, row in zip(classes, rows, strict=True)]
        body = body[:start] + '<tr class="'.join([first, *rows]) + body[end:]
    live = '<script>document.documentElement.classList.add("actgrad-live")</script>\n'
    return live + body if STEPPER.search(body) else body


def _replace_view(
    models: dict[str, Any], used: list[str], opened: Callable[[Any], str]
) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        identifier = json.loads(match[1])["model_id"]
        if "_esm" not in models.get(identifier, {}).get("state", {}):
            return match[0]
        if _is("ProofEditor", models[identifier]):  # its judge is a kernel, or the lab
            return opened(models[identifier]["state"]["given"])
        if identifier not in used:
            used.append(identifier)
        fallback = models[identifier]["state"].get("fallback", "")
        look = "actgrad-explorer" + " actgrad-steps" * _is(
            "DerivationStepper", models[identifier]
        )
        room = "".join(
            f' style="--desk:{desk}px;--phone:{phone}px"'
            for name, (desk, phone) in HEIGHTS.items()
            if _is(name, models[identifier])
        )
        return f'<div class="{look}" data-model="{identifier}"{room}>{fallback}</div>'

    return replace


def host(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Make the explorers of a page run without a kernel."""
    models = _take_state(context) | atlas.models(app, pagename)
    used: list[str] = []

    def opened(task: Any) -> str:
        return lab_links.link(app, pagename, "Prove it line by line", task)

    body = VIEW.sub(_replace_view(models, used, opened), context.get("body", ""))
    for match in VIEW.finditer(body):
        logger.warning(
            "a widget that is no anywidget cannot move on a static page: %s",
            json.loads(match[1])["model_id"],
            location=pagename,
        )
    if used:
        # "<" is escaped so that no text can end the script element.
        states = json.dumps(_compact(models, used, _folder(app)), separators=(",", ":"))
        data = states.replace("<", "\\u003c")
        body += f'<script type="application/json" id="actgrad-explorers">{data}</script>'
        body = _hide_lines(body, models)
    context["body"] = body


def colour(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Give pictures on dark pages the palette's lighter colours."""
    if "--actgrad-series-" in context.get("body", ""):
        series = json.loads(PALETTE.read_text(encoding="utf-8"))["series"]
        lines = [f"--actgrad-series-{i}:{style['dark']}" for i, style in enumerate(series)]
        rule = f'<style>html[data-theme="dark"]{{{";".join(lines)}}}</style>'
        context["metatags"] = f"{context.get('metatags', '')}\n{rule}"


def setup(app: Sphinx) -> None:
    """Run after MyST-NB has put its scripts into the page's context."""
    app.connect("html-page-context", host, priority=800)
    app.connect("html-page-context", colour, priority=810)
