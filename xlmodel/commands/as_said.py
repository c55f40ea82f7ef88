"""Texts and paths as they were said: typer would load pydantic, a tenth of a second, to find them the same."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_PLAIN: dict[Any, Callable[[Any], Any]] = {str: str, Path: Path, list[str]: str, list[Path]: Path, bool: bool}


def as_said(params: Iterable[Any]) -> None:
    """Let parameters of these kinds take what was said; all others, and what typer may refuse, are left to typer."""
    for param in params:
        if getattr(param, "_runtime_param", param) is None and param.type_descriptor.annotation in _PLAIN:
            param._runtime_param = _AsSaid()  # where typer keeps what makes a value of a text


class _AsSaid:
    """Makes the value of a parameter."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value for what was said; None, or nothing, where nothing was."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        kind = _PLAIN[param.type_descriptor.annotation]
        said = list(value) if many and isinstance(value, list | tuple) else [value]
        if not all(_sound(text, kind) for text in said):
            param._runtime_param = None
            return param.get_runtime_param().coerce(value, param=param, ctx=ctx)
        return [kind(text) for text in said] if many else kind(value)


def _sound(text: Any, kind: Callable[[Any], Any]) -> bool:
    """Whether typer would take a text as it is: Unicode, and no file that nobody may read."""
    if kind is bool or not isinstance(text, str | Path):
        return False
    try:
        str(text).encode()
    except UnicodeEncodeError:
        return False
    return kind is str or not Path(text).exists() or os.access(text, os.R_OK)
