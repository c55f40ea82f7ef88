"""The problems of a file, gathered in its order."""

from collections.abc import Iterable

from xlmodel.errors import InputRefused, Problem

MAX_PROBLEMS = 100


class Problems:
    """The problems of one file in file order; beyond a hundred they are only counted."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.count = 0
        self._kept: list[Problem] = []

    def add(self, place: str, found: str, expected: str, fix: str) -> None:
        """Note a problem at a place such as ``line 3, platform``."""
        self.count += 1
        if len(self._kept) < MAX_PROBLEMS:
            self._kept.append(Problem(f"{self.file} {place}".rstrip(), found, expected, fix))

    @property
    def listed(self) -> tuple[Problem, ...]:
        """The problems kept and, last, how many more there are."""
        more = self.count - len(self._kept)
        tail = Problem(self.file, f"{more} more problems", "none", "correct those above and read the file again")
        return (*self._kept, tail) if more else tuple(self._kept)

    def raise_if_any(self, names: Iterable[str] = ()) -> None:
        """Refuse the file when something is wrong with it.

        Args:
            names: what the file would have brought, as far as it could be read.

        Raises:
            InputRefused: with the problems listed.
        """
        if self.count:
            raise InputRefused(self.listed, names)


def quoted(text: str) -> str:
    """A cell as it is shown in a problem: in quotes, and cut when long.

    >>> quoted("3,50")
    "'3,50'"
    """
    return repr(text if len(text) <= 60 else text[:57] + "...")
