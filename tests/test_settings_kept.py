"""What people set on generated sheets goes along in a refresh, and a comparison tells it: a row a kind of setting."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from books import make
from desk import MAIN, Desk, bar_chart, chart_frame, put_on
from lxml import etree

from xlmodel.commands.produce import refresh_book
from xlmodel.readers.assemble import gather
from xlmodel.returned.diff.compare import compare
from xlmodel.returned.refresh.links import place
from xlmodel.xlsx.parts import Package

DAY = datetime.date(2026, 11, 27)
INPUTS = gather(models=["GLM-5.1"])


def on(sheet: str, xml: str, wanted: str = "") -> Callable[[Desk], str]:
    """An element put onto a sheet in the place of what is there of its kind; returns the XML that must be found again."""

    def edit(d: Desk) -> str:
        root = d.tree(d.part_of(sheet))
        made = etree.fromstring(re.sub(r"^<(\w+)", rf'<\1 xmlns="{MAIN[1:-1]}"', xml))
        for old in root.findall(made.tag):
            root.remove(old)
        place(root, made)
        return wanted or xml

    return edit


def attributes(sheet: str, tag: str, **wanted: str) -> Callable[[Desk], str]:
    """Attributes of the first element of a kind."""

    def edit(d: Desk) -> str:
        element = next(d.tree(d.part_of(sheet)).iter(MAIN + tag))
        for name, value in wanted.items():
            element.set(name, value)
        return next(iter(f'{name}="{value}"' for name, value in wanted.items()))

    return edit


def table(sheet: str, tag: str, inner: str, **wanted: str) -> Callable[[Desk], str]:
    """What people set on the table of a sheet; it stands in the table's part."""

    def edit(d: Desk) -> str:
        part = next(n for n, data in d.parts.items() if n.startswith("xl/tables/") and f'"tbl{sheet}"'.encode() in data)
        element = next(d.tree(part).iter(MAIN + tag))
        if inner:
            element.append(etree.fromstring(re.sub(r"^<(\w+)", rf'<\1 xmlns="{MAIN[1:-1]}"', inner)))
        for name, value in wanted.items():
            element.set(name, value)
        return inner or next(f'{name}="{value}"' for name, value in wanted.items())

    return edit


SETTINGS: dict[str, tuple[str, Callable[[Desk], str]]] = {
    "tab": ("Summary", attributes("Summary", "tabColor", rgb="FF123456")),
    "zoom": ("Prices", attributes("Prices", "sheetView", zoomScale="85")),
    "view": ("Claims", attributes("Claims", "sheetView", view="pageBreakPreview")),
    "lines of cells": ("Summary", attributes("Summary", "sheetView", showGridLines="1")),
    "panes": ("Fleet", attributes("Fleet", "pane", xSplit="3", ySplit="9")),
    "paper": ("Fleet", attributes("Fleet", "pageSetup", paperSize="8")),
    "margins": ("Fleet", attributes("Fleet", "pageMargins", left="1.25")),
    "printed lines": ("Platforms", on("Platforms", '<printOptions headings="1"/>')),
    "header": ("Scenario", on("Scenario", "<headerFooter><oddHeader>&amp;CStrictly ours</oddHeader></headerFooter>", "<oddHeader>&amp;CStrictly ours</oddHeader>")),
    "break": ("Ownership", on("Ownership", '<rowBreaks><brk id="20" max="16383" man="1"/></rowBreaks>', '<brk id="20" max="16383" man="1"/></rowBreaks>')),
    "scenario manager": ("Scenario", on("Scenario", '<scenarios current="0"><scenario name="Ann" count="1" user="Ann"><inputCells r="D20" val="0.5"/></scenario></scenarios>')),
    "watch": ("Summary", on("Summary", '<cellWatches><cellWatch r="E16"/></cellWatches>')),
    "ignored error": ("Plan", on("Plan", '<ignoredErrors><ignoredError sqref="B50:C60" numberStoredAsText="1"/></ignoredErrors>')),
    "filter of a sheet": ("Checks", on("Checks", '<autoFilter ref="A6:F60"><filterColumn colId="2"><filters><filter val="1"/></filters></filterColumn></autoFilter>')),
    "group of rows": ("Sources", attributes("Sources", "row", outlineLevel="1")),
    "column far right": ("Sources", lambda d: _column(d, "Sources")),
    "filter of a table": ("Benchmarks", table("Benchmarks", "autoFilter", '<filterColumn colId="1"><filters><filter val="B200"/></filters></filterColumn>')),
    "style of a table": ("Platforms", table("Platforms", "tableStyleInfo", "", name="TableStyleMedium9")),
}  # fmt: skip


def _column(d: Desk, sheet: str) -> str:
    columns = d.tree(d.part_of(sheet)).find(MAIN + "cols")
    assert columns is not None
    etree.SubElement(columns, MAIN + "col", min="90", max="16384", width="31.5", customWidth="1", hidden="1")
    return 'min="90" max="16384" width="31.5"'


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "book.xlsx"
    make(INPUTS, path)
    return path


@pytest.fixture(scope="module")
def work(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Path, Path]:
    """What must be found again by kind, the book with all settings, and the same refreshed."""
    d = Desk(small)
    wanted = {kind: edit(d) for kind, (_, edit) in SETTINGS.items()}
    d.set("Fleet", "CD9", "USD")  # words of the sheet typed beside are no guide to its columns
    d.set("Fleet", "CE9", "GPUs")
    put_on(d, "Fleet", chart_frame("Ours", "{0}"), charts=(bar_chart("Fleet!$CE$9", "Fleet!$CD$9"),))
    old = d.save(tmp_path_factory.mktemp("work") / "old.xlsx")
    new = old.with_name("new.xlsx")
    refresh_book(old, new, day=DAY)
    return wanted, old, new


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_setting_is_kept(kind: str, work: tuple[dict[str, str], Path, Path]) -> None:
    package, sheet = Package(work[2]), SETTINGS[kind][0]
    parts = [package.sheets[sheet], *package.related(package.sheets[sheet], "table")]
    assert work[0][kind] in b"".join(package.data[part] for part in parts).decode().replace(
        f' xmlns="{MAIN[1:-1]}"', ""
    )


def test_every_setting_is_told_by_a_comparison(small: Path, work: tuple[dict[str, str], Path, Path]) -> None:
    told = {change.place.removeprefix("sheet ").partition("!")[0] for change in compare(small, work[1]).changes}
    assert {sheet for sheet, _ in SETTINGS.values()} <= told
    assert compare(work[1], work[1]).same


UNDONE: dict[str, tuple[Callable[[Desk], object], str]] = {
    "a wider limit": (lambda d: _limit(d, "Scenario", "77"), "numbers from"),
    "a name that points elsewhere": (lambda d: _name(d, "Interactivity", "Fleet!$D$9"), "=Fleet!$D$9"),
    "no frozen headings": (lambda d: _without(d, "Benchmarks", "pane"), "nothing is frozen"),
    "a light taken away": (lambda d: _without(d, "Prices", "conditionalFormatting"), "is gone"),
    "a draft without charts": (attributes("Fleet", "pageSetup", draft="1"), ""),
}


def _limit(d: Desk, sheet: str, high: str) -> None:
    found = next(v for v in d.tree(d.part_of(sheet)).iter(MAIN + "dataValidation") if v.get("type") == "decimal")
    found.find(MAIN + "formula2").text = high  # type: ignore[union-attr]


def _name(d: Desk, name: str, text: str) -> None:
    next(n for n in d.tree("xl/workbook.xml").iter(MAIN + "definedName") if n.get("name") == name).text = text


def _without(d: Desk, sheet: str, tag: str) -> None:
    element = next(d.tree(d.part_of(sheet)).iter(MAIN + tag))
    element.getparent().remove(element)  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def undone(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What a refresh says of all of them, and the new book; own objects that read a sheet whose rows move go along."""
    d = Desk(small)
    for edit, _ in UNDONE.values():
        edit(d)
    d.add_sheet("Ours")
    root = d.tree(d.part_of("Ours"))
    last = d.tree(next(n for n, data in d.parts.items() if b'"tblBenchmarks"' in data and "tables/" in n)).get(
        "ref", ""
    )
    place(
        root,
        etree.fromstring(f'<hyperlinks xmlns="{MAIN[1:-1]}"><hyperlink ref="A1" location="Points!A6"/></hyperlinks>'),
    )
    cache = (
        f'<pivotCacheDefinition xmlns="{MAIN[1:-1]}"><cacheSource type="worksheet"><worksheetSource ref="{last}" sheet="Benchmarks"/>'
        "</cacheSource></pivotCacheDefinition>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    d.add_part("xl/pivotCache/pivotCacheDefinition1.xml", cache.encode(), kind, "pivotCacheDefinition")
    d.rename("Benchmarks", "Points")
    source = next(d.tree("xl/pivotCache/pivotCacheDefinition1.xml").iter(MAIN + "worksheetSource"))
    source.set("sheet", "Points")
    old = d.save(tmp_path_factory.mktemp("undone") / "old.xlsx")
    points = old.with_name("points.csv")
    points.write_text(
        "model,platform,workload,precision,snapshot,interactivity,throughput\n"
        "GLM-5.1,Our Chip,8k/1k,FP8,mine,40,900\nGLM-5.1,Our Chip,8k/1k,FP8,mine,50,700\n"
    )
    made = refresh_book(old, old.with_name("new.xlsx"), points=[points], day=DAY)
    return "\n".join(f"{r.what} {r.place} {r.before} {r.after} {r.kept}" for r in made.remarks), old.with_name(
        "new.xlsx"
    )


@pytest.mark.parametrize("kind", UNDONE)
def test_what_stands_again_as_built_is_told(kind: str, undone: tuple[str, Path]) -> None:
    assert UNDONE[kind][1] in undone[0]
    assert "draft" not in Package(undone[1]).data[Package(undone[1]).sheets["Fleet"]].decode()


def test_links_and_sources_of_pivot_tables_follow_sheets_and_rows(undone: tuple[str, Path]) -> None:
    package = Package(undone[1])
    table = next(data for n, data in package.data.items() if n.startswith("xl/tables/") and b'"tblBenchmarks"' in data)
    ref = re.search(rb' ref="([A-Z0-9:]+)"', table)
    source = package.data["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert ref is not None
    assert b'ref="' + ref[1] + b'"' in source
    assert b'sheet="Benchmarks"' in source
    assert b'location="Benchmarks!A6"' in package.data[package.sheets["Ours"]]


def test_a_new_platform_keeps_no_old_sheet_beside(undone: tuple[str, Path]) -> None:
    assert "stays beside" not in undone[0], undone[0]


def test_words_of_the_sheet_typed_beside_stay_where_they_are(work: tuple[dict[str, str], Path, Path]) -> None:
    d = Desk(work[2])
    assert ["".join(map(str, d.cell("Fleet", a1).itertext())) for a1 in ("CD9", "CE9")] == ["USD", "GPUs"]
    assert "Fleet (before)" not in d.sheets()
