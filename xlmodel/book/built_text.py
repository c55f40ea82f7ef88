"""What a build put where, as compact text for the contract, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xlmodel.book.built import Built, BuiltSheet, Dress, Mark, Wear, agrees, short
from xlmodel.book.chart import Chart, Series
from xlmodel.book.formula_text import fills, places_of, steps_of, templates
from xlmodel.book.refs import corners, position
from xlmodel.book.spec import Condition, Link, Validation
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value

PARTS = ("formulas", "labels", "styles", "rest")


@dataclass(frozen=True, slots=True)
class Packed:
    """A build as the contract carries it; it is opened where this version cannot describe the book itself.

    Attributes:
        sheets: the four parts of each sheet's text.
        shared: what the sheets share.
    """

    sheets: Mapping[str, Mapping[str, str]]
    shared: str

    def opened(self) -> Built:
        """What was built.

        Raises:
            ValueError, LookupError, TypeError: it is no such text.
        """
        return _with_shared(self.shared, {name: from_texts(name, texts) for name, texts in self.sheets.items()})


def packed(built: Built) -> Packed:
    """A build for the contract."""
    return Packed({name: to_texts(sheet) for name, sheet in built.sheets.items()}, shared_text(built))


def unlike(built: Built, said: Built) -> list[str]:
    """What a contract says otherwise than a build: the sheets, in words."""
    apart = [
        name
        for name in built.sheets.keys() | said.sheets.keys()
        if not _alike(built.sheets.get(name), said.sheets.get(name))
    ]
    shared = (built.names, built.functions, built.styles, built.looks) == (
        said.names,
        said.functions,
        said.styles,
        said.looks,
    )
    return [f"what was built on {name}" for name in sorted(apart)] + ([] if shared else ["names and styles"])


def _alike(a: BuiltSheet | None, b: BuiltSheet | None) -> bool:
    if a is None or b is None or a.fills != b.fills or a.labels.keys() != b.labels.keys():
        return False
    if not all(short(label) == other or agrees(label, other) for label, other in zip(*_paired(a, b), strict=True)):  # type: ignore[arg-type]
        return False
    return set(a.dresses) == set(b.dresses) and _json(_rest(a)) == _json(_rest(b)) and a.kind == b.kind


def _paired(a: BuiltSheet, b: BuiltSheet) -> tuple[list[Value | Mark], list[Value | Mark]]:
    return list(a.labels.values()), [b.labels[at] for at in a.labels]


def to_texts(sheet: BuiltSheet) -> dict[str, str]:
    """The parts of a sheet's text by name."""
    return {
        "formulas": "\n".join(templates(sheet.fills)),
        "labels": "\n".join(label_lines(sheet.labels)),
        "styles": "\n".join(_styles(sheet.dresses)),
        "rest": _json({"kind": sheet.kind, **_rest(sheet)}),
    }


def from_texts(name: str, texts: Mapping[str, str]) -> BuiltSheet:
    """A sheet from the parts of its text.

    Raises:
        ValueError, KeyError, TypeError: it is not such a text.
    """
    rest = json.loads(texts["rest"] or "{}")
    return BuiltSheet(
        name, rest.get("kind", ""), tuple(fills(texts["formulas"])), dict(_read_labels(texts["labels"])), tuple(rest.get("spills", ())),
        tuple(_dresses(texts["styles"])), {int(col): float(width) for col, width in rest.get("widths", {}).items()},
        tuple(Condition(*item) for item in rest.get("conditions", ())),
        tuple(_validation(item) for item in rest.get("validations", ())), tuple(_chart(item) for item in rest.get("charts", ())),
        tuple(Link(*item) for item in rest.get("links", ())), tuple(rest.get("merges", ())), dict(rest.get("tables", {})),
        rest.get("freeze", ""), rest.get("print_area", ""), rest.get("repeat_rows", ""),
    )  # fmt: skip


def shared_text(built: Built) -> str:
    """What the sheets share."""
    return _json(
        {"names": built.names, "functions": built.functions, "styles": {k: [*v] for k, v in built.styles.items()}, "looks": built.looks}
    )  # fmt: skip


def _with_shared(text: str, sheets: Mapping[str, BuiltSheet]) -> Built:
    """The book from its sheets and what they share."""
    said = json.loads(text or "{}")
    looks = {name: (str(ink), str(fill)) for name, (ink, fill) in said.get("looks", {}).items()}
    styles = {
        name: Wear(str(f), bool(locked), float(size)) for name, (f, locked, size) in said.get("styles", {}).items()
    }
    return Built(sheets, dict(said.get("names", {})), dict(said.get("functions", {})), styles, looks)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- labels and styles --------------------------------------------------------------------------------


def label_lines(labels: Mapping[tuple[int, int], Value | Mark]) -> Iterator[str]:
    """A line a label: the step from the one before, and what it says."""
    before = (0, 0)
    for at in sorted(labels):
        yield label_line(at, before, labels[at])
        before = at


def label_line(at: tuple[int, int], before: tuple[int, int], label: Value | Mark) -> str:
    """What stands in a place, which is told by the step from the place before."""
    row, col = at[0] - before[0], at[1] - before[1]
    return f"{row or ''},{col or ''}{_said(short(label))}"  # type: ignore[arg-type]


def _said(label: Value | Mark) -> str:
    if isinstance(label, Mark):
        return f"~{label.code}"
    if isinstance(label, bool):
        return f"?{int(label)}"
    if isinstance(label, int | float):
        return f"={label:.15g}"
    return "'" + str(label).replace("\\", "\\\\").replace("\n", "\\n")


def _read_labels(text: str) -> Iterator[tuple[tuple[int, int], Value | Mark]]:
    row = col = 0
    for line in text.split("\n") if text else ():
        end = next(i for i, letter in enumerate(line) if letter in "~?='")
        down, _, right = line[:end].partition(",")
        row, col, said = row + int(down or 0), col + int(right or 0), line[end + 1 :]
        kind = line[end]
        if kind == "'":
            yield (row, col), said.replace("\\n", "\n").replace("\\\\", "\\")
        else:
            yield (row, col), Mark(said) if kind == "~" else said == "1" if kind == "?" else float(said)


def _styles(dresses: Iterable[Dress]) -> Iterator[str]:
    found: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    for d in dresses:
        place = (d.row, d.col, d.last_row - d.row, d.last_col - d.col)
        found.setdefault((d.style, d.format), []).append(place)
    for (style, format_), places in sorted(found.items()):
        yield f"{style}\t{format_}\t{steps_of(sorted(places))}"


def _dresses(text: str) -> Iterator[Dress]:
    for line in text.splitlines():
        style, format_, steps = line.split("\t")
        for row, col, down, right in places_of(steps):
            yield Dress(row, col, row + down, col + right, style, format_)


# --- charts, guards and the page ----------------------------------------------------------------------


def _rest(sheet: BuiltSheet) -> dict[str, Any]:
    """What is not empty of the rest."""
    found: dict[str, Any] = {
        "spills": sheet.spills, "widths": sheet.widths, "conditions": [[c.area, c.formula, c.look] for c in sheet.conditions],
        "validations": [asdict(v) for v in sheet.validations], "charts": [_chart_facts(c) for c in sheet.charts],
        "links": [[k.cell, k.place, k.address] for k in sheet.links], "merges": sheet.merges, "tables": sheet.tables,
        "freeze": sheet.freeze, "print_area": sheet.print_area, "repeat_rows": sheet.repeat_rows,
    }  # fmt: skip
    for rule in found["validations"]:
        del rule["prompt"], rule["prompt_title"]
    return {name: value for name, value in found.items() if value}


def _validation(facts: Mapping[str, Any]) -> Validation:
    areas = tuple(facts["areas"])
    for area in areas:
        corners(area)
    return Validation(areas, "", "", facts["source"], facts["low"], facts["high"], facts["stop"])


def _chart_facts(chart: Chart) -> list[Any]:
    series = [[_written(s.name), _written(s.xs), _written(s.ys), s.hue] for s in chart.series]
    return [
        chart.kind, _written(chart.title), chart.x_title, chart.y_title, series, list(chart.anchor), chart.log, chart.y_format,
        chart.legend, chart.stacked, chart.low,
    ]  # fmt: skip


def _chart(facts: Sequence[Any]) -> Chart:
    kind, title, x_title, y_title, series, anchor, log, y_format, legend, stacked, low = facts
    top, left, bottom, right = (int(line) for line in anchor)
    shown = tuple(Series(_ref(name), _area(xs), _area(ys), hue) for name, xs, ys, hue in series)
    return Chart(
        kind, _ref(title), x_title, y_title, shown, (top, left, bottom, right), "", log, y_format, legend, stacked, low
    )


def _written(place: Ref | Area) -> str:
    return f"{place.sheet}!{place.a1}"


def _ref(text: str) -> Ref:
    sheet, _, cell = text.rpartition("!")
    return Ref(sheet, *position(cell))


def _area(text: str) -> Area:
    sheet, _, cells = text.rpartition("!")
    return Area(sheet, *corners(cells))
