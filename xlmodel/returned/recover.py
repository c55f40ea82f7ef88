"""A contract for a file that lost it: some programs drop custom XML when they save.

The tables keep their names, so points, quotes and facts can be read; a book described from them has the layout of
the build, as far as this version of xlmodel built it, and the words around every input prove it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from xlmodel.book.contract import BuiltTable, Contract
from xlmodel.book.contract_facts import contract_of
from xlmodel.book.edition import LITE, NATIVE, XLWINGS
from xlmodel.book.places import COVER
from xlmodel.book.record_rows import (
    API_FIELDS,
    CHANGE_FIELDS,
    PLATFORM_FIELDS,
    POINT_FIELDS,
    QUOTE_FIELDS,
    R,
    record_of,
)
from xlmodel.book.refs import corners
from xlmodel.calc.address import Area
from xlmodel.errors import Problem, WorkbookRefused
from xlmodel.model.api_price import ApiPrice, place, reference, unmarked
from xlmodel.model.facts import Change, Platform, Quote
from xlmodel.model.feed import RANGE
from xlmodel.model.membership import reachable
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices
from xlmodel.readers.arrange import in_order, snapshots_of, with_facts
from xlmodel.returned import row_matching as ways
from xlmodel.returned.lost_tables import lost_tables
from xlmodel.returned.mailed_file import ADD_AGAIN, CHANGES, PART, Mailed
from xlmodel.returned.origin import RECORD, Origin
from xlmodel.returned.table_rows import HOSTED, PLATFORMS, POINTS, QUOTES, read_rows
from xlmodel.sheets.order import TITLE
from xlmodel.sheets.remembered import remembered
from xlmodel.version import __version__
from xlmodel.xlsx.parts import MAIN, Package

_FIELDS = {
    POINTS: POINT_FIELDS,
    QUOTES: QUOTE_FIELDS,
    PLATFORMS: PLATFORM_FIELDS,
    CHANGES: CHANGE_FIELDS,
    HOSTED: API_FIELDS,
}
_VERSION = re.compile(r"xlmodel (\S{1,30})")
_BUILD = re.compile(r"build (\w{1,20})")
_BAND = re.compile(r"built (\d{4}-\d\d-\d\d) · (\w{1,20})")  # beside the title of every sheet
SURE = 0.9  # share of the inputs that must stand among the words they were built with


def recover(package: Package, origin: Origin) -> Mailed:
    """The workbook with a contract described anew.

    Raises:
        WorkbookRefused: it is no workbook of xlmodel, or of a version whose layout is not known here.
    """
    tables = dict(_tables(package))
    tables |= {name: table for name, table in lost_tables(package, _FIELDS) if name not in tables}
    if _FIELDS.keys() - tables.keys() == {CHANGES, HOSTED}:
        raise _refused(package, f"no contract, and {PART}", "its contract, which the program that saved it dropped",
                       f"go back to a copy that Excel saved, or {ADD_AGAIN}")  # fmt: skip
    if tables.keys() != _FIELDS.keys():
        found = (
            "no contract, and none of the tables of a build" if not tables else "no contract, and a table is missing"
        )
        raise _refused(package, found, "a workbook that xlmodel built", "name a workbook that xlmodel build wrote")
    said = properties(package)
    version = said.get("version", "")
    if version not in ("", __version__):
        raise _refused(
            package, f"no contract, and a layout of xlmodel {version}", f"a contract, or the layout of xlmodel {__version__}",
            "go back to a copy that Excel saved",
        )  # fmt: skip
    bare = Mailed(package, _bare(tables, version))
    points, own, left_out = _points(_records(bare, POINTS, Point))
    quotes, own_quotes = _quotes(_records(bare, QUOTES, Quote))
    hosted, own_hosted = _hosted(_records(bare, HOSTED, ApiPrice), (point.model for point in points))
    inputs = Inputs(
        points=tuple(points), quotes=tuple(quotes), platforms=_facts(_records(bare, PLATFORMS, Platform), points),
        snapshots=snapshots_of(p for p in points if p.snapshot), claims=tuple(bundled.claims()), forecasts=tuple(bundled.forecasts()), left_out=left_out,
        own_rows=own, own_quotes=own_quotes, changes=tuple(_records(bare, CHANGES, Change)),
        api_prices=hosted, own_api=own_hosted,
    )  # fmt: skip
    contract = contract_of(
        remembered(
            inputs,
            _title(package) or said.get("title") or TITLE,
            said.get("created", ""),
            said.get("build", "unknown"),
            edition=_edition(package),
            valued=False,
        ),
        version,
    )
    known = "the program that saved the file dropped the contract"
    nobody = "it was emptied or taken out, and no program that is known to drop it saved the file"
    mailed = Mailed(package, contract, known if RECORD in origin.lost else nobody, origin)
    held = sum(1 for typed in mailed.typed.values() if typed.sure)
    if held < SURE * len(contract.inputs):
        raise _refused(package, "no contract, and inputs among other words", "inputs among the words of the build",
                       "go back to a copy that Excel saved")  # fmt: skip
    return mailed


def _title(package: Package) -> str:
    """The title on the cover: that of the file's properties is anybody's to change."""
    cells = package.grid(COVER).cells if COVER in package.sheets else ()
    found = next((package.value(cell) for cell in cells if cell.a1 == "A1"), None)
    return found if isinstance(found, str) else ""


def _edition(package: Package) -> str:
    """The edition by the names that it defines."""
    names = {name.get("name") for name in package.tree("xl/workbook.xml").iter(MAIN + "definedName")}
    if RANGE not in names:
        return NATIVE
    return XLWINGS if "in_points" in names else LITE


def properties(package: Package) -> dict[str, str]:
    """Version, build, day and title: by the band of the sheets, and by the document properties where a program keeps them."""
    return _core(package) | _band(package)


def _band(package: Package) -> dict[str, str]:
    """Day and build as most sheets say beside their titles."""
    said = (package.value(c) for sheet in package.sheets for c in package.grid(sheet).cells if c.line == 2)
    bands = Counter(match.groups() for text in said if isinstance(text, str) and (match := _BAND.fullmatch(text)))
    return dict(zip(("created", "build"), bands.most_common(1)[0][0], strict=True)) if bands else {}


def _core(package: Package) -> dict[str, str]:
    part = "docProps/core.xml"
    if part not in package.data:
        return {}
    said = {str(element.tag).rpartition("}")[2]: element.text or "" for element in package.tree(part).iter()}
    version, build = _VERSION.search(said.get("creator", "")), _BUILD.search(said.get("keywords", ""))
    found = {"title": said.get("title", ""), "created": said.get("created", "")[:10]}
    return found | ({"version": version[1]} if version else {}) | ({"build": build[1]} if build else {})


def _points(rows: list[Point]) -> tuple[list[Point], tuple[int, ...], int]:
    """Points as they were built, which of them are not bundled, and how many bundled ones were left out.

    A row that somebody edited was the bundled one that it is most like, while that is missing.
    """
    grouped = in_order(rows)
    points = grouped if grouped == rows else in_order(rows, bundled.available_models())
    models = [model for model in dict.fromkeys(p.model for p in points) if model in bundled.available_models()]
    measured = bundled.points(models)
    kept = reachable(measured, 1)
    held = {replace(point, include=True, note="") for point in points}
    missing = [point for point in kept if replace(point, note="") not in held]
    known = {replace(point, note=""): point for point in kept}
    built: list[Point] = []
    own: list[int] = []
    for point in points:
        plain = replace(point, include=True, note="")
        origin = known.get(plain) or next((m for m in missing if ways.POINTS.alike(m, point)), None)
        if origin in missing:
            missing.remove(origin)
        own += [len(built)] if origin is None else []
        built.append(replace(origin, include=point.include) if origin else point)
    return built, tuple(own), len(measured) - len(kept)


def _quotes(rows: list[Quote]) -> tuple[list[Quote], int]:
    """Quotes as they were built, and how many of the last ones are not bundled."""
    listed = bundled.quotes()
    return [*listed, *rows[len(listed) :]], max(0, len(rows) - len(listed))


def _hosted(rows: list[ApiPrice], models: Iterable[str]) -> tuple[tuple[ApiPrice, ...], int]:
    """Prices of hosted models as they were built, with the marks beside them, and how many of the last ones are not bundled."""
    listed = {place(price): price for price in reference(bundled_api_prices(), models)}
    own = 0
    while own < len(rows) and unmarked(rows[-1 - own]) not in listed.values():
        own += 1
    last = len(rows) - own
    built = [ways.HOSTED.marked(listed.get(place(price), price), price) for price in rows[:last]]
    return (*built, *rows[last:]), own


def _facts(rows: list[Platform], points: list[Point]) -> tuple[Platform, ...]:
    """Facts as they were built: those of the bundle, where the file lists the same platforms."""
    known = with_facts(points)
    return known if [fact.platform for fact in known] == [fact.platform for fact in rows] else tuple(rows)


def _tables(package: Package) -> Iterator[tuple[str, BuiltTable]]:
    """The tables whose name and headings are those of a build."""
    for sheet, part in package.sheets.items():
        for table in package.related(part, "table"):
            root = package.tree(table)
            name = root.get("displayName", "")
            headers = tuple(column.get("name", "") for column in root.iter(MAIN + "tableColumn"))
            if name in _FIELDS and set(headers) >= _FIELDS[name].keys():
                yield name, BuiltTable(name, Area(sheet, *corners(root.get("ref", ""))), headers)


def _bare(tables: dict[str, BuiltTable], version: str) -> Contract:
    sheets = tuple(table.area.sheet for table in tables.values())
    return Contract(version, "native", "", "", TITLE, sheets, {}, {}, {}, tables)


def _records(bare: Mailed, name: str, kind: type[R]) -> list[R]:
    return [record_of(kind, row.cells, _FIELDS[name]) for row in read_rows(bare, name).built]


def _refused(package: Package, found: str, expected: str, fix: str) -> WorkbookRefused:
    return WorkbookRefused([Problem(package.path.name, found, expected, fix)])
