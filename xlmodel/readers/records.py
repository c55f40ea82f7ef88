"""Tables of records: each cell read by its column's reader, each record once, and all that is wrong noted."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from xlmodel.readers.cell_readers import BadCell, Memo, Reader, note_bad_cells
from xlmodel.readers.csv_file import NO_NAMES, Row, arranged, read_rows
from xlmodel.readers.problems import Problems

R = TypeVar("R")
Words = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FileKind(Generic[R]):
    """A kind of file, as the bundled ones and a user's own share it.

    Attributes:
        name: what its files are called in the settings. telling: a column that no other kind has.
        record: makes a record of the values by column.
        readers: the reader of each column, fresh for one file, since a name has one spelling throughout; its argument ends the dates.
        required: columns that a file must have. other_names: what people call a column, in letters and digits only.
        identity: what two records must not share.
        again: the words for a record that is there already: what it is, what is expected, and how to mend it.
        names: columns of names that a choice may mean.
        fault: what is wrong with a record as a whole: the column, what was found, what was expected, and how to mend it.
    """

    name: str
    telling: str
    record: Callable[..., R]
    readers: Callable[[str], dict[str, Reader]]
    required: Sequence[str]
    other_names: Mapping[str, str]
    identity: Callable[[R], Hashable]
    again: Callable[[R], Words]
    names: Sequence[str]
    fault: Callable[[R], tuple[str, str, str, str] | None] = lambda _: None

    def read(self, path: Path) -> list[R]:
        """The records of a file; see `by_line`."""
        return list(self.by_line(path).values())

    def by_line(self, path: Path, until: str = "", table: Iterable[Row] | None = None) -> dict[int, R]:
        """The records of a file, each with the line it begins in.

        Args:
            path: the CSV file.
            until: last day that a record may be dated, in ISO form; empty for none.
            table: row number and cells, from the header on, of a table that stands in `path` but is no CSV file.

        Raises:
            InputRefused: the file or any cell in it is unusable, or a record is there twice; all problems at once.
        """
        problems, word = Problems(str(path)), "line" if table is None else "row"
        columns = {name: Memo(read) for name, read in self.readers(until).items()}
        found: dict[int, R] = {}
        seen: dict[Hashable, int] = {}
        for line, values in read_records(path, columns, self.required, problems, self.other_names, table):
            found[line] = made = self.record(**values)
            if wrong := self.fault(made):
                problems.add(f"{word} {line}, {wrong[0]}", *wrong[1:])
            first = seen.setdefault(self.identity(made), line)
            if first != line:
                what, expected, fix = self.again(made)
                problems.add(f"{word} {line}", f"{what} of {word} {first} again", expected, fix)
        problems.raise_if_any({name for column in self.names for name in columns[column].values()})
        return found


def read_records(
    path: Path,
    columns: Mapping[str, Memo],
    required: Sequence[str],
    problems: Problems,
    other_names: Mapping[str, str] = NO_NAMES,
    table: Iterable[Row] | None = None,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line and the values by column of each row whose cells can all be used.

    Args:
        path: the CSV file.
        columns: the reader of every column that the file may have.
        required: those that it must have.
        problems: where what is wrong is noted.
        other_names: what people call a column, in letters and digits only.
        table: see `FileKind.by_line`.

    Raises:
        InputRefused: the file cannot be read, or its header is unusable.
    """
    optional = [name for name in columns if name not in required]
    names, word = (*required, *optional), "line" if table is None else "row"
    memos = [columns[name] for name in names]
    rows = (
        read_rows(path, required, optional, problems, other_names)
        if table is None
        else arranged(table, required, optional, problems, other_names)
    )
    for line, row in rows:
        try:
            values = [memo[text] for memo, text in zip(memos, row, strict=False)]  # a row may carry one cell more
        except BadCell:
            note_bad_cells(memos, names, row, line, problems, word)
            continue
        yield line, dict(zip(names, values, strict=True))
