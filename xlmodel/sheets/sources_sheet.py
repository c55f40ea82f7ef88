"""Sources: where every number comes from, with licence, and how each snapshot was put together."""

from collections import Counter

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST, SOURCES
from xlmodel.book.spec import Link, Sheet
from xlmodel.calc.values import Value
from xlmodel.sheets.frame import headers, start, widths

_SOURCES = (
    ("Benchmarks", "InferenceX (formerly InferenceMAX), SemiAnalysis LLC", "https://inferencex.semianalysis.com",
     "Apache-2.0; attribution to InferenceX is required for any derivative work",
     "Measured interactivity and throughput of every point; curves are read with the method of its charts."),
    ("Ownership and rental tiers", "SemiAnalysis AI Cloud TCO Model and pricing surveys, August 2025 and July 2026",
     "https://inferencex.semianalysis.com", "published constants of the InferenceX dashboard, quoted as facts",
     "Bases Hyperscaler, Neocloud and 3-year rental, in two vintages; all-in kW per GPU."),
    ("List prices", "Price lists of the providers", "", "public list prices, quoted as facts",
     "Each quote on Prices carries its address, date and confidence."),
    ("Hardware facts", "Vendor data sheets and the InferenceX dashboard", "", "facts",
     "Each row on Platforms names its source and its doubts."),
    ("Claims", "Signal65, From Dense to Mixture of Experts: The New Economics of AI Inference (December 2025), and its coverage",
     "https://signal65.com", "short quotations for review", "Each claim carries the address where it was read."),
    ("Interpolation", "M. Steffen, A simple method for monotonic interpolation in one dimension, A&A 239 (1990)",
     "https://ui.adsabs.harvard.edu/abs/1990A%26A...239..443S", "published method", "Knots and slopes on Benchmarks, right of the points."),
)  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(ctx, SOURCES, "control", "Sources", "Where every number comes from, with licence and date.", 5)
    sheet.put(FIRST - 3, 1, "Sources", "Heading")
    headers(sheet, FIRST - 1, 1, ("What", "Source", "Address", "Licence", "Used for"))
    row = FIRST
    for line in _SOURCES:
        for offset, text in enumerate(line):
            cell = sheet.put(row, offset + 1, text or None, "Hyperlink" if offset == 2 and text else "Note")
            if offset == 2 and text:
                sheet.links.append(Link(cell.a1, address=text))
        sheet.heights[row] = 40
        row += 1
    row += 2
    sheet.put(row, 1, "Snapshots", "Heading")
    headers(sheet, row + 1, 1, ("Snapshot", "What it is", "Points in this book", "Source", "Models"))
    held = Counter(point.snapshot for point in ctx.inputs.points)
    for snapshot in ctx.inputs.snapshots:
        r = row + 2
        models = dict.fromkeys(p.model for p in ctx.inputs.points if p.snapshot == snapshot.label)
        values: tuple[Value, ...] = (
            snapshot.label, snapshot.kind, held[snapshot.label], snapshot.source, ", ".join(models),
        )  # fmt: skip
        for offset, value in enumerate(values):
            sheet.put(r, offset + 1, value, "Note")
        sheet.heights[r] = 52
        row += 1
    if ctx.inputs.left_out:
        sheet.put(row + 3, 1, f"{ctx.inputs.left_out:,} measured points are not in this book: within their serving mode another point "
                  "is at least as fast and as productive, so no switch can bring them onto a frontier.", "Footnote")  # fmt: skip
    widths(sheet, (26, 60, 46, 44, 56))
    sheet.freeze = f"A{FIRST}"
    return sheet
