"""A small book, random values for all of its inputs, and an engine that holds it open from one set of values to the next."""

import random
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from books import make

from xlmodel.book.places import Places
from xlmodel.book.spec import Book, formula_cells
from xlmodel.calc.address import Ref
from xlmodel.calc.values import Value
from xlmodel.engines.programs import IronCalc
from xlmodel.model import fleet, ownership, plan, variants
from xlmodel.model.fleet import MODES, Fleet
from xlmodel.model.ownership import Ownership
from xlmodel.model.plan import Plan
from xlmodel.model.scenario import MENUS, Inputs
from xlmodel.model.variants import Naming, Reporting, Sensitivity, Variant
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.units import EXCHANGE_RATE, Unit

SMALL = gather(models=["GLM-5.1"])
# a limit on the time to first token has points to work on
SMALL = replace(
    SMALL,
    claims=(),
    points=tuple(replace(p, ttft_ms=300.0 + 40 * i) if i % 4 else p for i, p in enumerate(SMALL.points)),
)
PLATFORMS = Places(SMALL).platforms
Cells = dict[tuple[str, str], Value]
# ranges in which a result still means something; a unit's own range is far wider
USUAL: dict[str, tuple[float, float]] = {
    "price_change": (-0.5, 1), "ttft_limit": (300, 4000), "life": (1, 9), "users": (0, 20_000), "tokens": (0, 300_000), "power": (0, 9_000),
    "peak": (1, 4), "colocation": (0, 300), "support": (0, 3_000), "software": (0, 5_000), "price_input": (0, 2), "price_output": (0, 9),
    "price_cached": (0, 1), "api": (0, 5), "g_per_kwh": (0, 900), "usd_per_kwh": (0, 0.4), "output_ratio": (0, 9), "cached_ratio": (0, 1),
    "rate": (0.1, 200), "start_year": (2026, 2030), "user_tokens": (0, 50), "growth": (-0.1, 0.1), "ceiling": (0, 1e6), "discount": (0, 0.3),
    "software_most": (1, 5), "software_prudent": (0, 1), "rent_limit": (0, 50),
}  # fmt: skip


def number(rng: random.Random, name: str, unit: Unit) -> float:
    low, high = USUAL.get(name, (unit.low, unit.high))
    low, high = max(low, unit.low), min(high, unit.high)
    digits = 0 if unit.whole else rng.choice([0, 2, 5]) if high > 3 else 3
    return round(rng.uniform(low, high), digits) or low


def _of(rng: random.Random, kind: type, units: dict[str, Unit], empty: float) -> Any:
    """A dataclass of assumptions; where a field may be empty, it is with this chance."""
    taken: dict[str, Any] = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        optional = type(None) in get_args(hints[field.name])
        if optional and rng.random() < empty:
            taken[field.name] = None
        elif field.name in MENUS:  # each choice narrows what is measured: three of them at once leave nothing to price
            taken[field.name] = rng.choice(MENUS[field.name][: 1 if rng.random() < 0.6 else None])
        elif field.name in units:
            taken[field.name] = number(rng, field.name, units[field.name])
    return kind(**taken)


def world(rng: random.Random) -> Inputs:
    """Random values for every input of the small book."""
    base = _of(rng, Variant, variants.UNITS, 0.0)
    s = SMALL.scenario
    scenario = replace(
        s, **base.changes, interactivity=round(rng.uniform(5, 90), 2), workload=rng.choice(SMALL.workloads[:2]),
        precision=rng.choice(Places(SMALL).codes[: 1 if rng.random() < 0.6 else None]), baseline=rng.choice(PLATFORMS), basis=rng.choice(SMALL.bases),
    )  # fmt: skip
    empty: dict[str, Any] = {
        name: None for name in ("ttft_limit", "output_ratio", "pue", "usd_per_kwh", "g_per_kwh") if rng.random() < 0.5
    }
    names = ("Plan", "Talks", "Bad year")
    own = {name: number(rng, "", Unit("", "", 0.5, 20)) for name in PLATFORMS if rng.random() < 0.3}
    capital = {name: float(rng.randint(10_000, 90_000)) for name in PLATFORMS if rng.random() < 0.6}
    return replace(
        SMALL,
        scenario=replace(scenario, **empty),
        naming=Naming(rng.choice(names), *names),
        second=_of(rng, Variant, variants.UNITS, 0.7),
        third=_of(rng, Variant, variants.UNITS, 0.7),
        own_prices=own,
        ownership=replace(_of(rng, Ownership, ownership.UNITS, 0.3), capital=capital),
        fleet=replace(_of(rng, Fleet, fleet.UNITS, 0.2), mode=rng.choice(MODES)),
        plan=replace(
            _of(rng, Plan, plan.UNITS, 0.3), platform=rng.choice(PLATFORMS), basis_on_demand=rng.choice(SMALL.bases)
        ),
        reporting=rng.choice([Reporting(), Reporting("EUR", number(rng, "rate", EXCHANGE_RATE), "2026-11-20", "ECB")]),
        sensitivity=Sensitivity(
            rng.choice(PLATFORMS), round(rng.uniform(0.05, 0.45), 3), round(rng.uniform(0.05, 0.9), 3)
        ),
    )


def thinned(inputs: Inputs, most: int = 12) -> Inputs:
    """At most so many points of each platform, evenly over what was measured: the same platforms have an answer."""
    points = []
    for platform in Places(inputs).platforms:
        own = [p for p in inputs.points if p.platform == platform]
        points += own[:: -(-len(own) // most) or 1]
    kept = set(map(id, points))
    return replace(inputs, points=tuple(p for p in inputs.points if id(p) in kept))


def typed(inputs: Inputs) -> Cells:
    """The cell of every input, and what stands in it."""
    return {
        (ref.sheet, ref.a1): sheet.cells[ref.row][ref.col].value
        for sheet in describe(inputs, build_date="2026-01-02", build_id="test").sheets
        for ref in sheet.inputs.values()
    }


class Open:
    """A book, loaded once in IronCalc: every look starts from the book as built, types some cells and computes."""

    def __init__(self, path: Path, book: Book) -> None:
        self._opened = IronCalc().open(path)
        self._typed: set[tuple[str, str]] = set()
        self._before: Cells = {}  # what stood in a cell as built
        self._formulas = dict.fromkeys(
            (sheet.name, Ref(sheet.name, row, col).a1) for sheet in book.sheets for row, col, _ in formula_cells(sheet)
        )
        self._locked = set(self._formulas)

    def values(self, cells: Mapping[tuple[str, str], Value]) -> Cells:
        assert not self._locked & cells.keys(), "a formula is no input"
        for key in self._typed - cells.keys():
            self._restore(key)
        for key, value in cells.items():
            if key not in self._before:
                self._before[key] = self._formula(key) if key in self._formulas else self._opened.value(key)
            self._opened.type(key, value)
        self._typed = set(cells)
        self._opened.compute()
        return {key: self._opened.value(key) for key in self._formulas}

    def planted(self, cells: Mapping[tuple[str, str], Value]) -> Cells:
        """Values as after `values`, but typed over formulas as well; the formulas are back afterwards."""
        over, self._locked = self._locked, set()
        try:
            return self.values(cells)
        finally:
            self._locked = over

    def _formula(self, key: tuple[str, str]) -> str:
        text: str = self._opened._model.get_cell_content(*self._opened._at(key))
        return text

    def _restore(self, key: tuple[str, str]) -> None:
        if key in self._formulas:  # only these tests type formulas, so that reaching into the engine stays here
            self._opened._model.set_user_input(*self._opened._at(key), str(self._before[key]))
        else:
            self._opened.type(key, self._before[key])


def opened(path: Path, inputs: Inputs) -> Open:
    """The workbook of these inputs, held open."""
    return Open(path, make(inputs, path))
