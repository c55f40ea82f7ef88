"""Excel as xlwings meets it: by COM on Windows, and through the JavaScript of a web add-in. Both run xlwings' own code."""

import ctypes
import importlib
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

from calls import OMITTED

from xlmodel.calc.values import ExcelError, Value

MISSING = -2147352572  # how COM says that an argument was left out
COM_ERRORS = {"#N/A": -2146826246, "#VALUE!": -2146826273, "#NUM!": -2146826252, "#DIV/0!": -2146826281}
WINDOWS = (
    "pythoncom", "pywintypes", "win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher",
    "win32com.server.policy", "win32com.server.util", "win32api", "win32con", "win32event", "win32gui", "win32process",
    "win32timezone",
)  # fmt: skip
BUILT = ("xlwings._xlwindows", "xlwings.udfs", "xlwings.com_server", "xlwings._win32patch")
Data = Sequence[Sequence[Value]]


@contextmanager
def pywin32() -> Iterator[None]:
    """Stand-ins for pywin32, gone afterwards together with what xlwings built on them."""
    added = {name: MagicMock(name=name) for name in WINDOWS if name not in sys.modules}
    for name in BUILT:
        sys.modules.pop(name, None)
    sys.modules |= added
    added["pywintypes"].com_error = type("com_error", (Exception,), {})
    added["pywintypes"].TimeType = type("TimeType", (), {})
    added["pywintypes"].IID = str
    for name in ("DispatchBaseClass", "CoClassBaseClass", "CDispatch"):
        setattr(added["win32com.client"], name, type(name, (), {}))
    added["pythoncom"].__file__ = ""
    try:
        with patch.multiple(ctypes, create=True, oledll=MagicMock(), windll=MagicMock(), PyDLL=MagicMock()):
            for name in ("xlwings._xlwindows", "xlwings.udfs"):
                importlib.import_module(name)
        yield
    finally:
        loop = getattr(sys.modules.get("xlwings.com_server"), "loop", None)
        if loop is not None:
            loop.close()
        for name in (*added, *BUILT):
            sys.modules.pop(name, None)


def load(decorators: Any, *, com: bool) -> ModuleType:
    """The printed module under the decorators of a runtime."""
    import xlwings  # noqa: PLC0415

    from xlmodel.udf.bundle import MODULE, loaded  # noqa: PLC0415

    names = {"func": "xlfunc", "arg": "xlarg", "ret": "xlret"}
    before = {name: getattr(xlwings, name) for name in names}
    platform = sys.platform
    try:
        for name, given in names.items():
            setattr(xlwings, name, getattr(decorators, given, None) or getattr(decorators, name))
        sys.platform = "win32" if com else "linux"
        module = loaded(com=com)
    finally:
        sys.platform = platform
        for name, found in before.items():
            setattr(xlwings, name, found)
    sys.modules[MODULE] = module
    return module


class Cells:
    """A range of Excel as COM hands it over."""

    _oleobj_ = MagicMock()
    _oleobj_.GetTypeInfo().GetTypeAttr().iid = "{00020846-0000-0000-C000-000000000046}"

    def __init__(self, rows: Data, sheet: Any = None, *, formula: bool | None = False) -> None:
        self.rows, self.HasFormula, self.Worksheet, self.CLSID = rows, formula, sheet or MagicMock(), ""
        self.Row = self.Column = 1
        self.Rows, self.Columns = MagicMock(Count=len(rows)), MagicMock(Count=len(rows[0]))

    @property
    def Value2(self) -> Any:  # noqa: N802
        rows = tuple(tuple(map(_by_com, row)) for row in self.rows)
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    @property
    def Value(self) -> Any:  # noqa: N802
        raise AssertionError("Value gives money in four decimals: read Value2")


def _by_com(value: Value) -> Any:
    if isinstance(value, ExcelError):
        return COM_ERRORS[value.code]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Com:
    """Calls through `xlwings.udfs.call_udf`, as the VBA wrapper makes them."""

    def __init__(self, rng: random.Random | None = None) -> None:
        import xlwings  # noqa: PLC0415
        from xlwings import _xlwindows, udfs  # noqa: PLC0415

        xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
        self.module = load(udfs, com=True)
        self.call_udf: Any = udfs.call_udf
        udfs.udf_modules["tokfunctions"] = {"module": self.module, "filetime": None, "filename": "tokfunctions.py"}
        self.rng = rng or random.Random(0)

    def __call__(self, name: str, arguments: Sequence[Any], data: Data | None = None, book: Any = None) -> Any:
        """The answer as values; text that begins with an error's code is that error."""
        info = getattr(self.module, name).__xlfunc__["args"]
        given = [self._argument(argument) for argument in arguments]
        sheet = MagicMock()
        if book is not None:
            sheet.Parent = book
        for argument in info[len(given) :]:
            given.append(Cells(data) if argument["name"] == "data" and data is not None else MISSING)
        if info[-1]["name"] == "caller":
            given[-1] = None
        caller = Cells([[None]], sheet)
        return _values(self.call_udf("tokfunctions", name, tuple(given), None, caller), _com_value)

    def _argument(self, argument: Any) -> Any:
        if argument is OMITTED:
            return MISSING
        if isinstance(argument, list):
            return Cells(argument)
        if argument is None or isinstance(argument, ExcelError) or self.rng.random() < 0.5:
            return Cells([[argument]])
        return _by_com(argument)


class Book:
    """A workbook with named areas, as COM hands it over."""

    def __init__(self, areas: Mapping[str, Data], formulas: Sequence[str] = ()) -> None:
        self.Name, self.areas, self.formulas = "own.xlsx", areas, formulas

    def Names(self, name: str) -> Any:  # noqa: N802
        if name not in self.areas:
            raise KeyError(name)
        return MagicMock(RefersToRange=Cells(self.areas[name], formula=None if name in self.formulas else False))


def _com_value(cell: Any) -> Value:
    if isinstance(cell, str) and cell.startswith("#"):
        code, mark, words = cell.partition(": ")
        assert mark, f"an error without words: {cell}"
        assert words
        assert len(cell) <= 200, cell
        return ExcelError(code)
    return cell


class Office:
    """Calls through `xlwings.server.custom_functions_call`, as the JavaScript of a web add-in makes them."""

    def __init__(self, rng: random.Random | None = None) -> None:
        from xlwings import server  # noqa: PLC0415

        from xlmodel.udf.server import quick_refusal  # noqa: PLC0415

        quick_refusal()
        self.server = server
        self.module = load(server, com=False)
        self.rng = rng or random.Random(0)

    def __call__(self, name: str, arguments: Sequence[Any], data: Data | None = None, runtime: str = "1.4") -> Any:
        """The answer as values, after a passage through JSON in both directions."""
        return _values(json.loads(self.answer(self.body(name, arguments, data, runtime))), _office_value)

    def body(self, name: str, arguments: Sequence[Any], data: Data | None = None, runtime: str = "1.4") -> str:
        """The request for a call."""
        info = getattr(self.module, name).__xlfunc__["args"]
        given = [self._argument(argument) for argument in arguments]
        for argument in info[len(given) :]:
            wanted = argument["name"] == "data" and data is not None
            given.append([[_in_json(cell) for cell in row] for row in data or ()] if wanted else None)
        body = {
            "func_name": name, "args": given, "version": "any", "client": "Office.js", "runtime": runtime,
            "caller_address": "[own.xlsx]Sheet1!A1", "date_format": "m/d/yyyy", "culture_info_name": "en-US",
        }  # fmt: skip
        return json.dumps(body, allow_nan=False)

    def answer(self, body: str) -> str:
        """The answer to a request."""
        called = self.server.custom_functions_call(json.loads(body), self.module)
        return json.dumps(_awaited(called), allow_nan=False)

    def _argument(self, argument: Any) -> Any:
        if argument is OMITTED:
            return None
        rows = argument if isinstance(argument, list) else [[argument]]
        return [[_in_json(cell) if cell is not None else self.rng.choice((None, "")) for cell in row] for row in rows]


def _awaited(call: Any) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        call.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the call waits for something")


def _in_json(cell: Value) -> Any:
    if isinstance(cell, ExcelError):
        kinds = {"#N/A": "NotAvailable", "#VALUE!": "Value", "#NUM!": "Num", "#DIV/0!": "Div0"}
        return {"type": "Error", "errorType": kinds[cell.code], "basicType": "Error", "basicValue": cell.code}
    return cell


def _office_value(cell: Any) -> Value:
    if isinstance(cell, dict):
        codes = {"NotAvailable": "#N/A", "Value": "#VALUE!", "Num": "#NUM!", "Div0": "#DIV/0!"}
        return ExcelError(codes[cell["errorType"]])
    return cell


def _values(rows: Any, value: Any) -> Any:
    """What xlwings answers, as a value or as rows of values."""
    found = [[value(cell) for cell in row] for row in rows]
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found
