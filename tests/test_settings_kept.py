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


def test_words_of_the_sheet_typed_beside_stay_where_they_are(work: tuple[dict[str, str], Path, Path]) -> None:
    d = Desk(work[2])
    assert ["".join(d.cell("Fleet", a1).itertext()) for a1 in ("CD9", "CE9")] == ["USD", "GPUs"]
    assert "Fleet (before)" not in d.sheets()
