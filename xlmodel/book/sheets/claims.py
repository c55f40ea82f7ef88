"""Claims: placeholder until described."""

from xlmodel.book.context import Context
from xlmodel.book.places import CLAIMS
from xlmodel.book.sheets.frame import start
from xlmodel.book.spec import Sheet


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    return start(ctx, CLAIMS, "presentation", "Claims", "", 6)
