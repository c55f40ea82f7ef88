"""What a cell of the file may hold by the file's own validations: a list of words, or a number within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlmodel.book.refs import corners
from xlmodel.calc.address import Ref
from xlmodel.returned.explain.trace import area_of
from xlmodel.returned.mailed_file import Mailed
from xlmodel.xlsx.parts import MAIN, finite

MAX_WORDS = 2_000
MAX_AREAS = 2_000  # of one validation


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one validation lets into its cells: `words` of a list, or numbers from `low` to `high`."""

    areas: tuple[tuple[int, int, int, int], ...]
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def covers(self, row: int, col: int) -> bool:
        """Whether it is about a cell."""
        return any(top <= row <= bottom and left <= col <= right for top, left, bottom, right in self.areas)


def allowed_at(mailed: Mailed, ref: Ref) -> Allowed | None:
    """The validation of a cell of a generated sheet; None when the file has none there."""
    return next((rule for rule in validations(mailed, ref.sheet) if rule.covers(ref.row, ref.col)), None)


def validations(mailed: Mailed, sheet: str) -> Iterator[Allowed]:
    """The lists and bounds of a generated sheet."""
    name = mailed.sheets[sheet]
    for element in mailed.package.grid(name).rest.iter(MAIN + "dataValidation"):
        areas = tuple(corners(part) for part in element.get("sqref", "").split(maxsplit=MAX_AREAS)[:MAX_AREAS])
        first, second = (element.findtext(MAIN + f"formula{i}") or "" for i in (1, 2))
        if element.get("type") == "list":
            yield Allowed(areas, words=tuple(_words(mailed, name, first)))
        elif element.get("type") == "decimal" and element.get("operator", "between") == "between":
            yield Allowed(areas, low=finite(first), high=finite(second))


def _words(mailed: Mailed, sheet: str, source: str) -> Iterator[str]:
    if source.startswith('"'):
        yield from (word.strip() for word in source.strip('"').split(","))
        return
    area = area_of(source, sheet, mailed.book)
    if area is None or area.count > MAX_WORDS:
        return
    for row in range(area.top, area.bottom + 1):
        for col in range(area.left, area.right + 1):
            value = mailed.book.value(area.sheet, row, col)
            if isinstance(value, str) and value:
                yield value
