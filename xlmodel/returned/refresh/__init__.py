"""New data and a new generator version into a workbook that people have been working in.

The new book is described from what they typed and from the new data, and its sheets take the places of the old ones
in their package; every other part stays byte for byte. What cannot be carried over is kept beside and listed.
"""

from dataclasses import dataclass

from xlmodel.calc.values import Value


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader should know: what happened, where, and what stood there.

    Attributes:
        kept: where the old content stands now; empty when this line is all that is left of it.
    """

    what: str
    place: str = ""
    before: Value = None
    after: Value = None
    kept: str = ""
