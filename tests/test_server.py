"""The server: who may ask what, how much, how long; and xlwings Server's own JavaScript against it in a browser."""

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from books import default
from excel_stand_ins import _in_json
from typer.testing import CliRunner

from xlmodel.calc.address import Area
from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.commands.app import app
from xlmodel.engines.validator import VARIABLE
from xlmodel.errors import EngineMissing
from xlmodel.model.function_records import from_python
from xlmodel.model.market import Market
from xlmodel.model.ranges import Answer
from xlmodel.model.workbook_functions import Functions
from xlmodel.sheets.order import describe
from xlmodel.udf import server
from xlmodel.udf.gate import CALL, Gate, Message, Receive, Send

BASE = default()
COUNT = int(os.environ.get("XLMODEL_CALLS", "200"))  # concurrent calls; 1000 in the long run
TOKEN = "0123456789abcdef-_XYZ"
ASKED = {
    "func_name": "TOKINTERP",
    "args": [[[15]], [[10], [20]], [[9], [5]]],
    "version": "1",
    "client": "x",
    "runtime": "1.4",
}


# --- the gate ---------------------------------------------------------------------------------


async def _behind(scope: Message, receive: Receive, send: Send) -> None:
    """Stands for xlwings Server: says what it was asked."""
    body = b""
    if scope["method"] == "POST":
        body = (await receive())["body"]
    text = b"/taskpane.html and again /taskpane.html" if "manifest" in scope["path"] else b"passed " + body
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(text)).encode())]}
    )
    await send({"type": "http.response.body", "body": text[:5], "more_body": True})
    await send({"type": "http.response.body", "body": text[5:]})


@dataclass
class Said:
    status: int
    body: bytes
    headers: dict[bytes, bytes]


def ask(
    method: str = "GET", path: str = "/", body: Sequence[bytes] = (), token: str = "", known: str = "", most: int = 1000,
    headers: Mapping[str, str] | None = None, query: str = "", wait: float = 0,
) -> Said:  # fmt: skip
    gate = Gate(_behind, token=known, most=most, seconds=0.2, functions={"TOKINTERP": (3, 4)}, version="1.2")
    chunks = list(body)
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(wait)
        part = chunks.pop(0) if chunks else b""
        return {"type": "http.request", "body": part, "more_body": bool(chunks)}

    async def send(message: Message) -> None:
        sent.append(message)

    said = {"authorization": token} if token else {}
    named = [(name.encode(), value.encode()) for name, value in {**said, **(headers or {})}.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named, "query_string": query.encode()}
    asyncio.run(gate(scope, receive, send))
    start, *parts = sent
    return Said(start["status"], b"".join(p["body"] for p in parts), dict(start["headers"]))


def call(**changes: Any) -> Sequence[bytes]:
    return [json.dumps({**ASKED, **changes}).encode()]


def test_a_call_passes_whole_however_it_arrives() -> None:
    (body,) = call()
    said = ask("POST", CALL, [body[:10], body[10:20], body[20:]])
    assert (said.status, said.body) == (200, b"passed " + body)


def test_health_says_what_runs() -> None:
    assert json.loads(ask(path="/health").body) == {"status": "ok", "version": "1.2", "functions": 1}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/xlwings/custom-scripts-call/x"), ("GET", "/xlwings/pyodide.json"), ("PUT", CALL), ("GET", "/docs"),
     ("POST", "/"), ("GET", "/staticx"), ("DELETE", "/health"), ("GET", CALL)],
)  # fmt: skip
def test_nothing_else_is_answered(method: str, path: str) -> None:
    assert ask(method, path).status == 404


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("wrong", 401), (TOKEN, 200), (f"Bearer {TOKEN}", 200), ("Ünwahr", 401)]
)
def test_a_token_opens_calls(token: str, status: int) -> None:
    assert ask("POST", CALL, call(), token=token, known=TOKEN).status == status


def test_the_manifest_carries_the_token_to_those_who_have_it() -> None:
    assert ask(path="/manifest.xml", known=TOKEN).status == 401
    said = ask(path="/manifest.xml", known=TOKEN, query=f"token={TOKEN}")
    assert said.body.count(f"/taskpane.html?token={TOKEN}".encode()) == 2
    assert int(said.headers[b"content-length"]) == len(said.body)
    assert ask(path="/manifest.xml").body.count(b"token") == 0
    assert ask(path="/taskpane.html", known=TOKEN).status == 200, "the page itself is no secret"


def test_a_large_request_is_refused_by_its_word_and_by_its_bytes() -> None:
    assert ask("POST", CALL, call(), headers={"content-length": "1001"}).status == 413
    assert ask("POST", CALL, [b"x" * 600, b"x" * 600]).status == 413
    assert ask("POST", CALL, [b"x" * 600, b"x" * 600], headers={"content-length": "5"}).status == 413


def test_a_request_that_does_not_arrive_is_given_up() -> None:
    start = time.perf_counter()
    assert ask("POST", CALL, [b"x"] * 100, wait=0.05).status == 408
    assert time.perf_counter() - start < 3


def test_a_full_queue_says_when_to_come_back_and_drains() -> None:
    """Of eight calls at once three are taken in; the others hold no memory, and once the three are answered there is room again."""
    held = 0
    most_held = 0

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        nonlocal held, most_held
        held += 1
        most_held = max(most_held, held)
        await asyncio.sleep(0.05)
        held -= 1
        await _behind(scope, receive, send)

    gate = Gate(slow, token="", most=1000, seconds=1, functions={"TOKINTERP": (3, 4)}, version="1", queue=3)

    async def one(body: bytes, sent: list[Message]) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": CALL, "headers": [], "query_string": b""}
        await gate(scope, receive, send)

    async def many(bodies: Sequence[bytes]) -> list[tuple[int, dict[bytes, bytes]]]:
        answers: list[list[Message]] = [[] for _ in bodies]
        await asyncio.gather(*(one(body, sent) for body, sent in zip(bodies, answers, strict=True)))
        return [(sent[0]["status"], dict(sent[0]["headers"])) for sent in answers]

    (body,) = call()
    first = asyncio.run(many([body] * 8))
    assert [status for status, _ in first] == [200] * 3 + [503] * 5
    assert all(headers[b"retry-after"] == b"1" for status, headers in first if status == 503)
    assert most_held == 3
    assert [status for status, _ in asyncio.run(many([b"no call", body, body]))] == [400, 200, 200]
    assert gate.inside == 0


NO_CELLS: Sequence[Any] = [1], {"basicValue": [1]}, {"basicValue": {}}, 10**400, -(10**309), "x" * 32_768


@pytest.mark.parametrize(
    "body",
    [[b"no json"], [b"[1]"], [b"{}"], [b"[" * 900], call(func_name="__class__"), call(func_name=["TOKINTERP"]),
     call(args=[None] * 5), call(args="x"), call(args=[3]), call(args=[[1, 2]]), call(args=[[[1], [1, 2]]]), call(args=[[]]),
     [b""], [b"null"], [b"\xff\xfe{"], call(func_name="TOKNOTHING"), call(args=[]), call(args=[[[15]]]),
     call(args=[[[15]], [[10], [20, 1]], [[9], [5]]]), call(runtime="new"), call(runtime=[1]), call(client=["x"]), call(version=1),
     *(call(args=[[[15]], [[10], [cell]], [[9], [5]]]) for cell in NO_CELLS),
     [call()[0].replace(b"15", b"NaN")], [call()[0].replace(b"15", b"-Infinity")], [call()[0].replace(b"15", b"1e999")]],
)  # fmt: skip
def test_what_is_no_call_is_refused_with_a_sentence(body: Sequence[bytes]) -> None:
    said = ask("POST", CALL, body, most=100_000)
    assert said.status == 400
    assert json.loads(said.body)["error"].endswith(".")


@pytest.mark.parametrize(
    "cell", [None, "", "x" * 32_767, True, 0, -1.7e308, {"type": "Error", "basicValue": "#N/A"}, {"type": "Entity"}]
)
def test_what_a_cell_of_excel_can_hold_passes(cell: Any) -> None:
    assert ask("POST", CALL, call(args=[None, [[10], [cell]], [[9], [5]]]), most=100_000).status == 200


# --- the command ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (["--host", "0.0.0.0"], {}, 2, "no token"), (["--host", "::"], {}, 2, "no token"),
        (["--host", "10.1.2.3"], {server.TOKEN: "short"}, 2, "16 to 200"), ([], {server.TOKEN: "with blank and ünlaut"}, 2, "letters"),
        ([], {server.MOST: "much"}, 2, server.MOST), ([], {server.SECONDS: "0"}, 2, server.SECONDS),
        ([], {server.QUEUE: "-1"}, 2, server.QUEUE),
        (["--certificate", "none.pem"], {}, 2, "both or none"), (["--host", "203.0.113.7"], {server.TOKEN: TOKEN}, 2, "a free port"),
        ([], {server.LICENSE: ""}, 3, server.LICENSE), (["--port", "0"], {}, 2, "--port"),
    ],
)  # fmt: skip
def test_mistakes_are_told_before_anything_listens(
    arguments: list[str], environment: dict[str, str], code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server.LICENSE in environment:
        need_server()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["serve", "--port", str(free_port()), *arguments])
    assert done.exit_code == code, done.output
    assert words in done.output


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        done = CliRunner().invoke(app, ["serve", "--port", str(held.getsockname()[1])])
    assert done.exit_code == 2
    assert "choose another port" in done.output


def test_without_a_licence_key_the_application_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(server.LICENSE)
    with pytest.raises(EngineMissing, match="noncommercial"):
        server.application()


def test_a_function_that_takes_too_long_is_given_up() -> None:
    from xlwings import XlwingsError  # noqa: PLC0415

    def slow(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    timed = server._in_time(slow, 0.1)
    assert asyncio.run(timed(0.0)) == 0.0
    with pytest.raises(XlwingsError, match="fewer cells"):
        asyncio.run(timed(0.4))


# --- running ----------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def need(there: object, what: str) -> None:
    if not there:
        if os.environ.get("XLMODEL_REQUIRE_TOOLS") == "1":
            raise EngineMissing(what)
        pytest.skip(what)


def need_server() -> None:
    need(find_spec("xlwings_server"), "xlwings Server is not installed: pip install 'xlmodel[server]'")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of two workers, stopped as by Ctrl+C afterwards."""
    need_server()
    port = free_port()
    environment = {**os.environ, server.TOKEN: TOKEN}
    command = [sys.executable, "-m", "xlmodel", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(600):
            try:
                get(f"http://127.0.0.1:{port}/health")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.stdout and process.stdout.read()
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert "Traceback" not in said
    assert "ERROR" not in said
    assert f"http://127.0.0.1:{port}/manifest.xml?token={TOKEN}" in said
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        body: bytes = answer.read()
        return body


@pytest.mark.server
def test_the_running_server_offers_what_excel_asks_for(address: str) -> None:
    assert json.loads(get(f"{address}/health"))["functions"] == len(from_python())
    meta = json.loads(get(f"{address}/xlwings/custom-functions-meta.json"))
    assert [f["name"] for f in meta["functions"]] == sorted(f.name for f in from_python()), "no namespace, as in Lite"
    for function in from_python():
        known = next(found for found in meta["functions"] if found["id"] == function.name)
        assert [p["name"] for p in known["parameters"]] == [a.name for a in function.arguments]
        assert [p.get("optional", False) for p in known["parameters"]] == [a.optional for a in function.arguments]
        assert "volatile" not in known["options"]
    manifest = get(f"{address}/manifest.xml?token={TOKEN}").decode()
    assert "Namespace" not in manifest
    assert f"{address}/taskpane.html?token={TOKEN}" in manifest
    assert b"token" in get(f"{address}/static/js/auth.js")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        get(f"{address}/manifest.xml")


# --- in a browser -----------------------------------------------------------------------------


def jobs(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Calls of many cells at once, no two alike; most pass the workbook's data."""
    found = []
    for i in range(count):
        platform, model = (
            rng.choice(["GB200 NVL72", "b200", "H100", "MI355X"]),
            rng.choice(["DeepSeek-R1", "gpt-oss-120B"]),
        )
        speed = round(rng.uniform(20, 120), 6)
        shapes: list[tuple[str, list[Any]]] = [
            ("TOKCOST", [platform, model, speed, None, None, None, None, None, "TOKDATA"]),
            ("TOKRATE", [platform, model, [[speed], [speed + 1], [-1], ["x"]], None, None, None, "TOKDATA"]),
            ("TOKGAIN", [platform, "H200", model, speed, 3.5, None, None, None, None, "TOKDATA"]),
            ("TOKPRICE", [platform, "Oracle list", "TOKDATA"]),
            ("TOKSPEED", [platform, model, speed / 300, None, None, None, None, None, "TOKDATA"]),
        ]
        name, arguments = rng.choice(shapes)
        found.append({"id": name, "args": arguments, "address": f"Sheet1!A{i + 1}"})
    return found


def in_browser(address: str, work: Sequence[Mapping[str, Any]], data: Any, token: str = TOKEN) -> dict[str, Any]:
    """What the functions answer in a page with xlwings Server's JavaScript."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    modules = Path(os.environ.get(VARIABLE) or "node_modules")
    need(program, "Chromium is not installed: apt-get install chromium")
    need(shutil.which("node"), "Node.js is not installed")
    need((modules / "playwright-core").is_dir(), f"no playwright-core in {modules}: npm install playwright-core")
    script = Path(__file__).with_name("office_runtime.cjs")
    command = ["node", str(script), str(modules.resolve()), str(program), address]
    text = json.dumps({"jobs": work, "data": data, "token": token})
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["failures"] == []
    return answer


@pytest.fixture(scope="module")
def data() -> list[list[Any]]:
    book = describe(BASE, build_date="2026-01-02", build_id="test", edition="lite")
    area, sheet = book.names["TOKDATA"], book.sheets[-1]
    assert isinstance(area, Area)
    cells = [
        [sheet.cells.get(r, {}).get(c) for c in range(1, area.last_col + 1)] for r in range(area.row, area.last_row + 1)
    ]
    return [[None if cell is None else _in_json(cell.value) for cell in row] for row in cells]


def shown(answer: Mapping[str, Any]) -> Answer:
    """An answer of the page as a value or rows of values."""
    codes = {"NotAvailable": "#N/A", "Value": "#VALUE!", "Num": "#NUM!", "Div0": "#DIV/0!"}
    rows: list[list[Value]] = [
        [ExcelError(codes[c["errorType"]]) if isinstance(c, dict) else c for c in row] for row in answer["value"]
    ]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def agree(found: Answer, wanted: Answer) -> bool:
    if isinstance(found, list) and isinstance(wanted, list):
        return [len(r) for r in found] == [len(r) for r in wanted] and all(
            same(a, b) for x, y in zip(found, wanted, strict=True) for a, b in zip(x, y, strict=True)
        )
    return not isinstance(found, list) and not isinstance(wanted, list) and same(found, wanted)


@pytest.mark.server
@pytest.mark.browser
def test_in_a_browser_every_cell_gets_its_answer(address: str, data: list[list[Any]]) -> None:
    functions = Functions(Market(BASE))
    work = jobs(random.Random(3), COUNT)
    single: list[tuple[str, list[Any]]] = [
        ("TOKFRONTIER", [[[10], [20], ["x"], [15]], [[9], [5], [7], [1]]]),
        ("TOKINTERP", [25, [[20], [30]], [[7000], [2500]]]), ("TOKINTERP", [[[25, 99]], [[20], [30]], [[7000], [2500]], "linear"]),
        ("TOKCOST", ["H1000", "DeepSeek-R1", 60, None, None, None, None, None, "TOKDATA"]),
        ("TOKCOST", ["H100", "DeepSeek-R1", 6000, None, None, None, None, None, "TOKDATA"]),
        ("TOKCOST", ["H100", "DeepSeek-R1", -1, None, None, None, None, None, "TOKDATA"]),
        ("TOKGPUS", ["GB200 NVL72", "DeepSeek-R1", [[50, 60]], [[100], [90000]], None, None, None, "TOKDATA"]),
    ]  # fmt: skip
    work += [{"id": name, "args": arguments, "address": "Sheet2!A1"} for name, arguments in single]
    work += [{"id": "TOKCOST", "args": ["H100", "DeepSeek-R1", 60], "address": "Sheet2!A2"}]
    found = in_browser(address, work, data)
    assert len(found["answers"]) == len(work)
    kinds = set()
    for job, answer in zip(work[:-1], found["answers"], strict=False):
        arguments = [None if argument == "TOKDATA" else argument for argument in job["args"]]
        number = len(next(p for p in from_python() if p.name == job["id"]).arguments) - (job["args"][-1] == "TOKDATA")
        wanted = functions(job["id"], *arguments[:number])
        assert agree(shown(answer), wanted), f"{job}: {answer}, twin {wanted}"
        kinds |= {str(cell) for row in answer["value"] for cell in row if isinstance(cell, dict)}
    assert len(kinds) == 3, "#N/A, #VALUE! and #NUM! all occur"
    assert shown(found["answers"][-1]) == ExcelError("#N/A"), "without data there is no number"
    print(f"{len(work)} concurrent calls in {found['seconds']:.1f} s")


@pytest.mark.server
@pytest.mark.browser
def test_in_a_browser_a_wrong_token_gives_an_error_that_says_why(address: str, data: list[list[Any]]) -> None:
    work = [{"id": "TOKPRICE", "args": ["B200", None, "TOKDATA"], "address": "Sheet1!A1"}]
    (answer,) = in_browser(address, work, data, token="wrong")["answers"]
    assert answer["error"] == "#VALUE!"
    assert "No valid token" in answer["message"]
