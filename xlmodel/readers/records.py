"""Rows of a table as records: each cell read by its column's reader, and all that is wrong noted."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xlmodel.readers.cell_readers import BadCell, Memo, note_bad_cells
from xlmodel.readers.csv_file import NO_NAMES, read_rows
from xlmodel.readers.problems import Problems


def read_records(
    path: Path,
    columns: Mapping[str, Memo],
    required: Sequence[str],
    problems: Problems,
    other_names: Mapping[str, str] = NO_NAMES,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line and the values by column of each row whose cells can all be used.

    Args:
        path: the CSV file.
        columns: the reader of every column that the file may have.
        required: those that it must have.
        problems: where what is wrong is noted.
        other_names: what people call a column, in letters and digits only.

    Raises:
        InputRefused: the file cannot be read, or its header is unusable.
    """
    optional = [name for name in columns if name not in required]
    names = (*required, *optional)
    memos = [columns[name] for name in names]
    for line, row in read_rows(path, required, optional, problems, other_names):
        try:
            values = [memo[text] for memo, text in zip(memos, row, strict=False)]  # a row may carry one cell more
        except BadCell:
            note_bad_cells(memos, names, row, line, problems)
            continue
        yield line, dict(zip(names, values, strict=True))
