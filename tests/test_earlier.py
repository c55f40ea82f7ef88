"""Values lent by the book before are those that a fresh description computes, whatever changed in between.

XLMODEL_LENT=40 tries as many changes.
"""

import os
import random
from dataclasses import replace
from io import BytesIO
from operator import attrgetter
from typing import Any

from xlmodel.book.edition import NATIVE, XLWINGS
from xlmodel.book.spec import Book
from xlmodel.model.curve import INTERPOLATIONS
from xlmodel.model.plan import SEASONS
from xlmodel.model.scenario import SWITCHES, Inputs
from xlmodel.model.typed import TAKE_PART, is_typed, typed_value, untyped
from xlmodel.model.variants import Naming, Reporting, Variant
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import Earlier, describe
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.package import PLAIN, Printed, write

DAY, OTHER = "2026-10-10", Brand(footer="Smith & Co", paper=1)
taking_part = attrgetter(*(f"in_use.{name}" for name in TAKE_PART))
CHANGES = int(os.environ.get("XLMODEL_LENT", "3"))


def file(book: Book, brand: Brand, printed: Printed | None) -> bytes:
    target = BytesIO()
    write(book, target, brand, "1", printed)
    return target.getvalue()


def changed(base: Inputs, rng: random.Random) -> tuple[str, Inputs]:
    """One to three things that a row of accounts may say."""
    s, platforms = base.scenario, sorted({point.platform for point in base.points})
    choices: dict[str, Any] = {
        "own": {"own_prices": {rng.choice(platforms): rng.uniform(1, 9)}},
        "users": {"fleet": replace(base.fleet, users=float(rng.randint(1, 9000)))},
        "power": {"fleet": replace(base.fleet, mode="kW of power", power=rng.uniform(100, 9000))},
        "plan": {"plan": replace(base.plan, growth=rng.uniform(0, 0.05), months=float(rng.randint(12, 60)))},
        "season": {"plan": replace(base.plan, season={rng.choice(SEASONS): rng.uniform(0.7, 1.3)}, tokens=None, users=4e3, user_tokens=50.0)},
        "reporting": {"reporting": Reporting("EUR", rng.uniform(0.8, 0.9), "2026-09-01", "ECB")},
        "varied": {"sensitivity": replace(base.sensitivity, platform=rng.choice(platforms), swing=rng.uniform(0.1, 0.4))},
        "third": {"third": Variant(utilization=rng.uniform(0.3, 1), interpolation=rng.choice(INTERPOLATIONS))},
        "ownership": {"ownership": replace(base.ownership, life=rng.uniform(3, 6), capital={platforms[0]: 40_000.0})},
        "naming": {"naming": replace(base.naming, active=rng.choice(base.naming.names))},
        "names": {"naming": Naming("Low", "Low", "=Mid", "High")},
        "scenario": {"scenario": rng.choice([
            replace(s, interactivity=float(rng.randint(20, 90))), replace(s, basis=rng.choice(base.bases)),
            replace(s, speculative=rng.choice(SWITCHES)), replace(s, disaggregated=rng.choice(SWITCHES)),
            replace(s, interpolation=rng.choice(INTERPOLATIONS)), replace(s, utilization=rng.uniform(0.3, 1)),
            replace(s, baseline=rng.choice(platforms)), replace(s, model=rng.choice(base.models)), replace(s, pue=rng.uniform(1, 2)),
            replace(s, workload=rng.choice(base.workloads)), replace(s, ttft_limit=float(rng.randint(200, 9000))),
            replace(s, snapshot=rng.choice(base.snapshots).label),
        ])},
        "fewer": {"points": base.points[: -rng.randint(1, 30)]},
    }  # fmt: skip
    names = rng.sample(sorted(choices), rng.randint(1, 3))
    found = base
    for name in names:
        found = replace(found, **choices[name])
    return f"{names} {found.scenario} {found.fleet}", found


def test_a_book_made_after_another_is_the_one_made_alone() -> None:
    base, rng = gather(models=[os.environ.get("XLMODEL_LENT_MODEL", "GLM-5.1")]), random.Random(CHANGES)
    earlier, printed = Earlier(), Printed()
    file(describe(base, build_date=DAY, earlier=earlier), PLAIN, printed)
    for _ in range(CHANGES):
        said, inputs = changed(base, rng)
        title = rng.choice(["Token economics", "=1+1", "Prices", f"Title {rng.random()}"])
        edition, brand = rng.choice((NATIVE,) * 4 + (XLWINGS,)), rng.choice((PLAIN, PLAIN, OTHER))
        after, alone = (describe(inputs, title, DAY, edition=edition, earlier=one) for one in (earlier, None))
        assert after == alone, said
        assert file(after, brand, printed) == file(alone, brand, None), said


def test_every_typed_cell_holds_what_the_inputs_say() -> None:
    """The one way in which what is typed reaches a book; what is left without it decides its form."""
    base, rng = gather(models=["GLM-5.1"]), random.Random(1)
    forms = {repr(untyped(base))}
    for _ in range(20):
        _, inputs = changed(base, rng)
        if inputs.points is base.points and taking_part(inputs) == taking_part(base):
            forms.add(repr(untyped(inputs)))
    assert len(forms) == 1
    _, inputs = changed(base, rng)
    book = describe(inputs, build_date=DAY)
    keys = [(sheet, key, ref) for sheet in book.sheets for key, ref in sheet.inputs.items() if is_typed(key)]
    assert len(keys) > 100
    for sheet, key, ref in keys:
        said = typed_value(inputs, key)
        assert sheet.cells[ref.row][ref.col].value == (None if said == "" else said), key
