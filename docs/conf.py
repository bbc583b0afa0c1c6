"""The guide as a site, its notebooks run: `uv run --group docs sphinx-build -W -b html docs build/site`."""

import os
import re
import sys
from functools import partialmethod
from pathlib import Path

from nbclient import NotebookClient
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

EXTENSIONS = Path(__file__).parent / "_ext"
sys.path.insert(0, str(EXTENSIONS))

project = "reportkit"
language = "en"
extensions = ["myst_nb", "languages"]
templates_path = ["_templates"]
html_theme = "furo"
html_title = "reportkit"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_show_copyright = False
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_search_language = "en_zh"
html_search_scorer = str(EXTENSIONS / "scorer.js")

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_merge_streams = True
myst_heading_anchors = 3

# The notebooks call the commands of this environment, whoever started Sphinx; their output goes to a page.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
os.environ.update(COLUMNS="400", NO_COLOR="1")

# What a command says comes in pieces of a hundred bytes. Here they are put together again as they were; myst-nb alone
# would end a line after each.
NotebookClient.__init__ = partialmethod(NotebookClient.__init__, coalesce_streams=True)  # type: ignore[method-assign,assignment]

FETCHED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//[^"'> ]+""")


def fetched_elsewhere(app: Sphinx, exception: Exception | None) -> None:
    """Refuse a site whose pages load anything from another host: it is read in offices without the internet."""
    pages = [] if exception else sorted(Path(app.outdir).rglob("*.html"))
    found = [f"{page.name}: {tag}" for page in pages for tag in FETCHED.findall(page.read_text(encoding="utf-8"))]
    if found:
        raise ExtensionError("pages load from other hosts:\n" + "\n".join(found))


def setup(app: Sphinx) -> None:
    """Look at the pages when they are there."""
    app.connect("build-finished", fetched_elsewhere)
