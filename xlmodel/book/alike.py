"""What two books of one form have in common, so that what was made of the first may serve the second."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from xlmodel.book.spec import Block

RENEWED = ("cells", "blocks", "heights", "title")  # of a sheet: what the next book may hold otherwise


def alike(one: Any, other: Any, but: Iterable[str]) -> bool:
    """Whether two records are the same but for some fields."""
    names = [f.name for f in fields(one) if f.name not in but]
    return all(a is b or a == b for a, b in ((getattr(one, name), getattr(other, name)) for name in names))


def same_formulas(before: Sequence[Block], now: Sequence[Block]) -> bool:
    """Whether blocks have the same formulas and looks in the same places, whatever their values."""
    return [_form(block) for block in before] == [_form(block) for block in now]


def _form(block: Block) -> tuple[object, ...]:
    return block.row, block.col, block.height, block.digits, [(c.style, c.format, c.runs) for c in block.columns]
