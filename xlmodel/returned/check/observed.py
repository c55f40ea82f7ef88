"""A book that nobody can describe: of a version whose contract does not say what was built, and whose layout is gone.

Its sheets are taken as they stand, so that rules about what can be seen still hold; formulas are judged by their
neighbours and by recalculation, words by the checksum of their sheet, numbers by the formats they are shown in, and
results by what the Python model of this version makes of the same inputs.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xlmodel.book.built import Fill
from xlmodel.book.formula_text import template_of
from xlmodel.book.free import Free, seal
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value, same
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.reference import described_anyway
from xlmodel.returned.check.telling import Hit, grouped, said
from xlmodel.units import GRAMS, MILLION_USD
from xlmodel.xlsx.shown import reading

if TYPE_CHECKING:
    from xlmodel.returned.check.formulas import Place
    from xlmodel.returned.check.subject import Subject

_WRAPPED = re.compile(
    r"(?:[A-Z]+\((?:\d,)?)+\)+|(?:MAX|MIN)\(\d,.*"
)  # what stays of a formula that only wraps that of its neighbours
SCALED = (MILLION_USD.format, GRAMS.format)  # of builds: what stands beside says the multiple
LARGE = 1e9  # numbers above stand for what is missing, and are shown as nothing
APART = 1e-6  # relative difference from which a result is not that of the model
FIX = "compare with a copy that was saved before; xlmodel refresh brings the inputs into a new build"


def neighbours(s: "Subject") -> Iterator[Fault]:
    """Cells that are unlike their neighbours on both sides, which hold the same formula."""
    if s.built is not None:
        return
    for sheet in s.mailed.sheets:
        formulas = s.formulas[sheet]
        shapes = {at: template_of(Fill(*at, at[0], held.own)) for at, held in formulas.items()}
        common = Counter(shapes.values())
        hits: list[Hit] = []
        for at, cell in s.mailed.cells(sheet).items():
            near = _between(shapes, at)
            own = shapes.get(at, "")
            if not near or own == near[0] or common[own] > 1 or _WRAPPED.fullmatch(own.replace(near[0], "", 1)):
                continue
            if at in formulas:
                hits.append((at, f"={formulas[at].own[:80]}, unlike the cells {near[1]}", "a formula like theirs"))
            elif cell.stored is not None:
                value = s.package.value(cell)
                hits.append((at, f"the value {said(value)} between formulas {near[1]}", "a formula like theirs"))
        yield from grouped(s, sheet, hits, "restore the formula: copy it from the cell above")


def _between(shapes: "Mapping[Place, str]", at: "Place") -> tuple[str, str] | None:
    """The formula that two cells on each side of a cell share, and where they stand."""
    row, col = at
    for (down, right), words in (((1, 0), "above and below"), ((0, 1), "to the left and right")):
        around = [shapes.get((row + down * i, col + right * i), "") for i in (-2, -1, 1, 2)]
        if around[0] and len(set(around)) == 1:
            return around[0], words
    return None


def words(s: "Subject") -> Iterator[Fault]:
    """Sheets on which a label, unit or other constant is not as built, by their checksums."""
    if s.built is not None:
        return
    for sheet, wanted in s.contract.seals.items():
        if sheet not in s.mailed.sheets or not wanted:
            continue
        free = Free.agreed(s.contract, sheet)
        cells = []
        for at, cell in s.mailed.cells(sheet).items():
            value = s.package.value(cell) if cell.formula is None else None
            if value is not None and value != "" and not free.holds(*at):
                cells.append((*at, value))
        if seal(cells) != wanted:
            found = "a label, a unit or another constant that is not as built, or a formula typed over; which one is not known"
            yield Fault(f"sheet {s.mailed.sheets[sheet]}", found, "the words of the build", FIX)


def formats(s: "Subject") -> Iterator[Fault]:
    """Numbers that read as something else whatever the build's own format was."""
    if s.built is not None:
        return
    for sheet in s.mailed.sheets:
        hits: list[Hit] = []
        for at, cell in s.mailed.cells(sheet).items():
            value = s.package.value(cell)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < abs(value) < LARGE:
                continue
            code = s.looks.at(cell.style).format
            if code != "General" and (reads := _reads(float(value), code)):
                hits.append((at, f"{said(value)} {reads} by the format {code}", "a number that reads right"))
        yield from grouped(s, sheet, hits, "give it a plain number format", ERROR)


def _reads(value: float, code: str) -> str:
    shown = reading(value, code)
    if shown.date:
        return "reads as a day or a time"
    if not shown.text.strip():
        return "is not shown"
    if shown.number is None or not shown.number:
        return ""
    ratio = abs(shown.number * (shown.scale if code in SCALED else 1) / value)
    return f"reads {shown.text.strip()}" if not 1 / 9 < ratio < 9 else ""


def results(s: "Subject") -> Iterator[Fault]:
    """Results of a book of another layout that the Python model of this version does not give from the same inputs."""
    if s.reference is not None:
        return
    from xlmodel.xlsx.package import values_of  # noqa: PLC0415 - loads what writes a workbook

    book = described_anyway(s.contents.inputs, s.contract)
    if book is None:
        return
    value_at = values_of(book)
    outputs = {key: place for sheet in book.sheets for key, place in sheet.outputs.items()}
    apart = []
    for key, place in s.contract.outputs.items():
        new = outputs.get(key)
        if new is None or place.sheet not in s.mailed.sheets or s.moves.get(place.sheet):
            continue
        held, given = _values(s, place), [value_at(ref.sheet, ref.row, ref.col) for ref in _cells(new)]
        if len(held) == len(given) and not all(same(a, b, APART) for a, b in zip(held, given, strict=True)):
            at, now, then = next(
                (p, a, b) for p, a, b in zip(_cells(place), held, given, strict=True) if not same(a, b, APART)
            )
            apart.append((f"{s.where(at.sheet, at.row, at.col)} ({key})", said(now), said(then)))
    if apart:
        found = f"results that this version computes otherwise: {', '.join(f'{where} holds {now}' for where, now, _ in apart[:3])}"
        yield Fault(apart[0][0], found, f"{', '.join(then for _, _, then in apart[:3])} by the model here", FIX)


def _cells(place: Ref | Area) -> Sequence[Ref]:
    """The cells of a place, row by row."""
    if isinstance(place, Area):
        return [
            place.cell(row, col)
            for row in range(place.last_row - place.row + 1)
            for col in range(place.last_col - place.col + 1)
        ]
    return [place]


def _values(s: "Subject", place: Ref | Area) -> list[Value]:
    return [s.mailed.value(ref.sheet, ref.row, ref.col) for ref in _cells(place)]


RULES = (
    AuditRule(
        "neighbours", ERROR, "a cell unlike those around it computes something else under the same heading", neighbours
    ),
    AuditRule("seal", WARNING, "a changed label or unit makes a right number say something wrong", words),
    AuditRule("reads", ERROR, "a number format can make a right number read as another", formats),
    AuditRule("model", WARNING, "another version's formulas on the same inputs should give the same results", results),
)
