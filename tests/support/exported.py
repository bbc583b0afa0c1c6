"""Notebooks made by hand and two finished reports kept as files, and the page that comes of them."""

from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.exporters import HtmlReportExporter
from support import repository

FILES = repository.FILES / "exporters"
HOSTILE = {
    "<p>a<script>alert(1)</script>b</p>": "<p>ab</p>",
    "<p onclick=x() onmouseover='y'>a</p>": "<p>a</p>",
    "<iframe src=//h></iframe><object data=x>o</object><embed src=x><p>a</p>": "<p>a</p>",
    "<form action=//h><input name=a>label</form>": "<div>label</div>",
    "<link rel=stylesheet href=//h/x.css><meta http-equiv=refresh content='0;url=//h'><base href=//h><p>a</p>": (
        "<p>a</p>"
    ),
    "<p><img src=//h/x.png alt=a>b</p>": "<p>b</p>",
    "<p><img src=x onerror=alert(1)>b</p>": "<p>b</p>",
    '<p><img srcset="//h/x.png 2x" src="data:image/png;base64,AA" alt="a"></p>': (
        '<p><img src="data:image/png;base64,AA" alt="a"></p>'
    ),
    "<p><img src='data:text/html,<script>1</script>'>b</p>": "<p>b</p>",
    "<table background=//h><tr><td background=//h>a</td></tr></table>": "<table><tr><td>a</td></tr></table>",
    "<p style='color:red'>a</p>": '<p style="color:red">a</p>',
    "<p style='background:url(//h)'>a</p>": "<p>a</p>",
    "<p style='background:ur\\6c(//h)'>a</p>": "<p>a</p>",
    "<p style='width:expression(alert(1))'>a</p>": "<p>a</p>",
    "<style>@import '//h/x.css';</style><p>a</p>": "<p>a</p>",
    "<style>p{background:URL (//h)}</style><p>a</p>": "<p>a</p>",
    "<style>p{color:red}</style><p>a</p>": "<style>p{color:red}</style><p>a</p>",
    "<style scoped>td{color:red}</style><p>a</p>": "<p>a</p>",
    "<p><a href='javascript:alert(1)'>a</a></p>": "<p>a</p>",
    "<p><a href=' java\tscript:alert(1)'>a</a></p>": "<p>a</p>",
    "<p><a href='//h/x'>a</a></p>": "<p>a</p>",
    "<p><a href='https://h/x' target=_blank>a</a></p>": '<p><a href="https://h/x" rel="noopener noreferrer">a</a></p>',
    "<p><a href='mailto:a@b.cn'>a</a></p>": '<p><a href="mailto:a@b.cn" rel="noopener noreferrer">a</a></p>',
    "<blink>a<marquee>b</marquee></blink>": "<p>ab</p>",
    "<p>a<b>c": "<p>a<b>c</b></p>",
    "</div></body></html><p>a</p>": "<p>a</p>",
    "<td>a</td>": "<p>a</p>",
    "<li>a</li>": "<div>a</div>",
    "<ul><p>a</p><li>b</li></ul>": "<ul><li><p>a</p></li><li>b</li></ul>",
    "a &lt;b&gt; &amp;": "<p>a &lt;b&gt; &amp;</p>",
    "<section role=main>a</section>": "<div>a</div>",
    "<table><tr><th scope=col> </th><th scope=nonsense rowspan=x>a</th></tr></table>": (
        '<table><tr><td> </td><th scope="row">a</th></tr></table>'
    ),
    "<!--[if IE]><script>1</script><![endif]--><p>a</p><?php x ?>": "<p>a</p>",
    "<p>a\x00\x07\ud800b</p>": "<p>a\ufffdb</p>",
}


def shows(mime: str, data: Any, **metadata: Any) -> Any:
    return new_output("display_data", data={mime: data}, metadata=metadata)


def html(text: str) -> Any:
    return shows("text/html", text)


def notebook(*outputs: Any, markdown: str = "", **metadata: Any) -> Any:
    cells = [new_code_cell("secret = 1", outputs=list(outputs), metadata=metadata, id="cell-1", execution_count=1)]
    if markdown:
        cells.append(new_markdown_cell(markdown, id="cell-2"))
    return new_notebook(cells=cells)


def report(year: str) -> Any:
    return nbformat.read(FILES / f"report-{year}.ipynb", as_version=4)


def page(nb: Any) -> str:
    body, _ = HtmlReportExporter().from_notebook_node(nb)
    return body
