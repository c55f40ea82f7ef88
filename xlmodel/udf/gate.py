"""What stands before the server's application: who may ask for what, how much, and for how long.

Pure ASGI. It keeps nothing between two requests but the number of those under way, so any number of workers answers alike.
"""

import asyncio
import json
import re
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

CALL = "/xlwings/custom-functions-call"
MANIFEST = ("/manifest", "/manifest.xml", "/manifest/download")
OPEN = (
    "/", "/favicon.ico", "/taskpane", "/taskpane.html", "/xlwings/alert", "/xlwings/custom-functions-meta",
    "/xlwings/custom-functions-meta.json", "/xlwings/custom-functions-code", "/xlwings/custom-functions-code.js",
)  # fmt: skip
PANE = b"/taskpane.html"
AGAIN = 1  # seconds after which a call that found the queue full may try again
TEXT = 32_767  # characters of a cell
_SAID = ("version", "client", "runtime")
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
_LARGEST = sys.float_info.max


class TooLarge(Exception):
    """A request of more bytes than allowed."""


class Gate:
    """An ASGI application that lets pass what is allowed.

    Args:
        app: the application behind.
        token: what a caller must show for calls and for the manifest; empty when nobody must.
        most: bytes of a request.
        seconds: for a request to arrive.
        functions: name -> how many arguments it takes at least and at most; nothing else can be called.
        version: said by /health.
        queue: calls that may be under way or wait at once; one more is told to come back, so that memory does not grow.
    """

    def __init__(
        self, app: App, *, token: str, most: int, seconds: float, functions: Mapping[str, tuple[int, int]], version: str,
        queue: int = 64,
    ) -> None:  # fmt: skip
        self.app, self.token, self.most, self.seconds, self.functions = app, token, most, seconds, functions
        self.queue, self.inside = queue, 0
        self.health = {"status": "ok", "version": version, "functions": len(functions)}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/health" and method in ("GET", "HEAD"):
            await _say(send, 200, self.health)
        elif path == CALL and method == "POST":
            if not self._known(scope):
                await _say(send, 401, {"error": "No valid token: install the add-in from the manifest of your server."})
                return
            if self.inside >= self.queue:
                said = {"error": f"{self.queue} calls wait already: try again in {AGAIN} second."}
                await _say(send, 503, said, ((b"retry-after", b"%d" % AGAIN),))
                return
            self.inside += 1
            try:
                await self._called(scope, receive, send)
            finally:
                self.inside -= 1
        elif path in MANIFEST and method in ("GET", "HEAD"):
            if not self._known(scope):
                await _say(send, 401, {"error": "Add ?token=... to the address of the manifest."})
                return
            await self.app(scope, receive, self._with_token(send) if self.token else send)
        elif method in ("GET", "HEAD") and (path in OPEN or path.startswith("/static/")):
            await self.app(scope, receive, send)
        else:
            await _say(send, 404, {"error": f"Nothing here at {method} {path}."})

    def _known(self, scope: Message) -> bool:
        if not self.token:
            return True
        headers = dict(scope["headers"])
        said = headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
        said = said or parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return secrets.compare_digest(said.encode(), self.token.encode())

    async def _called(self, scope: Message, receive: Receive, send: Send) -> None:
        """Take in the whole request first: within its size and time, and as a call of the protocol."""
        try:
            body = await asyncio.wait_for(self._body(scope, receive), self.seconds)
        except TooLarge:
            await _say(send, 413, {"error": f"More than {self.most:,} bytes: ask for fewer cells at once."})
            return
        except TimeoutError:
            await _say(send, 408, {"error": f"The request did not arrive within {self.seconds:g} seconds."})
            return
        if wrong := _wrong(body, self.functions):
            await _say(send, 400, {"error": wrong})
            return
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Message:
            return next(parts, None) or await receive()

        await self.app(scope, again, send)

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if said.isdigit() and int(said) > self.most:
            raise TooLarge
        found = bytearray()
        while True:
            message = await receive()
            found += message.get("body", b"")
            if len(found) > self.most:
                raise TooLarge
            if not message.get("more_body"):
                return bytes(found)

    def _with_token(self, send: Send) -> Send:
        """Sends the manifest with the token in the address of its task pane."""
        start: Message = {}
        found = bytearray()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            found.extend(message.get("body", b""))
            if not message.get("more_body"):
                body = bytes(found).replace(PANE, PANE + b"?token=" + self.token.encode())
                headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
                await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
                await send({"type": "http.response.body", "body": body})

        return sending


def _wrong(body: bytes, functions: Mapping[str, tuple[int, int]]) -> str:
    """What is wrong with a call, in a sentence; empty when nothing is."""
    try:
        call = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return "The request is no JSON."
    return next(_mistakes(call, functions), "")


def _mistakes(call: Any, functions: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """Sentences; what follows a mistake relies on its absence, so only the first one counts."""
    if not isinstance(call, dict) or not {"func_name", "args", *_SAID} <= call.keys():
        yield "The request is no call of a function: it needs func_name, args, version, client and runtime."
    name, arguments = call["func_name"], call["args"]
    if not isinstance(name, str) or name not in functions:
        yield "No such function."
    if not all(isinstance(call[key], str) for key in _SAID) or not _VERSION.fullmatch(call["runtime"]):
        yield "The version and the client must be text, the runtime a version such as 1.4."
    fewest, most = functions[name]
    if not isinstance(arguments, list) or not fewest <= len(arguments) <= most:
        yield f"{name} takes {fewest} to {most} arguments."
    if not all(map(_rectangle, arguments)):
        yield "An argument is no range: rows of the same length."
    if not all(_cell(cell) for rows in arguments for row in rows or () for cell in row):
        yield f"A cell can hold numbers up to 1.7E+308, {TEXT:,} characters of text, TRUE, FALSE and errors, and nothing else."


def _no_number(word: str) -> None:
    raise ValueError(word)


def _rectangle(argument: Any) -> bool:
    """Whether an argument is left out, or a range as Excel sends it."""
    if argument is None:
        return True
    rows = isinstance(argument, list) and bool(argument) and all(isinstance(row, list) and row for row in argument)
    return rows and len({len(row) for row in argument}) == 1


def _cell(cell: Any) -> bool:
    """Whether a cell holds what a cell of Excel can hold; an error, or a number with a format, comes as a record."""
    if isinstance(cell, dict):
        cell = cell.get("basicValue")
        return not isinstance(cell, dict) and _cell(cell)
    if isinstance(cell, str):
        return len(cell) <= TEXT
    return cell is None or (isinstance(cell, int | float) and -_LARGEST <= cell <= _LARGEST)


async def _say(send: Send, status: int, said: dict[str, Any], more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
