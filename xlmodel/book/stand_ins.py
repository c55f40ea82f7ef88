"""Stand-ins for cells of sheets that are not yet declared as tables: their place by the old plan, their value by the old model.

Each is replaced as soon as the sheet that owns the key declares it; this module goes when the last one is.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from xlmodel.book.places import CHOSEN, SCENARIOS
from xlmodel.book.point_places import FIRST, POINT_COLUMNS, SPARE_POINTS
from xlmodel.book.rows import POINT_FIELDS, row_of
from xlmodel.book.table import slug
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.values import Value
from xlmodel.model.curve import BELOW_RANGE, INTERPOLATIONS
from xlmodel.model.membership import KEY, usable
from xlmodel.model.numbering import PARTS
from xlmodel.model.order import Order
from xlmodel.model.point import DISAGGREGATED, LATEST, SPECULATIVE
from xlmodel.model.scenario import SWITCHES, output_share
from xlmodel.model.variants import LEAST, UNITS, VARIED
from xlmodel.units import (
    COUNT,
    EXCHANGE_RATE,
    GPUS,
    MILLISECONDS,
    SHARE,
    SLOPE,
    TEXT,
    TOKENS_PER_GPU,
    TOKENS_PER_USER,
    USD_PER_GPU_HOUR,
    Unit,
)  # fmt: skip

if TYPE_CHECKING:
    from xlmodel.book.context import Context

POINT_UNITS = {
    "Interactivity": TOKENS_PER_USER,
    "Throughput": TOKENS_PER_GPU,
    "TTFT": MILLISECONDS,
    "Concurrency": COUNT,
    "GPUs": GPUS,
    "Include": COUNT,
}
UNUSED = 900_000_000_000_000.0  # sort key of rows without a knot


def stand_in(ctx: "Context") -> None:
    """Declare every cell of the old plan that other sheets read."""
    graph, p, market, inputs = ctx.graph, ctx.places, ctx.market, ctx.inputs

    def cell(key: str, unit: Unit, ref: Ref, value: Callable[[], Value]) -> None:
        graph.add(key, Cell(unit, place=ref, stated=value))

    def line(key: str, unit: Unit, area: Area, values: Callable[[], Sequence[Value]]) -> None:
        down = area.last_row > area.row or area.col == area.last_col
        count = max(area.last_row - area.row, area.last_col - area.col) + 1
        graph.add(key, Line(unit, None, count, Ref(area.sheet, area.row, area.col), down=down, stated=values))

    s = market.scenario
    for name in (*CHOSEN, *VARIED):
        unit = TOKENS_PER_USER if name == "interactivity" else UNITS.get(name, TEXT)
        value = s.number(name) if name in UNITS or name in LEAST else getattr(s, name)
        cell(f"scenario.{name}", unit, p.choice(name), lambda value=value: value)  # type: ignore[misc]
    for name, number in zip(SCENARIOS, range(3), strict=True):
        cell(f"naming.{name}", TEXT, p.naming(name), lambda n=number: inputs.naming.names[n])  # type: ignore[misc]
    cell("naming.active", TEXT, p.naming("active"), lambda: inputs.naming.active)
    for name, unit in (("currency", TEXT), ("rate", EXCHANGE_RATE), ("as_of", TEXT), ("source", TEXT)):
        cell(f"reporting.{name}", unit, p.reporting(name), lambda name=name: getattr(inputs.reporting, name) or None)  # type: ignore[misc]
    none, mtp, unknown, aggregated, disaggregated = market.switches
    derived: dict[str, tuple[Unit, Callable[[], Value]]] = {
        "number": (COUNT, lambda: inputs.naming.number),
        "snapshot": (TEXT, lambda: market.snapshot_of(s.model, s.snapshot) or "none"),
        "output_share": (SHARE, lambda: output_share(s.workload)),
        "method": (COUNT, lambda: market.method), "hold": (COUNT, lambda: market.hold),
        "spec_none": (COUNT, lambda: none), "spec_mtp": (COUNT, lambda: mtp), "spec_unknown": (COUNT, lambda: unknown),
        "dis_no": (COUNT, lambda: aggregated), "dis_yes": (COUNT, lambda: disaggregated),
    }  # fmt: skip
    for name, (unit, stated) in derived.items():
        cell("scenario.snapshot_in_use" if name == "snapshot" else f"scenario.{name}", unit, p.derived(name), stated)
    menus: dict[str, tuple[Unit, Sequence[Value]]] = {
        "models": (TEXT, inputs.models), "workloads": (TEXT, inputs.workloads),
        "output shares": (SHARE, tuple(output_share(w) for w in inputs.workloads)), "codes": (TEXT, p.codes),
        "snapshots": (TEXT, (*(x.label for x in inputs.snapshots), LATEST)), "platforms": (TEXT, p.platforms), "bases": (TEXT, p.bases),
        "switches": (TEXT, SWITCHES), "interpolations": (TEXT, INTERPOLATIONS), "below": (TEXT, BELOW_RANGE),
        "speculative": (TEXT, SPECULATIVE), "disaggregated": (TEXT, DISAGGREGATED),
    }  # fmt: skip
    for name, (unit, items) in menus.items():
        line(f"menu.{slug(name)}", unit, p.menu(name), lambda items=items: items)  # type: ignore[misc]
    _prices(ctx, line)
    _points(ctx, line)


def _prices(ctx: "Context", line: Any) -> None:
    p, market, inputs = ctx.places, ctx.market, ctx.inputs
    line("prices.own", USD_PER_GPU_HOUR, p.own_prices, lambda: [inputs.own_prices.get(name) for name in p.platforms])
    line("prices.in_use", USD_PER_GPU_HOUR, p.prices_in_use, lambda: [market.price(name) for name in p.platforms])
    line("prices.bases", TEXT, p.bases_header, lambda: p.bases)
    for j, basis in enumerate(p.bases):
        line(f"prices.basis_{j}", USD_PER_GPU_HOUR, p.price_book.column(j),
             lambda basis=basis: [market.price(name, basis) for name in p.platforms])  # fmt: skip


def _points(ctx: "Context", line: Any) -> None:
    p, market = ctx.places, ctx.market
    rows = (*ctx.inputs.points, *ctx.inputs.typed)
    count = p.last_point - p.points("Model").row + 1
    table = cache(lambda: [row_of(point, POINT_FIELDS) for point in rows])  # once for all columns
    for k, name in enumerate(POINT_COLUMNS):
        line(f"points.{POINT_FIELDS[name]}", POINT_UNITS.get(name, TEXT), p.points(name),
             lambda k=k: [*(row[k] for row in table()), *[None] * (count - len(rows))])  # fmt: skip
    owned = [(number * 10 + code, x, y, source, m) for number, code, curve in market.owned
             for x, y, source, m in zip(curve.xs, curve.ys, curve.sources, curve.slopes, strict=True)]  # fmt: skip
    room = p.knot_rows - len(owned)
    knots: dict[str, tuple[Unit, list[Value]]] = {
        "Curve": (COUNT, [*(float(k[0]) for k in owned), *[0.0] * room]),
        "Point": (COUNT, [*(float(k[3] + 1) for k in owned), *[float(count + 1)] * room]),
        "Interactivity": (TOKENS_PER_USER, [*(k[1] for k in owned), *[0.0] * room]),
        "Throughput": (TOKENS_PER_GPU, [*(k[2] for k in owned), *[0.0] * room]),
        "Slope": (SLOPE, [*(k[4] for k in owned), *[0.0] * room]),
        "Sort key": (COUNT, [*(k[0] * KEY + k[1] for k in owned), *[UNUSED] * room]),
    }
    order = Order(market, [(a - FIRST + 1, b - FIRST + 1) for a, b in p.built_groups])
    group, pooled, mine = _workings(ctx, order, count)
    for name, found in {"Group": group, "Key on pooled frontier": pooled, "Key on own frontier": mine}.items():
        line(f"working.{slug(name)}", COUNT, p.working(name), lambda found=found: found)
    for code in range(len(p.codes)):
        line(f"working.back_to_knot_{code}", COUNT, p.backs.column(code), lambda code=code: order.knot_backs(code))
    line(
        "index.key",
        TEXT,
        p.index("Key"),
        lambda: [group.key for group in market.groups] + [""] * (p.group_rows - len(market.groups)),
    )
    for name in PARTS:
        line(f"index.{slug(name)}", TEXT, p.index(name),
             lambda name=name: [getattr(group, slug(name)) for group in market.groups] + [""] * (p.group_rows - len(market.groups)))  # fmt: skip
    for name, part in (("Knots", 1), ("First knot", 0)):
        line(
            f"directory.{slug(name)}",
            COUNT,
            p.directory(name),
            lambda part=part: [row[part] for row in _directory(ctx)],
        )
    line("directory.order", COUNT, p.directory("Order"), lambda: _ordinals(ctx, order))
    knots["Next"] = (COUNT, [*order.following, *[0.0] * room])
    keys, numbers = _typed(ctx)
    line("typed.key", TEXT, p.typed("Key"), lambda: keys)
    line("typed.new_group", COUNT, p.typed("New group"), lambda: numbers)
    for name, (unit, values) in knots.items():
        line(f"knots.{slug(name)}", unit, p.knots(name), lambda values=values: values)


def _workings(ctx: "Context", order: Order, total: int) -> list[list[float]]:
    group, pooled, own = ([0.0] * total for _ in range(3))
    group[: len(ctx.market.membership)] = map(float, ctx.market.membership)
    for number, code, curve in order.unordered:
        for source in curve.sources:
            (own if code else pooled)[source] = order.key(number, code, source)
    return [group, pooled, own]


def _directory(ctx: "Context") -> list[tuple[int, int]]:
    """First knot and number of knots of each curve, by group and precision."""
    market = ctx.market
    found = []
    for number in range(1, ctx.places.group_rows + 1):
        single = number <= len(market.groups) and market.single(number)
        for code in range(len(market.codes)):
            curve = market.curves.get((number, code))
            found.append((market.first_knot[number, 0 if single else code], len(curve.xs)) if curve else (0, 0))
    return found


def _ordinals(ctx: "Context", order: Order) -> list[Value]:
    found: list[Value] = []
    ordinal = 0
    for number in range(1, ctx.places.group_rows + 1):
        for code in range(len(ctx.market.codes)):
            ordinal += order.start(number, code) > 0
            found.append(ordinal)
    return found


def _typed(ctx: "Context") -> tuple[list[Value], list[Value]]:
    keys: list[Value] = [""] * SPARE_POINTS
    numbers: list[Value] = [0] * SPARE_POINTS
    held = set(ctx.market.groups[: len(ctx.places.built_groups)])
    seen: set[object] = set()
    for i, point in enumerate(ctx.market.typed):
        if usable(point):
            keys[i] = point.group.key
            if point.group not in held and point.group not in seen:
                seen.add(point.group)
                numbers[i] = len(seen)
    return keys, numbers
