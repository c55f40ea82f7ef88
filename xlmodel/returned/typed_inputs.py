"""From cells to the inputs of the Python model: by the keys of the contract and the headings of the tables.

A new field of a scenario, or a new platform, needs no line here: keys name the dataclass and its field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args, get_type_hints

from xlmodel.book.record_rows import API_FIELDS, CHANGE_FIELDS, PLATFORM_FIELDS, POINT_FIELDS, QUOTE_FIELDS, record_of
from xlmodel.calc.values import Value
from xlmodel.errors import Problem
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.facts import Change, Platform, Quote
from xlmodel.model.fleet import MODES
from xlmodel.model.function_names import day_at
from xlmodel.model.point import Point
from xlmodel.model.scenario import MENUS, Inputs
from xlmodel.model.typed import OWN_PRICE, SECTIONS, is_typed, typed_value
from xlmodel.readers import bundled
from xlmodel.readers.arrange import snapshots_of
from xlmodel.readers.problems import quoted
from xlmodel.readers.toml_values import as_meant
from xlmodel.returned.lists import allowed_at
from xlmodel.returned.mailed_file import CHANGES, Mailed, Typed
from xlmodel.returned.table_rows import HOSTED, PLATFORMS, POINTS, QUOTES, Row, Rows, read_rows

DAYS = ("reporting.as_of",)  # texts; a day pasted from elsewhere is a number
WORDS = {  # known whatever the file says: its lists may be gone, or typed over, as the labels on Fleet are
    f"{section}.{name}": words for section in ("scenario", "second", "third") for name, words in MENUS.items()
} | {"fleet.mode": MODES}


@dataclass(frozen=True)
class Contents:
    """What a workbook holds, as the Python model takes it.

    Attributes:
        inputs: everything the workbook is computed from; what could not be used has its default here.
        others: inputs that the model does not know: sign-off, tolerances, arguments of examples.
        unusable: inputs that cannot be used, by key, with the four facts.
        rows: the tables.
    """

    inputs: Inputs
    others: Mapping[str, Typed]
    unusable: Mapping[str, Problem]
    rows: Mapping[str, Rows]

    def counted(self, key: str) -> Value:
        """What the model takes for an input, whatever its cell holds; None for one that counts as empty."""
        return typed_value(self.inputs, key)


def read_contents(mailed: Mailed) -> Contents:
    """Read everything a person may have typed."""
    rows = {name: read_rows(mailed, name) for name in mailed.contract.tables}
    problems: dict[str, Problem] = {}
    sections: dict[str, Any] = {}
    for name, kind in SECTIONS.items():
        sections[name] = _section(mailed, name, kind, problems)
    speller = Speller(mailed.contract.models)
    points = tuple(speller.point(record_of(Point, row.cells, POINT_FIELDS)) for row in rows[POINTS].built)
    typed = tuple(speller.point(record_of(Point, row.cells, POINT_FIELDS)) for row in rows[POINTS].typed)
    quotes = tuple(record_of(Quote, row.cells, QUOTE_FIELDS) for row in rows[QUOTES].built)
    speller.learn("basis", (quote.basis for quote in quotes))
    typed_quotes = (record_of(Quote, row.cells, QUOTE_FIELDS) for row in rows[QUOTES].typed)
    hosted = rows.get(HOSTED)  # a book of an earlier version has no prices of hosted models
    inputs = Inputs(
        points=points,
        quotes=quotes,
        platforms=tuple(record_of(Platform, row.cells, PLATFORM_FIELDS) for row in rows[PLATFORMS].built),
        snapshots=snapshots_of(point for point in points if point.snapshot),
        claims=tuple(bundled.claims()),
        forecasts=tuple(bundled.forecasts()),
        typed=typed,
        typed_quotes=tuple(speller.quote(quote) for quote in typed_quotes),
        api_prices=_hosted(hosted.built if hosted else (), speller),
        typed_api=_hosted(hosted.typed if hosted else (), speller),
        own_api=len(hosted.table.own) if hosted else 0,
        own_prices=_numbers(mailed, OWN_PRICE, problems),
        left_out=mailed.contract.left_out,
        own_rows=mailed.contract.tables[POINTS].own,
        own_quotes=len(mailed.contract.tables[QUOTES].own),
        changes=tuple(
            record_of(Change, row.cells, CHANGE_FIELDS) for row in (rows[CHANGES].built if mailed.whole else ())
        ),
        **sections,
    )
    others = {key: found for key, found in mailed.typed.items() if not is_typed(key)}
    return Contents(inputs, others, problems, rows)


def _hosted(rows: Iterable[Row], speller: "Speller") -> tuple[ApiPrice, ...]:
    """Prices of hosted models under the names of the book."""
    found = (record_of(ApiPrice, row.cells, API_FIELDS) for row in rows)
    return tuple(replace(price, model=speller("model", price.model)) for price in found)


def _section(mailed: Mailed, name: str, kind: type, problems: dict[str, Problem]) -> Any:
    """A dataclass of inputs, its fields taken from the keys that name them."""
    default = kind()
    hints = get_type_hints(kind)
    taken: dict[str, Any] = {}
    for key, typed in mailed.typed.items():
        section, _, field = key.partition(".")
        field, _, item = field.partition("/")
        if section != name or field not in hints:
            continue
        if item:
            taken.setdefault(field, {})
            value = _number(mailed, typed, problems)
            if value is not None:
                taken[field][item] = value
        elif str in (hints[field], *get_args(hints[field])):
            if typed.value in (None, "") and not getattr(default, field):
                taken[field] = getattr(default, field)  # empty as delivered, as in a scenario that changes nothing
            else:
                taken[field] = _choice(mailed, typed, getattr(default, field), problems)
        else:
            value = _number(mailed, typed, problems)
            empty = type(None) in get_args(hints[field])
            if value is not None or (empty and typed.value in (None, "")):
                taken[field] = value
            elif key not in problems:
                problems[key] = _problem(mailed, typed, "a number")
    return replace(default, **taken)


def _numbers(mailed: Mailed, start: str, problems: dict[str, Problem]) -> dict[str, float]:
    """Item -> number of the inputs whose key begins so; empty ones are left out."""
    found = {}
    for key, typed in mailed.typed.items():
        if key.startswith(start):
            value = _number(mailed, typed, problems)
            if value is not None:
                found[key.removeprefix(start)] = value
    return found


def _number(mailed: Mailed, typed: Typed, problems: dict[str, Problem]) -> float | None:
    value = typed.value
    if value is None or value == "":
        if typed.formula and value is None:
            problems[typed.key] = _problem(mailed, typed, "a stored result beside the formula")
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems[typed.key] = _problem(mailed, typed, "a number")
        return None
    return float(value)


def _choice(mailed: Mailed, typed: Typed, default: str, problems: dict[str, Problem]) -> str:
    """A choice in the spelling of its list, as Excel does not tell upper from lower case.

    When unknown the default, or the first of the list where a book of other models does not hold the default.
    """
    rule = allowed_at(mailed, typed.ref)
    words = WORDS.get(typed.key) or (rule.words if rule else ())
    if typed.key in DAYS and isinstance(typed.value, int | float) and (day := day_at(typed.value)):
        return day
    if isinstance(typed.value, str):
        if not words:
            return typed.value
        same = next((word for word in words if word.casefold() == str(typed.value).casefold()), None)
        if same is not None:
            return same
    problems[typed.key] = _problem(mailed, typed, "one of " + ", ".join(words) if words else "a word")
    return default if default in words or not words else words[0]


def _problem(mailed: Mailed, typed: Typed, expected: str) -> Problem:
    found = "nothing" if typed.value is None else quoted(str(typed.value))
    unknown = "type the value, or save the file in a program that computes" if typed.formula else "fill the cell"
    meant = as_meant(typed.value) if isinstance(typed.value, str) and expected == "a number" else None
    again = "type it again" if meant is None else f"type {meant} as a number"
    fix = again if typed.value is not None else unknown
    return Problem(f"{mailed.name}, {typed.ref.on('')}".replace("$", ""), found, expected, fix)


_SPELT = ("model", "platform", "workload", "precision", "snapshot")  # of a point


class Speller:
    """Names in the spelling of the book: its lookups do not tell upper from lower case, the Python model does."""

    def __init__(self, models: Iterable[str] = ()) -> None:
        self.known: dict[tuple[str, str], str] = {}
        self.learn("model", models)

    def learn(self, kind: str, names: Iterable[str]) -> None:
        """Take note of names; the first spelling stays."""
        for name in names:
            self(kind, name)

    def __call__(self, kind: str, name: str) -> str:
        """The name as it was first written."""
        return self.known.setdefault((kind, name.casefold()), name)

    def point(self, p: Point) -> Point:
        """A point under the names of the book."""
        special = {"mtp": "MTP", "not recorded": "not recorded"}
        said = {name: self(name, getattr(p, name)) for name in _SPELT} | {
            "speculative": special.get(p.speculative.casefold(), p.speculative),
            "disaggregated": "yes" if p.disaggregated.casefold() == "yes" else p.disaggregated,
        }
        return replace(p, **said) if any(getattr(p, name) != word for name, word in said.items()) else p  # type: ignore[arg-type]

    def quote(self, q: Quote) -> Quote:
        """A quote under the names of the book."""
        return replace(q, platform=self("platform", q.platform), basis=self("basis", q.basis))
