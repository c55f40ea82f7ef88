"""Doubts in words beside the points of Benchmarks, and the check that counts them."""

from functools import reduce
from operator import mul
from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.point_places import LOAD
from xlmodel.book.record_rows import POINT_FIELDS
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import AND, COUNT, COUNTA, IF, SUMPRODUCT, typed_number
from xlmodel.model import plausible
from xlmodel.sheets.doubt_checks import MOST, marked, open_doubts
from xlmodel.units import RATIO, TEXT


def of_points(ctx: Context, sheet: Sheet, load_col: int) -> None:
    """The doubt about every point, right of the table; rows typed below are also held against all others.

    Each formula refers to this sheet alone, so that it can be stored once and filled down.
    """
    g = ctx.graph
    row = {name: g.find(f"points.{name}") for name in POINT_FIELDS.values()}
    built, count = len(ctx.inputs.points), row["model"].count
    at = row["model"].ref()
    t = Table(g, sheet, "point_doubts", at.row, len(POINT_FIELDS) + 1, count, long=True)
    here = {name: line.by_col for name, line in row.items()}
    measured = Table(g, sheet, "point_loads", at.row, load_col, count, long=True, head="")
    work = measured.column(LOAD, RATIO, _load(here), key="load", style="Calculation", fmt="0.00", form="col")
    g.later(measured.finish)
    alone = _point(here, work.by_col)
    names = {name: g[f"typed_names.{name}"].shift(-built).formed("col") for name in (*plausible.CURVE, "unknown")}
    typed = IF(
        alone.eq(""), IF(names["unknown"].eq(""), _among(row, here, here | names, built), names["unknown"]), alone
    )
    both = COUNT(here["interactivity"], here["throughput"])
    missing = IF(COUNTA(here["interactivity"], here["throughput"]).eq(0), "", plausible.NO_NUMBER)
    contents = [IF(both.eq(2), doubt, missing) for doubt in (alone, typed)]
    line = t.column(
        "Doubt", TEXT, [contents[0]] * built + [contents[1]] * (count - built), style="Note", width=40, form="col"
    )
    g.later(t.finish)
    marked(sheet, line)
    ctx.checks.append(
        Check("Points are plausible", "No point looks like output tokens only, a whole server as one GPU, a time per token, seconds for ms or "
              "swapped columns, and none stands twice; a text in its Note confirms one that does.", line, open_doubts(line.all, row["note"].all, line.all.ne(plausible.FAR_OFF))))  # fmt: skip


def _load(here: dict[str, Any]) -> Any:
    """What a point makes of what its concurrency allows.

    A column of its own: the doubt reads it many times, and Excel takes formulas of up to 8,192 characters.
    """
    x, y = here["interactivity"], here["throughput"]
    share = plausible.written_share(here["workload"])
    made = plausible.load(y, typed_number(here["gpus"]), typed_number(here["concurrency"]), x, share)
    return IF(COUNT(x, y).eq(2), IF(AND(x > 0, y > 0), made, plausible.NOT_RECORDED), plausible.NOT_RECORDED)


def _point(here: dict[str, Any], work: Any) -> Any:
    """The doubt about a point by its own row."""
    x, y = here["interactivity"], here["throughput"]
    return IF(AND(x > 0, y > 0), plausible.point(x, y, here["ttft_ms"], work), plausible.NOT_POSITIVE)


def _among(row: dict[str, Line], here: dict[str, Any], named: dict[str, Any], built: int) -> Any:
    """The doubt about a typed point beside all others; only those of the build say what is far above every other."""
    every = {name: line.all for name, line in row.items()}
    held = {
        name: row[name].rows(0, built - 1) for name in ("model", "platform", "workload", "interactivity", "throughput")
    }

    def same(*names: str, among: dict[str, Any] = every, as_: dict[str, Any] = named) -> Any:
        return reduce(mul, (among[name].eq(as_[name]) for name in names))

    y, ys = here["throughput"], every["throughput"]
    alike = same(*plausible.OPERATING_POINT)
    twice = SUMPRODUCT(same(*plausible.CURVE, "interactivity", "throughput", "concurrency", as_=here)) > 1
    apart = SUMPRODUCT(alike * ((ys > y * plausible.APART) * (ys < MOST) + (ys > 0) * (ys < y / plausible.APART))) > 0
    family = same("model", "platform", "workload", among=held)
    near = (
        family
        * (held["interactivity"] > here["interactivity"] * plausible.NEAR)
        * (held["throughput"] > y / plausible.FAR)
    )
    known = AND(typed_number(here["concurrency"]) > 0, typed_number(here["gpus"]) > 0)
    far = IF(SUMPRODUCT(family * 1) > plausible.FEW, IF(SUMPRODUCT(near) > 0, "", plausible.FAR_OFF), "")
    return IF(twice, plausible.TWICE, IF(known, IF(apart, plausible.DIFFERS, ""), far))
