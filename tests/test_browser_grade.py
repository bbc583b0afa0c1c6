"""The finished page as a browser's parser reads it: html5lib follows the standard to the letter where lxml does not.

What two parsers read differently is how markup gets past a sanitiser (mutation XSS): text for the one, a tag for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_notebook

from reportkit.errors import ExportError
from reportkit.exporters import HtmlReportExporter
from reportkit.exporters.html_trees import inner_html
from reportkit.exporters.sanitize import clean
from support.exported import FILES, HOSTILE, html, notebook, page, report
from support.laws import examples

XHTML = "{http://www.w3.org/1999/xhtml}"
EVIL = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(1)</script>"

MUTATING = [
    f"<svg><style>{EVIL}</style></svg>",
    f"<svg><style>{EVIL}",
    f"<svg></p><style><a id=\"</style>{EVIL}\">",
    f"<svg><p><style><g title=\"</style>{EVIL}\">",
    f"<svg><title><style><a id=\"</style></title>{EVIL}\">",
    f"<svg><desc><noscript><p title='</noscript>{EVIL}'></desc></svg>",
    f"<svg><foreignobject><math><mi><style>{EVIL}</style></mi></math></foreignobject></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to='javascript:alert(1)'/></svg>",
    "<svg/onload=alert(1)>",
    f"<svg><![CDATA[><image xlink:href=']]>{EVIL}//'></svg>",
    f"<svg><script>/*&lt;/script>{EVIL}*/</script></svg>",
    f"<math><mtext><table><mglyph><style><!--</style>{EVIL}-->",
    f"<math><mtext><table><mglyph><style><![CDATA[</style>{EVIL}]]>",
    f"<form><math><mtext></form><form><mglyph><style></math>{EVIL}",
    f"<math><mi><style><a title='</style>{EVIL}'></mi></math>",
    f"<math><annotation-xml encoding='text/html'><style>{EVIL}</style></annotation-xml></math>",
    "<math><annotation-xml><foreignobject><style><!--</style><p id='--><img src=x onerror=alert(1)>'>",
    f"<math><mtext><option><FAKEFAKE><option></option><mglyph><svg><mtext><style><a title='</style>{EVIL}'>",
    "<math href='javascript:alert(1)'><mrow xlink:href='javascript:alert(1)'>x</mrow></math>",
    f"<noscript><p title='</noscript>{EVIL}'>",
    f"<noscript><style></noscript>{EVIL}</style>",
    f"<noscript><!--</noscript>{EVIL}-->",
    f"<noembed><p title='</noembed>{EVIL}'>",
    f"<noframes><p title='</noframes>{EVIL}'>",
    f"<iframe><p title='</iframe>{EVIL}'>",
    f"<xmp><p title='</xmp>{EVIL}'>",
    f"<plaintext>{EVIL}",
    f"<textarea><p title='</textarea>{EVIL}'>",
    f"<title><p title='</title>{EVIL}'>",
    f"<template><p title='</template>{EVIL}'></template>",
    "<template><script>alert(1)</script></template>",
    f"<select><style><a title='</style>{EVIL}'></select>",
    f"<select><template><style><a title='</style>{EVIL}'></template></select>",
    f"<select><option><xmp><p title='</xmp>{EVIL}'></select>",
    f"<style><a title='</style>{EVIL}'></style>",
    f"<style>p{{}}</style >{EVIL}",
    f"<style>p{{}}</style/x>{EVIL}",
    f"<style><!--</style>{EVIL}--></style>",
    f"<style>p{{content:'&lt;/style&gt;{EVIL}'}}</style>",
    f"<style>/*</style\t>{EVIL}*/</style>",
    f"<!--><p>a</p>{EVIL}-->",
    f"<!---><p>a</p>{EVIL}-->",
    f"<!-- --!>{EVIL}-->",
    f"<!--<!-- -->{EVIL}-->",
    f"<!-- -- >{EVIL}-->",
    f"<![CDATA[<p>]]>{EVIL}",
    f"<!DOCTYPE x [<!ENTITY y '{EVIL}'>]>&y;",
    f"<?x >{EVIL}?>",
    f"</ x>{EVIL}",
    f"<//{EVIL}",
    f"<p title='`'>{EVIL}`</p>",
    "<p title='\"onmouseover=alert(1) x=\"'>a</p>",
    "<p title=``onmouseover=alert(1)>a</p>",
    "<p id='a\x00\" onclick=alert(1)'>a</p>",
    "<p/title='a'/onclick=alert(1)>a",
    "<p\x0conclick=alert(1)>a",
    "<p\x0bonclick=alert(1)>a",
    "<p =onclick=alert(1) onclick=alert(1)>a",
    "<p class=a=onclick=alert(1)>a",
    "<img src=x:x \"onerror=alert(1)\">",
    "<img/src='x'onerror=alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<image src=x onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<a href='java&#10;script:alert(1)'>a</a>",
    "<a href='&#x6a;avascript&colon;alert(1)'>a</a>",
    "<a href='\x01javascript:alert(1)'>a</a>",
    "<a href='javascript\x00:alert(1)'>a</a>",
    "<a href=' &Tab;javascript:alert(1)'>a</a>",
    "<a href='vbscript:x'>a</a><a href='data:text/html,<script>alert(1)</script>'>b</a>",
    "<a href='#' href='javascript:alert(1)'>a</a>",
    "<a href='https://x' ping='//evil' target=_top>a</a>",
    "<table><a href='javascript:alert(1)'>a</a><tr><td>b</table>",
    f"<table><style><a title='</style>{EVIL}'></table>",
    f"<table><tr><td><svg><desc></table>{EVIL}",
    f"<table><colgroup><template><script>alert(1)</script></template></colgroup><caption><svg></table>{EVIL}",
    "<table><input type=hidden><script>alert(1)</script><td>a</table>",
    "<a><b><a><b><table><a onclick=alert(1)>x</table>" * 4,
    "<form><form id=x><input formaction='javascript:alert(1)' type=submit></form>",
    "<button formaction='javascript:alert(1)'>a</button>",
    "<isindex action='javascript:alert(1)' type=image>",
    "<object data='javascript:alert(1)'><param name=src value='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'><applet code=x>a</applet>",
    "<frameset><frame src='javascript:alert(1)'></frameset>",
    "<body onload=alert(1) background='javascript:alert(1)'><p>a",
    "<html onclick=alert(1)><head><base href='javascript:/a/'></head><p>a",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'><link rel=import href='data:text/html,x'>",
    "<details open ontoggle=alert(1)>a</details><video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>a</marquee><input autofocus onfocus=alert(1) value=b>",
    "<p style='background:url(javascript:alert(1))'>a</p><p style='x:expre/**/ssion(alert(1))'>b</p>",
    "<p style='-moz-binding:url(//evil)'>a</p><p style='behavior:url(#default#x)'>b</p>",
    "<ruby><rt><svg><rp><style><a title='</style><img src=x onerror=alert(1)>'></ruby>",
    "<b><p></b><svg></p><style><!--</style><img src=x onerror=alert(1)>",
    f"<s id=1><table><b><s id=2></table>{SCRIPT}",
    f"<div>{'<b>' * 600}<svg><style>{EVIL}{'</b>' * 600}</div>",
    "\ufeff<\ud800script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg\x00><style><img src=x onerror=alert(1)>",
    "<svg <svg><style><img src=x onerror=alert(1)>",
    "<svg x='>'><style>&lt;img src=x onerror=alert(1)&gt;</style></svg>",
    "&lt;img src=x onerror=alert(1)&gt;&amp;lt;script&amp;gt;",
]  # fmt: skip

ACTIVE = frozenset(
    [
        "script",
        "noscript",
        "template",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "param",
        "base",
        "link",
        "form",
        "input",
        "button",
        "select",
        "option",
        "textarea",
        "svg",
        "math",
        "audio",
        "video",
        "source",
        "track",
        "canvas",
        "details",
        "dialog",
        "image",
        "isindex",
        "keygen",
        "marquee",
        "noembed",
        "noframes",
        "plaintext",
        "portal",
        "slot",
        "xmp",
    ]
)
FETCHING = frozenset(
    [
        "srcset",
        "srcdoc",
        "action",
        "formaction",
        "background",
        "poster",
        "data",
        "ping",
        "target",
        "code",
        "http",
        "xlink:href",
    ]
)


def parsed(text: str, *, scripting: bool) -> Element:
    """A page as a browser reads it, with scripts switched on or off: <noscript> is text in one case, tags in the other."""
    found: Element = html5lib.HTMLParser(html5lib.getTreeBuilder("etree")).parse(text, scripting=scripting)
    return found


def dangers(root: Element) -> Iterator[str]:
    """All on a page that could act or fetch, and all of SVG or MathML."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        tag = element.tag.removeprefix(XHTML)
        if tag in ACTIVE or not element.tag.startswith(XHTML):
            yield f"<{tag}>"
        if tag == "meta" and element.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
            yield f"<meta {element.get('http-equiv')}>"
        for name, value in element.attrib.items():
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            if str(name).startswith("on") or name in FETCHING or not re.fullmatch(r"[a-z-]+", str(name)):
                yield f"<{tag} {name}>"
            if name == "src" and not re.match(
                r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+\Z", value
            ):
                yield f"<{tag} src={value}>"
            if name == "href" and not address.startswith(("http://", "https://", "mailto:", "#")):
                yield f"<{tag} href={value}>"
            if name == "style" and re.search(r"url|expression|binding|behavior|@|\\|<", value):
                yield f"<{tag} style={value}>"
            if "javascript:" in address and name != "title":
                yield f"<{tag} {name}={value}>"
        if tag == "style" and "<" in (element.text or ""):
            yield f"<style>{element.text}"


def outline(root: Element) -> list[Any]:
    return [(element.tag, element.text, element.tail, dict(element.attrib)) for element in root.iter()]


def wrong(text: str) -> list[str]:
    """What is wrong with a page for a browser, with scripts on or off, also once it was read and written again."""
    found = []
    for scripting in (True, False):
        root = parsed(text, scripting=scripting)
        first = outline(root)
        again = parsed(written(root), scripting=scripting)
        found += [*dangers(root), *dangers(again)]
        if first != outline(again):
            found.append("it is another page when it is read again")
    return found


def written(root: Element) -> str:
    """A page as HTML; a line feed that a <pre> begins with stands there twice, as every parser takes one away."""
    for element in root.iter(f"{XHTML}pre"):
        if (element.text or "").startswith("\n"):
            element.text = f"\n{element.text}"
    return str(html5lib.serialize(root, quote_attr_values="always", omit_optional_tags=False))


def framed(hostile: str) -> str:
    return f"<!DOCTYPE html><html><head><title>甲</title></head><body><main>{inner_html(clean(hostile))}</main></body></html>"


def test_this_parser_sees_what_is_looked_for():
    for text in (
        SCRIPT,
        EVIL,
        "<a href=' java\tscript:x'>a</a>",
        "<svg><style><img src=x onerror=y>",
        "<p style='x:url(y)'>",
    ):
        assert wrong(f"<!DOCTYPE html><title>甲</title>{text}"), text


@pytest.mark.parametrize("hostile", [*MUTATING, *HOSTILE])
def test_what_parsers_read_differently_does_not_reach_the_page(hostile):
    assert wrong(framed(hostile)) == []


@pytest.mark.slow  # each sign of it comes into a page every day, test_what_parsers_read_differently_does_not_reach_the_page
def test_a_whole_page_of_it_is_harmless_or_not_made():
    """By every way into a page: an output, a Markdown cell, and text among others."""
    made = 0
    for hostile in MUTATING:
        text = hostile.encode("utf-8", "replace").decode()
        for nb in (
            notebook(html(text)),
            new_notebook(cells=[new_markdown_cell(f"甲\n\n{text}\n\n| a |\n|---|\n| {text} |\n")]),
        ):
            try:
                body = page(nb)
            except ExportError:
                continue
            made += 1
            assert wrong(body) == [], hostile
    assert made > len(MUTATING)


@pytest.mark.parametrize("year", ["2019", "2021"])
def test_the_sample_reports_are_the_same_page_for_a_browser(year):
    assert wrong(HtmlReportExporter().from_notebook_node(report(year))[0]) == []
    assert (FILES / f"report-{year}.ipynb").is_file()


PIECES = st.sampled_from([
    "<svg>", "</svg>", "<math>", "</math>", "<style>", "</style>", "<mtext>", "<mglyph>", "<mi>", "<table>", "</table>",
    "<tr>", "<td>", "<caption>", "<select>", "<option>", "<template>", "</template>", "<noscript>", "</noscript>",
    "<title>", "</title>", "<desc>", "<foreignObject>", "<annotation-xml encoding=text/html>", "<xmp>", "</xmp>",
    "<textarea>", "</textarea>", "<plaintext>", "<form>", "</form>", "<p>", "</p>", "<b>", "</b>", "<a href=#>", "</a>",
    "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<a title='", "<p id=\"", "'>", "\">", "'", '"', "`", "=", "/", ">", "<",
    EVIL, SCRIPT, "甲", "p{color:red}", "&lt;", "&#x3c;", "\x00", "\x0c", "<br>", "</br>", "<li>", "<pre>\n", "<iframe>",
    "</iframe>", "<image>", "<rt>", "<h1>", "<ul>", "<col>", "</tbody>", "<body onload=x>", "<html onload=x>", "</body>",
])  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
@example("<table><pre>\n")
@example("<a href=#><form><a href=#>")
def test_no_mixture_of_them_reaches_the_page(hostile: str) -> None:
    assert wrong(framed(hostile)) == []
