"""Scenario, second part: what follows from the choices, as the workings read it."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Sheet
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import COUNTIF, IF, IFERROR, INDEX, MATCH, OR, SUMPRODUCT, lookup, said
from xlmodel.model.curve import HOLD
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.point import LATEST
from xlmodel.model.scenario import ALL, ONLY, WITHOUT
from xlmodel.units import COUNT, SHARE, TEXT, Unit

NOT_SET = "no limit set"
NOT_RECORDED = "cannot be applied: no point of this model and snapshot records a time to first token; empty it, or pick another snapshot"
RECORDED = " points record a time to first token; the others do not take part"
LONGEST = 1_000_000_000  # a text is more than any number: whatever is not below this is no time


def describe(ctx: Context, sheet: Sheet, row: int) -> int:
    """Write the heading and one row each; returns the last row."""
    g = ctx.graph
    sheet.put(row, 1, "What follows", "Heading")
    sheet.put(row + 1, 1, "Used by the workings", "Footnote")
    rows: tuple[tuple[str, str, Unit, Any, str], ...] = (
        ("number", "Number of the active scenario", COUNT, _number(g), "1 to 3"),
        ("snapshot_in_use", "Snapshot in use", TEXT, _snapshot(g), "text"),
        ("output_share", "Output share of tokens", SHARE,
         lookup(g["menu.output_shares"], g["menu.workloads"], g["scenario.workload"]), "share"),
        ("method", "Interpolation number", COUNT, MATCH(g["scenario.interpolation"], g["menu.interpolations"].all, 0), "1 to 3"),
        ("hold", "Hold slowest point", COUNT, IF(g["scenario.below_range"].eq(HOLD), 1, 0), "1 = yes"),
        ("spec_none", "Points without MTP take part", COUNT, _unless(g["scenario.speculative"], ONLY), "1 = yes"),
        ("spec_mtp", "Points with MTP take part", COUNT, _unless(g["scenario.speculative"], WITHOUT), "1 = yes"),
        ("spec_unknown", "Points that do not record MTP take part", COUNT, IF(g["scenario.speculative"].eq(ALL), 1, 0), "1 = yes"),
        ("dis_no", "Aggregated points take part", COUNT, _unless(g["scenario.disaggregated"], ONLY), "1 = yes"),
        ("dis_yes", "Disaggregated points take part", COUNT, _unless(g["scenario.disaggregated"], WITHOUT), "1 = yes"),
        ("in_time", "Limit on the time to first token", TEXT, _in_time(g), ""),
        ("basis_words", "Basis with its change", TEXT, _basis(g), ""),
        ("price_words", "Prices in words", TEXT, _prices(g), ""),
    )  # fmt: skip
    for at, (name, label, unit, content, shown) in enumerate(rows, row + 2):
        sheet.put(at, 1, label, "Label")
        style, fmt = ("Calculation" if shown else "Text"), ("0.0%" if unit is SHARE else "")
        single(g, sheet, f"scenario.{name}", unit, content, at, 2, style=style, fmt=fmt, heading=label)
        if shown:
            sheet.put(at, 6, shown, "Unit")
    return row + 1 + len(rows)


def _number(g: Graph) -> Expr:
    """Not by MATCH: a name such as "~10% off" would be a pattern to it."""
    active, base, second, third = (g[f"naming.{name}"] for name in ("active", "base", "second", "third"))
    return IF(active.eq(base), 1, IF(active.eq(second), 2, IF(active.eq(third), 3, 1)))


def _snapshot(g: Graph) -> Expr:
    """The snapshot picked, or the newest that holds the model."""
    picked = g["scenario.snapshot"]
    newest = INDEX(g["held.newest"].all, 1 + MATCH(g["scenario.model"], g["menu.models"].all, 0))
    return IF(picked.eq(LATEST), IFERROR(newest, "none"), picked)


def _unless(choice: Expr, refused: str) -> Expr:
    return IF(choice.eq(refused), 0, 1)


def _in_time(g: Graph) -> Expr:
    """Whether a limit on the time to first token can be applied to the chosen model and snapshot at all."""
    time = g["points.ttft_ms"].all
    mine = g["points.model"].all.eq(g["scenario.model"]) * g["points.snapshot"].all.eq(g["scenario.snapshot_in_use"])
    timed = SUMPRODUCT(mine * (time > 0) * (time < LONGEST))
    return IF(
        g["scenario.ttft_limit"] > 0,
        IF(timed.eq(0), NOT_RECORDED, timed & " of " & SUMPRODUCT(mine * 1) & RECORDED),
        NOT_SET,
    )


def _basis(g: Graph) -> Expr:
    """How sentences name the basis: with what the scenario adds to its quotes."""
    basis, change = g["scenario.basis"], g["scenario.price_change"]
    percent = " " & IF(change > 0, "+", "") & _percent(change)
    return basis & IF(OR(change.eq(0), basis.eq(BUILD_UP)), "", percent)


def _prices(g: Graph) -> Expr:
    """How sentences name the prices: the basis, and what else prices a token."""
    use = g["scenario.utilization"]
    typed = IF(COUNTIF(g["prices.own"].all, ">0") > 0, ", own prices where typed", "")
    return g["scenario.basis_words"] & typed & IF(use.eq(1), "", ", utilization " & _percent(use))


def _percent(share: Expr) -> Expr:
    """A share in percent with one decimal; rounded first, so that 0.1 reads as 10 in every program."""
    return said(100 * share, 9, shown=1) & "%"
