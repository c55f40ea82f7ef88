"""Rules about inputs: what cannot be used, what is out of range, rows that take no part, prices without source or stale."""

from collections.abc import Iterator, Mapping, Sequence

from xlmodel.book.record_rows import POINT_FIELDS, QUOTE_FIELDS, record_of
from xlmodel.book.refs import corners
from xlmodel.book.spec import Validation
from xlmodel.calc.address import Ref
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.membership import KEY, usable
from xlmodel.model.point import Point
from xlmodel.model.spelling import Meanings
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.reference import as_built
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.returned.explain.asked import address
from xlmodel.returned.explain.trace import Range
from xlmodel.returned.lists import allowed_at
from xlmodel.returned.mailed_file import CHANGES
from xlmodel.returned.table_rows import HOSTED, PLATFORMS, POINTS, QUOTES, Row, Rows, columns_now
from xlmodel.xlsx.far_rows import FAR

_PRICES = ("Input", "Cached input", "Output", "Own input", "Own cached input", "Own output")


def unusable(s: Subject) -> Iterator[Fault]:
    """Inputs that the model cannot take."""
    for problem in s.contents.unusable.values():
        yield Fault(problem.where.removeprefix(f"{s.mailed.name}, "), problem.found, problem.expected, problem.fix)


def ranges(s: Subject) -> Iterator[Fault]:
    """Numbers outside the range of their unit, and words that are not on their list."""
    for key, typed in s.mailed.typed.items():
        where = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
        if typed.value in (None, "") or key in s.contents.unusable:
            continue
        low, high, words = _allowed(s, key, typed.ref)
        number = is_number(typed.value)
        if low is not None and high is not None:
            if not number or not low <= float(typed.value) <= high:  # type: ignore[arg-type]
                yield Fault(where, said(typed.value), f"a number from {low:,g} to {high:,g}", "correct it or its unit")
        elif words and not any(str(typed.value).casefold() == word.casefold() for word in words):
            yield Fault(where, said(typed.value), "one of " + ", ".join(words), "pick one of the list")


def _allowed(s: Subject, key: str, ref: Ref) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Bounds and words of an input: those of the build, and where they are not known those of the file."""
    held = allowed_at(s.mailed, ref)
    built = s.contract.inputs[key]
    sheet = s.described.get(built.sheet)
    rule = _rule(sheet.validations, built) if sheet else None
    words = held.words if held else ()
    if rule and not rule.source:
        return rule.low, rule.high, ()
    return (held.low, held.high, words) if held else (None, None, ())


def _rule(validations: Sequence[Validation], ref: Ref) -> Validation | None:
    for rule in validations:
        for area in rule.areas:
            top, left, bottom, right = corners(area)
            if top <= ref.row <= bottom and left <= ref.col <= right:
                return rule
    return None


def rows(s: Subject) -> Iterator[Fault]:
    """Rows typed under the tables that take no part, marks that are none, and rows that nothing reads."""
    market, held = Market(s.contents.inputs), s.contents.rows[POINTS]
    for row in (*held.built, *held.typed):
        mark = row.cells.get("Include")
        if mark not in (None, 0, 1) or isinstance(mark, bool):
            found = f"Include {said(mark)}, which leaves the point out"
            yield Fault(
                place_of_row(s, POINTS, row), found, "1, 0 or an empty cell", "type 1 to take it in, 0 to leave it out"
            )
    for row in held.typed:
        if row.empty:
            continue
        where, point = place_of_row(s, POINTS, row), record_of(Point, row.cells, POINT_FIELDS)
        point = market.meanings.point(point) if market.meanings else point
        if not usable(point) and point.include:
            found = f"interactivity {said(row.cells['Interactivity'])}, throughput {said(row.cells['Throughput'])}"
            yield Fault(
                where, found, f"two numbers above 0, interactivity below {KEY:,}", "type numbers, or clear the row"
            )
        elif not all((point.model, point.platform, point.workload, point.snapshot)):
            yield Fault(where, "a point without its curve", "model, platform, workload and snapshot", "fill the cells")
        elif point.precision.casefold() not in (code.casefold() for code in market.codes[1:]):
            yield Fault(where, f"precision {said(row.cells['Precision'])}", "one of " + ", ".join(market.codes[1:]),
                        "it counts towards 'best' only", NOTE)  # fmt: skip
    platforms = {name.casefold() for name in (p.platform for p in s.contents.inputs.points)}
    bases = {name.casefold() for name in s.contents.inputs.bases[:-1]}
    for row in s.contents.rows[QUOTES].typed:
        if not row.empty:
            yield from _quote(s, row, market.meanings, platforms, bases)
    yield from _hosted(s)
    for name, held in s.contents.rows.items():
        yield from _beyond(s, name, held)


def _quote(s: Subject, row: Row, meanings: Meanings | None, platforms: set[str], bases: set[str]) -> Iterator[Fault]:
    where, usd = place_of_row(s, QUOTES, row), row.cells["USD/GPU-hour"]
    read = record_of(Quote, row.cells, QUOTE_FIELDS)
    read = meanings.quote(read) if meanings else read
    basis, platform = read.basis or None, read.platform
    if isinstance(usd, bool) or not isinstance(usd, int | float) or not 0 < usd < 1_000_000:
        if usd is not None:
            yield Fault(
                where, said(usd), "a price in USD/GPU-hour", "type a number, or leave it empty: for information"
            )
    elif basis is not None and str(basis).casefold() not in bases:
        yield Fault(where, f"the basis {said(basis)}", "one of " + ", ".join(s.contents.inputs.bases[:-1]),
                    "pick one of the list: the price book reads no other")  # fmt: skip
    elif basis is not None and str(platform).casefold() not in platforms:
        yield Fault(where, f"the platform {said(platform)}", "a platform with a curve", "name it as in the price book")


def _hosted(s: Subject) -> Iterator[Fault]:
    """Prices of tokens that are words."""
    held = s.contents.rows.get(HOSTED)
    for row in (*held.built, *held.typed) if held else ():
        for heading, value in row.cells.items():
            if heading in _PRICES and value not in (None, "") and not is_number(value):
                found = f"{heading} {said(value)}, with which nothing is computed"
                yield Fault(place_of_row(s, HOSTED, row), found, "a number in USD per million tokens", "type a number")


def _beyond(s: Subject, name: str, held: Rows) -> Iterator[Fault]:
    """Content below the rows that are read."""
    area = s.mailed.tables.get(name)
    if area is None:
        return
    columns = set(columns_now(s.mailed, held.table)[0].values())
    last = area.row + held.table.count + held.table.spare
    beyond = s.package.far.get(held.table.area.sheet, 0)
    if beyond:
        yield Fault(s.where(held.table.area.sheet, last + FAR, area.col), f"{beyond:,} rows more than {FAR:,} below the last formula",
                    "rows that the book reads", "move them to a sheet of their own: nothing reads them there, and refresh refuses them")  # fmt: skip
    spare = f"at most {held.table.spare} rows below the table" if held.table.spare else "no rows below the table"
    seen: set[int] = set()
    for (row, col), cell in s.mailed.cells(held.table.area.sheet).items():
        if row > last and col in columns and row not in seen and cell.formula is None:
            value = s.package.value(cell)
            if value is not None and value != "" and not _expected(s, held.table.area.sheet, row, col):
                seen.add(row)
                yield Fault(s.where(held.table.area.sheet, row, col), said(value), spare,
                            "move it up: nothing reads it there")  # fmt: skip


def _expected(s: Subject, sheet: str, row: int, col: int) -> bool:
    return (row, col) in s.expected.get(sheet, {})


def place_of_row(s: Subject, name: str, row: Row) -> str:
    """A row of a table as a reader finds it."""
    area = s.mailed.tables[name]
    return address(Range(s.mailed.sheets[area.sheet], row.number, area.col, row.number, area.last_col))


def data(s: Subject) -> Iterator[Fault]:
    """Measured points, quotes, facts and past changes that are not as they were built."""
    for row in sorted(s.contents.rows[CHANGES].broken) if CHANGES in s.contents.rows else ():
        line = s.contents.rows[CHANGES].built[row]
        found = "a line about a past build that is not as it was written"
        yield Fault(
            place_of_row(s, CHANGES, line), found, "the line of the build", "take it from a copy that was saved before"
        )
    built = as_built(s.contents, s.contract)
    records_of = {POINTS: built.points, QUOTES: built.quotes, HOSTED: built.api_prices, PLATFORMS: built.platforms}
    for name, records in records_of.items():
        held = s.contents.rows.get(name)
        if held is None:
            continue
        if held.sorted_away:
            where = f"sheet {s.mailed.sheets[held.table.area.sheet]}, table {name}"
            yield Fault(where, "rows in another order", "the order of the build", "nothing: every row is known", NOTE)
        then = _as_rows(name, records)
        known = [i for i in sorted(held.broken) if i < len(then)]
        apart = [
            i for i in known if any(_differs(then[i], held.built[i], h) for h in then[i] if h not in held.table.free)
        ]
        for i in apart:
            yield from _edited(s, name, held.built[i], then[i], held.table.free)
        if held.broken and not apart:
            first, last = held.built[min(held.broken)].number, held.built[max(held.broken)].number
            where = f"sheet {s.mailed.sheets[held.table.area.sheet]}, rows {min(first, last)} to {max(first, last)}"
            yield Fault(
                where, "a row that is not as built", "the rows of the build", "compare with the file it came from"
            )


def _edited(s: Subject, name: str, row: Row, then: Mapping[str, Value], free: tuple[str, ...]) -> Iterator[Fault]:
    columns = columns_now(s.mailed, s.contract.tables[name])[0]
    for heading, value in then.items():
        if heading not in free and _differs(then, row, heading):
            where = s.where(s.mailed.tables[name].sheet, row.number, columns[heading])
            own = name == QUOTES and heading in ("USD/GPU-hour", "Note")
            fix = (
                "type your own price on the left, or say in its note whose price it is"
                if own
                else "restore it, or put a row of your own below"
            )
            remark = NOTE if heading == "Note" and value in (None, "") else ""
            yield Fault(where, f"{heading} {said(row.cells[heading])}", said(value), fix, remark)


def _differs(then: Mapping[str, Value], row: Row, heading: str) -> bool:
    from xlmodel.calc.values import same  # noqa: PLC0415

    return not same(then[heading], row.cells[heading], 1e-14)


def _as_rows(name: str, records: tuple[object, ...]) -> list[dict[str, Value]]:
    from xlmodel.book.record_rows import API_FIELDS, PLATFORM_FIELDS, QUOTE_FIELDS, row_of  # noqa: PLC0415

    fields = {POINTS: POINT_FIELDS, QUOTES: QUOTE_FIELDS, PLATFORMS: PLATFORM_FIELDS, HOSTED: API_FIELDS}[name]
    return [dict(zip(fields, row_of(record, fields), strict=True)) for record in records]  # type: ignore[arg-type]


RULES = (
    AuditRule(
        "unusable", ERROR, "what is not a number, or not on its list, is not what the model computes with", unusable
    ),
    AuditRule("range", ERROR, "a number outside its range is a slip or in another unit", ranges),
    AuditRule("rows", WARNING, "a row that takes no part changes nothing, although its author believes so", rows),
    AuditRule(
        "data", WARNING, "a measured or quoted number that was typed over no longer is what its source says", data
    ),
)
