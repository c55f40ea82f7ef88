"""Formulas as compact text: templates, and the numbers of their references in each place.

Each place that a template stands in says only by how much its numbers differ from the place before, so the 4,000
formulas of a book take 15 kB.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import add

from xlmodel.book.built import Fill
from xlmodel.book.refs import cut_references
from xlmodel.calc.address import letters

HOLE = "¤"  # stands for a reference in a template, followed by c or C (column, fixed), r or R (row, fixed) and |
_PRINTED = {"c": "%s", "C": "$%s", "r": "%d", "R": "$%d"}
MAX_PLACES = 400_000  # of the formulas of a sheet: a reader looks at each


def templates(fills: Iterable[Fill]) -> Iterator[str]:
    """A line for every template: its text, and the numbers of its places."""
    found: dict[str, list[list[int]]] = {}
    for fill in fills:
        template, numbers = _apart(fill)
        found.setdefault(template, []).append(numbers)
    for template, places in found.items():
        yield f"{template}\t{steps_of(places)}"


def template_of(fill: Fill) -> str:
    """A formula without the numbers of its references."""
    return _apart(fill)[0]


@lru_cache(maxsize=16384)  # many books of one form have the same formulas
def _apart(fill: Fill) -> tuple[str, list[int]]:
    text, numbers = [], [fill.row, fill.col, fill.last - fill.row]
    for piece in cut_references(fill.formula):
        if isinstance(piece, str):
            text.append(piece.replace(HOLE, HOLE * 2).replace("\n", f"{HOLE}n"))
            continue
        col_fixed, col, row_fixed, row = piece
        text.append(HOLE + (("C" if col_fixed else "c") if col else "") + (("R" if row_fixed else "r") if row else ""))
        text.append("|")
        numbers += [col if col_fixed else col - fill.col] if col else []
        numbers += [row if row_fixed else row - fill.row] if row else []
    return "".join(text), numbers


def fills(text: str) -> Iterator[Fill]:
    """The formulas of such lines, column by column."""
    found = [fill for line in text.splitlines() for fill in _of_template(*line.split("\t"))]
    yield from sorted(found, key=lambda fill: (fill.col, fill.row))


def _of_template(template: str, steps: str) -> Iterator[Fill]:
    pieces = _pieces(template)
    kinds = "".join(piece[1:] for piece in pieces if piece[0] == HOLE)
    text = "".join(
        "".join(_PRINTED[kind] for kind in piece[1:]) if piece[0] == HOLE else piece.replace("%", "%%")
        for piece in pieces
    )
    for row, col, more, *numbers in places_of(steps):
        shift = {"c": col, "C": 0, "r": row, "R": 0}
        said = [
            letters(number + shift[kind]) if kind in "cC" else number + shift[kind]
            for kind, number in zip(kinds, numbers, strict=False)
        ]
        yield Fill(row, col, row + more, text % tuple(said))


def _pieces(template: str) -> list[str]:
    """Plain text and holes, in order."""
    out: list[str] = []
    for i, part in enumerate(template.replace(HOLE * 2, "\0").replace(f"{HOLE}n", "\n").split(HOLE)):
        hole, bar, plain = part.partition("|") if i else ("", "", part)
        if bar:
            out.append(HOLE + hole)
        if plain:
            out.append(plain.replace("\0", HOLE))
    return out


def steps_of(places: Sequence[Sequence[int]]) -> str:
    """Each place as its differences from the one before; equal steps once, with their number."""
    before: Sequence[int] = [0] * len(places[0])
    steps = []
    for place in places:
        steps.append(",".join([str(a - b) if a != b else "" for a, b in zip(place, before, strict=True)]))
        before = place
    runs = [(step, sum(1 for _ in run)) for step, run in groupby(steps)]
    return ";".join(step if count == 1 else f"{step}*{count}" for step, count in runs)


def places_of(steps: str) -> Iterator[list[int]]:
    """The places of such steps."""
    place: list[int] = []
    count = 0
    for step in steps.split(";"):
        numbers, _, times = step.partition("*")
        change = [int(number or 0) for number in numbers.split(",")]
        count += int(times or 1)
        if count > MAX_PLACES:
            raise ValueError(f"more than {MAX_PLACES:,} places")
        if place and len(place) != len(change):
            raise ValueError("places of unequal length")
        for _ in range(int(times or 1)):
            place = list(map(add, place, change)) if place else change
            yield place
