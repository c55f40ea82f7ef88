"""The server under load: 50 clients, each of which recalculates 1,000 cells, against 1, 2 and 4 workers.

python tests/bench/server.py

A request is what Excel sends for one spilled TOKCOST: 1,000 interactivities and the whole of TOKDATA.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figures import Figure, Found, main

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
CLIENTS, CELLS = 50, 1_000
PATH = "/xlwings/custom-functions-call"


def body() -> bytes:
    """The request."""
    from excel_stand_ins import Office  # noqa: PLC0415
    from test_udf import BASE, described, rows_of  # noqa: PLC0415

    speeds = [[20 + 80 * i / CELLS] for i in range(CELLS)]
    return Office().body("TOKCOST", ["GB200 NVL72", "DeepSeek-R1", speeds], rows_of(described(BASE))).encode()


@contextmanager
def served(workers: int, queue: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A running server: its port, its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "xlmodel", "serve", "--port", str(port), "--workers", str(workers)]
    environment = {**os.environ, "XLMODEL_SERVE_QUEUE": str(queue), "XLMODEL_SERVE_SECONDS": "300"}
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment) as process:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            time.sleep(2 * workers)  # until the last of them has started
            yield port, process
        finally:
            process.terminate()


async def ask(port: int, data: bytes) -> int:
    """The status of one call, over a connection of its own: so the workers share the clients."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\nconnection: close\r\n\r\n"
    try:
        writer.write(head.encode() + data)
        await writer.drain()
        answer = await reader.read()
    except ConnectionError:  # a refusal may close before the whole request has gone
        return 503
    finally:
        writer.close()
    return int(answer.split(b" ", 2)[1])


async def load(port: int, data: bytes, turns: int) -> tuple[float, list[float], Counter[int]]:
    """All clients at once, each asking again when it has its answer: wall time, times of the answers, statuses."""
    times: list[float] = []
    statuses: Counter[int] = Counter()

    async def client() -> None:
        for _ in range(turns):
            start = time.perf_counter()
            status = await ask(port, data)
            statuses[status] += 1
            if status == 200:
                times.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return time.perf_counter() - start, times, statuses


def memory(process: "subprocess.Popen[bytes]") -> float:
    """Megabytes of the server with its workers."""
    import psutil  # noqa: PLC0415 - for development

    parent = psutil.Process(process.pid)
    return sum(p.memory_info().rss for p in (parent, *parent.children(recursive=True))) / 1e6


def measure(quick: bool) -> Found:
    """Each number of workers, then one worker whose queue is short."""
    data, found, turns = body(), [], 1 if quick else 3
    for workers in (1, 2) if quick else (1, 2, 4):
        with served(workers, 64) as (port, process):
            asyncio.run(ask(port, data))
            before = memory(process)
            wall, times, statuses = asyncio.run(load(port, data, turns))
            after = memory(process)
        p95 = statistics.quantiles(times, n=20)[-1]
        refused = f"; {statuses[503]} refused" if statuses[503] else ""
        found += [
            Figure(f"serve, {workers} worker{'s' * (workers > 1)}, {CLIENTS} clients of {CELLS:,} cells", len(times) / wall, "requests/s", None,
                   f"{len(data) / 1e6:.1f} MB each{refused}"),
            Figure("the same: 95th percentile", p95, "s", None, f"median {statistics.median(times):.2f} s"),
            Figure("the same: memory under load", after, "MB", None, f"{before:.0f} MB before"),
        ]  # fmt: skip
    with served(1, 8) as (port, process):
        asyncio.run(ask(port, data))
        before = memory(process)
        _, times, statuses = asyncio.run(load(port, data, turns))
        after = memory(process)
    found.append(Figure("serve, 1 worker with a queue of 8: 95th percentile", statistics.quantiles(times, n=20)[-1], "s", None,
                        f"{statuses[200]} answered, {statuses[503]} told to come back, {after:.0f} MB after {before:.0f} MB"))  # fmt: skip
    return list(found)


if __name__ == "__main__":
    main(measure)
