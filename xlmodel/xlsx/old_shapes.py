"""Shapes of the old kind (VML) that stand on a sheet: notes that are always in sight, and controls."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.calc.address import letters

_SHAPE = rb"<v:shape\b(?:(?!</v:shape>).){0,9999}?%b(?:(?!</v:shape>).){0,9999}"
_NOTES = re.compile(_SHAPE % b"<x:Visible", re.DOTALL)
_CONTROLS = re.compile(_SHAPE % b'ObjectType="(?!Note")', re.DOTALL)
_MARKUP = re.compile(rb"<x:ClientData.*|<[^>]*>", re.DOTALL)
_NUMBERS = re.compile(rb"<x:(Anchor|Row|Column)>([\s\d,]+)</x:")


class OldShape(NamedTuple):
    """A shape: the cells that it covers, the words of a control, and the cell that a note belongs to."""

    area: tuple[int, int, int, int]
    words: str = ""
    a1: str = ""
    control: bool = False


def old_shapes(part: bytes) -> Iterator[OldShape]:
    """The controls and the notes in sight of a drawing of the old kind."""
    for shape in _CONTROLS.findall(part):
        anchor = _numbers(shape).get(b"Anchor", [])
        if len(anchor) == 8:
            words = _MARKUP.sub(b" ", shape.partition(b">")[2]).decode(errors="replace").split()
            yield OldShape(_area(anchor), " ".join(words), control=True)
    for shape in _NOTES.findall(part):
        found = _numbers(shape)
        if len(found.get(b"Anchor", ())) == 8 and len(found) == 3:
            a1 = f"{letters(found[b'Column'][0] + 1)}{found[b'Row'][0] + 1}"
            yield OldShape(_area(found[b"Anchor"]), a1=a1)


def _numbers(shape: bytes) -> dict[bytes, list[int]]:
    return {kind: [int(n) for n in text.split(b",")] for kind, text in _NUMBERS.findall(shape)}


def _area(anchor: list[int]) -> tuple[int, int, int, int]:
    """First row and column, last row and column, from column, offset, row and offset of both ends."""
    left, _, top, _, right, across, bottom, down = anchor
    return (top + 1, left + 1, bottom + (down > 0), right + (across > 0))
