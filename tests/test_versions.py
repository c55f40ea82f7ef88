"""A book outlives the version that built it: a later one checks, compares and refreshes it by its own contract."""

import datetime
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from books import formula
from desk import MAIN, Desk, put_on, text_box
from dress import cache, chart, restyle, row
from test_audit import BASE, TODAY, build

from xlmodel.book.contract import Contract
from xlmodel.book.spec import Book
from xlmodel.model.scenario import Inputs
from xlmodel.returned.check import NOTE, WARNING, reference, subject
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.diff.compare import compare
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.refresh.run_refresh import refreshed
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write

# by the version of November 2026: its contract is of the first form, which does not say what was built, and the
# layout has changed since, so that no later version describes it
BOOK = Path(__file__).parent / "books" / "built-2026-11.xlsx"
OLD = "0.0.9"


@pytest.fixture
def other_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this version laid out otherwise what others built: it describes no book of theirs."""
    known = reference.described

    def described(inputs: Inputs, contract: Contract, *, valued: bool = True) -> Book | None:
        theirs = contract.version == OLD or contract.built is None
        return None if theirs else known(inputs, contract, valued=valued)

    monkeypatch.setattr(reference, "described", described)
    monkeypatch.setattr(subject, "described", described)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of an older version whose contract says what it built."""
    path = tmp_path_factory.mktemp("old") / "old.xlsx"
    with path.open("wb") as target:
        write(describe(BASE, build_date="2026-09-20"), target, version=OLD)
    return path


def ten_faults(path: Path, target: Path, formula: tuple[str, str, str]) -> Path:
    """Ten faults of ten kinds; `formula` is a cell of Ownership, a piece of its formula, and what is written for it."""
    d = Desk(path)
    d.set("Cost curves", "D10", 0.01)  # a formula typed over
    d.change("Ownership", *formula)  # a formula unlike its neighbours
    d.set("Prices", "N6", "Our basis")  # another heading
    d.store("Summary", "K18", 9.0)  # a result of yesterday
    restyle(d, "Summary", "D17", format=";;;")
    restyle(d, "Summary", "E18", color="FFFFFF")
    row(d, "Summary", 16, hidden="1")
    guard = d.tree(d.part_of("Scenario")).find(MAIN + "sheetProtection")
    assert guard is not None
    guard.getparent().remove(guard)  # type: ignore[union-attr]
    put_on(d, "Summary", text_box("Box", "agreed", 15))
    cache(chart(d, "Summary", 2), 0, "val", 0, "0.5")
    return d.save(target)


# rule, place of the finding; the first where it is known what was built, the second where it is not
KINDS = {
    "typed over": (("overwritten", "neighbours"), "'Cost curves'!D10"),
    "unlike its neighbours": (("formula", "neighbours"), ("Ownership!D29", "Ownership!E41")),
    "another heading": (("words", "seal"), ("Prices!N6", "sheet Prices")),
    "a result of yesterday": (("stored", "stored"), "Summary!K18"),
    "not shown": (("format", "reads"), "Summary!D17"),
    "white": (("ink", "ink"), "Summary!E18"),
    "hidden": (("hidden", "hidden"), "sheet Summary, row 16"),
    "unprotected": (("protection", "protection"), "sheet Scenario"),
    "covered": (("overlay", "overlay"), "Summary!C16"),
    "a stored point": (("cache", "cache"), "sheet Summary, Chart 3"),
}


@pytest.mark.parametrize("known", [True, False])
def test_ten_faults_of_ten_kinds_are_found(known: bool, old: Path, tmp_path: Path) -> None:
    """In a book that this version describes, and in the one of November 2026, which nobody can describe any more."""
    if known:
        path = ten_faults(old, tmp_path / "x.xlsx", ("D29", "$C$7", "10"))
    else:
        path = ten_faults(BOOK, tmp_path / "x.xlsx", ("E41", "8760", "8000"))
    found = audit(path, TODAY).findings
    for kind, (rules, places) in KINDS.items():
        rule, place = rules[not known], places if isinstance(places, str) else places[not known]
        hits = [f for f in found if f.rule == rule and any(place in text for text in (f.where, *f.cells))]
        assert hits, f"{kind}: {[(f.rule, f.where) for f in found]}"


def test_the_book_of_november_2026_raises_no_alarm_and_what_cannot_be_judged_is_named() -> None:
    found = audit(BOOK, TODAY)
    assert [(f.rule, f.severity) for f in found.findings] == [("contract", WARNING)]
    assert "labels by a checksum" in found.findings[0].found
    assert not found.facts["compared"]


@pytest.mark.usefixtures("other_layout")
def test_a_book_with_another_layout_is_checked_in_full_by_its_contract(old: Path, tmp_path: Path) -> None:
    assert [(f.rule, f.severity) for f in audit(old, TODAY).findings] == [("contract", NOTE)]
    d = Desk(old)
    d.set("Cost curves", "D8", 0.01)
    d.change("Ownership", "D29", "$C$7", "10")
    d.set("Prices", "N6", "Our basis")
    restyle(d, "Summary", "E16", format="0.0%")
    found = audit(d.save(tmp_path / "x.xlsx"), TODAY).findings
    assert {"overwritten", "formula", "words", "format"} <= {f.rule for f in found}
    assert any("Summary!" not in f.expected and f.expected.startswith("=") for f in found if f.rule == "formula")


@pytest.mark.usefixtures("other_layout")
def test_a_comparison_of_two_layouts_names_what_differs(old: Path, tmp_path: Path) -> None:
    new = build(BASE, tmp_path / "new.xlsx")
    assert compare(old, new).same, "two books of one layout, built by two versions"
    book = describe(BASE, build_date="2026-09-20")
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Summary")
    sheet.put(60, 2, "Carbon", "Label")
    formula(sheet, 60, 3, "E16*2", 0.0)
    sheet.validations.pop()
    with (tmp_path / "older.xlsx").open("wb") as target:
        write(book, target, version=OLD)
    told = {c.what: (c.before, c.after) for c in compare(tmp_path / "older.xlsx", new).changes if c.kind == "layout"}
    assert told["Words by the build"] == ("Summary: Carbon", "none")
    assert "Formulas by the build" in told
    assert str(told["What may be typed by the build"][1]).startswith("Summary: ")


@pytest.mark.usefixtures("other_layout")
@pytest.mark.parametrize("name", ["old", "first form"])
def test_a_refresh_brings_the_inputs_over(name: str, old: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    shutil.copy(old if name == "old" else BOOK, path)
    d = Desk(path)
    d.set("Prices", "B8", 1.23)
    d.set("Scenario", "C7", 0.55)
    made = refreshed(open_mailed(d.save(path)), datetime.date(2026, 11, 24), (), (), "0.1.0")
    inputs = {key: ref for sheet in made.book.sheets for key, ref in sheet.inputs.items()}
    held = {
        key: next(s for s in made.book.sheets if s.name == ref.sheet).cells[ref.row][ref.col].value
        for key, ref in inputs.items()
    }
    assert held["prices.own/GB200 NVL72"] == 1.23
    assert held["scenario.utilization"] == 0.55


def test_the_seal_is_that_of_the_text(old: Path) -> None:
    contract = open_mailed(old).contract
    assert contract.whole
    assert replace(contract, whole=False) != contract
