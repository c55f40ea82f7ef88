"""What one book leaves for the next of the same form: parts that are equal to the byte are not compressed again."""

from collections.abc import Iterable

from xlmodel.xlsx import zipped


class Mould:
    """The parts of the last book, each with its compressed form; give it to `package.write` for one book after another."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[bytes, int, tuple[bytes, int, int]]] = {}

    def packed(self, name: str, chunks: Iterable[bytes], level: int) -> tuple[bytes, int, int]:
        """As `zipped.packed`, from memory when the part is that of the book before."""
        pieces = list(chunks)
        if sum(map(len, pieces)) > zipped.WHOLE:  # memory stays flat
            return zipped.packed(pieces, level)
        data, level = b"".join(pieces), level or zipped.LEVEL
        known = self._parts.get(name)
        if known is None or known[1] != level or known[0] != data:
            known = self._parts[name] = data, level, zipped.packed((data,), level)
        return known[2]
