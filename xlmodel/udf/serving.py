"""Starts the server: looks at what was asked before anything listens."""

import importlib.util
import ipaddress
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from xlmodel.errors import EngineMissing, InputRefused, Problem
from xlmodel.udf.server import DEFAULTS, MOST, QUEUE, SECONDS, TOKEN, application

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
_MAKE = 'python -c "import secrets; print(secrets.token_hex(16))"'
_GRACE = 10  # seconds for open requests when it is told to stop


def run(
    host: str, port: int, workers: int, certificate: Path | None, key: Path | None, say: Callable[[str], None]
) -> None:
    """Serve until stopped; see `problems` for what to check before.

    Raises:
        InputRefused: the address is not free.
        EngineMissing: xlwings Server or its licence key is missing.
    """
    if taken := list(_taken(host, port)):
        raise InputRefused(taken)
    if not all(map(importlib.util.find_spec, ("uvicorn", "xlwings_server"))):
        raise EngineMissing("xlwings Server is not installed. Install it with: pip install 'xlmodel[server]'")
    application()  # says what is wrong here and now, not once in each worker

    import uvicorn  # noqa: PLC0415 - an extra

    scheme = "https" if certificate else "http"
    token = f"?token={os.environ[TOKEN]}" if os.environ.get(TOKEN) else ""
    say(f"Serving on {scheme}://{host}:{port} with {workers} worker{'s' if workers > 1 else ''}; stop with Ctrl+C")
    say(f"Manifest for Excel: {scheme}://{host}:{port}/manifest.xml{token}")
    uvicorn.run(
        "xlmodel.udf.server:application", factory=True, host=host, port=port, workers=workers, log_level="warning",
        access_log=False, timeout_graceful_shutdown=_GRACE, server_header=False,
        ssl_certfile=str(certificate) if certificate else None, ssl_keyfile=str(key) if key else None,
    )  # fmt: skip


def problems(host: str, certificate: Path | None, key: Path | None) -> Iterator[Problem]:
    """What is not usable: the token, a limit, the certificate, or an address that others reach without a token."""
    token = os.environ.get(TOKEN, "")
    if token and not _TOKEN.fullmatch(token):
        found = f"{len(token)} characters" if len(token) < 16 else "a character that an address cannot carry"
        yield Problem(TOKEN, found, "16 to 200 letters, digits, - or _", f"make one: {_MAKE}")
    if not token and not _only_here(host):
        expected = f"a token in {TOKEN} where others can reach the server"
        yield Problem(f"--host {host}", "no token", expected, f"make one: {_MAKE}")
    for name in (MOST, SECONDS, QUEUE):
        said = os.environ.get(name) or DEFAULTS[name]
        if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) < 1:
            yield Problem(name, repr(said), "a whole number above 0", f"leave it out for {DEFAULTS[name]}")
    if (certificate is None) != (key is None):
        yield Problem("--certificate and --key", "one of them", "both or none", "give the other one too")
    for path in (certificate, key):
        if path is not None and not path.is_file():
            yield Problem(str(path), "no such file", "a file in PEM form", "check the path")


def _only_here(host: str) -> bool:
    """Whether an address is reached from this computer alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _taken(host: str, port: int) -> Iterator[Problem]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fix = "choose another port with --port" if "in use" in str(error) else "choose an address of this computer"
            yield Problem(f"--host {host} --port {port}", (error.strerror or str(error)).lower(), "a free port", fix)
