"""How a number came to be: a cell, its formula, and the cells it came from, down to typed values and their sources."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.readers.safe_package import check_package
from xlmodel.returned.explain.arrays import Unknown
from xlmodel.returned.explain.asked import address, asked
from xlmodel.returned.explain.labels import Workbook
from xlmodel.returned.explain.trace import Precedent, Range, Trace, area_of
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.sound import sound

DEPTH = 4
MOST = 12  # precedents shown of one cell
SPELT_OUT = 4  # a range of at most this many cells is shown cell by cell
MAX_DEPTH = 50
NO_RESULT = (
    "the file stores no result here: it was saved by a program that does not calculate; open it in Excel and save it"
)


@dataclass(slots=True)
class ExplanationStep:
    """A cell or range in the explanation of a number.

    Attributes:
        cell: where it stands, such as 'Cost curves'!D8. kind: formula, typed, empty, searched or range.
        via: cells that only repeat this one, from the asking cell inwards.
        formula: with its =; empty for a typed value.
        picked: the range from which a lookup took this cell, or what was found in a range.
        source, as_of: origin of a typed value. reason: why there is no number, or no result. inputs: what the formula read.
        steers: it decided which cells to take and is no part of the number itself; not followed further.
        above: already shown elsewhere. deeper: has inputs that a larger depth would show. more: inputs left out.
    """

    cell: str
    kind: str
    value: Value = None
    label: str = ""
    unit: str = ""
    formula: str = ""
    via: list[str] = field(default_factory=list)
    picked: str = ""
    source: str = ""
    as_of: str = ""
    reason: str = ""
    inputs: list["ExplanationStep"] = field(default_factory=list)
    steers: bool = False
    above: bool = False
    deeper: bool = False
    more: int = 0

    def facts(self) -> dict[str, Any]:
        """The step and all below it for JSON; what is empty is left out."""
        value = self.value.code if isinstance(self.value, ExcelError) else self.value
        found: dict[str, Any] = {"cell": self.cell, "kind": self.kind, "value": value}
        for name in (
            "label",
            "unit",
            "formula",
            "via",
            "picked",
            "source",
            "as_of",
            "reason",
            "steers",
            "above",
            "deeper",
            "more",
        ):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.inputs:
            found["inputs"] = [step.facts() for step in self.inputs]
        return found


def explain(reference: str, path: Path, depth: int = DEPTH) -> ExplanationStep:
    """How the value of a cell came to be.

    Args:
        reference: a cell such as Summary!E16 or 'Cost curves'!D8, or a name of the workbook such as Interactivity.
        path: the workbook.
        depth: levels of inputs to follow; cells that only repeat another one do not count.

    Raises:
        WorkbookRefused: the file cannot be read safely.
        InputRefused: there is no such cell.
    """
    book = Workbook(Package(path, check_package(path)))
    with sound(path.name):
        cell = asked(reference, book)
        return _Walk(book, min(depth, MAX_DEPTH)).from_cell(cell)


class _Walk:
    """Breadth first, so that a cell is explained where it is nearest to the question."""

    def __init__(self, book: Workbook, depth: int) -> None:
        self.book = book
        self.depth = depth
        self.seen: set[Range] = set()

    def from_cell(self, cell: Range) -> ExplanationStep:
        """The whole explanation."""
        start, place = self.step(cell)
        if start.kind == "formula" and start.value is None:
            start.reason = NO_RESULT
        waiting = deque([(start, place, 0)])
        while waiting:
            step, place, level = waiting.popleft()
            if step.kind != "formula" or step.above or step.steers:
                continue
            children = self.inputs(place, step)
            if level >= self.depth:
                step.deeper = bool(children)
                continue
            step.more = max(0, len(children) - MOST)
            for read in children[:MOST]:
                child, inner = self.read(read)
                child.steers = read.steers
                step.inputs.append(child)
                waiting.append((child, inner, level + 1))
        return start

    def read(self, read: Precedent) -> tuple[ExplanationStep, Range]:
        """The step for something a formula read."""
        hit = read.hit
        if read.how == "value" or (read.how == "picked" and hit and hit.count == 1):
            step, place = self.step(hit or read.area, read.steers)
            if read.how == "picked" and read.area != hit:
                step.picked = f"picked from {address(read.area)} ({read.area.count:,} cells)"
            return step, place
        step = ExplanationStep(address(read.area), "searched" if read.how == "searched" else "range")
        step.picked = f"{read.area.count:,} cells"
        step.label = str(self.book.label(read.area.sheet, read.area.top, read.area.left).column)
        if read.how == "searched":
            step.picked += f", found in {address(hit)}" if hit else ", not found"
            step.value = self.value(hit) if hit else None
        return step, read.area

    def step(self, cell: Range, steers: bool = False) -> tuple[ExplanationStep, Range]:
        """The step for one cell; cells that only repeat another one are passed through."""
        via: list[str] = []
        passed = {cell}
        while (target := self.repeats(cell)) is not None and target not in passed:
            via.append(address(cell))
            passed.add(target)
            cell = target
        formula = self.formula(cell)
        value = self.value(cell)
        label = self.book.label(cell.sheet, cell.top, cell.left)
        kind = "formula" if formula else "empty" if value is None else "typed"
        step = ExplanationStep(
            address(cell), kind, value, str(label), label.unit, f"={formula}" if formula else "", via
        )
        if kind == "typed":
            step.source, step.as_of = label.source, label.as_of
        if isinstance(value, ExcelError):
            step.reason = label.reason
        step.above = cell in self.seen
        if not steers:  # one that only steers here may be a part of the number elsewhere
            self.seen.add(cell)
        return step, cell

    def inputs(self, cell: Range, step: ExplanationStep) -> list[Precedent]:
        """What the formula of a cell read, each once: cells, then whole ranges, then what only steered."""
        trace = Trace(step.formula[1:], cell, self.book)
        if not isinstance(trace.result, Unknown) and not same(trace.result, step.value, 1e-6):
            trace.list_all()  # the stored value came about in another way than the one followed here
        if trace.lost and not step.reason:
            step.reason = f"not in this file: {', '.join(trace.lost[:4])}"
        found: dict[tuple[Range, bool], Precedent] = {}
        for read in trace.reads:
            if isinstance(step.value, ExcelError) and isinstance(self.value(read.hit or read.area), ExcelError):
                read.steers = False  # an error that only steered is what the error came from
            for part in _parts(read):
                single = part.how == "value" or (part.how == "picked" and part.hit is not None and part.hit.count == 1)
                kept = found.setdefault((part.hit if single and part.hit else part.area, single), part)
                kept.steers = kept.steers and part.steers
        picked = {read.area for (_, single), read in found.items() if single and read.how == "picked"}
        reads = [read for (area, single), read in found.items() if single or area not in picked]
        return sorted(reads, key=lambda read: (read.steers, read.how in ("range", "listed", "searched")))

    def repeats(self, cell: Range) -> Range | None:
        """The cell that a formula such as =Prices!O8 repeats."""
        formula = self.formula(cell)
        target = area_of(formula, cell.sheet, self.book) if formula else None
        return target if target and target.count == 1 else None

    def formula(self, cell: Range) -> str:
        """Formula text of a cell, without its =."""
        return self.book.formula(cell.sheet, cell.top, cell.left)

    def value(self, cell: Range) -> Value:
        """Stored value of a cell."""
        return self.book.value(cell.sheet, cell.top, cell.left)


def _parts(read: Precedent) -> list[Precedent]:
    """A short range cell by cell; anything else as it is."""
    area = read.area
    if read.how not in ("range", "listed") or area.count > SPELT_OUT:
        return [read]
    return [
        Precedent(Range(area.sheet, row, col, row, col), "value", None, read.steers)
        for row in range(area.top, area.bottom + 1)
        for col in range(area.left, area.right + 1)
    ]
