"""Random calls of the workbook's functions: their text for a cell, and their arguments for the twin."""

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from books import formula

from xlmodel.book.spec import Book, PlainCell, Sheet
from xlmodel.calc.address import Ref, letters
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.engines.programs import IronCalc
from xlmodel.model.function_records import FUNCTIONS, Argument, Function
from xlmodel.model.market import Market
from xlmodel.model.ranges import Answer, Cells
from xlmodel.model.scenario import Inputs
from xlmodel.model.workbook_functions import Functions
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write

SHEET, BAND, RANGES = "Use", 9, 12  # name of the extra sheet; rows a call may fill; first column of ranges
OMITTED = object()
NAMES: dict[str, tuple[Value, ...]] = {
    "platform": ("GB200 NVL72", "gb200", " gb200  nvl72", "B200", "b-200", "NVIDIA H100 SXM", "H200", "MI355X", "amd mi355x",
                 "GB300 NVL72", "MI300X", "TPU v7 (Ironwood)", "Q100", "", 5, True, None, NA),
    "model": ("DeepSeek-R1", "deepseek r1", "gpt-oss-120B", "GPT OSS 120b", "Llama 3.3 70B", "llama-3.3-70b", "Kimi-K2.5", "Eliza", None),
    "workload": ("8k/1k", "1k/1k", "8192/1024", "1K/8K", "2k/2k", ""),
    "precision": ("best", "FP4", "fp8", "nvfp4", "BF16", "FP5", ""),
    "snapshot": ("latest", "2026-07", "2025-12-15", "2025-12-19", "2025-10", 46006, 7, "1999-01", ""),
    "basis": ("Oracle list", "oracle", "Neocloud 2026-07", "hyperscaler", "own build-up", "Own shop", "", 3),
    "tokens": ("total", "Output", " input ", "both", ""),
    "method": ("Steffen", "linear", " LINEAR", "cubic", ""),
}  # fmt: skip
_ODD: tuple[Value, ...] = (None, "n/a", True, NA, 0, -4)
NAMES["baseline"] = NAMES["platform"]


@dataclass
class Call:
    """One call: its arguments, the text of its formula and the ranges it refers to."""

    function: Function
    arguments: list[Any]
    text: str = ""

    def value(self, functions: Functions) -> Answer:
        return functions(self.function.name, *(None if a is OMITTED else a for a in self.arguments))


def draw(rng: random.Random, function: Function) -> Call:
    """A call with arguments that mostly make sense; at most two of them are strange."""
    last = len(function.arguments)
    while last and function.arguments[last - 1].optional and rng.random() < 0.5:
        last -= 1
    arguments = [_argument(rng, a) for a in function.arguments[:last]]
    if function.name in ("TOKINTERP", "TOKFRONTIER"):
        size = rng.choice([1, 2, 3, 5, 8]) if rng.random() < 0.95 else 4
        at = [a.name for a in function.arguments].index("xs")
        if size == 1:  # IronCalc takes a single cell for its value: an error has no size, blank is 0
            arguments[at : at + 2] = [[[rng.choice([20, "n/a"])]], [[rng.choice([700.5, "n/a"])]]]
            return Call(function, arguments)
        arguments[at] = [[_coordinate(rng, 60)] for _ in range(size)]
        arguments[at + 1] = [[_coordinate(rng, 500)] for _ in range(size if rng.random() < 0.95 else size + 1)]
    return Call(function, arguments)


def _argument(rng: random.Random, argument: Argument) -> Any:
    name = argument.name
    if argument.optional and rng.random() < 0.25:
        return OMITTED
    if name in ("price", "baseline_price"):
        return rng.choice([2.5, 16, 8.6, 0, -1, *NAMES["basis"][:-1]])
    if name in NAMES:
        common, rare = NAMES[name][: len(NAMES[name]) // 2 + 1], NAMES[name]
        return rng.choice(common if rng.random() < 0.8 else rare)
    if name in ("xs", "ys"):
        return []  # drawn together
    if argument.ranges and rng.random() < 0.2:
        rows = rng.choice([1, 3])
        return [[_number(rng, name) for _ in range(1 if rows == 3 else 2)] for _ in range(rows)]
    return _number(rng, name)


def _number(rng: random.Random, name: str) -> Value:
    strange: list[Value] = [0, -3, "60", "fast", True, NA]
    if rng.random() < 0.1:
        return rng.choice(strange)
    spans = {"interactivity": (10, 150), "users": (0, 5000), "budget": (0.01, 3), "target": (-5, 70)}
    low, high = spans[name]
    return round(rng.uniform(low, high), rng.choice([0, 3, 12]))


def _coordinate(rng: random.Random, high: int) -> Value:
    if rng.random() < 0.15:
        return rng.choice(_ODD)
    return rng.randint(1, high) if rng.random() < 0.5 else round(rng.uniform(0.5, high), 4)


def written(sheet: Sheet, row: int, call: Call) -> str:
    """The call's text; ranges and empty cells are written beside it."""
    parts = []
    for i, argument in enumerate(call.arguments):
        col = RANGES + 3 * i
        if isinstance(argument, list):
            for r, line in enumerate(argument):
                for c, value in enumerate(line):
                    if isinstance(value, ExcelError):
                        formula(sheet, row + r, col + c, "NA()", value)
                    elif value is not None:
                        sheet.put(row + r, col + c, value)
            parts.append(f"{Ref('', row, col).a1}:{letters(col + len(argument[0]) - 1)}{row + len(argument) - 1}")
        else:
            parts.append(_literal(argument, Ref("", row, col).a1))
    return f"{call.function.name}({','.join(parts)})"


def _literal(value: Any, blank: str) -> str:
    if value is OMITTED:
        return ""
    if value is None:
        return blank
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, ExcelError):
        return value.code
    return f'"{value}"' if isinstance(value, str) else repr(value)


def book_of_calls(inputs: Inputs, path: Path, calls: list[Call], *, stored: bool = False) -> Book:
    """The workbook with one more sheet of calls; without stored values, so that an engine must compute them."""
    book = describe(inputs, build_date="2026-01-02", build_id="test")
    functions = Functions(Market(inputs))
    sheet = Sheet(SHEET, "workings", SHEET)
    for i, call in enumerate(calls):
        row = 1 + i * BAND
        call.text = written(sheet, row, call)
        value = call.value(functions)
        rows: list[list[Value]] = value if isinstance(value, list) else [[value]]
        if stored:
            formula(sheet, row, 1, call.text, rows)
        else:
            spill = sheet.area(row, 1, row + len(rows) - 1, len(rows[0])).a1 if isinstance(value, list) else f"A{row}"
            sheet.cells.setdefault(row, {})[1] = PlainCell(0, "Calculation", "", call.text, spill)
    with path.open("wb") as target:
        write(made := replace(book, sheets=(*book.sheets, sheet)), target)
    return made


class Computed:
    """What IronCalc makes of the calls, spilled cells included."""

    def __init__(self, path: Path) -> None:
        self._opened = IronCalc().open(path)
        self._opened.compute()

    def at(self, number: int, row: int = 0, col: int = 0) -> Value:
        return self._opened.value((SHEET, f"{letters(1 + col)}{1 + number * BAND + row}"))


def cells_of(value: Cells) -> list[tuple[int, int, Value]]:
    """Row, column and value of every cell an answer fills."""
    if isinstance(value, list):
        return [(r, c, cell) for r, line in enumerate(value) for c, cell in enumerate(line)]
    return [(0, 0, value)]  # type: ignore[list-item]


def record(name: str) -> Function:
    return next(f for f in FUNCTIONS if f.name == name)
