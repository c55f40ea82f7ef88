"""Plan."""
from xlmodel.book.context import Context
from xlmodel.book.spec import Sheet
from xlmodel.sheets.frame import start
from xlmodel.sheets import plan_inputs

def describe(ctx: Context) -> Sheet:
    sheet = start(ctx, "Plan", "presentation", "Plan", "x", 14)
    plan_inputs.describe(ctx, sheet, 60)
    return sheet
