"""Tell this environment's JupyterLab to open the chapters (.md) as notebooks."""

import json
import sys
from pathlib import Path

settings = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
viewers = {"defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}}
overrides = json.loads(settings.read_text()) if settings.exists() else {}
overrides["@jupyterlab/docmanager-extension:plugin"] = viewers
settings.parent.mkdir(parents=True, exist_ok=True)
settings.write_text(json.dumps(overrides, indent=2))
