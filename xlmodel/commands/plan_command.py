"""The command plan: what the coming years cost, by way and by year, without a workbook or as one holds it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlmodel.commands.terminal import errors, tell

if TYPE_CHECKING:
    from xlmodel.book.spec import Book
    from xlmodel.model.scenario import Inputs


def plan(
    file: Annotated[
        Path | None,
        typer.Argument(readable=False, help="A workbook, with what was typed into it; by default the bundled data."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(readable=False, help="Settings: see templates/scenario.toml.", metavar="TOML")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Show the plan: owning, renting, an API, or a mix, by year."""
    with errors():
        from xlmodel.sheets.order import describe  # noqa: PLC0415 - heavy modules load when used

        tell(facts(describe(_inputs(file, config))), as_json, dict, text)


def _inputs(file: Path | None, config: Path | None) -> "Inputs":
    from xlmodel.commands.request import Data  # noqa: PLC0415
    from xlmodel.errors import InputRefused, Round  # noqa: PLC0415

    if file is None:
        data = Data(config)
        return data.gathered(data.settings(), Round()).inputs
    if config:
        raise InputRefused.one(
            "--config", "settings beside a workbook", "one of the two", "leave out --config: the workbook has its own"
        )
    if not file.exists():
        raise InputRefused.one(str(file), "no such file", "a workbook", "check the path, or build one: xlmodel build")
    from xlmodel.returned.opening import open_mailed  # noqa: PLC0415
    from xlmodel.returned.typed_inputs import read_contents  # noqa: PLC0415

    contents = read_contents(open_mailed(file))
    if contents.unusable:
        raise InputRefused(contents.unusable.values())
    return contents.inputs


def facts(book: "Book") -> dict[str, Any]:
    """The results of the plan of a book: the finding, each way in total, owning as an investment, and every year."""
    from xlmodel.commands.produce import checks_of  # noqa: PLC0415
    from xlmodel.model.comparison import plain  # noqa: PLC0415
    from xlmodel.model.plan import YEARS  # noqa: PLC0415
    from xlmodel.sheets.plan_spending import AGAINST, WAYS  # noqa: PLC0415

    cells = {sheet.name: sheet.cells for sheet in book.sheets if sheet.name in ("Plan", "Scenario")}

    def value(key: str, down: int = 0, across: int = 0) -> Any:
        area = book.areas[key]
        return plain(cells[area.sheet][area.row + down][area.col + across].value)

    lines = [key for key in book.areas if key.startswith("years.") and key != "years.names"]
    shown = {"cost": "cost_usd", "cash": "cash_usd", "worth": "present_value_usd", "each": "usd_per_million_tokens"}
    invested = ("npv", "irr", "payback", "why")
    return {
        "finding": value("plan.finding"), "reasons": value("plan.reasons"), "doubts": value("plan.doubts"),
        "ways": {way: {name: value(f"ways.{key}", down=i) for key, name in shown.items()} for i, way in enumerate(WAYS)},
        "owning_against": {way: {name: value(f"plan.{name}_{way}") for name in invested} for way in AGAINST},
        "hosting_beats_api_from_month": value("plan.beats"), "break_even_million_tokens": value("plan.breakeven"),
        "years": [{"year": k + 1} | {key.removeprefix("years."): value(key, across=k) for key in lines} for k in range(YEARS)],
        "plan": {key.removeprefix("years."): value(key, across=YEARS) for key in lines}, "failing_checks": list(checks_of(book)[1]),
        "reporting": {name: value(f"reporting.{name}") for name in ("currency", "rate", "as_of", "source")},
    }  # fmt: skip


def text(found: dict[str, Any]) -> str:
    """The same for reading: money in millions of the currency that the book reports."""
    from xlmodel.commands.console import columns, wrapped  # noqa: PLC0415
    from xlmodel.sheets.plan_spending import WAYS  # noqa: PLC0415

    currency, rate, as_of, source = found["reporting"].values()
    if not isinstance(rate, float | int):  # none is known yet
        currency, rate = "USD", 1.0

    def millions(usd: Any) -> str:
        return f"{usd * rate / 1e6:,.2f}" if isinstance(usd, float | int) else str(usd)

    years = [*found["years"], found["plan"]]
    heads = [f"M {currency}", *(f"year {year['year']}" for year in found["years"]), "plan", "present value"]
    rows = [
        [who, *(millions(year[f"{way}_cost"]) for year in years), millions(found["ways"][way]["present_value_usd"])]
        for way, who in WAYS.items()
    ]
    said = [line for key in ("finding", "reasons", "doubts") if found[key] for line in wrapped("", found[key])]
    if failing := found["failing_checks"]:
        said += wrapped("", f"Checks that fail: {'; '.join(failing)}; xlmodel check says more")
    table = columns([heads, *rows], right=range(1, len(heads)))
    if currency != "USD":
        note = f"{currency} at {rate:g} for one USD as of {as_of} ({source}); what is said above is in USD, as on sheet Plan"
        table += ["", *wrapped("", note)]
    return "\n".join([*said, "", *table])
