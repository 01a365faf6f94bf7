"""Mathematics is rendered at build time, and a formula that KaTeX cannot parse is an error."""

import html
import re
from typing import Any

import sphinxcontrib.katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from .assets import NODE

logger = logging.getLogger(__name__)

KATEX_ERROR = re.compile(r'<span class="katex-error" title="([^"]*)"')


def report_errors(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Warn of every formula that KaTeX could not parse; the build makes warnings fatal."""
    for message in KATEX_ERROR.findall(context.get("body", "")):
        logger.warning(
            "KaTeX cannot parse a formula: %s", html.unescape(message), location=pagename
        )


def setup(app: Sphinx) -> None:
    """Load sphinxcontrib-katex so that it runs the node that pip installed."""
    # The console script `node` would stay behind as an orphan: it is a wrapper, and only the
    # wrapper is ended. It is also not on the PATH of whoever calls jupyter-book by its path.
    sphinxcontrib.katex.NODEJS_BINARY = str(NODE)
    # Its way to a UNIX socket connects as soon as the file is there, which may be before node
    # listens; its way to a port (of 127.0.0.1) tries again.
    server = sphinxcontrib.katex.KaTeXServer
    server.start_server_process = server.start_network_socket
    app.setup_extension("sphinxcontrib.katex")
    app.connect("html-page-context", report_errors)
