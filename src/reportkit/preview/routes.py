"""The preview's web pages: one report, for whoever was let in, on this machine, without a script in the report."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportkit.preview.auth import Entry, opening_page
from reportkit.preview.live_report import VIEWS, Desk
from reportkit.preview.page_words import filled
from reportkit.translation import N_, gettext

_SHELL = Path(__file__).with_name("shell")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

_ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_NO_SCRIPT = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_ELSEWHERE = N_("This address holds for one time and was used; open the one that the terminal has printed last.")
_STRANGER = N_("This browser has not opened the preview yet; open the address that the terminal has printed last.")

# The page itself: its own files, and nothing that stands in it.
_OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The report: no script, no request. Of its frame the page may ask how far it is scrolled, hence the same origin.
_REPORT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)


def application(desk: Desk, entry: Entry, port: int) -> ASGIApp:
    """Return the preview as an ASGI application that answers whom `entry` lets in, on this port, and runs the desk."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(desk.run())
        yield
        task.cancel()
        await asyncio.to_thread(desk.maker.interrupt)  # a cell may hang, and the end would wait for it
        await asyncio.wait([task])

    views = _Views(desk)
    routes = [
        Route("/", _shell("page.html")),
        Route("/page.js", _shell("page.js")),
        Route("/page.css", _shell("page.css")),
        Route("/events", views.events),
        Route("/report", views.report),
        Route("/sheets/{number:int}", views.sheet),
        Route("/report.pdf", views.pdf),
    ]
    return _Door(Starlette(routes=routes, lifespan=lifespan), entry, port)


class _Door:
    """Lets nobody in whom `entry` does not, or who came by another name of this machine (DNS rebinding)."""

    def __init__(self, inside: ASGIApp, entry: Entry, port: int) -> None:
        self._inside, self._entry = inside, entry
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inside(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(Request(scope))(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _answer(self, request: Request) -> ASGIApp:
        path, room = request.scope["path"], self._entry.room
        if request.headers.getlist("host") != [own := request.headers.get("host", "")] or own not in self._hosts:
            return _missing()
        if path.startswith(room):
            if not self._entry.knows("; ".join(request.headers.getlist("cookie"))):
                return PlainTextResponse(gettext(_STRANGER), 403)
            request.scope["root_path"] = room.rstrip("/")
            return self._inside
        return self._let_in(request, path.strip("/"))

    def _let_in(self, request: Request, token: str) -> Response:
        """Exchange a token for a cookie.

        The page that comes back leads on by itself: a redirection would still count as a step from the page, or the
        file, where the browser was before, and the cookie is not sent on such a step.
        """
        if request.method != "GET":
            return _missing()
        if self._entry.is_spent(token):
            return PlainTextResponse(gettext(_ELSEWHERE), 410)
        if "sec-purpose" in request.headers:  # a guess at what a person may open next; it can be made again
            return PlainTextResponse("", 503)
        if not self._entry.take(token):
            return _missing()
        headers = {**_NO_SCRIPT, "set-cookie": self._entry.cookie()}
        return Response(opening_page(self._entry.room), headers=headers, media_type="text/html")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in _ALWAYS.items() if name.encode() not in own]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sending


def _shell(name: str) -> ASGIApp:
    path = _SHELL / name
    text = path.read_text(encoding="utf-8")
    content = filled(text) if path.suffix == ".html" else text
    return Response(content, headers={"content-security-policy": _OURS}, media_type=_TYPES[path.suffix])


class _Views:
    """What there is to see of a desk's report."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def events(self, request: Request) -> Response:
        view = request.query_params.get("view", "")
        if view not in VIEWS:
            return _missing()
        return StreamingResponse(self._stream(request, view), media_type="text/event-stream")

    async def _stream(self, request: Request, view: str) -> AsyncIterator[str]:
        async for state in self._desk.news(view):
            if await request.is_disconnected():
                return
            yield ":\n\n" if state is None else f"data: {json.dumps(state)}\n\n"

    async def report(self, _: Request) -> Response:
        page = self._desk.sights["html"].good.html
        return (
            Response(page, headers={"content-security-policy": _REPORT}, media_type="text/html") if page else _missing()
        )

    async def sheet(self, request: Request) -> Response:
        sheets, number = self._desk.sights["sheets"].good.sheets, request.path_params["number"]
        if not 1 <= number <= len(sheets):
            return _missing()
        headers = {"content-security-policy": _REPORT}
        return Response(sheets[number - 1], headers=headers, media_type="image/svg+xml")

    async def pdf(self, _: Request) -> Response:
        made = await asyncio.to_thread(self._desk.maker.pdf, self._desk.name)
        if not made.pdf:
            words = gettext("the report has errors now, so there is no PDF; see what the preview says of them")
            return PlainTextResponse(words, 409)
        name = quote(f"{self._desk.name.rsplit('/', 1)[-1]}.pdf")
        headers = {"content-disposition": f"inline; filename*=UTF-8''{name}"}
        return Response(made.pdf, headers=headers, media_type="application/pdf")


def _missing() -> Response:
    return PlainTextResponse("Not Found", 404)
