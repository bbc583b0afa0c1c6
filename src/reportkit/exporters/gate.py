"""What one cell may bring to a page: its pictures, and word of all that a reader would miss there."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from reportkit.exporters.images import ImageError, any_uri, check_uri, image_message

_LARGEST = 20 << 20
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_SHOWN = 100
# What stands for these on a page is nothing at all, so that a reader would not even miss it.
_LOST = {
    "iframe": "嵌入的网页（iframe）", "object": "嵌入的对象（object）", "embed": "嵌入的对象（embed）",
    "applet": "嵌入的程序（applet）", "frameset": "框架（frameset）", "audio": "声音（audio）",
    "video": "视频（video）", "canvas": "画布（canvas）", "math": "MathML 公式（math）", "svg": "无法识别的 SVG 图形",
    "foreignobject": "SVG 图形里的网页文字（foreignObject）", "image": "SVG 图形引用的外部图片（image）",
    "progress": "进度条（progress）", "meter": "计量条（meter）",
}  # fmt: skip
CHART_CURE = (
    "请换成静态图片（例如 plotly 用 Image(fig.to_image('png'))，Altair 用 chart.save 存成 PNG 再显示），"
    "不要印的给单元格加标签 remove-output"
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
                raise LookupError(f"图片“{name}”有 {size >> 20} MB，超过 {_LARGEST >> 20} MB；请缩小后再用")
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
            raise LookupError(f"图片“{unquote(name)}”不在项目的文件夹里，不能印出来；请复制到笔记本旁边")
        raise LookupError(f"找不到图片“{unquote(name)}”；请把文件放到笔记本旁边，或者改正文件名")


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
        self.errors.append(f"单元格 {self.cell}：{text}")

    def warn(self, text: str) -> None:
        """Keep what a person should look at."""
        self.warnings.append(f"单元格 {self.cell}：{text}")

    def lost(self, tag: str) -> None:
        """Hear of something visible that no page can show."""
        self.error(f"{_LOST[tag]}在报告里印不出来；请改用文字、表格或图片")

    def scripted(self) -> None:
        """Hear of something that only a script would have shown."""
        self.error(f"有内容要靠脚本（JavaScript）画出来，报告里印不出来；{CHART_CURE}")

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
            self.error(f"图片“{address[:_SHOWN]}”读不了（{error.strerror}）；请检查文件")
        return ""

    def _uri(self, address: str) -> str:
        if address.startswith("attachment:"):
            return self._attached(address.removeprefix("attachment:"))
        if address.lower().startswith("data:"):
            return check_uri(address)
        if not address:
            raise LookupError("有一张图片没有写地址（src）；请补上，或者删去")
        if _SCHEME.match(address):
            shown = address[:_SHOWN]
            raise LookupError(
                f"图片 {shown} 在别的主机上，报告不联网，印不出来；请存成文件放到笔记本旁边，或粘贴到单元格里"
            )
        return self._pictures.uri(re.split(r"[?#]", address)[0] if not Path(unquote(address)).suffix else address)

    def _attached(self, name: str) -> str:
        spellings = _spellings(name)
        bundle = next(
            (files for key, files in self._attachments.items() if set(_spellings(key)) & set(spellings)), None
        )
        if bundle is None:
            there = "、".join(map(unquote, self._attachments)) or "无"
            raise LookupError(f"没有名为“{unquote(name)}”的附件（现有：{there}）；请重新粘贴图片，或者改正附件名")
        for mime, data in bundle.items():
            if mime.startswith("image/"):
                text = data if isinstance(data, str) else "".join(data)
                if mime == "image/svg+xml" and "<" in text:
                    return any_uri(text.encode())
                return check_uri(f"data:{mime};base64,{''.join(text.split())}")
        raise LookupError(f"附件“{unquote(name)}”不是图片；请改用 PNG、JPEG、GIF、WebP 或 SVG 图片")


def _spellings(name: str) -> list[str]:
    """The ways to write a name that Markdown and editors mix up: percent-encoded or not, composed or not."""
    plain = [name, unquote(name)]
    return list(
        dict.fromkeys([*plain, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD") for text in plain)])
    )
