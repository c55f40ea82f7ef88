"""A column of a block as XML; filled-down formulas are stored as shared formulas."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from xlmodel.book.free import constants_of
from xlmodel.book.spec import Block, Column
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.xlsx.sheetdata import Index, Strings, literal, stored, xml_text

Look = tuple[str, str, bool]  # style, number format, literal text


class ColumnFacts(NamedTuple):
    """What is known of a column before it is printed: its constant texts, those between formulas too, and its looks."""

    column: Column
    texts: list[str]
    looks: list[Look]

    @classmethod
    def of(cls, column: Column) -> "ColumnFacts":
        """The facts of a column."""
        texts = [value for _, value in constants_of(column) if isinstance(value, str)]
        marked = not column.runs and any(map(literal, texts))
        looks = [(column.style, column.format, False), *[(column.style, column.format, True)] * marked]
        return cls(column, texts, looks)


class ColumnPrinter:
    """Prints the cells of a column, of one book after another: those whose values stay are not printed again.

    Attributes:
        column: as it was printed last.
    """

    def __init__(self, block: Block, offset: int, shared: Iterator[int]) -> None:
        self.column: Column = block.columns[offset]
        self._digits, self._row, self._col = block.digits, block.row, letters(block.col + offset)
        self._starts: dict[int, tuple[str, str]] = {}
        self._ends = {run.last + 1 for run in self.column.runs}
        for run in self.column.runs:
            top, bottom = block.row + run.first, block.row + run.last
            if run.last > run.first and "!" in run.formula:
                raise ValueError(f"Excel cannot share a formula that refers to another sheet: {run.formula[:80]}")
            text, number = xml_text(run.formula), next(shared) if run.last > run.first else -1
            ref = f"{self._col}{top}:{self._col}{bottom}"
            one, fill = f'<f t="shared" ref="{ref}" si="{number}">{text}</f>', f'<f t="shared" si="{number}"/>'
            self._starts[run.first] = (f"<f>{text}</f>", "") if number < 0 else (one, fill)
        self._fill = ""  # the formula element that the next rows repeat
        self._printed: list[str] = []

    def forget(self) -> None:
        """Print all cells anew."""
        self._printed = []

    def cells(self, column: Column, first: int, end: int, index: Index, strings: Strings, *, kept: bool) -> list[str]:
        """The cells of rows first to end (0-based within the block), "" where nothing stands; called from the first row on."""
        if kept and self._printed and column is self.column:
            return self._printed
        known = _unchanged(self.column.values, column.values, self._printed) if kept else self._printed
        found = list(self._made(column, first, end, known, index, strings))
        if kept:
            self.column, self._printed = column, found
        return found

    def _made(
        self, column: Column, first: int, end: int, known: Sequence[str | None], index: Index, strings: Strings
    ) -> Iterator[str]:
        # a cell whose frame says that something may be typed into it is written though it is empty
        framed, style = column.style == "Input", index(column.style, column.format, False)
        starts, ends, digits, col, row = self._starts, self._ends, self._digits, self._col, self._row
        fill = "" if first == 0 else self._fill
        for i in range(first, end):
            if i in ends:
                fill = ""
            formula = fill
            if i in starts:
                formula, fill = starts[i]
            made = known[i] if known else None
            if made is None:
                content = column.values[i]
                kind, value = stored(content, strings, of_formula=bool(formula), digits=digits)
                s = style if formula or not literal(content) else index(column.style, column.format, True)
                written = value or formula or framed
                made = f'<c r="{col}{row + i}" s="{s}"{kind}>{formula}{value}</c>' if written else ""
            yield made
        self._fill = fill


def _unchanged(before: Sequence[Value], now: Sequence[Value], printed: list[str]) -> list[str | None]:
    """What was printed of the values that stay; nothing where nothing was printed."""
    pairs: Any = zip(before, now, printed, strict=True) if printed else ()
    return [text if a is b or (a == b and type(a) is type(b)) else None for a, b, text in pairs]
