"""The inputs of the new book: new data of the bundle and of files, and everything that people typed into the old one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.api_price import ApiPrice, as_shown, place, reference, unmarked
from xlmodel.model.facts import Platform, Quote
from xlmodel.model.market import Market
from xlmodel.model.membership import reachable
from xlmodel.model.point import LATEST, Point
from xlmodel.model.scenario import Inputs, Scenario
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices
from xlmodel.readers.arrange import in_order, snapshots_of, with_facts
from xlmodel.readers.prices import again, identity
from xlmodel.returned import table_rows as tables
from xlmodel.returned.check.reference import as_built
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.refresh import Remark
from xlmodel.returned.row_matching import HOSTED, POINTS, QUOTES, OldRows, merged


@dataclass(slots=True)
class Renewed:
    """The inputs of the new book.

    Attributes:
        points, quotes, hosted: built row of the old table (0-based) -> row of the new one; absent when it is gone.
        remarks: what a reader should know.
    """

    inputs: Inputs
    points: dict[int, int] = field(default_factory=dict)
    quotes: dict[int, int] = field(default_factory=dict)
    hosted: dict[int, int] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


def renew(
    s: Subject, points: Sequence[Point] = (), quotes: Sequence[Quote] = (), hosted: Sequence[ApiPrice] = ()
) -> Renewed:
    """The inputs of the new book.

    Args:
        s: the old workbook.
        points: further measurements.
        quotes: further prices.
        hosted: further prices of hosted models.

    Raises:
        InputRefused: a further price is for a platform and basis that has one.
    """
    old, built = s.contents.inputs, as_built(s.contents, s.contract)
    made = Renewed(old)
    measured = bundled.points([model for model in s.contract.models if model in bundled.available_models()])
    kept = reachable(measured, 1)
    held = s.contents.rows[tables.POINTS]
    was = OldRows(old.points, built.points, frozenset(held.table.own), held.broken)
    rows = merged(kept, was, points, POINTS, made.remarks)
    ordered = in_order((e.record for e in rows), (*s.contract.models, *(e.record.model for e in rows)))
    at = {id(point): i for i, point in enumerate(ordered)}
    made.points = {e.old: at[id(e.record)] for e in rows if e.old is not None}
    priced = s.contents.rows[tables.QUOTES]
    listed = OldRows(old.quotes, built.quotes, frozenset(priced.table.own), priced.broken)
    prices = merged(bundled.quotes(), listed, quotes, QUOTES, made.remarks)  # own ones last: there they win
    _refuse_second([e.record for e in prices], quotes)
    platforms = {point.platform for point in ordered}
    away = dict.fromkeys(quote.platform for quote in quotes if quote.platform not in platforms)
    if away:
        made.remarks.append(Remark(f"New quotes for platforms that are not in this book: {', '.join(away)}"))
    made.quotes = {e.old: i for i, e in enumerate(prices) if e.old is not None}
    facts, own_facts = _facts(s, old, built, ordered)
    inputs = replace(
        old, points=tuple(ordered), quotes=tuple(e.record for e in prices), platforms=facts, snapshots=snapshots_of(ordered),
        claims=tuple(bundled.claims()), forecasts=tuple(bundled.forecasts()), left_out=len(measured) - len(kept), own_facts=own_facts,
        own_rows=tuple(sorted(at[id(e.record)] for e in rows if e.own)), own_quotes=sum(e.own for e in prices),
    )  # fmt: skip
    inputs = _with_hosted(s, inputs, built, hosted, made)
    made.inputs = _usable(s, inputs, made.remarks)
    return made


def _with_hosted(s: Subject, inputs: Inputs, built: Inputs, files: Sequence[ApiPrice], made: Renewed) -> Inputs:
    """The inputs with the prices of hosted models: those of the bundle with people's own beside them, then own rows."""
    held = s.contents.rows.get(tables.HOSTED)
    own, broken = (frozenset(held.table.own), held.broken) if held else (frozenset[int](), frozenset[int]())
    was = OldRows(s.contents.inputs.api_prices, built.api_prices, own, broken)
    listed = reference(bundled_api_prices(), inputs.models)
    rows = merged(listed, was, map(as_shown, files), HOSTED, made.remarks)
    newest = {place(e.record): e for e in rows if e.own}
    marks = {place(e.record): e.record for e in rows if e.record != unmarked(e.record)}
    kept = [e for e in rows if newest.get(place(e.record), e) is e]  # an own row takes the place of a listed one
    for entry in kept:
        marked = marks.get(place(entry.record))
        if marked is not None:
            entry.record = HOSTED.marked(entry.record, marked)
    made.hosted = {e.old: i for i, e in enumerate(kept) if e.old is not None}
    return replace(inputs, api_prices=tuple(e.record for e in kept), own_api=sum(e.own for e in kept))


def _refuse_second(held: Sequence[Quote], files: Sequence[Quote]) -> None:
    """Refuse new prices for a place of the price book that is taken: of two the last would win without a word."""
    taken = {identity(quote): quote for quote in held if quote not in files and quote.basis}
    problems = []
    for quote in files:
        other = taken.get(identity(quote))
        if other is not None:
            what, expected, fix = again(quote)
            found = f"{what} again: the workbook has {other.usd_per_gpu_hour} of {other.provider}"
            fix += ", or type the new price over the old one on Prices"
            problems.append(Problem(f"new price of {quote.provider}", found, expected, fix))
    if problems:
        raise InputRefused(problems)


def _facts(
    s: Subject, old: Inputs, built: Inputs, points: Sequence[Point]
) -> tuple[tuple[Platform, ...], tuple[str, ...]]:
    """New facts; a row that people edited stays theirs, field by field while it is known what they changed."""
    held = s.contents.rows[tables.PLATFORMS]
    then = built.facts
    theirs: dict[str, dict[str, object]] = {}
    for i, fact in enumerate(old.platforms):
        if not fact.platform or (i not in held.broken and i not in held.table.own):
            continue
        was = then.get(fact.platform)
        names = [f.name for f in fields(fact) if was is None or getattr(fact, f.name) != getattr(was, f.name)]
        names = names if names and i not in held.table.own else [f.name for f in fields(fact)]
        theirs[fact.platform] = {name: getattr(fact, name) for name in names}
    new = list(with_facts(points))
    known = {fact.platform for fact in new}
    new += [fact for fact in old.platforms if fact.platform in theirs and fact.platform not in known]
    return tuple(replace(fact, **theirs.get(fact.platform, {})) for fact in new), tuple(theirs)  # type: ignore[arg-type]


def _usable(s: Subject, inputs: Inputs, remarks: list[Remark]) -> Inputs:
    """The inputs with choices that the new book holds; others fall back to the default and are listed."""
    held = tuple(dict.fromkeys(point.platform for point in inputs.points))
    lists: dict[str, tuple[str, ...]] = {
        "model": inputs.models, "workload": inputs.workloads, "precision": Market(inputs).codes, "baseline": held,
        "basis": inputs.bases, "snapshot": (*(snapshot.label for snapshot in inputs.snapshots), LATEST),
    }  # fmt: skip
    default = Scenario()
    chosen: dict[str, str] = {}
    for name, words in lists.items():
        value = getattr(inputs.scenario, name)
        if value not in words:
            other = getattr(default, name) if getattr(default, name) in words else words[0]
            typed = s.mailed.typed.get(f"scenario.{name}")
            place = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col) if typed else ""
            was = typed.value if typed else value
            remarks.append(Remark(f"The new book does not hold the chosen {name}", place, was, other))
            chosen[name] = other
    return replace(inputs, scenario=replace(inputs.scenario, **chosen))  # type: ignore[arg-type]
