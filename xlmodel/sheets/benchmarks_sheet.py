"""Benchmarks: the measured points, and right of the table the workings that find frontiers and knots."""

from xlmodel.book.context import Context
from xlmodel.book.point_places import BENCHMARKS, FIRST, POINT_COLUMNS, SPARE_POINTS
from xlmodel.book.record_rows import POINT_FIELDS
from xlmodel.book.record_table import declared
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Ref
from xlmodel.sheets import curve_directory, curve_index, curve_knots, curve_numbers, curve_points
from xlmodel.sheets.frame import span, start, widths
from xlmodel.units import COUNT, GPUS, MILLISECONDS, TOKENS_PER_GPU, TOKENS_PER_USER

_UNITS = {
    "Interactivity": "tok/s/user", "Throughput": "tok/s/GPU", "TTFT": "ms, median",
    "Include": "1 = yes, 0 = no", "Concurrency": "requests", "GPUs": "of the deployment",
}  # fmt: skip
_COUNTED = {
    "interactivity": TOKENS_PER_USER, "throughput": TOKENS_PER_GPU, "ttft_ms": MILLISECONDS, "concurrency": COUNT, "gpus": GPUS,
    "include": COUNT,
}  # fmt: skip
_FORMATS = {
    "Interactivity": "#,##0.00", "Throughput": "#,##0.0", "TTFT": MILLISECONDS.format,
    "Concurrency": COUNT.format, "GPUs": COUNT.format, "Snapshot": "@", "Include": "0",
}  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    places, count = ctx.places, len(ctx.inputs.points)
    shown = f"{count:,} measured points"
    if ctx.inputs.left_out:
        shown += f"; {ctx.inputs.left_out:,} dominated ones that no switch can bring onto a frontier are left out"
    sheet = start(
        ctx, BENCHMARKS, "inputs", "Benchmarks",
        f"{shown}. InferenceX (formerly InferenceMAX) by SemiAnalysis, Apache-2.0 with attribution.",
        len(POINT_COLUMNS),
    )  # fmt: skip
    sheet.put(3, 1, "Set Include to 0 to take a point out of its curve (dominated points left out of this book do not come back for it). Throughput counts input and output tokens. Type or paste own measurements under the last row: "
              "they join their curve at once.", "Footnote")  # fmt: skip
    for offset, name in enumerate(POINT_COLUMNS):
        sheet.put(FIRST - 2, offset + 1, _UNITS.get(name), "Column unit")
    formats = {name: _FORMATS.get(name, "") for name in POINT_COLUMNS}
    declared(
        ctx.graph, sheet, "points", Ref(BENCHMARKS, FIRST, 1), POINT_FIELDS, ctx.inputs.points, ctx.inputs.typed, SPARE_POINTS,
        units=_COUNTED, style=_style, name="tblBenchmarks", own=ctx.inputs.own_rows, free=("Include",), formats=formats,
    )  # fmt: skip
    widths(sheet, (16, 16, 10, 10, 17, 14, 13, 13, 12, 12, 12, 10, 25, 9, 43, 30, 12))
    sheet.open_columns += range(1, len(POINT_COLUMNS) + 1)
    sheet.open_formats[POINT_COLUMNS.index("Snapshot") + 1] = "@"  # 2025-12-15 must not turn into a date
    col = curve_points.describe(ctx, sheet, len(POINT_COLUMNS) + 2)
    for part in (curve_index, curve_directory, curve_knots):
        col = part.describe(ctx, sheet, col)
    curve_numbers.describe(ctx, sheet, col)
    sheet.validations += _validations(ctx)
    sheet.print_area = span(1, 1, places.last_built, len(POINT_COLUMNS))
    sheet.freeze = f"C{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet


def _style(column: str) -> str:
    if column == "Include":
        return "Input"
    return "Data text" if column in ("Source", "Note", "Measured") else "Data"


def _validations(ctx: Context) -> list[Validation]:
    places = ctx.places

    def column(name: str) -> tuple[str, ...]:
        col = POINT_COLUMNS.index(name) + 1
        return (span(FIRST, col, places.last_point, col),)

    def listed(name: str, menu: str) -> Validation:
        return Validation(
            column(name), name, f"Pick a {name.lower()} of the list, or type a new one for own measurements.",
            menu=f"menu.{menu}", stop=False,
        )  # fmt: skip

    return [
        Validation(column("Include"), "Include", "1 keeps the point, 0 takes it out of its curve.", low=0, high=1),
        Validation(
            column("Interactivity"), "Interactivity", "Output tokens per second per user (tok/s/user).",
            low=TOKENS_PER_USER.low, high=TOKENS_PER_USER.high,
        ),
        Validation(
            column("Throughput"), "Throughput", "Input plus output tokens per second per GPU (tok/s/GPU).",
            low=TOKENS_PER_GPU.low, high=TOKENS_PER_GPU.high,
        ),
        listed("Model", "models"),
        listed("Platform", "platforms"),
        listed("Workload", "workloads"),
        Validation(
            column("Precision"), "Precision", "FP4, FP8 ...; the list holds the precisions that have curves in this book.", menu="menu.measured"
        ),
        Validation(
            column("Speculative decoding"), "Speculative decoding", "none, MTP or not recorded.",
            menu="menu.speculative",
        ),
        Validation(
            column("Disaggregated"), "Disaggregated", "yes when prefill and decode run on separate GPUs.",
            menu="menu.disaggregated",
        ),
    ]  # fmt: skip
