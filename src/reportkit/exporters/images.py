"""Pictures as data URIs: made from notebook outputs, made inert, and taken apart again for the PDF."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from lxml import etree

_URI = re.compile(r"data:image/(png|jpeg|jpg|gif|webp|svg\+xml)((?:;[\w=.-]+)*?)(;base64)?,(.*)", re.I | re.S)
_MAGIC = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}
_SVG_NS = "http://www.w3.org/2000/svg"
_OPENING = re.compile(r"<svg\b[^>]*>", re.I)
_SVG_EDGE = re.compile(r"<(/?)svg\b[^>]*?(/?)>", re.I)
_DROPPED = {"script", "foreignobject", "metadata", "iframe", "audio", "video", "handler", "listener"}
_REMOTE = re.compile(r"""@import|url\(\s*(?!["']?\s*(?:#|data:image/))""", re.I)


class ImageError(ValueError):
    """The bytes are no picture of the kind they claim to be."""


def image_message(cells: str) -> str:
    """Return what to tell the person whose cells made pictures that nothing can show."""
    return f"单元格 {cells} 的图片无法识别（数据损坏或格式与声明不符）；请重新运行该单元格，或改用 PNG、JPEG 图片。"


def raster_uri(kind: str, text: str) -> str:
    """Return the data URI of a base64 picture; `kind` is png or jpeg."""
    data = "".join(text.split())
    _decode(kind, data)
    return f"data:image/{kind};base64,{data}"


def svg_uri(text: str) -> str:
    """Return the data URI of an SVG drawing without its scripts, outside references and changing metadata."""
    root = _parse_svg(text)
    for element in list(root.iter()):
        name = etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
        if element is not root and (not name or name in _DROPPED):
            _remove(element)
        else:
            _clean_svg_element(element, name)
    data = base64.b64encode(etree.tostring(root, encoding="utf-8", with_tail=False)).decode()
    return f"data:image/svg+xml;base64,{data}"


def svg_title(text: str) -> str:
    """Return what an SVG drawing says about itself in its <title> or aria-label, or nothing."""
    root = _parse_svg(text)
    return (root.findtext(f"{{{_SVG_NS}}}title") or root.get("aria-label") or "").strip()


def split_uri(uri: str) -> tuple[str, bytes]:
    """Return the file ending and the bytes of an image data URI."""
    match = _URI.match(uri.strip())
    if not match:
        raise ImageError("not a data URI")
    kind = match[1].lower().replace("jpg", "jpeg")
    data = _decode(kind, "".join(match[4].split())) if match[3] else unquote_to_bytes(match[4])
    return {"svg+xml": "svg", "jpeg": "jpg"}.get(kind, kind), data


def is_image_uri(uri: str) -> bool:
    """Return whether an address is an image data URI of a kind we let through."""
    return bool(_URI.match(uri.strip()))


def extract_svg(html: str) -> str:
    """Return the HTML with every inline drawing turned into an <img>, where its scripts are inert.

    This happens on the text because an HTML parser would lower-case the names SVG spells in camel case.
    """
    out, position, depth, start = [], 0, 0, 0
    for edge in _SVG_EDGE.finditer(html):
        if edge[2] and not depth:
            continue
        if not edge[1] and not edge[2]:
            start = edge.start() if not depth else start
            depth += 1
        elif edge[1] and depth:
            depth -= 1
            if not depth:
                out += [html[position:start], _as_img(html[start : edge.end()])]
                position = edge.end()
    return "".join(out) + html[position:]


def _as_img(svg: str) -> str:
    try:
        uri, title = svg_uri(svg), svg_title(svg)
    except ImageError:
        return ""
    alt = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<img src="{uri}" alt="{alt}">'


def _decode(kind: str, data: str) -> bytes:
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError(str(error)) from None
    if not raw.startswith(_MAGIC.get(kind, b"")):
        raise ImageError(f"not {kind}")
    return raw


def _parse_svg(text: str) -> etree._Element:
    text = text.strip().removeprefix("\ufeff")
    opening = _OPENING.search(text)
    if opening and "xmlns=" not in opening[0]:
        text = text[: opening.start() + 4] + f' xmlns="{_SVG_NS}"' + text[opening.start() + 4 :]
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, recover=recover, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            continue
        if root is not None and etree.QName(root).localname.lower() == "svg":
            return root
    raise ImageError("not svg")


def _clean_svg_element(element: etree._Element, name: str) -> None:
    if name == "style" and _REMOTE.search(element.text or ""):
        element.text = ""
    for key, value in list(element.attrib.items()):
        local = etree.QName(key).localname.lower()
        outside = local in {"href", "src"} and not (value.strip().startswith("#") or is_image_uri(value))
        if local.startswith("on") or outside or _REMOTE.search(value):
            del element.attrib[key]


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
