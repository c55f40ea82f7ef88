"""What a cell can hold, and when two values count as the same."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExcelError:
    """An error value of a cell, such as #N/A."""

    code: str

    def __str__(self) -> str:
        return self.code


NA = ExcelError("#N/A")
VALUE = ExcelError("#VALUE!")
NUM = ExcelError("#NUM!")
DIV0 = ExcelError("#DIV/0!")
REF = ExcelError("#REF!")
NAME = ExcelError("#NAME?")

Value = float | int | str | bool | ExcelError | None


def same(a: Value, b: Value, rel: float = 1e-9) -> bool:
    """Whether two cell values agree: numbers within `rel`, errors by kind, empty text as empty.

    >>> same(1.0, 1.0 + 1e-12), same(None, ""), same(NA, "#N/A"), same(0, "")
    (True, True, False, False)
    """
    if type(a) is type(b) and a == b:  # nearly always, so without asking further
        return True
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=rel, abs_tol=1e-12)
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=rel, abs_tol=1e-12)
    return ("" if a is None else a) == ("" if b is None else b)
