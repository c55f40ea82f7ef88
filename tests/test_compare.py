"""`diff` tells what changed, and its bridge adds up; long counts come by XLMODEL_BRIDGES."""

import json
import math
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from books import add, assume, choose, demand, exclude, make, reprice
from desk import MAIN, Desk, spots
from test_cli import refused, run

from xlmodel.calc.address import Area
from xlmodel.calc.values import same
from xlmodel.commands.terminal import FAILING
from xlmodel.engines.programs import IronCalc
from xlmodel.engines.recalculate import recalculate
from xlmodel.model.bridge import bridge
from xlmodel.model.facts import Quote
from xlmodel.model.headline import COST, GAIN, LOWEST, headline
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.model.variants import Naming
from xlmodel.readers.assemble import gather
from xlmodel.returned.diff.compare import REST, compare
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write
from xlmodel.xlsx.rules.run_rules import check

BASE = gather(models=["GLM-5.1", "Llama 3.3 70B"])
BRIDGES = int(os.environ.get("XLMODEL_BRIDGES", "20"))


def edited(rng: random.Random, inputs: Inputs) -> Inputs:
    """One edit that a person might make, or that new data bring."""
    platforms = list(dict.fromkeys(p.platform for p in inputs.points))
    platform, point = rng.choice(platforms), rng.choice(inputs.points)
    quote = Quote(
        platform,
        "offer",
        "",
        rng.choice(inputs.bases[:-1]),
        round(rng.uniform(0.5, 9), 3),
        "2026-11",
        "offer 1",
        "high",
    )
    own = replace(point, interactivity=rng.uniform(5, 200), throughput=rng.uniform(50, 9000), source="ours")
    kinds: list[Callable[[], Inputs]] = [
        lambda: choose(inputs, interactivity=round(rng.uniform(5, 150), 1)).inputs,
        lambda: choose(inputs, model=rng.choice(inputs.models)).inputs,
        lambda: choose(inputs, basis=rng.choice(inputs.bases)).inputs,
        lambda: choose(inputs, baseline=platform).inputs,
        lambda: choose(inputs, utilization=round(rng.uniform(0.2, 1), 2)).inputs,
        lambda: choose(inputs, precision=rng.choice(["best", "FP8", "FP4"])).inputs,
        lambda: choose(inputs, workload=rng.choice(inputs.workloads)).inputs,
        lambda: choose(inputs, interpolation=rng.choice(["Steffen", "linear", "measured points only"])).inputs,
        lambda: choose(inputs, below_range=rng.choice(["no answer", "hold slowest point"])).inputs,
        lambda: choose(inputs, disaggregated=rng.choice(["all", "without", "only"])).inputs,
        lambda: replace(inputs, own_prices={**inputs.own_prices, platform: round(rng.uniform(0.5, 12), 2)}),
        lambda: replace(inputs, own_prices={k: v for k, v in inputs.own_prices.items() if k != platform}),
        lambda: replace(inputs, typed_quotes=(*inputs.typed_quotes, quote)),
        lambda: replace(inputs, quotes=tuple(q for q in inputs.quotes if q.platform != platform or q.basis != quote.basis)),
        lambda: replace(inputs, typed=(*inputs.typed, own)),
        lambda: exclude(inputs, rng.sample(range(len(inputs.points)), 5)).inputs,
        lambda: replace(inputs, points=tuple(p for p in inputs.points if rng.random() > 0.15)),
        lambda: replace(inputs, points=tuple(replace(p, throughput=p.throughput * rng.uniform(0.9, 1.2)) if rng.random() < 0.2 else p for p in inputs.points)),
        lambda: assume(inputs, {platform: round(rng.uniform(1e4, 6e4))}, life=float(rng.randint(2, 7)), usd_per_kwh=0.11).inputs,
        lambda: replace(inputs, platforms=tuple(replace(f, kilowatt=(f.kilowatt or 1.0) * 1.1) for f in inputs.platforms)),
        lambda: replace(inputs, naming=replace(inputs.naming, active=rng.choice(inputs.naming.names))),
        lambda: replace(inputs, naming=replace(inputs.naming, third=rng.choice(["Deal", "Plan B"]), active=rng.choice(["Base", "Deal", "Plan B"]))),
        lambda: replace(inputs, third=replace(inputs.third, utilization=round(rng.uniform(0.2, 1), 2), price_change=round(rng.uniform(-0.5, 0.5), 2))),
        lambda: demand(inputs, users=float(rng.randint(1, 9000)), price_input=0.3).inputs,
    ]  # fmt: skip
    return rng.choice(kinds)()


@pytest.mark.parametrize("seed", range(BRIDGES))
def test_the_bridge_of_random_edits_adds_up_for_every_result(seed: int) -> None:
    rng = random.Random(seed)
    old = new = BASE
    for _ in range(rng.randint(0, 2)):
        old = edited(rng, old)
    new = old
    for _ in range(rng.randint(1, 7)):
        new = edited(rng, new)
    found = bridge(old, new)
    assert found.after == headline(new, [k.removeprefix(COST) for k in found.after if k.startswith(COST)])
    for result in found.after:
        total = found.total(result)
        if total is not None:
            told = math.fsum(step.effects.get(result, 0.0) for step in found.steps)
            assert math.isclose(told, total, rel_tol=0, abs_tol=1e-9), result
    assert all(math.isfinite(effect) for step in found.steps for effect in step.effects.values())


def test_a_quote_that_only_informs_replaces_none_and_its_order_is_no_change() -> None:
    told = Quote("H200", "Other Cloud", "1 year", "", 4.1, "2026-11", "offer", "high")
    (step,) = bridge(BASE, replace(BASE, quotes=(*BASE.quotes, told))).steps
    assert (step.change.before, step.change.after) == (None, 4.1)
    assert not bridge(
        BASE, replace(BASE, quotes=tuple(sorted(BASE.quotes, key=lambda q: (q.basis, q.provider, q.platform))))
    ).steps


def test_a_scenario_renamed_and_picked_moves_the_cost_by_the_pick() -> None:
    picked = replace(BASE, naming=Naming(active="Plan B", second="Plan B"))
    effects = {step.change.key: step.effects.get(LOWEST, 0.0) for step in bridge(BASE, picked).steps}
    assert effects["naming.second"] == 0.0
    assert effects["naming.active"] == pytest.approx(headline(picked)[LOWEST] - headline(BASE)[LOWEST])  # type: ignore[operator]
    renamed = replace(BASE, naming=Naming(active="Negotiated"))
    again = replace(BASE, naming=Naming(active="Plan B", second="Plan B"))
    assert not any(step.effects.get(LOWEST, 0.0) for step in bridge(renamed, again).steps), "the same scenario"


@pytest.mark.parametrize(
    "inputs",
    [
        BASE,
        choose(BASE, model="Llama 3.3 70B", interactivity=45.0, baseline="H100", basis="Oracle list").inputs,
        choose(BASE, precision="FP8", utilization=0.7, interpolation="linear", interactivity=20.0).inputs,
        choose(BASE, basis="Own build-up", below_range="hold slowest point", interactivity=1.0).inputs,
        choose(BASE, precision="INT4", interactivity=20.0).inputs,
        replace(BASE, own_prices={"MI355X": 1.5, "B200": 0.0}),
        replace(BASE, naming=Naming(active="Stress")),
    ],
    ids=["default", "other model", "linear", "held", "no such precision", "own prices", "another scenario"],
)
def test_the_headline_is_what_the_workbook_shows(inputs: Inputs) -> None:
    if (
        inputs.scenario.precision == "INT4"
    ):  # a book holds only choices of its lists; the model must not stumble over others
        assert headline(inputs)[LOWEST] == headline(inputs)[COST + "MI355X"]
        return
    book = describe(inputs, build_id="x")
    sheets = {sheet.name: sheet for sheet in book.sheets}
    places = {key: place for sheet in book.sheets for key, place in sheet.outputs.items()}
    found = headline(inputs)

    def value(place: object) -> object:
        assert hasattr(place, "sheet")
        return sheets[place.sheet].cells[place.row][place.col].value  # type: ignore[attr-defined]

    assert same(found[LOWEST], value(places["cost"]))  # type: ignore[arg-type]
    names, costs, gains = (places[key] for key in ("platforms", "costs", "gains"))
    assert isinstance(names, Area)
    for i in range(names.last_row - names.row + 1):
        name = value(names.cell(i))
        assert same(found[f"{COST}{name}"], value(costs.cell(i)))  # type: ignore[arg-type,union-attr]
        assert same(found[f"{GAIN}{name}"], value(gains.cell(i)))  # type: ignore[arg-type,union-attr]


OWN = Point("GLM-5.1", "MI355X", "8k/1k", "FP8", "2026-07", 32.25, 1600.5, "own", measured="2026-11", note="our lab")
OLD = choose(gather(models=["GLM-5.1"]), interactivity=30.0, below_range="hold slowest point").inputs
OFFER = Quote(
    "MI355X", "own contract", "3 years", "3-year rental 2026-07", 1.95, "2026-11", "contract 17", "high", "until 2027"
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workbook, and the same after some work."""
    folder = tmp_path_factory.mktemp("pair")
    new = add(exclude(OLD, [3]).inputs, [OWN]).inputs
    new = replace(new, typed_quotes=reprice(OLD, {}, [OFFER]).inputs.typed_quotes, own_prices={"GB200 NVL72": 3.5})
    new = choose(new, utilization=0.8).inputs
    make(OLD, folder / "old.xlsx")
    make(new, folder / "made.xlsx")
    desk = Desk(folder / "made.xlsx")
    desk.set("Fleet", "D35", 72)
    desk.set(*spots(OLD)["cover.prepared/name"], "Ann")
    desk.add_sheet("Budget")
    desk.note("Prices", "B8", "Ann", "as agreed on 3 November")
    return folder / "old.xlsx", desk.save(folder / "new.xlsx")


def test_every_change_is_told_with_place_note_and_effect(pair: tuple[Path, Path]) -> None:
    found = compare(*pair)
    told = {change.what: change for change in found.changes}
    price = told["Own price of GB200 NVL72"]
    assert (price.place, price.before, price.after, price.note) == (
        "Prices!B8",
        None,
        3.5,
        "Ann: as agreed on 3 November",
    )
    assert price.effects[LOWEST] > 0
    assert told["Scenario: utilization"].place == "!".join(spots(OLD)["scenario.utilization"])
    assert told["Input cover.prepared/name"].after == "Ann"
    assert any(
        what.startswith("Point added: GLM-5.1 on MI355X") and change.note == "our lab" for what, change in told.items()
    )
    assert any(what.startswith("Point excluded") for what in told)
    assert told["Quote added: MI355X, 3-year rental 2026-07 (own contract)"].note == "until 2027"
    assert [f.place for f in found.formulas] == ["Fleet!D35"]
    assert found.sheets == ("added: Budget",)
    total = found.after[LOWEST] - found.before[LOWEST]  # type: ignore[operator]
    assert math.fsum(c.effects.get(LOWEST, 0.0) for c in found.changes) == pytest.approx(total, abs=1e-9)


def test_the_way_back_undoes_every_effect(pair: tuple[Path, Path]) -> None:
    there, back = compare(*pair), compare(*reversed(pair))
    assert back.sheets == ("removed: Budget",)
    assert {c.what.split(":")[0] for c in back.changes} & {"Point removed", "Quote removed"}
    for result in (LOWEST, COST + "MI355X"):
        forth = math.fsum(c.effects.get(result, 0.0) for c in there.changes)
        assert math.fsum(c.effects.get(result, 0.0) for c in back.changes) == pytest.approx(-forth, abs=1e-9)


def test_a_file_is_the_same_as_itself(pair: tuple[Path, Path]) -> None:
    assert compare(pair[0], pair[0]).same
    assert compare(pair[1], pair[1]).same


def test_what_inputs_do_not_explain_is_a_line_of_its_own(pair: tuple[Path, Path], tmp_path: Path) -> None:
    desk = Desk(pair[0])
    desk.set("Summary", "B10", 0.5)  # the figure itself, typed over
    found = compare(pair[0], desk.save(tmp_path / "x.xlsx"))
    assert [change.what for change in found.changes] == [REST]
    assert found.changes[0].effects[LOWEST] == pytest.approx(0.5 - found.before[LOWEST])  # type: ignore[operator]
    assert [f.place for f in found.formulas] == ["Summary!B10"]


def sheet_gone(d: Desk) -> None:
    sheets = d.tree("xl/workbook.xml").find(MAIN + "sheets")
    assert sheets is not None
    sheets.remove(next(s for s in sheets if s.get("name") == "Sources"))


def sheet_state(name: str, state: str) -> Callable[[Desk], None]:
    return lambda d: next(s for s in d.tree("xl/workbook.xml").iter(MAIN + "sheet") if s.get("name") == name).set(
        "state", state
    )


SPOT = spots(OLD)
# what somebody did, and the line that tells it
UNEXPLAINED: dict[str, tuple[Callable[[Desk], None], str]] = {
    "a price as text": (
        lambda d: d.set("Prices", "B8", "9.5 USD"),
        "Own price of GB200 NVL72: empty -> '9.5 USD' [Prices!B8] (not usable: expected a number; counts as empty)",
    ),
    "an unknown model": (
        lambda d: d.set("Summary", "B7", "GPT-9"),
        "Scenario: model: GLM-5.1 -> 'GPT-9' [Summary!B7] (not usable: expected one of GLM-5.1; counts as GLM-5.1)",
    ),
    "an unknown switch": (
        lambda d: d.set(*SPOT["scenario.speculative"], "sometimes"), "Scenario: speculative: all -> 'sometimes' [",
    ),
    "an assumption as text": (lambda d: d.set("Ownership", "C7", "four"), "-> 'four' [Ownership!C7] (not usable: expected a number; counts as"),
    "another active scenario": (lambda d: d.set(*SPOT["naming.active"], "Stress"), "Scenarios: active: Base -> Stress ["),
    "what another scenario changes": (lambda d: d.set(*SPOT["second.utilization"], 0.5), "Second scenario: utilization: empty -> 0.5 ["),
    "a scenario renamed": (lambda d: d.set(*SPOT["naming.third"], "Worst"), "Scenarios: third: Stress -> Worst ["),
    "another currency": (lambda d: d.set(*SPOT["reporting.rate"], 0.9), "Reporting: rate: 1 -> 0.9 ["),
    "an input that became a formula": (lambda d: d.formula(*SPOT["scenario.utilization"], "2/2", 1), "-> =2/2 ["),
    "a sheet deleted": (sheet_gone, "Sheet Sources: in sight -> gone"),
    "a sheet hidden": (sheet_state("Claims", "hidden"), "Sheet Claims: in sight -> hidden"),
    "a sheet hidden from the menu": (sheet_state("Claims", "veryHidden"), "Sheet Claims: in sight -> hidden so that no menu shows it"),
    "a sheet renamed": (lambda d: d.rename("Prices", "Our prices"), "Sheet Prices: in sight -> in sight as Our prices"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNEXPLAINED)
def test_nothing_that_somebody_did_is_passed_over(name: str, pair: tuple[Path, Path], tmp_path: Path) -> None:
    plant, line = UNEXPLAINED[name]
    d = Desk(pair[0])
    plant(d)
    ran = run("diff", pair[0], d.save(tmp_path / "new.xlsx"))
    assert ran.code == FAILING
    assert " ".join(line.split()) in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "name", ["a price as text", "another active scenario", "an input that became a formula", "a sheet renamed"]
)
def test_nor_beside_a_change_that_moves_the_cost_nor_in_another_form(
    name: str, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    plant, line = UNEXPLAINED[name]
    d = Desk(pair[0])
    plant(d)
    d.set(*SPOT["prices.own/MI355X"] if "Prices" in d.sheets() else ("Our prices", "B9"), 1.25)
    new = d.save(tmp_path / "new.xlsx")
    ran = run("diff", pair[0], new, "-o", tmp_path / "report.xlsx")
    assert " ".join(line.split()) in " ".join(ran.out.split())
    found = compare(pair[0], new)
    a, b = found.before[LOWEST], found.after[LOWEST]
    total = b - a if isinstance(a, float) and isinstance(b, float) else 0.0
    assert math.fsum(c.effects.get(LOWEST, 0.0) for c in found.changes) == pytest.approx(total, abs=1e-9)
    told = line.split(":")[0] if not line.startswith("-") else "utilization" if "2/2" in line else "Ownership"
    assert any(told in change["what"] for change in json.loads(run("diff", pair[0], new, "--json").out)["changes"])
    report = {c.value for row in openpyxl.load_workbook(tmp_path / "report.xlsx")["Changes"] for c in row}
    assert any(told in str(value) for value in report)
    assert compare(new, new).same


def test_saving_by_openpyxl_is_no_change(pair: tuple[Path, Path], tmp_path: Path) -> None:
    openpyxl.load_workbook(pair[1]).save(tmp_path / "saved.xlsx")
    assert compare(pair[1], tmp_path / "saved.xlsx").same


def test_another_edition_is_told(pair: tuple[Path, Path], tmp_path: Path) -> None:
    with (tmp_path / "other.xlsx").open("wb") as target:
        write(describe(OLD, build_date="2026-01-02", build_id="test", edition="xlwings"), target)
    ran = run("diff", pair[0], tmp_path / "other.xlsx")
    assert ran.code == FAILING
    assert "Edition: where the functions come from: native -> xlwings" in ran.out


def test_books_of_other_models_fit_on_a_page_and_json_has_every_point(pair: tuple[Path, Path], tmp_path: Path) -> None:
    make(gather(models=["Llama 3.3 70B"]), tmp_path / "other.xlsx")
    ran = run("diff", pair[0], tmp_path / "other.xlsx")
    assert len(ran.out.splitlines()) < 60
    assert "Points of GLM-5.1 on MI355X: 15 removed; see --json" in ran.out
    facts = json.loads(run("diff", pair[0], tmp_path / "other.xlsx", "--json").out)
    points = [change for change in facts["changes"] if change["kind"] == "point"]
    assert sum(len(change["details"]) or 1 for change in points) > 200


def test_the_last_line_says_what_was_not_compared(pair: tuple[Path, Path], tmp_path: Path) -> None:
    d = Desk(pair[0])
    d.store("Summary", "E16", 0.001)  # a result forged beside its formula
    ran = run("diff", pair[0], d.save(tmp_path / "forged.xlsx"))
    assert "Stored results, labels and names: xlmodel check forged.xlsx" in " ".join(ran.out.split())


@pytest.mark.engine
def test_the_report_is_a_sound_workbook_whose_bridge_adds_up_by_formula(
    pair: tuple[Path, Path], tmp_path: Path, ironcalc_engine: IronCalc
) -> None:
    report = tmp_path / "report.xlsx"
    ran = run("diff", *pair, "-o", report)
    assert ran.code == FAILING
    assert f"Report: {report}" in ran.out
    assert check(report) == []
    assert recalculate(report, ironcalc_engine) == []
    values = ironcalc_engine.values(report)
    passes = [value for (sheet, a1), value in values.items() if sheet == "Bridge" and a1.startswith("F") and value == 1]
    assert passes == [1]
    assert run("diff", *pair, "-o", report).code == 2, "an existing report is not replaced"
    refused(run("diff", *pair, "-o", pair[0], "--force"), "one of the inputs")


@pytest.mark.node
def test_the_open_xml_sdk_finds_nothing_in_a_report(
    pair: tuple[Path, Path], tmp_path: Path, validator: Callable[[Path], list[str]]
) -> None:
    run("diff", *pair, "-o", tmp_path / "report.xlsx")
    assert validator(tmp_path / "report.xlsx") == []


def test_diff_as_text_and_as_json(pair: tuple[Path, Path]) -> None:
    out = run("diff", *pair).out
    for words in (
        "Lowest cost at the target",
        "Own price of GB200 NVL72: empty -> 3.5 [Prices!B8] (Ann: as agreed",
        "Fleet!D35",
        "Own sheet added: Budget",
    ):
        assert words in " ".join(out.split())
    facts = json.loads(run("diff", *pair, "--json").out)
    assert {change["kind"] for change in facts["changes"]} >= {"point", "quote", "own price", "choice", "other"}
    same_file = run("diff", pair[0], pair[0])
    assert same_file.code == 0
    assert "Nothing changed" in same_file.out


@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_is_no_model_is_refused(which: int, pair: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "notes.xlsx"
    other.write_text("no workbook")
    files = list(pair)
    files[which] = other
    refused(run("diff", *files), "notes.xlsx", "not a workbook")
