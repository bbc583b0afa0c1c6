"""Tables with markup that has been met: what comes of them is what comes of those that are met for the first time."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from reportkit.exporters import known_markup
from reportkit.exporters.sanitize import clean

TABLE = '<style type="text/css">\n.a {{ color: red }}\n</style>\n<table class="a">\n<tr><th scope="row">{}</th><td>{}</td></tr>\n</table>'

TEXTS = st.sampled_from(
    ["12", "0.5%", "桑洲镇", "a b", "", " ", "\n", "中\n", "\n文", "\u3000", "\xa0", "&nbsp;", "&lt;b&gt;", "&#10;", "<", ">", "\x00", "a\r\nb", "-->", '"']
)  # fmt: skip
PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", '<th scope="row">', "<th>", "</th>", "<b>", "</b>", "<p>", "</p>", "<br>", "<thead>", "</thead>",
     "<caption>", "</caption>", "<td hidden>", '<td title="a>b">', '<td title="<i>">', "<a href='#x'>", "</a>", '<img src="data:,x">', "<script>", "</script>",
     "<!--", "-->", "<![CDATA[", "<style>", "</style>", "<textarea>", "<div>", "</div>", "<ul>", "<li>", "</ul>", "<section>", "<xmp>", "<title>", "\n", "{}", "{}", "{}"]
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_known():
    forget()


def forget():
    known_markup._known.clear()
    known_markup._met.clear()


def html(root):
    return etree.tostring(root, encoding="unicode")


def filled(markup, texts):
    return "".join(piece if piece != "{}" else next(texts) for piece in markup)


@given(st.lists(PIECES, max_size=14), st.booleans(), st.data())
@example(["<td>", "{}", "<b>", "{}", "</b>", "</td>"], True, None)
def test_other_texts_in_known_markup_come_out_as_if_it_were_unknown(inside, in_row, data):
    markup = ["<table><tr>", *inside, "</tr></table>"] if in_row else ["<table>", *inside]
    choose = (lambda: data.draw(TEXTS)) if data else iter(["1", "2", "中\n", "文"]).__next__
    forget()
    first, other = (filled(markup, iter(choose, None)) for _ in range(2))
    for _ in range(3):
        clean(first)
    met = html(clean(other))
    forget()
    assert met == html(clean(other))


def test_a_table_that_comes_again_is_known_and_its_texts_are_its_own():
    for number in range(3):
        root = clean(TABLE.format("收件", number))
        assert html(root) == (
            '<div><style>\n.a { color: red }\n</style><table class="a">\n'
            f'<tr><th scope="row">收件</th><td>{number}</td></tr>\n</table></div>'
        )
    assert len(known_markup._known) == 1


@pytest.mark.parametrize(
    "other",
    [
        TABLE.replace("red", "url(http://a.b)"),
        TABLE.replace("<td>", '<td onclick="f()">'),
        TABLE.replace("<td>", "<td><script>f()</script>"),
        TABLE.replace("<td>", '<td title="a>b">'),
        f"<!-- {TABLE}",
    ],
)
def test_other_markup_is_not_known(other):
    for number in range(3):
        clean(TABLE.format("收件", number))
    known = set(known_markup._known)
    for number in range(3):
        clean(other.format("收件", number))
    assert known_markup._known == known


def test_markup_with_pictures_links_or_texts_that_end_lines_is_never_known():
    for text in ('<img src="data:,x">', '<a href="#x">1</a>', "中\n<b>1</b>", "<textarea>1</textarea>", "<br/>"):
        for number in range(3):
            clean(TABLE.format(text, number))
    assert not known_markup._known


def test_markup_that_is_changed_is_looked_at_once(monkeypatch):
    looked = []
    monkeypatch.setattr(known_markup, "as_parsed", lambda html: looked.append(html) or clean(""))
    for number in range(5):
        clean(f'<table border="1"><tr><td>{number}</td></tr></table>')
    assert looked == ['<table border="1"><tr><td>1</td></tr></table>']


def test_no_more_is_kept_in_mind_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(known_markup, "_MOST", 3)
    monkeypatch.setattr(known_markup, "_MOST_MET", 5)
    for columns in range(1, 20):
        for _ in range(2):
            clean(f"<table><tr>{'<td>1</td>' * columns}</tr></table>")
    assert 0 < len(known_markup._known) <= 3
    assert len(known_markup._met) <= 5
