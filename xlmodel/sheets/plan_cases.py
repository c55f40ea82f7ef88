"""Plan cases: the plan once more for each scenario and each changed assumption.

The first case stands whole, every other one only where it differs: what reads nothing of its own is that of the first.
Present values are added up by cohort, not by month, so that they check those of Plan months.
"""

import math
from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.graph import Known
from xlmodel.book.one_cell import single
from xlmodel.book.places import SCENARIOS
from xlmodel.book.point_places import FIRST
from xlmodel.book.recalculation import read_by
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
WIDE, ALONE = 13.0, 31.0  # widths of a column of months, and of one that has the name of its case to itself
PAGE = 15 * WIDE  # of the cases on a printed page


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    g = ctx.graph
    words = "The plan in every scenario, and with one assumption changed in each case; what is empty is as in the first. Nothing to type here."
    sheet = start(ctx, NAME, "workings", NAME, words, 15)
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
    cases: list[_Case] = []
    col = 4
    for name, given in zip(names, values, strict=True):
        case = _Case(ctx, sheet, len(cases), (row, col), cases[0] if cases else None)
        single(g, sheet, f"case{case.j}.name", units.TEXT, name, row - 1, col, style="Strong")
        case.describe(given, top, shared, months)
        cases.append(case)
        col = case.after
    _look(sheet, top, cases)
    return sheet


class _Case:
    """One case: its assumptions, its columns of months, and what they are worth.

    Attributes:
        h: its cells by name, and `lines` its columns of months; those of the first case where they do not differ.
        after: the first column behind it.
    """

    def __init__(self, ctx: Context, sheet: Sheet, j: int, at: tuple[int, int], first: "_Case | None") -> None:
        self.g, self.sheet, self.j, self.first = ctx.graph, sheet, j, first
        self.row, self.col = at
        self.after = self.col + 1
        self.h: dict[str, Any] = {}
        self.lines: dict[str, Line] = {}
        self._own: list[Cell | Line] = []

    def describe(self, given: Mapping[str, Any], top: int, shared: Mapping[str, Cell], months: Table) -> None:
        """All of it; `given` are the assumptions in which it differs."""
        self.h = dict(self.first.h if self.first else shared)
        for key, (_, unit) in VARIED.items():
            if key in given:
                self._write(key, unit, given[key], "Link")
            self.row += 1
        self._put("monthly", UNITS["discount"], monthly(self.h["discount"]))
        self._months(top, *months.lines.values())
        self._worth(months.lines["month"].all)

    def _write(self, key: str, unit: units.Unit, content: Any, style: str) -> None:
        at = self.row, self.col
        cell = single(self.g, self.sheet, f"case{self.j}.{key}", unit, content, *at, style=style, heading=key)
        self._own.append(cell)
        self.h[key] = cell

    def _put(self, key: str, unit: units.Unit, content: Any, style: str = "Calculation") -> Cell:
        """The next of its results."""
        if self._differs(content):
            self._write(key, unit, content, style)
        self.row += 1
        found: Cell = self.h[key]
        return found

    def _differs(self, *contents: Any) -> bool:
        """Whether anything that is read is its own."""
        return not self.first or any(node is own for c in contents for node, _ in read_by(c)[0] for own in self._own)

    def _months(self, top: int, month: Line, season: Line, inside: Line) -> None:
        """Domains needed and bought, and the bill for renting instead."""
        h = self.h
        t = Table(self.g, self.sheet, f"case{self.j}", top, self.col, MONTHS, form="relative", long=True)

        def column(heading: str, unit: units.Unit, key: str, content: Any, *reads: Any) -> Line:
            if self._differs(*(reads or (content,))):
                line = t.column(heading, unit, content, key=key)
                self._own.append(line)
            else:
                line = self.first.lines[key]  # type: ignore[union-attr]
            self.lines[key] = line
            return line

        asked = demand(h["demand"], h["growth"], h["ceiling"], season, month) * inside
        full = gpus(asked, h["load"], throughput(h["rate"], h["progress"], h["most"], month))
        whole = IF(full > MOST_GPUS, NA, domains(full, h["domain"]))
        need = column("Domains needed", units.WHOLE_DOMAINS, "need", whole)
        wanted, since, served = spared(need, h["up"]), month - h["life"], month > h["lead"]
        mine = Known(lambda: Above(self.g.find(f"case{self.j}.bought")))
        bought = IF(served, MAX(0, wanted - SUMIFS(mine, Above(month), ">" & since)), 0)
        column("Domains bought", units.WHOLE_DOMAINS, "bought", bought, wanted, since, served)
        bills: list[Any] = []
        free = need
        for key, term in (("one_year", ONE), ("three_year", THREE)):
            then = signed(month, term)
            held = committed(h[f"{key}_share"], INDEX(need.all, then)) * inside
            bills.append(rent(held, h["domain"], price(h[f"usd_{key}"], h["fall"], then)))
            free = free - held
        now = price(h["usd_on_demand"], h["fall"], month)
        column("Rent: bill", units.USD, "bill", bills[0] + bills[1] + rent(MAX(0, free), h["domain"], now))
        if t.lines:
            self.after = t.last_col + 1
            self.g.later(t.finish)
        for line in t.lines.values():
            self.g.printed(self.sheet, line, "", "")

    def _worth(self, month: Any) -> None:
        """Present values, cohort by cohort."""
        h, need, buys, bill = self.h, *(self.lines[key].all for key in ("need", "bought", "bill"))
        rate, life, length, kept = h["monthly"], h["life"], h["months"], 1 - h["tax"]
        stays = in_service(month, life, length)
        cost = buys * h["domain"] * price(h["capital"], h["fall_new"], month - h["lead"])
        paid = self._put("capital_paid", units.USD, SUMPRODUCT(cost * factor(rate, month - h["lead"])))
        gone = (month + life <= length) * factor(rate, month + life)
        sold = self._put("sold", units.USD, SUMPRODUCT(cost * h["left"] * gone))
        held = (month + life > length) * on_books(cost, h["left"], life, stays)
        end = self._put("end", units.USD, SUMPRODUCT(held) * factor(rate, length))
        run = buys * h["domain"] * h["running"] / MONTHS_IN_YEAR
        spent = self._put("running_paid", units.USD, each_month(run, rate, month, stays) * kept)
        down = cost * (1 - h["left"]) / life
        shield = self._put("shield", units.USD, each_month(down, rate, month, stays) * h["tax"])
        waits = (month <= h["lead"]) * need * price(1, h["fall"], month) * factor(rate, month)
        bridge = self._put("bridge", units.USD, rent(SUMPRODUCT(waits), h["domain"], h["usd_on_demand"]) * kept)
        own = self._put("own", units.USD, paid - sold - end + spent - shield + bridge)
        other = self._put("rent", units.USD, SUMPRODUCT(bill * factor(rate, month)) * kept)
        self._put("npv", units.USD, saved(other, own), "Result strong")


def _look(sheet: Sheet, top: int, cases: list[_Case]) -> None:
    last, end = cases[-1].after - 1, top + MONTHS - 1
    widths(sheet, (32, 9, 14, *(WIDE for _ in range(4, last + 1))))
    alone = [case for case in cases if case.after == case.col + 1]
    for case in alone:
        sheet.widths[case.col] = ALONE
    sheet.freeze = f"D{FIRST - 1}"
    sheet.repeat_rows, sheet.repeat_columns = f"{top - 1}:{top - 1}", "A:A"
    pages = ",".join(
        span(3 if col > 4 else 1, col if col > 4 else 1, end, until) for col, until in _pages(sheet, cases)
    )
    sheet.print_area = pages  # the labels and what all cases share stand beside the first cases


def _pages(sheet: Sheet, cases: list[_Case]) -> list[tuple[int, int]]:
    """The first and last column of pages about equally full, none of which parts a case."""
    wide = [sum(sheet.widths[col] for col in range(case.col, case.after)) for case in cases]
    even = sum(wide) / math.ceil(sum(wide) / PAGE)
    starts = [cases[0].col]
    for case, held, width in zip(cases, accumulate(wide), wide, strict=True):
        if held - width / 2 > even * len(starts):
            starts.append(case.col)
    return [(a, b - 1) for a, b in pairwise((*starts, cases[-1].after))]
