"""The functions for Excel on Windows, Mac and the web: an application of xlwings Server with ours as its functions.

xlwings Server brings the manifest, the task pane and its JavaScript; its project folder here is `site`. It is not
part of this package: PolyForm Noncommercial or a paid plan, see the README.
"""

import asyncio
import functools
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from xlmodel.errors import EngineMissing
from xlmodel.udf.gate import App, Gate

SITE = Path(__file__).parent / "site"
TOKEN, MOST, SECONDS, QUEUE = "XLMODEL_TOKEN", "XLMODEL_SERVE_BYTES", "XLMODEL_SERVE_SECONDS", "XLMODEL_SERVE_QUEUE"
LICENSE = "XLWINGS_LICENSE_KEY"
DEFAULTS = {
    MOST: "5000000",
    SECONDS: "30",
    QUEUE: "64",
}  # Excel on the web itself sends no more than 5 MB at once; calls of a worker
# read by xlwings Server when it is imported
SETTINGS = {
    "XLWINGS_ON_SERVER": "true", "XLWINGS_PROJECT_DIR": str(SITE), "XLWINGS_PROJECT_NAME": "Token economics",
    "XLWINGS_ENVIRONMENT": "prod", "XLWINGS_FUNCTIONS_NAMESPACE": "", "XLWINGS_ENABLE_SOCKETIO": "false",
    "XLWINGS_ENABLE_HOTRELOAD": "false", "XLWINGS_ENABLE_EXAMPLES": "false", "XLWINGS_LOG_LEVEL": "WARNING",
}  # fmt: skip


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
