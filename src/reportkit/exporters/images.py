"""Pictures as data URIs: made from notebook outputs, made inert, and taken apart again for the PDF."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote_to_bytes

from lxml import etree

from reportkit.translation import _

_URI = re.compile(r"data:image/(png|jpeg|jpg|gif|webp|svg\+xml)((?:;[\w=.-]+)*?)(;base64)?,(.*)", re.I | re.S)
_MAGIC = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}
_SVG_NS = "http://www.w3.org/2000/svg"
_XLINK_NS = "http://www.w3.org/1999/xlink"
_OPENING = re.compile(r"<svg(?=[\s/>])[^<>]*>", re.I)
_SVG_EDGE = re.compile(r"<(/?)svg\b[^<>]*>", re.I)
_DRAWN = re.compile(r"""(["'])\s*(data:image/svg\+xml(?:(?!\1)[^<])*+<(?:(?!\1).)*+)\1""", re.I | re.S)
_TAG = re.compile(r"<([A-Za-z][^\s<>/]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(\w{1,32};)?")
_DROPPED = {"script", "foreignobject", "metadata", "iframe", "audio", "video", "handler", "listener"}
_REMOTE = re.compile(r"""@import|url\(\s*(?!["']?\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,]))""", re.I)
_DEEPEST = 3
"""So many drawings may stand one within the other's pictures."""


class ImageError(ValueError):
    """The bytes are no picture of the kind they claim to be."""


def image_message(cells: str) -> str:
    """Return what to tell the person whose cells made pictures that nothing can show."""
    words = _(
        "a picture of cell {cells} cannot be read (its data is damaged, or not of the format that it claims); "
        "run that cell again, or use a picture in PNG or JPEG."
    )
    return words.format(cells=cells)


def raster_uri(kind: str, text: str) -> str:
    """Return the data URI of a base64 picture; `kind` is png, jpeg, gif or webp."""
    data = "".join(text.split())
    _decode(kind, data)
    return f"data:image/{kind};base64,{data}"


def any_uri(content: bytes) -> str:
    """Return the data URI of a picture file, whose kind is known by its first bytes. Raises ImageError."""
    for kind, magic in _MAGIC.items():
        if content.startswith(magic):
            return raster_uri(kind, base64.b64encode(content).decode())
    return svg_uri(content.decode("utf-8-sig", "replace"))


def check_uri(uri: str) -> str:
    """Return the data URI of a picture, that of a drawing made inert. Raises ImageError for any other."""
    ending, data = split_uri(uri)
    return svg_uri(data.decode("utf-8-sig", "replace")) if ending == "svg" else uri


def _ignore(_tag: str) -> None:
    pass


def svg_uri(text: str, lost: Callable[[str], None] = _ignore, depth: int = 0) -> str:
    """Return the data URI of an SVG drawing without its scripts, outside references and changing metadata.

    `lost` is told the name of what a reader would have seen and now does not.
    """
    root = _parse_svg(text)
    for element in list(root.iter()):
        name = _local(element.tag) if isinstance(element.tag, str) else ""
        if (name == "foreignobject" and "".join(element.itertext()).strip()) or _is_outside_image(element, name):
            lost(name.removeprefix("fe"))
        if element is not root and (not name or name in _DROPPED or _is_undeclared(element.tag)):
            _remove(element)
        else:
            _clean_svg_element(element, name, depth)
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


def inert_uri(uri: str, depth: int = 0) -> str:
    """Return an image data URI, a drawing made inert, "" if it is none; `depth` says in how many others it stands."""
    match = _URI.match(uri.strip())
    if not match or match[1].lower() != "svg+xml":
        return uri if match else ""
    try:
        return svg_uri(split_uri(uri)[1].decode("utf-8-sig", "replace"), depth=depth + 1) if depth < _DEEPEST else ""
    except ImageError:
        return ""


def is_image_uri(uri: str) -> bool:
    """Return whether an address is an image data URI of a kind we let through."""
    return bool(_URI.match(uri.strip()))


def extract_svg(html: str, lost: Callable[[str], None] = _ignore, made: Callable[[str], str] = str) -> str:
    """Return the HTML with every inline drawing turned into an <img>, where its scripts are inert.

    `lost` is that of `svg_uri`; `made` is told each drawing's address.
    This happens on the text because an HTML parser would lower-case the names SVG spells in camel case.
    """
    if "+" in html:  # as in image/svg+xml
        html = _DRAWN.sub(_as_base64, html)
    out, position, depth, start = [], 0, 0, 0
    for edge in _SVG_EDGE.finditer(html):
        alone = edge[0].endswith("/>")
        if alone and not depth:
            continue
        if not edge[1] and not alone:
            start = edge.start() if not depth else start
            depth += 1
        elif edge[1] and depth:
            depth -= 1
            if not depth:
                out += [html[position:start], _as_img(html[start : edge.end()], lost, made)]
                position = edge.end()
    return "".join(out) + html[position:]


def _as_base64(match: re.Match[str]) -> str:
    """An address that holds a drawing as it is, with its tags out of the way of those of the page."""
    try:
        _ending, data = split_uri(unescape(match[2]))
    except ImageError:
        return match[0]
    return f'"data:image/svg+xml;base64,{base64.b64encode(data).decode()}"'


def _as_img(svg: str, lost: Callable[[str], None], made: Callable[[str], str]) -> str:
    try:
        uri, title = made(svg_uri(svg, lost)), svg_title(svg)
    except ImageError:
        lost("svg")
        return ""
    alt = title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<img src="{uri}" alt="{alt}">'


def _decode(kind: str, data: str) -> bytes:
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError(str(error)) from None
    if not raw.startswith(_MAGIC.get(kind, b"")) or (kind == "webp" and raw[8:12] != b"WEBP"):
        raise ImageError(f"not {kind}")
    return raw


def _parse_svg(text: str) -> etree._Element:
    text = text.strip().removeprefix("\ufeff")
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, recover=recover, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(_declared(_as_xml(text) if recover else text).encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            continue
        if root is not None and _local(root.tag) == "svg":
            return root
    raise ImageError("not svg")


def _declared(text: str) -> str:
    """The drawing with the two namespaces declared that HTML takes for granted."""
    opening = _OPENING.search(text)
    if opening is None:
        return text
    missing = [] if re.search(r"\sxmlns\s*=", opening[0]) else [f' xmlns="{_SVG_NS}"']
    if "xlink:" in text and "xmlns:xlink" not in opening[0]:
        missing.append(f' xmlns:xlink="{_XLINK_NS}"')
    place = opening.start() + len("<svg")
    return f"{text[:place]}{''.join(missing)}{text[place:]}"


def _as_xml(text: str) -> str:
    """HTML's way to write a drawing as XML: values without quotes, names without values, entities, lone ampersands."""
    return _ENTITY.sub(_entity, _TAG.sub(_tag, text))


def _tag(match: re.Match[str]) -> str:
    attributes: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(match[2].rstrip("/")):
        attributes.setdefault(name, value if value[:1] in ('"', "'") and value else f'"{value}"')
    written = "".join(f" {name}={value}" for name, value in attributes.items())
    return f"<{match[1]}{written}{'/' if match[2].endswith('/') else ''}>"


def _entity(match: re.Match[str]) -> str:
    found = unescape(match[0]) if match[1] else match[0]
    return found if found != match[0] else f"&amp;{match[0][1:]}"


def _local(name: str) -> str:
    """A tag's or attribute's name in small letters, without its namespace or prefix."""
    return re.split("[}:]", name)[-1].lower()


def _is_undeclared(name: str) -> bool:
    """Whether a name has a prefix that stands for nothing: no drawing needs it, and XML does not take it."""
    return ":" in name.rpartition("}")[2]


def _clean_svg_element(element: etree._Element, name: str, depth: int) -> None:
    if name == "style" and _REMOTE.search(element.text or ""):
        element.text = ""
    for key, value in list(element.attrib.items()):
        local = _local(key)
        if local in {"href", "src"} and not value.strip().startswith("#"):
            element.attrib[key] = value = inert_uri(value, depth)
        empty = local in {"href", "src"} and not value.strip()
        if empty or local.startswith("on") or _is_undeclared(key) or _REMOTE.search(value):
            del element.attrib[key]


def _is_outside_image(element: etree._Element, name: str) -> bool:
    """Whether an element shows a picture that lies elsewhere."""
    if name not in {"image", "feimage"}:
        return False
    addresses = [value.strip() for key, value in element.attrib.items() if _local(key) == "href"]
    return any(not (value.startswith("#") or is_image_uri(value)) for value in addresses)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
