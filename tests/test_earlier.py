"""Values lent by the book before are those that a fresh description computes, whatever changed in between.

XLMODEL_LENT=40 tries as many changes.
"""

import os
import random
from dataclasses import replace
from io import BytesIO
from typing import Any

from xlmodel.book.spec import Book
from xlmodel.model.curve import INTERPOLATIONS
from xlmodel.model.scenario import SWITCHES, Inputs
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import Earlier, describe
from xlmodel.xlsx.package import Printed, write

CHANGES = int(os.environ.get("XLMODEL_LENT", "2"))


def file(book: Book, printed: Printed | None) -> bytes:
    target = BytesIO()
    write(book, target, version="1", printed=printed)
    return target.getvalue()


def changed(base: Inputs, rng: random.Random) -> tuple[str, Inputs]:
    """One to three things that a row of accounts may say."""
    s, platforms = base.scenario, sorted({point.platform for point in base.points})
    choices: dict[str, Any] = {
        "own": {"own_prices": {rng.choice(platforms): rng.uniform(1, 9)}},
        "users": {"fleet": replace(base.fleet, users=float(rng.randint(1, 9000)))},
        "power": {"fleet": replace(base.fleet, mode="kW of power", power=rng.uniform(100, 9000))},
        "plan": {"plan": replace(base.plan, growth=rng.uniform(0, 0.05), months=float(rng.randint(12, 60)))},
        "ownership": {"ownership": replace(base.ownership, life=rng.uniform(3, 6), capital={platforms[0]: 40_000.0})},
        "naming": {"naming": replace(base.naming, active=rng.choice(base.naming.names))},
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
    file(describe(base, earlier=earlier), printed)
    for _ in range(CHANGES):
        said, inputs = changed(base, rng)
        title = rng.choice(["Token economics", "=1+1", "Prices", f"Title {rng.random()}"])
        after, alone = describe(inputs, title, earlier=earlier), describe(inputs, title)
        assert after == alone, said
        assert file(after, printed) == file(alone, None), said
