"""The guide in two languages, in one site: English, and Chinese in `zh/`.

Each page has a link to itself in the other language: to the page of its name, or the first of those that it names as
`counterpart:` in its front matter; else to the first page. Around a page of `zh/` all is Chinese: the navigation, the
theme's words, the search. What is found in the language of the page comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.search.en import SearchEnglish

CHINESE = "zh/"
FIRST = "zh/index"
SEARCH = {"search": "search-zh"}
"""The page of the search, and the Chinese one: beside it, as the search's links go out from its own folder."""

WORDS = {
    "Search": "搜索",
    "Error": "错误",
    "Please activate JavaScript to enable the search functionality.": "要搜索，请允许浏览器运行 JavaScript。",
    "Next": "下一页",
    "Previous": "上一页",
    "Home": "首页",
    "On this page": "本页内容",
    "Skip to content": "跳到正文",
    "Back to top": "回到顶部",
    "Made with": "本站使用 ",
    '<a href="https://www.sphinx-doc.org/">Sphinx</a> and': '<a href="https://www.sphinx-doc.org/">Sphinx</a> 和 ',
}
"""What the theme says."""

NAMES = {
    'aria-label="Toggle site navigation sidebar"': 'aria-label="显示或隐藏目录"',
    'aria-label="Toggle table of contents sidebar"': 'aria-label="显示或隐藏本页内容"',
    'aria-label="Toggle Light / Dark / Auto color theme"': 'aria-label="切换浅色、深色或自动"',
    "<title>Contents</title>": "<title>本页内容</title>",
    "<title>Menu</title>": "<title>目录</title>",
    "<title>Expand</title>": "<title>展开</title>",
    "<title>Light mode</title>": "<title>浅色</title>",
    "<title>Dark mode</title>": "<title>深色</title>",
    "<title>Auto light/dark, in light mode</title>": "<title>自动，现为浅色</title>",
    "<title>Auto light/dark, in dark mode</title>": "<title>自动，现为深色</title>",
}
"""What the theme's parts are called to those who hear a page; the theme translates none of it."""

PERMALINK = ('title="Link to this heading"', 'title="本节的链接"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Take part in a build."""
    app.add_search_language(BothLanguages)
    app.connect("config-inited", _add_search_page)
    app.connect("html-page-context", _tell_language, priority=900)  # the theme has had its say
    app.connect("build-finished", _without_other_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class BothLanguages(SearchEnglish):
    """English words by their stems, Chinese by every two signs that follow each other, as nothing parts its words."""

    lang = "en_zh"
    js_splitter_code = r"""
var splitQuery = (query) =>
  query
    .replace(/[\u3400-\u9fff]+/g, " $& ")
    .split(/[^\p{Letter}\p{Number}_]+/u)
    .filter((word) => word)
    .flatMap((word) => {
      const signs = [...word];
      if (!/[\u3400-\u9fff]/.test(word) || signs.length < 2) return [word];
      return signs.slice(1).map((sign, place) => signs[place] + sign);
    });
"""

    def split(self, input: str) -> list[str]:  # noqa: A002  (its name in Sphinx)
        """Return the words of a text, as the page's own `splitQuery` returns those of a question."""
        return [part for word in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", input) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    """A word, or of Chinese each sign and each two: who asks for one sign finds it, too."""
    if not re.match(r"[\u3400-\u9fff]", word):
        return [word]
    return [*word, *map("".join, pairwise(word))]


def _add_search_page(_app: Sphinx, config: Any) -> None:
    config.html_additional_pages = {**config.html_additional_pages, **dict.fromkeys(SEARCH.values(), "search.html")}


def _tell_language(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Give the templates what a page of its language says."""
    chinese = page.startswith(CHINESE) or page in SEARCH.values()
    tag, name = ("en", "English") if chinese else ("zh-CN", "中文")
    context["other_language"] = {"link": context["pathto"](_counterpart(app, page)), "tag": tag, "name": name}
    context["named"] = _with_names if chinese else str
    if chinese:
        _make_chinese(app, page, context)


def _with_names(html: str) -> str:
    """A page with the names of the theme's parts in Chinese. Raises ExtensionError if one is left in English."""
    for english, chinese in NAMES.items():
        html = html.replace(english, chinese)
    if left := re.findall(r'aria-label="[ -~]+"', html):
        raise ExtensionError(f"names in English on a Chinese page: {left}")
    return html


def _without_other_language(app: Sphinx, exception: Exception | None) -> None:
    """Refuse a site with a page that does not say its language, or has no link to a page in the other."""
    pages = [] if exception else sorted(app.outdir.rglob("*.html"))
    if found := [page.name for page in pages if not _leads_to_other_language(page)]:
        raise ExtensionError(f"pages without their language or a link to the other: {found}")


def _leads_to_other_language(page: Path) -> bool:
    text = page.read_text(encoding="utf-8")
    own = re.search(r'<html[^>]* lang="([^"]+)"', text)
    other = re.search(r'<p class="other-language"><a href="([^"]+)" hreflang="([^"]+)"', text)
    return bool(own and other and own[1] != other[2] and (page.parent / other[1]).is_file())


def _counterpart(app: Sphinx, page: str) -> str:
    """The page in the other language."""
    for pair in SEARCH.items():
        if page in pair:
            return next(other for other in pair if other != page)
    found = app.env.found_docs
    if page.startswith(CHINESE):
        return next((one for one in [*_named(app, page), page.removeprefix(CHINESE)] if one in found), "index")
    others = (one for one in sorted(found) if one.startswith(CHINESE) and page in _named(app, one))
    return next((one for one in [CHINESE + page, *others] if one in found), FIRST)


def _named(app: Sphinx, page: str) -> list[str]:
    """The pages that a page of `zh/` names as itself in English."""
    named = str(app.env.metadata.get(page, {}).get("counterpart", "")).split()
    if missing := set(named) - app.env.found_docs:
        raise ExtensionError(f"{page}: its counterpart {missing} is no page of the guide")
    return named


def _make_chinese(app: Sphinx, page: str, context: dict[str, Any]) -> None:
    pathto: Callable[..., str] = context["pathto"]
    context["language"] = "zh-CN"
    context["master_doc"] = FIRST
    context["pathto"] = lambda other, *args, **named: pathto(SEARCH.get(other, other), *args, **named)
    context["_"] = context["gettext"] = lambda words: WORDS.get(" ".join(words.split()), words)
    context["body"] = context.get("body", "").replace(*PERMALINK)
    pages = [FIRST, *app.env.toctree_includes.get(FIRST, ())]
    titles = {one: str(app.env.titles[one].astext()) for one in pages}
    context["furo_navigation_tree"] = _navigation(page, titles, pathto)
    context["prev"] = context["next"] = None
    for before, after in pairwise(pages):
        if page == after:
            context["prev"] = {"link": pathto(before), "title": titles[before]}
        if page == before:
            context["next"] = {"link": pathto(after), "title": titles[after]}
    app.add_js_file("chinese.js")


def _navigation(page: str, titles: dict[str, str], pathto: Callable[..., str]) -> str:
    """The list of the Chinese pages, with the classes that the theme gives to its own."""
    entries = []
    for one, title in titles.items():
        current = " current current-page" if one == page else ""
        link = f'<a class="reference internal" href="{pathto(one)}">{escape(title)}</a>'
        entries.append(f'<li class="toctree-l1{current}">{link}</li>')
    return f"<ul>{''.join(entries)}</ul>"
