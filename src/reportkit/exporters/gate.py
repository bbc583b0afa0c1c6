"""What one cell may bring to a page: its pictures, and word of all that a reader would miss there."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from reportkit.errors import in_cell, reason_of
from reportkit.exporters.images import ImageError, any_uri, check_uri, image_message
from reportkit.translation import N_, _, in_a_row

_LARGEST = 20 << 20
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_SHOWN = 100
# What stands for these on a page is nothing at all, so that a reader would not even miss it.
_LOST = {
    "iframe": N_("an embedded page (iframe)"),
    "object": N_("an embedded object (object)"),
    "embed": N_("an embedded object (embed)"),
    "applet": N_("an embedded program (applet)"),
    "frameset": N_("frames (frameset)"),
    "audio": N_("sound (audio)"),
    "video": N_("a video (video)"),
    "canvas": N_("a canvas (canvas)"),
    "math": N_("a MathML formula (math)"),
    "svg": N_("an SVG drawing that nothing can read"),
    "foreignobject": N_("a page's text in an SVG drawing (foreignObject)"),
    "image": N_("a picture from elsewhere in an SVG drawing (image)"),
    "progress": N_("a progress bar (progress)"),
    "meter": N_("a meter (meter)"),
}
CHART_CURE = N_(
    "make it a picture that stays as it is (plotly: Image(fig.to_image('png')); Altair: chart.save as PNG, and show "
    "that), or give the cell the tag remove-output if it is not to be printed"
)


class Pictures:
    """The picture files that a report's cells name, looked for beside the notebook and in the project.

    `files` holds the SHA-256 of each file that was read.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = list(dict.fromkeys(Path(folder).absolute() for folder in folders))
        self._read: dict[Path, str] = {}
        self.files: dict[Path, str] = {}

    def uri(self, name: str) -> str:
        """Return a picture file as a data URI. Raises LookupError with what is wrong with it, ImageError."""
        path, name = self._find(name), unquote(name)
        if path not in self._read:
            size = path.stat().st_size
            if size > _LARGEST:
                words = _('the picture "{name}" has {size} MB, more than {most} MB; make it smaller')
                raise LookupError(words.format(name=name, size=size >> 20, most=_LARGEST >> 20))
            content = path.read_bytes()
            self.files[path] = hashlib.sha256(content).hexdigest()
            self._read[path] = any_uri(content)
        return self._read[path]

    def _find(self, name: str) -> Path:
        outside = False
        roots = [folder.resolve() for folder in self._folders]
        for spelling in _spellings(name):
            for folder in self._folders:
                try:
                    path = (folder / spelling).resolve()
                    found = path.is_file()
                except (OSError, ValueError):  # a name too long, or with a NUL
                    continue
                if found and any(path.is_relative_to(root) for root in roots):
                    return path
                outside |= found
        if outside:
            words = _(
                'the picture "{name}" is not in the folder of the project and cannot be printed; '
                "copy it beside the notebook"
            )
            raise LookupError(words.format(name=unquote(name)))
        words = _('there is no picture "{name}"; put the file beside the notebook, or correct its name')
        raise LookupError(words.format(name=unquote(name)))


class Gate:
    """What the sanitiser asks and tells of one cell's HTML; errors and warnings are sentences that name the cell."""

    def __init__(self, cell: str, pictures: Pictures, attachments: Mapping[str, Any] | None = None) -> None:
        self.cell = cell
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.scripts: list[str] = []
        self._pictures, self._attachments = pictures, attachments or {}
        self._made: set[str] = set()

    def error(self, text: str) -> None:
        """Keep the reason why the report cannot go out."""
        self.errors.append(in_cell(self.cell, text))

    def warn(self, text: str) -> None:
        """Keep what a person should look at."""
        self.warnings.append(in_cell(self.cell, text))

    def lost(self, tag: str) -> None:
        """Hear of something visible that no page can show."""
        words = _("{what} cannot be printed in a report; use words, a table or a picture")
        self.error(words.format(what=_(_LOST[tag])))

    def scripted(self) -> None:
        """Hear of something that only a script would have shown."""
        words = _("something is drawn by a script (JavaScript), and cannot be printed in a report; {cure}")
        self.error(words.format(cure=_(CHART_CURE)))

    def made(self, uri: str) -> str:
        """Return a data URI that is known to be good."""
        self._made.add(uri)
        return uri

    def picture(self, address: str) -> str:
        """Return the data URI of the picture at an address, or "" once it is told why there is none."""
        address = address.strip()
        if address in self._made:
            return address
        try:
            return self._uri(address)
        except ImageError:
            self.errors.append(image_message(self.cell))
        except LookupError as error:
            self.error(str(error.args[0]))
        except OSError as error:
            words = _('the picture "{name}" cannot be read ({reason}); check the file')
            self.error(words.format(name=address[:_SHOWN], reason=reason_of(error)))
        return ""

    def _uri(self, address: str) -> str:
        if address.startswith("attachment:"):
            return self._attached(address.removeprefix("attachment:"))
        if address.lower().startswith("data:"):
            return check_uri(address)
        if not address:
            raise LookupError(_("a picture has no address (src); add it, or take the picture out"))
        if _SCHEME.match(address):
            words = _(
                "the picture {address} is on another host, and a report asks for nothing there; "
                "save it as a file beside the notebook, or paste it into the cell"
            )
            raise LookupError(words.format(address=address[:_SHOWN]))
        return self._pictures.uri(re.split(r"[?#]", address)[0] if not Path(unquote(address)).suffix else address)

    def _attached(self, name: str) -> str:
        spellings = _spellings(name)
        bundle = next(
            (files for key, files in self._attachments.items() if set(_spellings(key)) & set(spellings)), None
        )
        if bundle is None:
            there = in_a_row(map(unquote, self._attachments)) or _("none")
            words = _('there is no attachment "{name}" (there: {there}); paste the picture again, or correct the name')
            raise LookupError(words.format(name=unquote(name), there=there))
        for mime, data in bundle.items():
            if mime.startswith("image/"):
                text = data if isinstance(data, str) else "".join(data)
                if mime == "image/svg+xml" and "<" in text:
                    return any_uri(text.encode())
                return check_uri(f"data:{mime};base64,{''.join(text.split())}")
        words = _('the attachment "{name}" is no picture; use one in PNG, JPEG, GIF, WebP or SVG')
        raise LookupError(words.format(name=unquote(name)))


def _spellings(name: str) -> list[str]:
    """The ways to write a name that Markdown and editors mix up: percent-encoded or not, composed or not."""
    plain = [name, unquote(name)]
    return list(
        dict.fromkeys([*plain, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD") for text in plain)])
    )
