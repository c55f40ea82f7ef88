"""`refresh` loses nothing that a person typed, and leaves every part alone that is not the generator's own.

Long counts come by XLMODEL_EDITS (random edit sequences).
"""

import json
import os
import random
import re
import warnings
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import choose
from desk import MAIN, Desk, bar_chart, chart_frame, condition, put_on, sparkline, spots, text_box
from lxml import etree
from test_audit import BASE, LAST, QUOTE, QUOTES, SPARE, TODAY, build, by_libreoffice, gone, state
from test_cli import refused, run

from xlmodel.book.point_places import SPARE_POINTS
from xlmodel.calc.values import Value, same
from xlmodel.commands.produce import refresh_book
from xlmodel.engines.programs import LibreOffice
from xlmodel.errors import InputRefused
from xlmodel.model.point import Point
from xlmodel.readers import bundled
from xlmodel.readers.assemble import gather
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.remarks import remarks
from xlmodel.returned.typed_inputs import read_contents
from xlmodel.xlsx.parts import Package

SPOT = spots(BASE)
PLATFORMS = [key.partition("/")[2] for key in SPOT if key.startswith("ownership.capital/")]
SEQUENCES = int(os.environ.get("XLMODEL_EDITS", "3"))
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(BASE, tmp_path_factory.mktemp("refresh") / "small.xlsx")


def refreshed(path: Path, target: Path | None = None, **files: Any) -> Path:
    """The workbook after a refresh; the original is as it was."""
    before = path.read_bytes()
    output = target or path.with_name(f"{path.stem}-new.xlsx")
    refresh_book(path, output, day=TODAY, **files)
    assert path.read_bytes() == before, "the original is never modified"
    return output


def values(mailed: Mailed) -> dict[str, Value]:
    return {key: typed.value for key, typed in mailed.typed.items()}


def worked_on(small: Path, target: Path) -> Path:
    """A workbook after a month in finance: inputs, rows, notes, shapes, charts, own sheets, all as Excel stores them."""
    d = Desk(small)
    for sheet, a1, value in (
        ("Prices", "B8", 2.85), ("Summary", "D7", 25.0), (*SPOT["scenario.utilization"], 0.7), (*SPOT["third.speculative"], "without"), ("Ownership", "C8", 0.09), ("Fleet", "C8", 1234),
        (*SPOT["ownership.capital/MI355X"], 41_000), (*SPOT["cover.prepared/name"], "Ann"), (*SPOT["cover.prepared/date"], "2026-11-03"),
        (*SPOT["cover.approved/note"], "board of 5 November"), (*SPOT["naming.third"], "Worst case"),
        ("Claims", "C4", 0.1), ("Functions", "B26", 250), ("Benchmarks", "N9", 0), ("Benchmarks", "N40", 0),
        ("Benchmarks", "P12", "looks odd to us"), ("Benchmarks", "K30", 4321.5),
        ("Benchmarks", f"A{SPARE}", "GLM-5.1"), ("Benchmarks", f"B{SPARE}", "MI355X"), ("Benchmarks", f"C{SPARE}", "8k/1k"),
        ("Benchmarks", f"D{SPARE}", "FP8"), ("Benchmarks", f"E{SPARE}", "2026-07"), ("Benchmarks", f"J{SPARE}", 31.5),
        ("Benchmarks", f"K{SPARE}", 1600.25), ("Benchmarks", f"O{SPARE}", "load test 17"), ("Benchmarks", f"B{SPARE + 2}", "to be measured"),
        ("Prices", f"V{QUOTE}", "MI355X"), ("Prices", f"W{QUOTE}", "own contract"), ("Prices", f"Y{QUOTE}", "AWS on demand"),
        ("Prices", f"Z{QUOTE}", 1.95), ("Prices", f"AA{QUOTE}", 46_300), ("Prices", f"AC{QUOTE}", "contract 17"), ("Prices", f"Z{QUOTES + 1}", 9.87),
        ("Platforms", "J8", 2.5), ("Prices", "A60", "ask Oracle again in January"), ("Summary", "P20", "see budget"),
        ("Changes", "G7", "first version, sent to the board"), ("Changes", "B9", "prices agreed by mail"), ("Fleet", "D35", 72),
        ("Prices", "Q9", "1.9 (mail)"),
    ):  # fmt: skip
        d.set(sheet, a1, value)
    d.formula("Benchmarks", f"K{SPARE + 1}", f"K{SPARE}*1.1", 1760.275)
    d.formula("Summary", "P21", "E16*1000", 98.35)
    d.add_sheet("Budget", at=2)
    d.set("Budget", "A1", "Cost per million tokens")
    d.formula("Budget", "B1", "Summary!E16*1000", 1)
    d.formula("Budget", "B2", "SUM(Prices!Q7:Q9)", 8)
    d.formula("Budget", "B3", 'TOKCOST("GB200 NVL72","GLM-5.1",60)', 0.1)
    d.cell("Budget", "B3").set("cm", "1")
    formula = d.cell("Budget", "B3").find(MAIN + "f")
    assert formula is not None
    formula.set("t", "array")
    formula.set("ref", "B3")
    d.formula("Prices", "B9", "Budget!B9", 1.77)
    d.set("Budget", "B9", 1.77)
    put_on(d, "Budget", chart_frame("Ours", "{0}"), charts=(bar_chart("Summary!$E$16:$E$18", "Summary!$B$16:$B$18"),))
    put_on(d, "Prices", text_box("Note to all", "Prices of November"))
    put_on(
        d,
        "Summary",
        text_box("Stamp", "Draft"),
        chart_frame("Ours too", "{0}"),
        charts=(bar_chart("Fleet!$C$35:$E$35", "Fleet!$C$24:$E$24"),),
    )
    sparkline(d, "Budget", "Prices!C7:N7", "D4")
    sparkline(d, "Fleet", "Fleet!C35:E35", "H35")
    condition(d, "Prices", "B7:B9", "B7>3")
    d.note("Prices", "B8", "Ann", "as agreed on 3 November")
    d.note("Budget", "B1", "Bob", "per thousand")
    names = d.tree("xl/workbook.xml").find(MAIN + "definedNames")
    assert names is not None
    for name, text in (("our_cost", "Summary!$E$16"), ("budget_area", "Budget!$A$1:$B$9")):
        made = names.makeelement(MAIN + "definedName", {"name": name})
        made.text = text
        names.append(made)
    return d.save(target)


@pytest.fixture(scope="module")
def pair(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A worked-on workbook, and the same refreshed."""
    old = worked_on(small, tmp_path_factory.mktemp("worked") / "old.xlsx")
    return old, refreshed(old)


def test_every_input_is_where_it_was_with_value_and_formula(pair: tuple[Path, Path]) -> None:
    old, new = (open_mailed(path) for path in pair)
    assert {k: (t.value, t.formula) for k, t in old.typed.items()} == {
        k: (t.value, t.formula) for k, t in new.typed.items()
    }
    assert new.typed["prices.own/MI355X"].formula == "Budget!B9"


def test_rows_marks_notes_and_edited_numbers_come_along(pair: tuple[Path, Path]) -> None:
    old, new = (read_contents(open_mailed(path)) for path in pair)
    assert new.inputs.typed == old.inputs.typed
    assert new.inputs.typed_quotes == old.inputs.typed_quotes
    assert [p for p in new.inputs.points if not p.include] == [p for p in old.inputs.points if not p.include]
    assert any(p.note == "looks odd to us" for p in new.inputs.points)
    assert any(p.throughput == 4321.5 for p in new.inputs.points)
    assert sorted(map(repr, new.inputs.points)) == sorted(map(repr, old.inputs.points))
    assert new.inputs.platforms == old.inputs.platforms
    assert any(q.usd_per_gpu_hour == 9.87 for q in new.inputs.quotes)
    assert len(new.inputs.quotes) == len(old.inputs.quotes)
    for name in ("scenario", "ownership", "fleet", "own_prices"):
        assert getattr(new.inputs, name) == getattr(old.inputs, name)


def test_own_sheets_and_their_parts_stay_byte_for_byte_but_for_stored_results(pair: tuple[Path, Path]) -> None:
    result, points = re.compile(rb"<v>[^<]*</v>"), re.compile(rb"(?s)<(?:c:)?pt .*?</(?:c:)?pt>")
    old, new = (
        {
            name: result.sub(b"", data) if name.startswith("xl/worksheets/") else points.sub(b"", data)
            for name, data in Package(path).data.items()
        }
        for path in pair
    )
    generated = {Package(pair[0]).sheets[name] for name in open_mailed(pair[0]).sheets.values()}
    touched = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "docProps/core.xml",
    }
    compared = 0
    for name in old:
        folder, _, base = name.rpartition("/_rels/")
        owner = f"{folder}/{base.removesuffix('.rels')}" if base else ""
        ours = (
            name in generated or owner in generated or name in touched or name.startswith(("customXml/", "xl/tables/"))
        )
        if ours or (name not in new and name.startswith(("xl/charts/", "xl/drawings/"))):
            continue
        assert new[name] == old[name], name
        compared += 1
    for part in (
        Package(pair[0]).sheets["Budget"],
        "xl/comments1.xml",
        "xl/comments2.xml",
        "xl/sharedStrings.xml",
        "xl/theme/theme1.xml",
    ):
        assert new[part] == old[part]
    assert compared >= 15


def test_shapes_charts_notes_sparklines_and_rules_on_generated_sheets_survive(pair: tuple[Path, Path]) -> None:
    old, new = (Package(path) for path in pair)
    text = {name: data.decode("utf-8", "replace") for name, data in new.data.items()}
    drawings = {s: "".join(text[d] for d in new.related(part, "drawing")) for s, part in new.sheets.items()}
    assert "Prices of November" in drawings["Prices"]
    assert "Draft" in drawings["Summary"]
    assert len(re.findall(r"<(?:\w+:)?graphicFrame[ >]", drawings["Summary"])) == 6
    assert "Ours" in drawings["Budget"]
    assert "sparkline" in text[new.sheets["Budget"]]
    assert "sparkline" in text[new.sheets["Fleet"]]
    assert "B7&gt;3" in text[new.sheets["Prices"]]
    assert remarks(open_mailed(pair[0])) == remarks(open_mailed(pair[1]))
    charts = [part for s in new.sheets.values() for d in new.related(s, "drawing") for part in new.related(d, "chart")]
    before = [part for s in old.sheets.values() for d in old.related(s, "drawing") for part in old.related(d, "chart")]
    assert len(charts) == len(before)
    assert sum("Fleet!$C$35:$E$35" in text[part] for part in charts) == 1


def test_sheets_keep_their_order_and_names_their_meaning(pair: tuple[Path, Path]) -> None:
    old, new = (open_mailed(path) for path in pair)
    assert list(new.package.sheets) == list(old.package.sheets)
    assert new.own_sheets == ["Budget"]
    assert new.defined_names["our_cost"] == "Summary!$E$16"
    assert old.defined_names.keys() == new.defined_names.keys()


def test_what_was_typed_beside_stands_and_what_was_typed_over_is_told(pair: tuple[Path, Path]) -> None:
    new = open_mailed(pair[1])
    assert new.value("Prices", 60, 1) == "ask Oracle again in January"
    assert new.value("Summary", 20, 16) == "see budget"
    assert new.formula("Summary", 21, 16) == "E16*1000"
    lines = read_contents(new).inputs.changes
    told = {line.place: line.before for line in lines if line.what.startswith("Typed over")}
    assert told == {"Fleet!D35": 72.0, "Prices!Q9": "1.9 (mail)"}
    assert lines[0].note == "first version, sent to the board"
    assert lines[1].what == "prices agreed by mail"
    assert lines[2].what.startswith("Inputs edited by hand")
    assert lines[-1].what.startswith("Refreshed: ")
    assert new.formula("Fleet", 35, 4)


def test_a_refreshed_workbook_is_the_model_again(pair: tuple[Path, Path]) -> None:
    found = {f.rule for f in audit(pair[1], TODAY).findings if f.severity != "note"}
    held = {"range", "source", "checks", "rows", "slips", "linked-input", "overlay"}
    assert found <= held, "only what is in the inputs themselves, and their own chart that lies over one of ours"


@pytest.mark.node
def test_the_open_xml_sdk_finds_nothing_new(pair: tuple[Path, Path], validator: Callable[[Path], list[str]]) -> None:
    assert validator(pair[0]) == []
    assert validator(pair[1]) == []


@pytest.mark.engine
def test_stored_results_follow_inputs_that_the_model_does_not_know(pair: tuple[Path, Path]) -> None:
    s = Subject(open_mailed(pair[1]), TODAY)
    stored = {(sheet, at): s.package.value(f.cell) for sheet, held in s.formulas.items() for at, f in held.items()}
    apart = [key for key, value in s.computed.items() if key in stored and not same(stored[key], value, 1e-8)]
    assert len(s.computed) > 4000
    assert not apart


def test_a_second_refresh_changes_nothing_but_its_own_line(pair: tuple[Path, Path]) -> None:
    again = refreshed(pair[1])
    first, second = (read_contents(open_mailed(path)) for path in (pair[1], again))
    for field in fields(first.inputs):
        if field.name != "changes":
            assert getattr(first.inputs, field.name) == getattr(second.inputs, field.name), field.name
    assert len(second.inputs.changes) == len(first.inputs.changes) + 1
    assert values(open_mailed(again)) == values(open_mailed(pair[1]))


@pytest.mark.office
def test_a_file_saved_by_libreoffice_comes_back_whole(
    pair: tuple[Path, Path], tmp_path: Path, libreoffice_engine: LibreOffice
) -> None:
    saved = by_libreoffice(libreoffice_engine, pair[0], tmp_path)
    old, new = open_mailed(saved), open_mailed(refreshed(saved))
    assert values(new) == values(old)
    assert list(new.package.sheets) == list(old.package.sheets)
    found = {f.rule for f in audit(new.package.path, TODAY).findings if f.severity == "error"}
    assert "functions" not in found, "the functions that LibreOffice broke are written again"
    assert read_contents(new).inputs.typed == read_contents(old).inputs.typed
    assert new.value("Prices", 60, 1) == "ask Oracle again in January"


def test_a_file_saved_by_openpyxl_comes_back_whole(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says itself what it drops
        workbook = openpyxl.load_workbook(pair[0])
    workbook.save(tmp_path / "x.xlsx")
    old, new = open_mailed(tmp_path / "x.xlsx"), open_mailed(refreshed(tmp_path / "x.xlsx"))
    assert {k: v for k, v in values(new).items() if k != "prices.own/MI355X"} == {
        k: v for k, v in values(open_mailed(pair[0])).items() if k != "prices.own/MI355X"
    }
    assert new.typed["prices.own/MI355X"].formula == "Budget!B9"
    assert not new.lost, "the contract is back"
    assert list(new.package.sheets) == list(old.package.sheets)
    assert "functions" not in {f.rule for f in audit(new.package.path, TODAY).findings if f.severity == "error"}


# --- new data -------------------------------------------------------------------------------------


@pytest.fixture
def smaller_bundle(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A bundle as it might have been a month before: one platform fewer, some points missing; undone by a call."""
    points = bundled.points

    def fewer(models: Any = ()) -> list[Point]:
        return [p for i, p in enumerate(points(models)) if p.platform != "GB300 NVL72" and i % 9]

    monkeypatch.setattr(bundled, "points", fewer)
    return monkeypatch.undo


def test_new_data_move_rows_and_own_references_follow(smaller_bundle: Callable[[], None], tmp_path: Path) -> None:
    old_inputs = choose(gather(models=["GLM-5.1"]), interactivity=30.0).inputs
    d = Desk(build(old_inputs, tmp_path / "built.xlsx"))
    platforms = [d.cell("Prices", f"A{row}") for row in (7, 8)]
    assert len(platforms) == 2
    d.set("Prices", "B7", 3.1)
    d.set("Prices", "B8", 1.9)
    spare = 7 + len(old_inputs.points)
    row: tuple[Value, ...] = ("GLM-5.1", "MI355X", "8k/1k", "FP8", "2026-07", 31.5, 1600.0)
    for col, value in zip("ABCDEJK", row, strict=True):
        d.set("Benchmarks", f"{col}{spare}", value)
    d.set("Benchmarks", "N9", 0)
    d.add_sheet("Mine")
    d.formula("Mine", "A1", "Prices!Q8*2", 1)
    d.formula("Mine", "A2", "SUM(Prices!Q7:Q8)", 1)
    d.formula("Mine", "A3", f"Benchmarks!K{spare}", 1600)
    d.formula("Mine", "A4", "COUNT(Benchmarks!K7:K" + str(spare - 1) + ")", 1)
    d.formula("Mine", "A5", "Ownership!D43+Summary!E16", 1)
    d.formula("Mine", "A6", "COUNTA(Prices!A:A)", 1)
    old = d.save(tmp_path / "old.xlsx")
    before = read_contents(open_mailed(old)).inputs
    smaller_bundle()
    new = open_mailed(refreshed(old))
    after = read_contents(new).inputs
    assert len(after.points) == len(BASE.points) > len(before.points)
    assert after.own_prices == before.own_prices == {"GB200 NVL72": 3.1, "MI355X": 1.9}
    assert after.typed == before.typed
    assert [p for p in after.points if not p.include] == [p for p in before.points if not p.include]
    rows = {new.value("Prices", row, 1): row for row in (7, 8, 9)}
    last = 6 + len(after.points)
    grid = {c.a1: c.formula for c in new.package.grid("Mine").cells}
    assert grid["A1"] == f"Prices!Q{rows['MI355X']}*2"
    assert grid["A2"] == f"SUM(Prices!Q{rows['GB200 NVL72']}:Q{rows['MI355X']})"
    assert grid["A3"] == f"Benchmarks!K{last + 1}"
    assert grid["A4"] == f"COUNT(Benchmarks!K7:K{last})"
    assert grid["A5"] == "Ownership!E43+Summary!E16"
    assert grid["A6"] == "COUNTA(Prices!A:A)"
    lines = [line.what for line in after.changes]
    assert any("GB300 NVL72" in line for line in lines)
    assert any(line.startswith("References of your own followed") for line in lines)
    effects = sum(line.effect or 0.0 for line in after.changes)
    first, final = (line.after for line in after.changes if line.what.startswith(("Built", "Refreshed")))
    assert effects == pytest.approx(final - first, abs=1e-9), "the effects on Changes add up"  # type: ignore[operator]
    assert not {f.rule for f in audit(new.package.path, TODAY).findings if f.severity == "error"}


def test_points_and_prices_from_files_go_in_once(small: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text(
        "model,platform,workload,precision,snapshot,interactivity,throughput\nGLM-5.1,MI355X,8k/1k,FP8,2026-11 own,33.5,1800\n"
    )
    prices = tmp_path / "prices.csv"
    prices.write_text(
        "platform,provider,usd_per_gpu_hour,as_of,source,basis\nMI355X,Ours,1.5,2026-11,offer,Our offer\n"
    )
    first = refreshed(small, tmp_path / "one.xlsx", points=[points], prices=[prices])
    second = refreshed(first, tmp_path / "two.xlsx", points=[points], prices=[prices])
    for path in (first, second):
        inputs = read_contents(open_mailed(path)).inputs
        assert sum(p.snapshot == "2026-11 own" for p in inputs.points) == 1
        assert sum(q.basis == "Our offer" for q in inputs.quotes) == 1
        assert inputs.bases[-2] == "Our offer"
    third = read_contents(open_mailed(refreshed(second, tmp_path / "three.xlsx"))).inputs
    assert sum(p.snapshot == "2026-11 own" for p in third.points) == 1, "own rows stay without their files"


HEAD = "platform,provider,usd_per_gpu_hour,as_of,source,basis\n"


def test_a_second_price_for_a_platform_and_basis_is_refused(small: Path, tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text(HEAD + "MI355X,Ours,1.5,2026-11,offer,3-year rental 2026-07\n")
    with pytest.raises(InputRefused, match=r"MI355X on the basis 3-year rental 2026-07 again: the workbook has 2\.1"):
        refreshed(small, tmp_path / "new.xlsx", prices=[prices])
    assert not (tmp_path / "new.xlsx").exists()


def test_a_quote_for_an_unknown_platform_and_a_lookup_that_cannot_follow_are_told(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    d.add_sheet("Mine", at=2)
    d.formula("Mine", "B1", 'VLOOKUP("H200",Prices!A7:P9,3,0)', 1)
    prices = tmp_path / "prices.csv"
    prices.write_text(HEAD + "MI355X,Ours,1.5,2026-11,offer,Our offer\nMI355,Ours,1.5,2026-11,offer,Our offer\n")
    made = refresh_book(d.save(tmp_path / "mine.xlsx"), tmp_path / "new.xlsx", prices=[prices], day=TODAY)
    told = " ".join(remark.what for remark in made.remarks)
    assert "New quotes for platforms that are not in this book: MI355" in told
    assert "Formulas of your own read Prices!A7:P9 as it was" in told
    kept = Package(tmp_path / "new.xlsx").grid("Prices (before)").cells
    assert all(cell.stored is not None for cell in kept if cell.a1 in ("C7", "P7")), "what it showed still stands there"


@pytest.mark.parametrize("by", ["Excel", "openpyxl"])
def test_the_charts_of_the_build_are_its_own_wherever_new_data_move_them(by: str, small: Path, tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("platform,provider,usd_per_gpu_hour,as_of,source,basis\nMI355X,Ours,1.5,2026-11,offer,Offer\n")
    old = small if by == "Excel" else tmp_path / "saved.xlsx"
    if by == "openpyxl":
        openpyxl.load_workbook(small).save(old)  # drops names and descriptions of charts
    made = refresh_book(old, tmp_path / "new.xlsx", day=TODAY, prices=[prices])
    assert made.carried == ()
    assert not [remark.what for remark in made.remarks if "saved the file" not in remark.what]
    counts = [sum("charts/chart" in part for part in Package(path).data) for path in (small, tmp_path / "new.xlsx")]
    assert counts[0] == counts[1] > 10


def charts(path: Path) -> dict[str, int]:
    """How many charts each sheet has."""
    package = Package(path)
    drawings = {sheet: package.related(part, "drawing") for sheet, part in package.sheets.items()}
    return {sheet: sum(1 for d in found for _ in package.related(d, "chart")) for sheet, found in drawings.items()}


@pytest.mark.office
def test_charts_are_those_of_the_build_and_of_people_however_often_libreoffice_saves(
    small: Path, tmp_path: Path, libreoffice_engine: LibreOffice
) -> None:
    d = Desk(small)
    own = bar_chart("Summary!$E$16:$E$17", "Summary!$B$16:$B$17")  # cells of a chart of the build, but not all of them
    put_on(d, "Summary", chart_frame("Ours", "{0}"), charts=(own,))
    path = d.save(tmp_path / "old.xlsx")
    expected = charts(path)
    assert expected["Summary"] == charts(small)["Summary"] + 1
    for turn in ("first", "second"):
        saved = by_libreoffice(libreoffice_engine, path, tmp_path / turn)
        path = tmp_path / f"{turn}.xlsx"
        made = refresh_book(saved, path, day=TODAY)
        assert made.carried == ("the object Ours on Summary",)
        assert charts(path) == expected
    assert sum(b"Summary!$E$16:$E$17<" in data for name, data in Package(path).data.items() if "charts/" in name) == 1


@pytest.mark.parametrize("words", ["kept", "gone"])
def test_a_copy_of_a_chart_of_the_build_is_a_chart_of_its_owner(words: str, small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    d.insert("Fleet", 8)  # the cells of its chart stand elsewhere now
    for part in Package(small).related(Package(small).sheets["Fleet"], "drawing"):
        (chart,) = Package(small).related(part, "chart")
        for cells in d.tree(chart).iter("{*}f"):
            cells.text = re.sub(r"(?<=\$)[0-9]+", lambda row: str(int(row[0]) + (int(row[0]) >= 8)), cells.text or "")
        if words == "gone":  # as LibreOffice leaves it
            etree.strip_elements(d.tree(chart).find("{*}chart/{*}title"), "{*}strRef")
            for label in d.tree(part).iter("{*}cNvPr"):
                label.attrib.pop("descr")
        put_on(d, "Fleet", chart_frame("Copy", "{0}"), charts=(etree.tostring(d.tree(chart)).decode(),))
    old = d.save(tmp_path / "old.xlsx")
    made = refresh_book(old, tmp_path / "new.xlsx", day=TODAY)
    assert made.carried == ("the object Copy on Fleet",)
    assert charts(tmp_path / "new.xlsx") == charts(old) != charts(small)


def test_a_workbook_of_another_version_keeps_what_it_cannot_judge_beside(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    text = d.parts["customXml/item2.xml"].replace(b'form="', b'form="0')
    d.parts["customXml/item2.xml"] = re.sub(rb"<built>.*</built>", b"", text, flags=re.DOTALL)  # as the first form
    d.set("Prices", "A60", "ask Oracle again")
    d.set("Prices", "B8", 2.2)
    path = d.save(tmp_path / "x.xlsx")
    new = open_mailed(refreshed(path))
    assert new.typed["prices.own/GB200 NVL72"].value == 2.2
    assert new.own_sheets == ["Prices (before)"]
    kept = {c.a1: new.package.value(c) for c in new.package.grid("Prices (before)").cells}
    assert kept["A60"] == "ask Oracle again"
    assert all(c.formula is None for c in new.package.grid("Prices (before)").cells)
    assert any("stays beside" in line.what for line in read_contents(new).inputs.changes)


def test_rows_that_were_inserted_by_hand_are_read_and_built_anew(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    d.set("Ownership", "C9", 0.2)
    d.insert("Ownership", 8, 2)
    d.insert("Prices", 8)
    d.set("Prices", "B9", 2.2)
    d.set("Ownership", "C8", "between the lines")
    path = d.save(tmp_path / "x.xlsx")
    old, new = open_mailed(path), open_mailed(refreshed(path))
    assert read_contents(old).inputs.ownership.residual == 0.2
    assert values(new)["ownership.residual"] == 0.2
    assert values(new)["prices.own/GB200 NVL72"] == 2.2
    everything = [new.package.value(c) for sheet in new.package.sheets for c in new.package.grid(sheet).cells]
    assert "between the lines" in everything
    assert not {f.rule for f in audit(new.package.path, TODAY).findings if f.severity == "error"}


def test_a_renamed_sheet_gets_its_name_back_and_formulas_follow(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    d.add_sheet("Mine")
    d.formula("Mine", "A1", "Prices!Q8*2", 1)
    d.rename("Prices", "Our prices")
    d.set("Our prices", "B8", 2.2)
    path = d.save(tmp_path / "x.xlsx")
    new = open_mailed(refreshed(path))
    assert "Prices" in new.package.sheets
    assert "Our prices" not in new.package.sheets
    assert values(new)["prices.own/GB200 NVL72"] == 2.2
    assert {c.a1: c.formula for c in new.package.grid("Mine").cells}["A1"] == "Prices!Q8*2"


def test_what_was_gone_hidden_or_wrong_is_told(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    gone("Sources")(d)
    d.rename("Claims", "Our claims")
    state("Our claims", "hidden")(d)
    d.set("Summary", "B7", "GPT-9")
    old = d.save(tmp_path / "old.xlsx")
    ran = run("refresh", old, "-o", tmp_path / "new.xlsx")
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert "The sheet was gone and is built again [sheet Sources]" in said
    assert "The sheet has its name back: Our claims [sheet Claims]" in said
    assert "Summary!B7: 'GPT-9' [unusable]" in said
    assert "sheet Claims: hidden [hidden]" in said
    new = open_mailed(tmp_path / "new.xlsx")
    assert new.states["Claims"] == "hidden"
    assert any(line.place == "sheet Sources" for line in read_contents(new).inputs.changes)
    facts = json.loads(run("refresh", old, "-o", tmp_path / "json.xlsx", "--json").out)
    found = audit(tmp_path / "new.xlsx", TODAY).findings
    assert [f["where"] for f in facts["left"]] == [f.where for f in found if f.severity != "note"]


def test_the_result_is_known_as_a_build_whatever_program_saved_the_old_one(small: Path, tmp_path: Path) -> None:
    openpyxl.load_workbook(small).save(tmp_path / "saved.xlsx")
    for path in (tmp_path / "saved.xlsx", refreshed(tmp_path / "saved.xlsx", tmp_path / "new.xlsx")):
        refused(run("build", "-o", path), "built by xlmodel")
    assert not audit(tmp_path / "new.xlsx", TODAY).findings, "what openpyxl lost is there again"


def test_a_menu_whose_labels_were_typed_over_keeps_what_was_chosen(small: Path, tmp_path: Path) -> None:
    d = Desk(small)
    d.set("Fleet", "A8", "people at noon")
    new = open_mailed(refreshed(d.save(tmp_path / "old.xlsx")))
    assert read_contents(new).inputs.fleet.mode == "users"
    assert new.book.value("Fleet", 8, 1) == "users"


# --- random work ----------------------------------------------------------------------------------


def random_work(rng: random.Random, d: Desk, typed: dict[tuple[str, str], Value]) -> None:
    """One thing that somebody does to the workbook; `typed` remembers what must not be lost."""

    def put(sheet: str, a1: str, value: Value) -> None:
        d.set(sheet, a1, value)
        typed[sheet, a1] = value

    def words() -> str:
        return f"note {rng.randint(1, 10**9)}"

    def one_of(*found: Value) -> Value:
        return rng.choice(found)

    kinds: list[Callable[[], None]] = [
        lambda: put("Prices", f"B{rng.randint(7, 9)}", one_of(round(rng.uniform(1, 9), 3), words(), None)),
        lambda: put("Summary", "D7", round(rng.uniform(5, 90), 2)),
        lambda: put(*SPOT["scenario.utilization"], round(rng.uniform(0.1, 1), 3)),
        lambda: put(*SPOT[rng.choice(["second.price_change", "third.utilization"])], one_of(None, round(rng.uniform(0.1, 1), 3))),
        lambda: put("Summary", "H7", rng.choice(BASE.bases)),
        lambda: put("Ownership", f"C{rng.randint(7, 16)}", one_of(None, round(rng.uniform(0, 1), 3), words())),
        lambda: put(*SPOT[f"ownership.capital/{rng.choice(PLATFORMS)}"], round(rng.uniform(1e4, 9e4))),
        lambda: put("Fleet", f"C{rng.randint(8, 16)}", round(rng.uniform(0, 999), 2)),
        lambda: put(*SPOT[f"cover.{rng.choice(['prepared', 'reviewed'])}/{rng.choice(['name', 'note'])}"], words()),
        lambda: put("Claims", f"C{rng.randint(4, 5)}", round(rng.uniform(0.01, 0.5), 3)),
        lambda: put("Functions", f"{rng.choice('EF')}{rng.randint(22, 29)}", round(rng.uniform(1, 99), 1)),
        lambda: put("Benchmarks", f"N{rng.randint(7, LAST)}", one_of(0, 1, "x", None)),
        lambda: put("Benchmarks", f"P{rng.randint(7, LAST)}", words()),
        lambda: put("Benchmarks", f"K{rng.randint(7, LAST)}", round(rng.uniform(10, 9000), 3)),
        lambda: put("Benchmarks", f"{rng.choice('ABCDEFGHIJKLMOP')}{rng.randint(SPARE, SPARE + SPARE_POINTS - 1)}", one_of(words(), 12.5)),
        lambda: put("Prices", f"{rng.choice(['V', 'W', 'X', 'Y', 'Z', 'AA', 'AC', 'AD'])}{rng.randint(QUOTE, QUOTE + 59)}", words()),
        lambda: put("Prices", f"Z{rng.randint(QUOTES, QUOTE - 1)}", round(rng.uniform(1, 9), 3)),
        lambda: put("Platforms", f"{rng.choice('DEFGHIJKLM')}{rng.randint(7, 21)}", one_of(round(rng.uniform(1, 99), 2), words())),
        lambda: put("Changes", f"{rng.choice('ABCDG')}{rng.randint(8, 36)}", words()),
        lambda: put("Changes", "G7", words()),
        lambda: put(rng.choice(["Prices", "Fleet", "Claims", "Sources", "Cover"]), f"AZ{rng.randint(1, 400)}", words()),
        lambda: put("Prices", f"Q{rng.randint(7, 9)}", words()),
        lambda: put(rng.choice(["Scenario", "Ownership", "Fleet"]), f"A{rng.randint(7, 12)}", words()),
        lambda: put("Mine", f"{rng.choice('ABC')}{rng.randint(1, 50)}", words()),
    ]  # fmt: skip
    rng.choice(kinds)()


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_random_work_loses_nothing(seed: int, small: Path, tmp_path: Path) -> None:
    rng = random.Random(seed)
    d = Desk(small)
    d.add_sheet("Mine", at=rng.randint(0, 15))
    work: dict[tuple[str, str], Value] = {}
    for _ in range(rng.randint(1, 25)):
        random_work(rng, d, work)
    old = d.save(tmp_path / "old.xlsx")
    new = open_mailed(refreshed(old))
    held = {(s, c.a1): new.package.value(c) for s in new.package.sheets for c in new.package.grid(s).cells}
    everywhere = {repr(v) for v in held.values()}
    for (sheet, a1), value in work.items():
        if value is not None:
            number = float(value) if isinstance(value, int | float) else value
            assert repr(number) in everywhere, f"{sheet}!{a1} {value!r} is lost"
    then, now = open_mailed(old), new
    for key, typed_then in then.typed.items():
        assert same(typed_then.value, now.typed[key].value), key
    a, b = read_contents(then).inputs, read_contents(now).inputs
    for name in ("scenario", "ownership", "fleet", "own_prices", "typed", "typed_quotes"):
        assert getattr(a, name) == getattr(b, name), name
    shut, still = (sorted((p.interactivity, p.throughput) for p in inputs.points if not p.include) for inputs in (a, b))
    assert shut == still
