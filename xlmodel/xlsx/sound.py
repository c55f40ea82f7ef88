"""What a damaged file causes deep in a reader, as a refusal of the file."""

from collections.abc import Iterator
from contextlib import contextmanager

from xlmodel.errors import WorkbookRefused


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Turns what a damaged file causes deep in a reader into a refusal of the file.

    Raises:
        WorkbookRefused: parts of the file contradict each other.
    """
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, SyntaxError) as error:
        said = f"a damaged workbook ({error})"[:200]
        raise WorkbookRefused.one(name, said, "a sound .xlsx", "save it again in Excel") from error
