"""Records as rows of their tables: the heading of every field, there and back.

What is empty in a record is an empty cell; reading back, an empty cell is the field's empty value.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.facts import Change, Platform, Quote
from xlmodel.model.point import Point

POINT_FIELDS = {
    "Model": "model", "Platform": "platform", "Workload": "workload", "Precision": "precision", "Snapshot": "snapshot",
    "Framework": "framework", "Speculative decoding": "speculative", "Disaggregated": "disaggregated",
    "Concurrency": "concurrency", "Interactivity": "interactivity", "Throughput": "throughput", "TTFT": "ttft_ms",
    "Measured": "measured", "Include": "include", "Source": "source", "Note": "note", "GPUs": "gpus",
}  # fmt: skip
QUOTE_FIELDS = {
    "Platform": "platform", "Provider": "provider", "Commitment": "commitment", "Basis": "basis",
    "USD/GPU-hour": "usd_per_gpu_hour", "As of": "as_of", "Confidence": "confidence", "Source": "source", "Note": "note",
}  # fmt: skip
PLATFORM_FIELDS = {
    "Platform": "platform", "Vendor": "vendor", "Architecture": "architecture", "GPUs per domain": "domain",
    "Memory": "memory_gb", "Bandwidth": "bandwidth_tb_s", "FP8 dense": "fp8_pflops", "FP4 dense": "fp4_pflops",
    "TDP": "tdp_w", "All-in power 2026-07": "kilowatt", "All-in power 2025": "kilowatt_2025",
    "Server capital": "capex_server", "All-in capital": "capex_all_in", "Source": "source", "Note": "note",
    "Why no cost": "no_curve", "As of": "as_of",
}  # fmt: skip
API_FIELDS = {
    "Model": "model", "Provider": "provider", "Input": "input", "Cached input": "cached_input", "Output": "output",
    "Own input": "own_input", "Own cached input": "own_cached", "Own output": "own_output", "Precision": "precision",
    "Open weights": "open_weights", "As of": "as_of", "Confidence": "confidence", "Source": "source", "Note": "note",
}  # fmt: skip
CHANGE_FIELDS = {
    "Date": "day", "What": "what", "Where": "place", "Before": "before", "After": "after", "Effect": "effect",
    "Note": "note",
}  # fmt: skip

Record = Point | Quote | Platform | Change | ApiPrice
R = TypeVar("R", Point, Quote, Platform, Change, ApiPrice)
_HINTS: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in (Point, Quote, Platform, Change, ApiPrice)}


def row_of(record: Record, headings: Mapping[str, str]) -> tuple[Value, ...]:
    """A record as cells in the order of the headings.

    >>> row_of(Change("2026-01-02", "Built"), CHANGE_FIELDS)
    ('2026-01-02', 'Built', None, None, None, None, None)
    """
    return tuple(_cell(field, getattr(record, field)) for field in headings.values())


def _cell(field: str, value: Any) -> Value:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return int(value) if field == "include" else "yes" if value else "no"
    if field in ("concurrency", "gpus") and value == 0:  # not recorded
        return None
    shown: Value = value
    return shown


def record_of(kind: type[R], cells: Mapping[str, Value], headings: Mapping[str, str]) -> R:
    """The record of a row, read as the workbook's formulas read it: what is no number where one is needed is 0.

    >>> record_of(Point, {"Model": "GLM-5", "Interactivity": "60 tok/s", "Include": None}, POINT_FIELDS).interactivity
    0.0
    """
    readers = _READERS[kind]
    taken = {field: readers[field](cells.get(heading)) for heading, field in headings.items()}
    for field in fields(kind):  # what the table does not show
        if field.name not in taken and field.default is MISSING:
            taken[field.name] = readers[field.name](None)
    return kind(**taken)


def _included(cell: Value) -> bool:
    """As the workings: blank or the number 1."""
    return cell is None or (cell == 1 and not isinstance(cell, bool))


def _yes(cell: Value) -> bool | None:
    return {"yes": True, "no": False}.get(text_of(cell).casefold())


def _reader(field: str, hint: Any) -> Callable[[Value], Any]:
    """What makes the value of a field out of a cell."""
    if field == "include":
        return _included
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if str in kinds:
        return text_of if len(kinds) <= 2 else lambda cell: cell  # of more kinds it is any value of a cell
    if bool in kinds:
        return _yes
    number = int if int in kinds and float not in kinds else float

    def read(cell: Value) -> Any:
        return number(cell) if is_number(cell) else None if NoneType in kinds else kinds[0](0)

    return read


def text_of(cell: Value) -> str:
    """A value as a formula joins it into a text.

    >>> text_of(2025.0), text_of(None), text_of(True)
    ('2025', '', 'TRUE')
    """
    if cell is None or isinstance(cell, ExcelError):
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    return f"{cell:.15g}" if isinstance(cell, int | float) else cell


_READERS = {kind: {name: _reader(name, hint) for name, hint in hints.items()} for kind, hints in _HINTS.items()}
