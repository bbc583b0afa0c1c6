"""Who may see a preview: a browser that was given an address that holds for one time, and what it got in exchange."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable
from pathlib import Path

from reportkit.preview.page_words import lang, page_words

_OPENING = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<title>{preview}</title>
<meta http-equiv="refresh" content="0; url={address}">
<p><a href="{address}">{open}</a></p>
</html>
"""


class Entry:
    """Gives out tokens, each of which lets one browser in, once; that has a cookie from then on.

    The cookie is for `room` alone, a path that nobody else knows: browsers send cookies to all ports of a machine.
    """

    def __init__(self, port: int, used: Callable[[], None] = lambda: None) -> None:
        """`used` is called when the last token has been used that was given out."""
        self.room = f"/{secrets.token_urlsafe(16)}/"
        self._cookie, self._secret = f"reportkit-{port}", secrets.token_urlsafe(24)
        self._open: set[str] = set()
        self._spent: set[str] = set()
        self._used = used

    def token(self) -> str:
        """Return a new token."""
        token = secrets.token_urlsafe(24)
        self._open.add(token)
        return token

    def take(self, token: str) -> bool:
        """Whether a token lets its bearer in; from now on it does no more."""
        known = next((each for each in self._open if secrets.compare_digest(each.encode(), token.encode())), None)
        if known is None:
            return False
        self._open.remove(known)
        self._spent.add(known)
        if not self._open:
            self._used()
        return True

    def is_spent(self, token: str) -> bool:
        """Whether a token has let somebody in before."""
        return token in self._spent

    def cookie(self) -> str:
        """Return the header that gives a browser its cookie."""
        return f"{self._cookie}={self._secret}; Path={self.room}; HttpOnly; SameSite=Strict"

    def knows(self, cookies: str) -> bool:
        """Whether a browser's cookies, as it sends them, let it in."""
        own = f"{self._cookie}={self._secret}".encode()
        # What other servers of this machine have left there may be anything.
        return any(secrets.compare_digest(each.strip().encode(), own) for each in cookies.split(";"))


def opening_page(address: str) -> str:
    """Return a web page that leads to an address at once."""
    words = {name: html.escape(text) for name, text in page_words().items()}
    return _OPENING.format(address=html.escape(address), lang=lang(), **words)


def opening_file(folder: Path, address: str) -> Path:
    """Return a new file in a folder, for nobody else to read, that leads a browser to an address.

    What a browser is called with, every user of a machine can read; what stands in this file, only its owner.
    """
    path = folder / "preview.html"
    path.touch(0o600, exist_ok=False)
    path.write_text(opening_page(address), encoding="utf-8")
    return path
