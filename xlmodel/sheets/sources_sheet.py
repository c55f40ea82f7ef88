"""Sources: where every number comes from, with licence, and how each snapshot was put together."""

from collections import Counter

from xlmodel.book.context import Context
from xlmodel.book.places import SOURCES
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Link, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.functions import COUNT as COUNTED
from xlmodel.calc.functions import IF, MAX
from xlmodel.model.age import last_day, newest_api_price, newest_measurement, newest_quote, serial
from xlmodel.sheets.frame import start
from xlmodel.units import COUNT, DATE, TEXT

_SOURCES = (
    ("Benchmarks", "InferenceX (formerly InferenceMAX), SemiAnalysis LLC", "https://inferencex.semianalysis.com",
     "Apache-2.0; attribution to InferenceX is required for any derivative work",
     "Measured interactivity and throughput of every point; curves are read with the method of its charts."),
    ("Ownership and rental tiers", "SemiAnalysis AI Cloud TCO Model and pricing surveys, August 2025 and July 2026",
     "https://inferencex.semianalysis.com", "published constants of the InferenceX dashboard, quoted as facts",
     "Bases Hyperscaler, Neocloud and 3-year rental, in two vintages; all-in kW per GPU."),
    ("List prices", "Price lists of the providers", "", "public list prices, quoted as facts",
     "Each quote on Prices carries its address, date and confidence."),
    ("API prices", "Price pages of the providers, and the lists of LiteLLM, models.dev, OpenRouter and others", "", "public list prices, quoted as facts",
     "Each quote on API prices carries its address, date and confidence."),
    ("Forecasts", "a16z, Epoch AI, Gartner, NVIDIA, SemiAnalysis and others", "", "short quotations for review",
     "Four of them are held against the book's own numbers below the claims."),
    ("Hardware facts", "Vendor data sheets and the InferenceX dashboard", "", "facts",
     "Each row on Platforms names its source and its doubts."),
    ("Claims", "Signal65, From Dense to Mixture of Experts: The New Economics of AI Inference (December 2025), and its coverage",
     "https://signal65.com", "short quotations for review", "Each claim carries the address where it was read."),
    ("Interpolation", "M. Steffen, A simple method for monotonic interpolation in one dimension, A&A 239 (1990)",
     "https://ui.adsabs.harvard.edu/abs/1990A%26A...239..443S", "published method", "Knots and slopes on Benchmarks, right of the points."),
)  # fmt: skip

_COLUMNS = {"What": 26, "Source": 60, "Address": 46, "Licence": 44, "Used for": 56}


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    inputs = ctx.inputs
    sheet = start(ctx, SOURCES, "control", "Sources", "Where every number comes from, with licence and date.", 5)
    sheet.put(FIRST - 3, 1, "Sources", "Heading")
    t = Table(ctx.graph, sheet, "sources", FIRST, 1, len(_SOURCES))
    for k, (heading, width) in enumerate(_COLUMNS.items()):
        texts = [line[k] or None for line in _SOURCES]
        styles = ["Hyperlink" if text and heading == "Address" else "Note" for text in texts]
        t.column(heading, TEXT, texts, style=styles, width=width)
    addresses = t.lines["address"]
    sheet.links += [Link(addresses.ref(i).a1, address=str(v)) for i, v in enumerate(addresses.values) if v]
    sheet.heights |= dict.fromkeys(range(t.row, t.end), 40)
    held = Counter(point.snapshot for point in inputs.points)
    labels = [snapshot.label for snapshot in inputs.snapshots]
    models = [dict.fromkeys(p.model for p in inputs.points if p.snapshot == label) for label in labels]
    sheet.put(t.end + 2, 1, "Snapshots", "Heading")
    s = Table(ctx.graph, sheet, "snapshots", t.end + 4, 1, len(labels))
    s.column("Snapshot", TEXT, list(labels), style="Note")
    s.column("What it is", TEXT, [snapshot.kind for snapshot in inputs.snapshots], style="Note")
    s.column("Points in this book", COUNT, [held[label] for label in labels], style="Note", fmt="")
    s.column("Source", TEXT, [snapshot.source for snapshot in inputs.snapshots], style="Note")
    s.column("Models", TEXT, [", ".join(names) for names in models], style="Note")
    sheet.heights |= dict.fromkeys(range(s.row, s.end), 52)
    if inputs.left_out:
        sheet.put(s.end + 1, 1, f"{inputs.left_out:,} measured points are not in this book: within their serving mode another point "
                  "is at least as fast and as productive, so no switch can bring them onto a frontier.", "Footnote")  # fmt: skip
    _ages(ctx, sheet, s.end + 4)
    sheet.freeze = f"A{FIRST}"
    return sheet


def _ages(ctx: Context, sheet: Sheet, row: int) -> None:
    """How old the newest quote, measurement and API price are at the build."""
    inputs = ctx.inputs
    newest = {"price quotes": newest_quote(inputs.quotes), "measurements": newest_measurement(inputs.points)}
    if not ctx.places.compact:  # functions alone come without API prices
        newest["API prices"] = newest_api_price(inputs.api_prices)
    days = tuple(newest.values())
    sheet.put(row - 2, 1, "How old the data are", "Heading")
    t = Table(ctx.graph, sheet, "age", row, 1, len(days))
    t.column("Newest of", TEXT, list(newest), style="Note")
    at = t.column("Its day", COUNT, [serial(day) for day in days], style="Note", fmt=DATE.format)
    built = serial(last_day(ctx.build_date))
    made = t.column("Day of the build", COUNT, [built] * len(days), style="Note", fmt=DATE.format)
    age = IF(COUNTED(at, made).eq(2), MAX(0, made - at), 0)
    t.column("Days", COUNT, age, key="days", style="Note", fmt="0")
