"""The preview's web pages: one report, for who knows the token, on this machine, without a script in the report."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportkit.preview.desk import VIEWS, Desk

_SHELL = Path(__file__).with_name("shell")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

_ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
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


def application(desk: Desk, token: str, port: int) -> ASGIApp:
    """Return the preview as an ASGI application that answers to its own token and port only, and runs the desk."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(desk.run())
        yield
        task.cancel()
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
    return _Door(Starlette(routes=routes, lifespan=lifespan), token, port)


class _Door:
    """Lets nobody in who does not know the token, or came by another name of this machine (DNS rebinding)."""

    def __init__(self, inside: ASGIApp, token: str, port: int) -> None:
        self._inside, self._token = inside, token.encode()
        self._hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inside(scope, receive, send)
        elif scope["type"] == "http" and self._knows(scope):
            inside = {**scope, "root_path": f"/{self._token.decode()}"}
            await self._inside(inside, receive, _with_headers(send))
        elif scope["type"] == "http":
            await PlainTextResponse("Not Found", 404)(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _knows(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        _, token, *rest = scope["path"].encode(errors="replace").split(b"/", 2)
        return len(hosts) == 1 and hosts[0] in self._hosts and bool(rest) and secrets.compare_digest(token, self._token)


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
    return Response(path.read_bytes(), headers={"content-security-policy": _OURS}, media_type=_TYPES[path.suffix])


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
            return PlainTextResponse("报告现在有错误，没有 PDF；请看预览页上的说明", 409)
        name = quote(f"{self._desk.name.rsplit('/', 1)[-1]}.pdf")
        headers = {"content-disposition": f"inline; filename*=UTF-8''{name}"}
        return Response(made.pdf, headers=headers, media_type="application/pdf")


def _missing() -> Response:
    return PlainTextResponse("Not Found", 404)
