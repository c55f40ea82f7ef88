"""Sheet API prices: the mix, own prices, the ranking against hosting, slips, files, and everything kept by refresh."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import assume, choose, demand, make
from config_files import read_config
from desk import Desk
from test_audit import BASE, TODAY, build
from test_cli import run
from worlds import Open

from xlmodel.book.places import API_PRICES as NAME
from xlmodel.book.record_rows import API_FIELDS, row_of
from xlmodel.book.spec import Book
from xlmodel.calc.address import Area
from xlmodel.calc.values import NA, Value, same
from xlmodel.commands.produce import refresh_book
from xlmodel.model.api_price import ApiPrice, joined, reference, unmarked
from xlmodel.model.changed_inputs import differences
from xlmodel.model.difference import HOSTED
from xlmodel.model.scenario import Inputs
from xlmodel.readers.api_prices import API_PRICES, bundled_api_prices
from xlmodel.readers.assemble import gather
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.typed_inputs import read_contents
from xlmodel.sheets.order import describe

MODEL = "GLM-5.1"
HEADER = "model,provider,input,cached_input,output,as_of,source\n"
# 8k/1k: one output token to eight of input; half of the input cached
MIXED = demand(BASE, cached_share=0.5).inputs
OFFERS = (
    ApiPrice(MODEL, "Ann", 0.60, 3.00, "2026-11-20", "offer 1", cached_input=0.10),  # (4 x 0.60 + 4 x 0.10 + 3.00) / 9 = 0.64444
    ApiPrice(MODEL, "Bob", 0.50, 2.00, "2026-11-20", "offer 2"),  # no discount: (8 x 0.50 + 2.00) / 9 = 0.66667
    ApiPrice("Other", "Cid", 0.01, 0.01, "2026-11-20", "offer 3"),  # another model
    ApiPrice(MODEL, "Dan", 0.90, 9.00, "2026-11-20", "offer 4", own_input=0.45, own_output=1.35),  # 8 x 0.45 + 1.35 = 4.95 / 9 = 0.55
)  # fmt: skip


def world(prices: tuple[ApiPrice, ...] = OFFERS, typed: tuple[ApiPrice, ...] = (), inputs: Inputs = MIXED) -> Inputs:
    return replace(inputs, api_prices=prices, typed_api=typed)


def at(book: Book, key: str) -> list[Value]:
    """The values under a key, as the Python model computes them."""
    area = book.areas[key]
    sheet = next(sheet for sheet in book.sheets if sheet.name == area.sheet)
    return [
        sheet.cells[row][col].value if col in sheet.cells.get(row, {}) else None
        for row in range(area.row, area.last_row + 1)
        for col in range(area.col, area.last_col + 1)
    ]


def failing(book: Book) -> set[str]:
    rows = next(sheet for sheet in book.sheets if sheet.name == "Checks").cells.values()
    return {str(row[1].value) for row in rows if 5 in row and row[5].style == "Check" and row[5].value != 1}


def cells_of(book: Book, price: ApiPrice, row: int) -> dict[tuple[str, str], Value]:
    """What is typed to add a price in a row of the table (0-based)."""
    first = [book.areas[f"offers.{field}"] for field in API_FIELDS.values()]
    cells = zip(first, row_of(price, API_FIELDS), strict=True)
    return {(NAME, Area(NAME, a.row + row, a.col, a.row + row, a.col).a1.partition(":")[0]): v for a, v in cells}


def test_the_price_of_the_mix_is_as_worked_by_hand_and_what_is_agreed_wins() -> None:
    book = describe(world())
    assert at(book, "offers.usd")[:4] == pytest.approx([5.8 / 9, 6 / 9, 0.01, 0.55])
    assert at(book, "offers.chosen")[:4] == pytest.approx([5.8 / 9, 6 / 9, "", 0.55], abs=1e-12)
    assert at(book, "offers.place")[:4] == [2, 3, 1, 1]


def test_other_sheets_find_the_price_in_use_under_its_keys() -> None:
    book = describe(world())
    found = {
        key: at(book, f"api.{key}")[0] for key in ("blended_best", "median", "provider", "input", "cached", "output")
    }
    numbers = {"blended_best": 0.55, "median": 5.8 / 9, "input": 0.45, "cached": 0.45, "output": 1.35}
    assert found.pop("provider") == "Dan"
    assert found == pytest.approx(numbers)


def test_a_workload_and_a_cached_share_change_the_mix() -> None:
    even = choose(demand(BASE, cached_share=None).inputs, workload="1k/1k").inputs
    assert at(describe(world(inputs=even)), "offers.usd")[:2] == pytest.approx(
        [1.8, 1.25]
    )  # (0.60 + 3.00) / 2, (0.50 + 2.00) / 2


def test_the_ranking_holds_hosting_and_apis_in_one_order() -> None:
    book = describe(world())
    prices = [value for value in at(book, "ranking.usd_m_tokens") if isinstance(value, float)]
    ways = [way for way in at(book, "ranking.way") if way]
    hosted = [cost for cost in at(book, "target.cost") if isinstance(cost, float)]
    assert prices == sorted(prices)
    assert sorted(prices) == pytest.approx(sorted([*hosted, 5.8 / 9, 6 / 9, 0.55]))
    assert (ways.count("API"), ways.count("hosting")) == (3, len(hosted))


def test_hosting_is_held_against_the_cheapest_and_the_median_api() -> None:
    book = describe(world(inputs=assume(MIXED, utilization=0.8).inputs))
    cost, best, median, use = (
        at(book, f"hosted.{key}") for key in ("cost", "x_cheapest_api", "x_median_api", "break_even_use")
    )
    i = next(i for i, value in enumerate(cost) if isinstance(value, float))
    assert (best[i], median[i], use[i]) == pytest.approx((cost[i] / 0.55, cost[i] / (5.8 / 9), cost[i] * 0.8 / 0.55))  # type: ignore[operator]


@pytest.mark.parametrize("prices", [(), OFFERS[2:3]])
def test_a_model_without_a_price_says_so(prices: tuple[ApiPrice, ...]) -> None:
    book = describe(world(prices))
    assert "no API price of it is known" in str(at(book, "api.finding")[0])
    assert at(book, "api.blended_best") == [NA]
    sheet = next(sheet for sheet in book.sheets if sheet.name == NAME)
    shown = {cell.value for row in sheet.cells.values() for cell in row.values()}
    assert not {value for value in shown if str(value).startswith("#") and value != NA}


FULL = ApiPrice("", "", 0.5, 1.0, "2026-11-20", "offer")
SLIPS: dict[str, tuple[ApiPrice, ...]] = {
    "API prices have sources": (replace(FULL, model=MODEL, provider="Eve", source=""),),
    "API prices are per million tokens": (
        replace(FULL, model=MODEL, provider="Eve", input=0.0005, output=0.001), replace(FULL, model=MODEL, provider="Eve", output=2000.0),
    ),
    "Cached input costs no more": (replace(FULL, model=MODEL, provider="Eve", cached_input=0.6),),
    "Rows of API prices are complete": (
        replace(FULL, model=MODEL, provider="Eve", output=None), replace(FULL, provider="Eve"), replace(FULL, model=MODEL),
    ),
    "Models of API prices are spelled alike": tuple(replace(FULL, model=name, provider="Eve") for name in ("glm 5.1", "GLM5.1")),
}  # fmt: skip


@pytest.mark.parametrize(("check", "slip"), [(check, slip) for check, slips in SLIPS.items() for slip in slips])
def test_a_slip_fails_its_check(check: str, slip: ApiPrice) -> None:
    assert failing(describe(world(typed=(slip,)))) == {check}


@pytest.mark.parametrize(
    "typed",
    [(), (replace(FULL, model="glm-5.1", provider="Eve"),), (replace(FULL, model="New model", provider="Eve"),)],
)
def test_other_rows_fail_none(typed: tuple[ApiPrice, ...]) -> None:
    assert failing(describe(world(typed=typed))) == set()


def test_the_engine_computes_the_same_with_own_prices_and_typed_rows(tmp_path: Path) -> None:
    inputs = world(reference(bundled_api_prices(), BASE.models))
    sheet = Open(tmp_path / "b.xlsx", make(inputs, tmp_path / "b.xlsx"))
    book = describe(inputs)
    listed, built = inputs.api_prices, len(inputs.api_prices)
    marked = replace(listed[2], own_input=0.11, own_cached=0.02, own_output=0.45)
    typed = (OFFERS[0], replace(FULL, model=MODEL, provider="Half", output=None), OFFERS[2])
    cells = cells_of(book, marked, 2)
    for i, price in enumerate(typed):
        cells |= cells_of(book, price, built + i)
    found = sheet.values(cells)
    wanted = describe(replace(inputs, api_prices=(*listed[:2], marked, *listed[3:]), typed_api=typed))
    apart = [
        (where, value, cell)
        for s in wanted.sheets
        for row, line in s.cells.items()
        for col, c in line.items()
        if c.formula and not c.python and (where := (s.name, Area(s.name, row, col, row, col).a1.partition(":")[0])) in found
        and not same(value := found[where], cell := c.value, 1e-9)
    ]  # fmt: skip
    assert apart == []
    assert "API: 0" not in str(at(wanted, "api.finding"))


# --- files ------------------------------------------------------------------------------------------------------------


def file(path: Path, *lines: str) -> Path:
    path.write_text(HEADER + "".join(line + "\n" for line in lines))
    return path


def test_an_own_file_joins_and_takes_the_place_of_the_listed_price(tmp_path: Path) -> None:
    listed = next(p for p in reference(bundled_api_prices(), [MODEL]) if p.model == MODEL)
    own = file(
        tmp_path / "own.csv",
        f"{MODEL},{listed.provider},0.02,,0.08,2026-11,contract",
        f"{MODEL},Ours,0.3,,0.9,2026-11,contract",
    )
    inputs = gather(models=[MODEL], api_prices=[own])
    places = [(p.model, p.provider) for p in inputs.api_prices]
    assert inputs.own_api == 2
    assert places[-2:] == [(MODEL, listed.provider), (MODEL, "Ours")]
    assert len(places) == len(set(places))


def test_settings_name_files_of_api_prices(tmp_path: Path) -> None:
    file(tmp_path / "own.csv", f"{MODEL},Ours,0.3,,0.9,2026-11,contract")
    (tmp_path / "s.toml").write_text(
        f'[scenario]\nmodel = "{MODEL}"\n[build]\nmodels = ["{MODEL}"]\napi_prices = ["own.csv"]\n'
    )
    assert gather(read_config(tmp_path / "s.toml")).api_prices[-1].provider == "Ours"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            HEADER + f"{MODEL},Ours,0.0000003,,0.0000009,2026-11,x\n",
            ["own.csv line 2, input", "per token", "1,000,000"],
        ),
        (HEADER + f"{MODEL},Ours,0.3,0.4,0.9,2026-11,x\n", ["own.csv line 2, cached_input", "above the input price"]),
        (HEADER + f"{MODEL},Ours,,,0.9,2026-11,\n", ["line 2, input", "line 2, source"]),
        (
            "platform,provider,usd_per_gpu_hour,as_of,source\nB200,X,3,2026-11,y\n",
            ["a file of prices", "a file of API prices", "--prices"],
        ),
        ("", ["own.csv"]),
    ],
)
def test_malformed_files_are_refused_with_all_problems(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "own.csv").write_text(text)
    result = run("build", "--api-prices", str(tmp_path / "own.csv"), "-o", str(tmp_path / "b.xlsx"))
    assert result.code == 2
    assert [word for word in words if word not in " ".join(result.err.split())] == []
    assert not (tmp_path / "b.xlsx").exists()


def test_api_prices_given_as_prices_are_refused_in_a_sentence(tmp_path: Path) -> None:
    own = file(tmp_path / "own.csv", f"{MODEL},Ours,0.3,,0.9,2026-11,contract")
    result = run("build", "--prices", str(own), "-o", str(tmp_path / "b.xlsx"))
    assert "a file of API prices" in result.err
    assert "--api-prices" in result.err


# --- what comes back --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workbook with own prices and a typed row, and the same refreshed with a further file."""
    folder = tmp_path_factory.mktemp("api")
    book, old = describe(BASE), build(BASE, folder / "old.xlsx")
    desk = Desk(old)
    marked = replace(BASE.api_prices[3], own_input=0.2, own_output=0.7)
    cells: Mapping[Any, Value] = cells_of(book, marked, 3) | cells_of(book, OFFERS[0], len(BASE.api_prices))
    for (sheet, a1), value in cells.items():
        if value is not None:
            desk.set(sheet, a1, value)
    desk.save(old)
    new = folder / "new.xlsx"
    further = file(folder / "more.csv", f"{MODEL},Ours,0.3,,0.9,2026-11,contract")
    refresh_book(old, new, api_prices=[further], day=datetime.date(2026, 11, 24))
    return old, new


def test_what_was_typed_is_read_and_raises_no_alarm(pair: tuple[Path, Path]) -> None:
    inputs = read_contents(open_mailed(pair[0])).inputs
    assert (inputs.api_prices[3].own_input, inputs.api_prices[3].own_output) == (0.2, 0.7)
    assert tuple(map(unmarked, inputs.api_prices)) == BASE.api_prices
    assert inputs.typed_api == (OFFERS[0],)
    findings = audit(pair[0], TODAY).findings
    assert {(f.rule, f.where, f.found) for f in findings if f.severity != "note" and NAME in f.where} == set()
    assert {f.rule for f in findings if f.severity == "error"} <= {"stored"}  # the desk recomputes nothing


def test_refresh_keeps_own_prices_and_typed_rows_and_brings_the_file(pair: tuple[Path, Path]) -> None:
    inputs = read_contents(open_mailed(pair[1])).inputs
    marked = next(p for p in inputs.api_prices if unmarked(p) == BASE.api_prices[3])
    assert (marked.own_input, marked.own_output) == (0.2, 0.7)
    assert inputs.typed_api == (OFFERS[0],)
    assert (inputs.api_prices[-1].provider, inputs.own_api) == ("Ours", 1)


def test_diff_names_each_change_of_a_price() -> None:
    new = world((OFFERS[0], replace(OFFERS[1], input=0.4), OFFERS[3]))
    found = {(c.what, c.before, c.after) for c in differences(world(), new) if c.kind == HOSTED}
    assert found == {
        (f"API price changed: {MODEL} of Bob", "input 0.5, output 2", "input 0.4, output 2"),
        ("API price removed: Other of Cid", "input 0.01, output 0.01", None),
    }
    for change in differences(world(), new):
        assert change.apply(world()) != world()


def test_a_file_of_the_form_of_the_template_is_read() -> None:
    template = Path(__file__).parents[1] / "templates" / "api-prices.csv"
    own = API_PRICES.read(template)
    assert joined((), own)[0].context is None
    assert len(joined(own, own)) == len(own)
