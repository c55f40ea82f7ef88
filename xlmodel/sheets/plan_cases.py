from xlmodel.book.context import Context
from xlmodel.book.spec import Sheet
from xlmodel.sheets.frame import start
def describe(ctx: Context) -> Sheet:
    return start(ctx, "Plan cases", "workings", "Plan cases", "x", 14)
