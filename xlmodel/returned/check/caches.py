"""Rules about what is stored beside the cells: values behind charts, ranges that a formula fills, array formulas."""

from collections.abc import Iterator

from xlmodel.book.refs import corners
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.overlays import laid
from xlmodel.returned.check.result_rules import RECALCULATE
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.returned.explain.trace import area_of
from xlmodel.xlsx.chart_reading import ChartReference, read_chart, sources
from xlmodel.xlsx.parts import finite

CLOSE = 1e-5  # relative; caches are stored in seven digits
MAX_POINTS = 20_000  # of one reference


def caches(s: Subject) -> Iterator[Fault]:
    """Charts whose stored points are not what their cells hold: previews and Protected View draw the stored ones."""
    for sheet in s.package.sheets:
        for item in laid(s, sheet):
            if item.chart in s.package.data:
                read = sources(read_chart(s.package.tree(item.chart)))
                apart = [(source.ref, *pair) for source in read for pair in _apart(s, sheet, source)]
                if apart:
                    ref, drawn, held = apart[0]
                    more = f" and {len(apart) - 1} more points" if len(apart) > 1 else ""
                    found = f"a preview draws {drawn} for {ref}{more}"
                    grave = WARNING if sheet in s.mailed.own_sheets else ERROR
                    yield Fault(
                        f"sheet {sheet}, {item.name or 'chart'}", found, f"{held}, as the cell says", RECALCULATE, grave
                    )


def _apart(s: Subject, sheet: str, source: ChartReference) -> Iterator[tuple[str, str]]:
    """Stored points that differ from their cells: what is drawn, and what the cell holds."""
    area = area_of(source.ref, sheet, s.mailed.book) if source.ref and (source.cache or source.count) else None
    if area is None or area.count > MAX_POINTS:
        return
    grid = s.package.grid(area.sheet)
    if source.count != area.count and any(area.top <= row <= area.bottom for row in grid.hidden_rows):
        return  # a chart leaves hidden rows out of its cache
    cells = [(row, col) for row in range(area.top, area.bottom + 1) for col in range(area.left, area.right + 1)]
    held = dict(source.cache)
    for i, (row, col) in enumerate(cells):
        value = s.mailed.book.value(area.sheet, row, col)
        drawn = held.get(i)
        if value is None and (cell := s.mailed.book.cells(area.sheet).get((row, col))) and cell.formula is not None:
            continue  # nothing is stored: another rule says so
        number = is_number(value)
        if source.numeric and number:
            stored = None if drawn is None else finite(drawn)
            if stored is None or not same(stored, float(value), CLOSE):  # type: ignore[arg-type]
                yield drawn or "nothing", said(value)
        elif source.numeric and drawn not in (None, "") and finite(str(drawn)) not in (None, 0.0):
            yield str(drawn), said(value)
        elif not source.numeric and isinstance(value, str) and drawn is not None and drawn.split() != value.split():
            yield repr(drawn[:60]), said(value)


def arrays(s: Subject) -> Iterator[Fault]:
    """Formulas entered as arrays where the build has plain ones, and values typed into ranges that a formula fills."""
    for sheet, built in s.described.items():
        first = {
            place: area
            for spill in built.spills
            if (area := s.moves[sheet].area(corners(spill))) and (place := area[:2])
        }
        for at, held in s.formulas[sheet].items():
            if held.cell.shape in ("array", "dataTable") and at not in first and at in s.expected_now.get(sheet, ()):
                found = "an array formula: it computes with whole ranges where the build takes one cell"
                yield Fault(s.where(sheet, *at), found, "a plain formula", "type the formula again with Enter")
        for area in first.values():
            yield from _filled(s, sheet, area)


def _filled(s: Subject, sheet: str, area: tuple[int, int, int, int]) -> Iterator[Fault]:
    top, left, bottom, right = area
    for at in [
        (row, col) for row in range(top, bottom + 1) for col in range(left, right + 1) if (row, col) != (top, left)
    ]:
        cell = s.mailed.cells(sheet).get(at)
        wanted = _modelled(s, sheet, at)
        value = None if cell is None else s.package.value(cell)
        typed = cell is not None and cell.formula is not None
        if isinstance(value, ExcelError):
            continue  # the formula that fills the range failed
        if typed or (wanted is not None and value is not None and not same(value, wanted, 1e-8)):
            found = (
                f"{said(value)} typed into the range that {s.where(sheet, top, left)} fills: Excel shows #SPILL! there"
            )
            yield Fault(s.where(sheet, *at), found, said(wanted), "clear the cell")


def _modelled(s: Subject, sheet: str, at: Place) -> Value:
    """What a formula that fills a range puts into one of its cells; None where the model cannot say."""
    if s.model is None or s.moves.get(sheet):
        return None
    described = next((one for one in s.model.sheets if one.name == sheet), None)
    cell = described.cells.get(at[0], {}).get(at[1]) if described else None
    return cell.value if cell else None


RULES = (
    AuditRule("cache", ERROR, "a chart in a preview or a mail shows stored points, not cells", caches),
    AuditRule(
        "array", ERROR, "the same text entered as an array, or a range that cannot fill, gives another number", arrays
    ),
)
