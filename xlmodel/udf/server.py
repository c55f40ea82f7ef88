"""The functions for Excel on Windows, Mac and the web: an application of xlwings Server with ours as its functions.

xlwings Server brings the manifest, the task pane and its JavaScript; its project folder here is `site`. It is not
part of this package: PolyForm Noncommercial or a paid plan, see the README. What was asked is looked at before anything listens.
"""

import asyncio
import functools
import importlib.util
import inspect
import ipaddress
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from xlmodel.errors import EngineMissing, InputRefused, Problem
from xlmodel.udf.gate import App, Gate

SITE = Path(__file__).parent / "site"
TOKEN, MOST, SECONDS, QUEUE = "XLMODEL_TOKEN", "XLMODEL_SERVE_BYTES", "XLMODEL_SERVE_SECONDS", "XLMODEL_SERVE_QUEUE"
LICENSE = "XLWINGS_LICENSE_KEY"
# Excel on the web itself sends no more than 5 MB at once; the queue is that of a worker
DEFAULTS = {MOST: "5000000", SECONDS: "30", QUEUE: "64"}
# read by xlwings Server when it is imported
SETTINGS = {
    "XLWINGS_ON_SERVER": "true", "XLWINGS_PROJECT_DIR": str(SITE), "XLWINGS_PROJECT_NAME": "Token economics",
    "XLWINGS_ENVIRONMENT": "prod", "XLWINGS_FUNCTIONS_NAMESPACE": "", "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_ENABLE_HOTRELOAD": "false", "XLWINGS_ENABLE_EXAMPLES": "false", "XLWINGS_LOG_LEVEL": "WARNING",
}  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
_MAKE = 'python -c "import secrets; print(secrets.token_hex(16))"'
_GRACE = 10  # seconds for open requests when it is told to stop


def application() -> App:
    """The ASGI application, from the environment.

    Raises:
        EngineMissing: xlwings Server is not installed, or its licence key is not set.
    """
    if not os.environ.get(LICENSE):
        raise EngineMissing(
            f"xlwings Server needs its licence key in the environment variable {LICENSE}: the one you bought, or the "
            'word "noncommercial" if your use is noncommercial under the PolyForm licence (work inside a company is not)'
        )
    os.environ.update(SETTINGS)
    quick_refusal()
    from xlmodel.udf.bundle import loaded  # noqa: PLC0415 - xlwings must see the settings first
    from xlmodel.version import __version__  # noqa: PLC0415 - heavy modules load when used

    seconds = float(os.environ.get(SECONDS) or DEFAULTS[SECONDS])
    module = loaded()
    sys.modules["custom_functions"] = _limited(module, seconds)
    sys.modules["custom_scripts"] = ModuleType("custom_scripts")
    try:
        from xlwings_server.main import main_app  # noqa: PLC0415
    except ImportError as error:
        raise EngineMissing(
            "xlwings Server is not installed. Install it with: pip install 'xlmodel[server]'"
        ) from error
    functions = {name: _counts(f) for name, f in vars(module).items() if hasattr(f, "__xlfunc__")}
    most, token = int(os.environ.get(MOST) or DEFAULTS[MOST]), os.environ.get(TOKEN, "")
    queue = int(os.environ.get(QUEUE) or DEFAULTS[QUEUE])
    return Gate(
        main_app, token=token, most=most, seconds=seconds, functions=functions, version=__version__, queue=queue
    )


def _counts(function: Callable[..., Any]) -> tuple[int, int]:
    """How many arguments a function takes at least and at most."""
    taken = inspect.signature(function).parameters.values()
    return sum(parameter.default is parameter.empty for parameter in taken), len(taken)


def quick_refusal() -> None:
    """Let `import pyodide` fail at once: xlwings tries it for every single cell, which outweighs all other work."""
    if "pyodide" not in sys.modules and importlib.util.find_spec("pyodide") is None:
        sys.modules |= dict.fromkeys(("pyodide", "pyodide.ffi"))  # type: ignore[arg-type]


def _limited(module: ModuleType, seconds: float) -> ModuleType:
    """The functions, each in a thread and for a limited time, so that a long one does not hold up the others."""
    limited = ModuleType("custom_functions")
    for name, function in vars(module).items():
        if hasattr(function, "__xlfunc__"):
            setattr(limited, name, _in_time(function, seconds))
    return limited


def _in_time(function: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    from xlwings import XlwingsError  # noqa: PLC0415

    async def timed(*arguments: Any) -> Any:
        try:
            return await asyncio.wait_for(asyncio.to_thread(function, *arguments), seconds)
        except TimeoutError:  # xlwings Server then says it once and does not try again
            raise XlwingsError(f"No answer within {seconds:g} seconds: ask for fewer cells at once.") from None

    return functools.update_wrapper(timed, function)


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
