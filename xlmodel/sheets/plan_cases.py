"""Plan cases: the plan once more for each scenario and each changed assumption, in three columns of months a case.

Its present values are added up by cohort, not by month, so that they check those of Plan months.
"""

from collections.abc import Mapping
from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.graph import Known
from xlmodel.book.one_cell import single
from xlmodel.book.places import SCENARIOS
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.constants import MONTHS_IN_YEAR
from xlmodel.calc.functions import IF, INDEX, MAX, NA, SUMIFS, SUMPRODUCT
from xlmodel.calc.running import Above
from xlmodel.model.plan import (
    MONTHS,
    MOST_GPUS,
    UNITS,
    committed,
    demand,
    domains,
    gpus,
    price,
    rent,
    signed,
    spared,
    throughput,
)  # fmt: skip
from xlmodel.model.plan_money import each_month, factor, in_service, monthly, on_books, saved
from xlmodel.model.variants import SIDES
from xlmodel.sheets.frame import span, start, widths
from xlmodel.sheets.plan_scenarios import SWUNG, as_it_is, in_scenario, swung
from xlmodel.sheets.plan_spending import ONE, THREE

NAME = "Plan cases"
SHARED: dict[str, tuple[str, units.Unit]] = {
    "months": ("Months of the plan", units.COUNT), "ceiling": ("Ceiling", UNITS["ceiling"]),
    "most": ("Most gain in all", units.FACTOR), "domain": ("GPUs of a domain", units.GPUS_PER_DOMAIN),
    "up": ("Availability", units.UTILIZATION), "left": ("Share left at the end", units.SHARE), "tax": ("Tax rate", units.SHARE),
    "fall_new": ("Fall of new hardware a year", UNITS["hardware_decline"]),
    "one_year_share": ("Share rented for 1 year", units.SHARE), "three_year_share": ("Share rented for 3 years", units.SHARE),
}  # fmt: skip
VARIED: dict[str, tuple[str, units.Unit]] = {
    "demand": ("Demand of the first month", UNITS["tokens"]), "growth": ("Growth a month", UNITS["growth"]),
    "progress": ("Gain of software a year", UNITS["software"]), "rate": ("Throughput today", units.TOKENS_PER_GPU),
    "load": ("Full over average load", units.RATIO), "usd_on_demand": ("Price on demand", units.USD_PER_GPU_HOUR),
    "usd_one_year": ("Price for 1 year", units.USD_PER_GPU_HOUR), "usd_three_year": ("Price for 3 years", units.USD_PER_GPU_HOUR),
    "fall": ("Fall of rented GPU-hours a year", UNITS["rent_decline"]), "capital": ("Capital today", units.USD_PER_GPU),
    "running": ("Running costs", units.USD_PER_GPU_YEAR), "life": ("Life in months", units.COUNT),
    "lead": ("Months to service", units.COUNT), "discount": ("Discount rate a year", UNITS["discount"]),
}  # fmt: skip
PARTS = {
    "capital_paid": "Capital paid", "sold": "Sold at the end of life", "end": "Left at the end of the plan",
    "running_paid": "Running costs", "shield": "Tax saved by depreciation", "bridge": "Rent until delivery",
}  # fmt: skip
ABREAST = 5  # cases on a printed page


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    g = ctx.graph
    words = "The plan in every scenario, and with one assumption changed in each case. Nothing to type here."
    sheet = start(ctx, NAME, "workings", NAME, words, 18)
    shared = {}
    for i, (key, (label, unit)) in enumerate(SHARED.items()):
        sheet.put(FIRST + i, 1, label, "Label")
        shared[key] = single(g, sheet, f"case.{key}", unit, g[f"head.{key}"], FIRST + i, 3, style="Link", heading=label)
    row = FIRST + len(SHARED) + 1
    top = row + len(VARIED) + len(PARTS) + 6
    months = Table(g, sheet, "case", top, 1, MONTHS, form="relative")
    months.column("Month", units.COUNT, list(range(1, MONTHS + 1)), style="Label", fmt="0")
    months.column("Season", units.SEASON, g["months.season"], style="Link")
    months.column("Within the plan", units.SWITCH, g["months.inside"], key="inside", style="Link")
    names: list[Any] = ["As it is", *(g[f"naming.{name}"] for name in SCENARIOS)]
    values = [as_it_is(ctx), *(in_scenario(ctx, k) for k in range(len(SCENARIOS)))]
    for key, (label, _) in SWUNG.items():
        for side in SIDES:
            names.append(f"{label}, {side}")
            values.append(swung(ctx, key, side))
    labels = [label for label, _ in VARIED.values()]
    labels += ["Discount rate a month", *PARTS.values(), "Own", "Rent", "Own against rent"]
    for i, label in enumerate(labels):
        sheet.put(row + i, 1, label, "Label")
    for j, (name, given) in enumerate(zip(names, values, strict=True)):
        col = 4 + 3 * j
        single(g, sheet, f"case{j}.name", units.TEXT, name, row - 1, col, style="Strong")
        case = _Case(ctx, sheet, j, row, col, shared, months)
        case.describe(given, top)
    _look(sheet, top, len(names))
    return sheet


class _Case:
    """One case: its assumptions, its three columns of months, and what they are worth."""

    def __init__(
        self, ctx: Context, sheet: Sheet, j: int, row: int, col: int, shared: Mapping[str, Cell], months: Table
    ) -> None:
        self.g, self.sheet, self.j, self.row, self.col = ctx.graph, sheet, j, row, col
        self.h: dict[str, Any] = dict(shared)
        self.month, self.season, self.inside = months.lines.values()

    def put(self, key: str, unit: units.Unit, content: Any, style: str = "Calculation") -> Cell:
        """The next cell of its assumptions and results."""
        cell = single(
            self.g, self.sheet, f"case{self.j}.{key}", unit, content, self.row, self.col, style=style, heading=key
        )
        self.row += 1
        self.h[key] = cell
        return cell

    def describe(self, given: Mapping[str, Any], top: int) -> None:
        """All of it."""
        for key, (_, unit) in VARIED.items():
            self.put(key, unit, given[key], "Link")
        self.put("monthly", UNITS["discount"], monthly(self.h["discount"]))
        t = Table(self.g, self.sheet, f"case{self.j}", top, self.col, MONTHS, form="relative", long=True)
        self._months(t)
        self.g.later(t.finish)
        for line in t.lines.values():
            self.g.printed(self.sheet, line, "", "")
        self._worth(t.lines["need"], t.lines["bought"], t.lines["bill"])

    def _months(self, t: Table) -> None:
        """Domains needed and bought, and the bill for renting instead."""
        h, month = self.h, self.month
        asked = demand(h["demand"], h["growth"], h["ceiling"], self.season, month) * self.inside
        full = gpus(asked, h["load"], throughput(h["rate"], h["progress"], h["most"], month))
        need = t.column(
            "Domains needed", units.WHOLE_DOMAINS, IF(full > MOST_GPUS, NA, domains(full, h["domain"])), key="need"
        )
        mine = Known(lambda: Above(self.g.find(f"case{self.j}.bought")))
        young = SUMIFS(mine, Above(month), ">" & (month - h["life"]))
        bought = IF(month > h["lead"], MAX(0, spared(need, h["up"]) - young), 0)
        t.column("Domains bought", units.WHOLE_DOMAINS, bought, key="bought")
        bills: list[Any] = []
        free = need
        for key, term in (("one_year", ONE), ("three_year", THREE)):
            then = signed(month, term)
            held = committed(h[f"{key}_share"], INDEX(need.all, then)) * self.inside
            bills.append(rent(held, h["domain"], price(h[f"usd_{key}"], h["fall"], then)))
            free = free - held
        now = price(h["usd_on_demand"], h["fall"], month)
        t.column("Rent: bill", units.USD, bills[0] + bills[1] + rent(MAX(0, free), h["domain"], now), key="bill")

    def _worth(self, need: Line, bought: Line, bill: Line) -> None:
        """Present values, cohort by cohort."""
        h, month, buys = self.h, self.month.all, bought.all
        rate, life, length, kept = h["monthly"], h["life"], h["months"], 1 - h["tax"]
        stays = in_service(month, life, length)
        cost = buys * h["domain"] * price(h["capital"], h["fall_new"], month - h["lead"])
        paid = self.put("capital_paid", units.USD, SUMPRODUCT(cost * factor(rate, month - h["lead"])))
        gone = (month + life <= length) * factor(rate, month + life)
        sold = self.put("sold", units.USD, SUMPRODUCT(cost * h["left"] * gone))
        held = (month + life > length) * on_books(cost, h["left"], life, stays)
        end = self.put("end", units.USD, SUMPRODUCT(held) * factor(rate, length))
        run = buys * h["domain"] * h["running"] / MONTHS_IN_YEAR
        spent = self.put("running_paid", units.USD, each_month(run, rate, month, stays) * kept)
        down = cost * (1 - h["left"]) / life
        shield = self.put("shield", units.USD, each_month(down, rate, month, stays) * h["tax"])
        waits = (month <= h["lead"]) * need.all * price(1, h["fall"], month) * factor(rate, month)
        bridge = self.put("bridge", units.USD, rent(SUMPRODUCT(waits), h["domain"], h["usd_on_demand"]) * kept)
        own = self.put("own", units.USD, paid - sold - end + spent - shield + bridge)
        other = self.put("rent", units.USD, SUMPRODUCT(bill.all * factor(rate, month)) * kept)
        self.put("npv", units.USD, saved(other, own), "Result strong")


def _look(sheet: Sheet, top: int, count: int) -> None:
    widths(sheet, (32, 9, 14, *(13.0,) * (3 * count)))
    sheet.freeze = f"D{FIRST - 1}"
    sheet.repeat_rows, sheet.repeat_columns = f"{top - 1}:{top - 1}", "A:A"
    last, end = 3 + 3 * count, top + MONTHS - 1
    first = 3 + 3 * ABREAST  # the labels and what all cases share stand beside the first cases
    pages = range(first + 1, last + 1, 3 * ABREAST)
    cases = (span(3, col, end, min(col + 3 * ABREAST - 1, last)) for col in pages)
    sheet.print_area = ",".join((span(1, 1, end, first), *cases))
