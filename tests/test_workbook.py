"""The default workbook: every formula cell agrees with the Python model, whatever a reader edits."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from books import Edited, add, choose, default, exclude, expected, make, reprice
from worlds import Open, opened

from xlmodel.book.point_places import SPARE_POINTS
from xlmodel.book.record_rows import POINT_FIELDS, row_of
from xlmodel.calc.address import letters
from xlmodel.calc.values import NA, Value, same
from xlmodel.engines.programs import CellKey, IronCalc, LibreOffice, Values
from xlmodel.engines.recalculate import differences, stored
from xlmodel.model.age import old
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.readers.assemble import gather
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.refresh.run_refresh import refreshed
from xlmodel.sheets.order import describe
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.rules.run_rules import check

BASE = default()
OWN = Point("DeepSeek-R1", "MI355X", "8k/1k", "FP4", "2026-07", 77.123456, 9876.543211, "own", measured="2026-11-01")


def frontier_rows(inputs: Inputs, platform: str) -> list[int]:
    """Three rows of a platform's frontier in the default choice."""
    rows = [
        i
        for i, p in enumerate(inputs.points)
        if (p.model, p.platform, p.workload, p.snapshot) == ("DeepSeek-R1", platform, "8k/1k", "2026-07")
    ]
    fast = sorted(rows, key=lambda i: -inputs.points[i].throughput)
    return fast[:3]


def quote(platform: str, basis: str, usd: float) -> Quote:
    return Quote(platform, "own contract", "3 years", basis, usd, "2026-11", "contract 17", "high")


SCENARIOS: dict[str, Edited] = {
    "default": Edited({}, BASE),
    "other model": choose(BASE, model="Llama 3.3 70B", interactivity=45.0, baseline="H100", basis="Oracle list"),
    "other workload": choose(BASE, workload="1k/1k", precision="FP8", interactivity=33.3, utilization=0.65),
    "edited price": reprice(BASE, {"GB200 NVL72": 9.5, "MI355X": 5.25}, [quote("B200", "3-year rental 2026-07", 2.22)]),
    "excluded points": exclude(BASE, frontier_rows(BASE, "GB200 NVL72") + frontier_rows(BASE, "MI355X")),
    "added point": add(BASE, [OWN]),
    "switches": choose(
        BASE, speculative="without", disaggregated="without", interpolation="linear", interactivity=25.0
    ),
    "only": choose(BASE, speculative="only", disaggregated="only", interpolation="measured points only"),
    "held": choose(BASE, snapshot="2025-12-19", interactivity=20.0, below_range="hold slowest point", workload="8k/1k"),
    "empty choice": choose(BASE, snapshot="2025-10", interactivity=60.0),
    "no price": choose(BASE, basis="CoreWeave list", baseline="MI300X"),
}
# random worlds of a small book go through LibreOffice too (test_assumptions)
SLOW = ("switches", "only", "held", "empty choice", "no price", "edited price", "excluded points")


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "token-economics.xlsx"
    make(BASE, path)
    return path


@pytest.fixture(scope="module")
def held_open(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("open") / "token-economics.xlsx", BASE)


def held_against_model(values: Mapping[CellKey, Value], inputs: Inputs, unknown: Collection[CellKey] = ()) -> None:
    wanted = expected(inputs)
    assert values.keys() == wanted.keys()
    found = [d for d in differences(values, wanted) if (d.sheet, d.cell) not in unknown]
    assert not found, f"{len(found)} of {len(wanted)} cells differ: {found[:5]}"


def lambda_cells(book: Path) -> set[tuple[str, str]]:
    """Cells that call a named LAMBDA, which LibreOffice does not know, and those of the same sheet that read them."""
    held = {cell: text for cell, (text, _) in stored(book).items()}
    texts = {cell: text for cell, text in held.items() if cell[0] == "Functions"}
    calls = {cell for cell, text in held.items() if re.search(r"\bTOK[A-Z]+\(", text)}
    assert calls <= texts.keys()
    named = "|".join(a1[0] + r"\$?" + a1[1:] for _, a1 in calls)
    return calls | {cell for cell, text in texts.items() if re.search(rf"(?<![A-Z!])\$?({named})(?!\d)", text)}


@pytest.mark.engine
@pytest.mark.parametrize("case", SCENARIOS.values(), ids=SCENARIOS)
def test_every_formula_cell_in_ironcalc_equals_the_python_model(held_open: Open, case: Edited) -> None:
    held_against_model(held_open.values(case.edits), case.inputs)


@pytest.fixture(scope="module")
def in_libreoffice(libreoffice_engine: LibreOffice, book: Path) -> dict[str, Values]:
    """What LibreOffice computes for each case, in one start."""
    names = [name for name in SCENARIOS if name not in SLOW]
    return dict(zip(names, libreoffice_engine.each(book, [SCENARIOS[name].edits for name in names]), strict=True))


@pytest.fixture(scope="module")
def unknown(book: Path) -> set[CellKey]:
    return lambda_cells(book)


@pytest.mark.engine
@pytest.mark.office
@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in SLOW])
def test_every_formula_cell_in_libreoffice_equals_the_python_model(
    in_libreoffice: dict[str, Values], unknown: set[CellKey], name: str
) -> None:
    held_against_model(in_libreoffice[name], SCENARIOS[name].inputs, unknown)


def test_every_formula_cell_is_stored_with_the_value_of_the_python_model(book: Path) -> None:
    kept = {cell: value for cell, (_, value) in stored(book).items()}
    assert not differences(kept, expected(BASE))


def test_no_formula_cell_is_without_a_stored_value_and_the_package_breaks_no_rule(book: Path) -> None:
    assert check(book) == []


@pytest.mark.node
def test_the_open_xml_sdk_finds_nothing(book: Path, validator: Callable[[Path], list[str]]) -> None:
    assert validator(book) == []


def test_the_same_inputs_give_the_same_bytes(book: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    make(gather(), again)
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.parametrize("models", [(), ("GLM-5.1",)], ids=["default", "one model"])
def test_a_platform_without_a_curve_says_why_it_has_no_cost(models: tuple[str, ...]) -> None:
    inputs = gather(models=models)
    sheets = {sheet.name: sheet for sheet in describe(inputs).sheets}

    def column(sheet: str, col: int, row: int, count: int) -> list[Value]:
        cells = (sheets[sheet].cells.get(r, {}).get(col) for r in range(row, row + count))
        return [cell.value if cell else None for cell in cells]

    held = {p.platform for p in inputs.points}
    facts = dict(zip(column("Platforms", 1, 7, 30), column("Platforms", 16, 7, 30), strict=True))
    why = {platform: words for platform, words in facts.items() if platform and platform not in held}
    assert all(why.values())
    assert not any(facts[platform] for platform in held)
    top = 7 + len(held) + 3
    assert column("Prices", 1, top - 2, 1) == ["Platforms without a cost"]
    assert dict(zip(column("Prices", 1, top, len(why)), column("Prices", 3, top, len(why)), strict=True)) == why
    priced = Counter(q.platform for q in inputs.quotes if q.usd_per_gpu_hour)
    assert column("Prices", 2, top, len(why)) == [priced[str(platform)] for platform in why]


@pytest.mark.parametrize(
    ("day", "ages"),
    [
        ("2026-07-01", (0, 0, 0)),
        ("2026-11-27", (48, 130, 49)),
        ("2027-01-16", (98, 180, 99)),
        ("2027-01-17", (99, 181, 100)),
        ("", (0, 0, 0)),
    ],
)
def test_the_cover_says_how_old_the_data_are_and_checks_warns(day: str, ages: tuple[int, int, int]) -> None:
    sheets = {sheet.name: sheet for sheet in describe(BASE, build_date=day).sheets}
    cover = [
        cells[2].value for cells in sheets["Cover"].cells.values() if 1 in cells and cells[1].value == "Age of the data"
    ]
    assert cover == [
        "newest quote 2026-10-10, measurement 2026-07-20, API price 2026-10-09; "
        f"days old at the build: {ages[0]}, {ages[1]} and {ages[2]}"
    ]
    rows = {cells[1].value: cells for cells in sheets["Checks"].cells.values() if 5 in cells and 1 in cells}
    warnings = ("Prices are recent", "Measurements are recent", "API prices are recent")
    for what, age in zip(warnings, ages, strict=True):
        assert (rows[what][3].value, rows[what][5].value) == (age, "recent" if age <= 180 else "old")
    assert sheets["Checks"].cells[4][2].value == 1, "a warning is no failing check"
    assert len(old(BASE.quotes, BASE.points, day)) == sum(age > 180 for age in ages[:2])


@pytest.mark.usefixtures("full_compression")
def test_the_default_book_stays_within_its_size(tmp_path: Path) -> None:
    make(BASE, tmp_path / "full.xlsx")
    assert (tmp_path / "full.xlsx").stat().st_size <= 740_000  # 600 kB is the aim, and missed: see the README


def test_the_master_check_passes_in_the_default_book(book: Path) -> None:
    assert stored(book)["Checks", "B4"][1] == 1


def test_every_missing_number_of_a_presentation_sheet_has_its_reason_in_the_same_row(book: Path) -> None:
    values = stored(book)
    for case in ("default", "no price", "empty choice"):
        wanted = expected(SCENARIOS[case].inputs)
        for (sheet, cell), value in wanted.items():
            row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            if sheet == "Summary" and value == NA and int(row) >= 16:
                words = wanted[sheet, f"N{row}"]
                assert isinstance(words, str)
                assert words, f"{case}: {sheet}!{cell} is #N/A without a reason"
            if sheet == "Prices" and value == NA:
                assert any(
                    isinstance(other, str) and "no " in other
                    for (s, c), other in wanted.items()
                    if s == "Prices" and c.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row
                )
    assert values


@pytest.mark.engine
def test_an_edited_price_moves_the_cells_that_depend_on_it_and_no_others(held_open: Open) -> None:
    case = reprice(BASE, {"H200": 7.77}, [])
    before, after = expected(BASE), expected(case.inputs)
    should_move = {cell for cell in before if not same(before[cell], after[cell])}
    first = held_open.values({})
    second = held_open.values(case.edits)
    moved = {cell for cell in first if not same(first[cell], second[cell])}
    assert moved == should_move
    assert {sheet for sheet, _ in moved} >= {"Prices", "Cost curves", "Summary"}
    costs = {
        cell for cell in moved if cell[0] == "Benchmarks"
    }  # at one token a second, beside what the functions search
    assert len(costs) == 1
    assert not any(sheet in ("Curves", "Claims") for sheet, _ in moved)


def test_no_shared_formula_refers_to_another_sheet_because_excel_cannot_load_one(book: Path) -> None:
    package = Package(book)
    shared = [
        cell.formula
        for sheet in package.sheets
        for cell in package.grid(sheet).cells
        if cell.shape == "shared" and cell.formula
    ]
    assert shared
    assert not [text for text in shared if "!" in text]


def test_sentences_round_by_round_because_fixed_alone_rounds_the_binary_value_in_some_programs(book: Path) -> None:
    package = Package(book)
    texts = [cell.formula for sheet in package.sheets for cell in package.grid(sheet).cells if cell.formula]
    assert len([text for text in texts if "FIXED(ROUND(" in text]) > 10
    assert not [text for text in texts if re.search(r"FIXED\((?!ROUND\()", text)]


# rows under the table are slow to compute in a long table, and no other workload is among them
FEW = replace(BASE, points=tuple(p for p in BASE.points if p.workload == "8k/1k"))


@pytest.fixture(scope="module")
def few_open(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("few") / "few.xlsx", FEW)


LOAD_TEST = [
    replace(OWN, interactivity=100 / 3, throughput=12345.678901234567),  # more digits than text would carry
    replace(OWN, interactivity=100 / 3, throughput=12345.678901234567),  # exact duplicate: counts once
    replace(OWN, interactivity=50.0, throughput=9000.0, precision="FP8"),
    replace(OWN, interactivity=50.0, throughput=9500.0),  # equal interactivity: the larger throughput stays
    replace(
        OWN, platform="H100", model="gpt-oss-120B", snapshot="own", interactivity=40.0, throughput=5000.0
    ),  # new curve
    replace(OWN, snapshot="own", interactivity=40.0, throughput=5000.0, include=False),  # excluded: brings no curve
    replace(OWN, platform="B200", precision="INT8", interactivity=60.0, throughput=99999.0),  # pooled only
]


@pytest.mark.engine
def test_awkward_rows_typed_below_the_table_join_their_curves(few_open: Open) -> None:
    case = add(FEW, LOAD_TEST)
    held_against_model(few_open.values(case.edits), case.inputs)


@pytest.mark.engine
def test_a_full_region_of_typed_rows_still_agrees(few_open: Open) -> None:
    rows = [
        replace(OWN, interactivity=1.0 + i / 7, throughput=50_000.0 / (1 + i % 50), platform=("B300", "MI300X")[i % 2])
        for i in range(SPARE_POINTS)
    ]
    case = add(FEW, rows)
    held_against_model(few_open.values(case.edits), case.inputs)


JUNK: dict[str, tuple[Mapping[str, Value], Value]] = {
    "text for a number": ({"J": "60 tok/s", "K": 5.0}, "not a number"),
    "nothing but a platform": ({"B": "B200"}, ""),
    "zero": ({"J": 0.0, "K": 0.0}, "not above zero"),
    "negative": ({"J": -5.0, "K": 100.0}, "not above zero"),
}


@pytest.mark.engine
@pytest.mark.parametrize(("cells", "doubt"), JUNK.values(), ids=JUNK)
def test_unusable_rows_below_the_table_change_no_number_and_say_why(
    few_open: Open, cells: Mapping[str, Value], doubt: Value
) -> None:
    row = 7 + len(FEW.points)
    values = few_open.values({("Benchmarks", f"{col}{row}"): value for col, value in cells.items()})
    assert values["Benchmarks", f"R{row}"] == doubt
    found = [d for d in differences(values, expected(FEW)) if not isinstance(d.stored, str)]
    assert {d.sheet for d in found} <= ({"Checks", "Cover"} if doubt else set()), found[:5]


@pytest.mark.engine
def test_a_sorted_table_gives_the_same_results(ironcalc_engine: IronCalc, tmp_path: Path) -> None:
    small = default_of("Llama 3.3 70B")
    book = tmp_path / "small.xlsx"
    make(small, book)
    order = sorted(range(len(small.points)), key=lambda i: small.points[i].throughput)
    edits: dict[tuple[str, str], Value] = {}
    for target, source in enumerate(order):
        for col, value in enumerate(row_of(small.points[source], POINT_FIELDS), 1):
            edits["Benchmarks", f"{letters(col)}{7 + target}"] = value
    values = ironcalc_engine.values(book, edits)
    wanted = expected(small)
    found = [d for d in differences(values, wanted) if d.sheet in ("Summary", "Cost curves", "Checks")]
    found = [d for d in found if not (d.sheet == "Cost curves" and d.cell[0] in "RS" and d.cell[1].isdigit())]
    assert not found, found[:5]


def default_of(model: str) -> Inputs:
    return gather(models=[model])


def test_formula_looking_text_stays_text_in_every_field(tmp_path: Path) -> None:
    payloads = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "==x", "#REF!", "\t=1", "＝1+1"]
    small = default_of("Llama 3.3 70B")
    p = small.points[0]
    points = [
        replace(p, framework=t, source=t, note=t, measured=t, interactivity=p.interactivity + i)
        for i, t in enumerate(payloads, 1)
    ]
    quotes = [replace(quote("B200", "", 1.0), provider=t, commitment=t, source=t, note=t) for t in payloads]
    inputs = replace(small, points=(*points, *small.points), quotes=(*small.quotes, *quotes))
    path = tmp_path / "text.xlsx"
    make(inputs, path)
    formulas = {text for text, _ in stored(path).values()}
    assert not formulas & set(payloads)
    with zipfile.ZipFile(path) as package:
        strings = package.read("xl/sharedStrings.xml").decode()
    for payload in payloads:
        assert payload.replace("&", "&amp;") in strings
    assert check(path) == []
    marked = literal_texts(path)
    assert {text for text in payloads if text[0] in "=+-@"} <= marked, "text stays text when its cell is edited"
    assert all(text[0] in "=+-@" for text in marked)
    again = tmp_path / "again.xlsx"
    with zipfile.ZipFile(again, "w") as package:
        for name, data in refreshed(open_mailed(path), date(2026, 12, 1), (), (), "0.1.0").parts.items():
            package.writestr(name, data)
    assert {text for text in payloads if text[0] in "=+-@"} <= literal_texts(again)


def literal_texts(path: Path) -> set[str]:
    """Texts of a workbook; those that stand in a cell with and in one without the mark of literal text are refused."""
    workbook = openpyxl.load_workbook(path)
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for cell in (c for ws in workbook.worksheets for row in ws.iter_rows() for c in row if c.data_type == "s"):
        found[bool(cell.quotePrefix)].add(str(cell.value))
    assert not found[True] & found[False]
    return found[True]
