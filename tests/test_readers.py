"""Readers of users' files: what is accepted, and how what is not is refused."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from config_files import read_config
from hypothesis import given, settings
from hypothesis import strategies as st

from xlmodel.errors import InputRefused, XlModelError
from xlmodel.model.point import DISAGGREGATED, SPECULATIVE
from xlmodel.readers import csv_file, points
from xlmodel.readers.points import read_points
from xlmodel.readers.prices import read_prices

TEMPLATES = Path(__file__).parents[1] / "templates"
POINTS = ",".join(points.COLUMNS)
PRICES = "platform,provider,commitment,basis,usd_per_gpu_hour,as_of,source,confidence,note"
POINT = {
    "model": "DeepSeek-R1", "platform": "B200", "workload": "8k/1k", "precision": "FP4", "snapshot": "own",
    "interactivity": "25.5", "throughput": "1200.25",
}  # fmt: skip
PRICE = {
    "platform": "B200",
    "provider": "Cloud",
    "usd_per_gpu_hour": "3.50",
    "as_of": "2026-11-20",
    "source": "page",
}
PAYLOADS = (
    "=1+1",
    "@SUM(A1)",
    "+cmd",
    "-2+3",
    '=HYPERLINK("x")',
    "=cmd'/C calc'!A0",
    "＝1+1",
    "==1",
    "#REF!",
)


def row(header: str, base: dict[str, str], **changes: str) -> str:
    """One CSV line under a header, every cell quoted."""
    cells = {**dict.fromkeys(header.split(","), ""), **base, **changes}
    return ",".join('"' + cells[name].replace('"', '""') + '"' for name in header.split(","))


def price(**changes: str) -> str:
    return PRICES + "\n" + row(PRICES, PRICE, **changes) + "\n"


def point(**changes: str) -> str:
    return POINTS + "\n" + row(POINTS, POINT, **changes) + "\n"


def refused(read: Callable[[Path], Any], path: Path, content: str | bytes) -> InputRefused:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputRefused) as caught:
        read(path)
    for problem in caught.value.problems:
        assert problem.where.startswith(str(path)), "two files of one name must be told apart"
        assert problem.found
        assert problem.expected
        assert problem.fix
    return caught.value


MALFORMED_PRICES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "empty": ("", ("an empty file",)),
    "blank lines only": ("\n\n  \n", ("an empty file",)),
    "header only": (PRICES + "\n", ("a header without rows",)),
    "missing column": (PRICES.replace("as_of,", "") + "\nB200,C,,,3,page,,\n", ("no column as_of",)),
    "doubled column": (PRICES + ",note\nB200,C,,,3,2026,page,,,\n", ("the column note twice",)),
    "unknown column": (
        PRICES + ",mood\nB200,C,,,3,2026,page,,,\n",
        ("the column 'mood'", "delete the column"),
    ),
    "misspelt column": (
        PRICES.replace("usd_per_gpu_hour", "usd_per_gpu_hr") + "\n",
        ("rename it to usd_per_gpu_hour",),
    ),
    "column by another name": (
        PRICES.replace("usd_per_gpu_hour", "price").replace("as_of", "Date") + "\n",
        ("'price'", "rename it to usd_per_gpu_hour", "rename it to as_of"),
    ),
    "another name beside the right one": (PRICES + ",price\n", ("'price'", "delete the column")),
    "column without name": (PRICES.replace(",as_of", ",,as_of") + "\n", ("column 6: found no column name",)),
    "value beside the columns": (PRICES + ",\nB200,C,,,3,2026,page,,,x\n", ("10 cells", "9 cells")),
    "title above header": (
        "Price list 2026,,\n" + price(),
        ("the column 'Price list 2026'", "no column platform"),
    ),
    "negative": (price(usd_per_gpu_hour="-3"), ("line 2, usd_per_gpu_hour: found '-3'", "0.01 to 1,000")),
    "zero": (price(usd_per_gpu_hour="0"), ("found '0'", "0.01 to 1,000")),
    "blank price": (price(usd_per_gpu_hour=""), ("found ''", "fill the cell")),
    "n/a": (price(usd_per_gpu_hour="n/a"), ("found 'n/a'", "delete the row")),
    "English thousands": (price(usd_per_gpu_hour="1,234.50"), ("found '1,234.50'", "thousands")),
    "German thousands": (price(usd_per_gpu_hour="1.234,50"), ("found '1.234,50'", "thousands")),
    "decimal comma": (price(usd_per_gpu_hour="3,50"), ("found '3,50'", "decimal point")),
    "unquoted comma": (PRICES + "\nB200,C,,,3,50,2026,page,,\n", ("10 cells", "thousands separators")),
    "currency sign": (price(usd_per_gpu_hour="$3.50"), ("found '$3.50'", "currency is USD")),
    "currency word": (price(usd_per_gpu_hour="3.50 EUR"), ("found '3.50 EUR'", "currency is USD")),
    "percent": (price(usd_per_gpu_hour="50%"), ("found '50%'", "percent sign")),
    "overflow": (price(usd_per_gpu_hour="1e309"), ("found '1e309'", "0.01 to 1,000")),
    "not a number": (price(usd_per_gpu_hour="NaN"), ("found 'NaN'", "such as 3.50")),
    "infinite": (price(usd_per_gpu_hour="-inf"), ("found '-inf'",)),
    "underscore digits": (price(usd_per_gpu_hour="1_0"), ("found '1_0'",)),
    "full-width digits": (price(usd_per_gpu_hour="３"), ("found '３'",)),
    "text number": (price(usd_per_gpu_hour="'3.50"), ("apostrophe",)),
    "formula as price": (price(usd_per_gpu_hour="=1+1"), ("found '=1+1'",)),
    "per month": (price(usd_per_gpu_hour="2555"), ("found '2555'", "730 a month")),
    "per rack": (price(usd_per_gpu_hour="1152"), ("divide by the GPUs",)),
    "US date": (price(as_of="11/20/2026"), ("line 2, as_of: found '11/20/2026'", "2026-07-31")),
    "EU date": (price(as_of="20.11.2026"), ("found '20.11.2026'",)),
    "serial date": (price(as_of="46346"), ("found '46346'",)),
    "no such day": (price(as_of="1900-02-29"), ("found '1900-02-29'", "calendar")),
    "no such month": (price(as_of="2026-13"), ("found '2026-13'", "calendar")),
    "period backwards": (price(as_of="2026-07 to 2025-10"), ("ends after it begins",)),
    "no date": (price(as_of=""), ("line 2, as_of: found ''",)),
    "no source": (price(source=" "), ("line 2, source", "fill the cell")),
    "no provider": (price(provider=""), ("line 2, provider",)),
    "no platform": (price(platform=""), ("line 2, platform",)),
    "short platform name": (price(platform="GB200"), ("found 'GB200'", "write GB200 NVL72")),
    "platform in other case": (price(platform="gb200 nvl72"), ("write GB200 NVL72",)),
    "platform with hyphen": (price(platform="MI-355X"), ("write MI355X",)),
    "platform with maker": (price(platform="NVIDIA H100 SXM"), ("write H100",)),
    "zero-width in platform": (price(platform="B2\u200b00"), ("U+200B",)),
    "control character": (price(note="a\x07b"), ("line 2, note", "U+0007")),
    "line break in cell": (price(note="a\nb"), ("line 2, note", "U+000A")),
    "bar in platform": (price(platform="a|b"), ("delete the |",)),
    "wildcard in platform": (price(platform="B2*"), ("delete the *",)),
    "platform too long": (price(platform="x" * 61), ("at most 60",)),
    "note too long": (price(note="x" * 32_768), ("at most 32,767",)),
    "note too long for Excel": (price(note="\U0001f600" * 17_000), ("at most 32,767",)),
    "basis in other case": (price(basis="oracle list"), ("write Oracle list",)),
    "confidence": (price(confidence="sure"), ("one of high, medium, low",)),
    "platform and basis twice": (
        price(basis="Own") + row(PRICES, PRICE, basis="Own", source="b"),
        ("line 3", "of line 2 again", "a basis of its own"),
    ),
    "row twice": (price() + row(PRICES, PRICE), ("line 3", "the row of line 2 again")),
    "two spellings": (
        price(platform="Own") + row(PRICES, PRICE, platform="own"),
        ("line 3, platform", "write Own"),
    ),
    "extra fields": (PRICES + "\nB200,C,,,3,2026,page,,,x,y\n", ("11 cells", "9 cells")),
    "too few fields": (PRICES + "\nB200,C,,,3\n", ("5 cells", "missing commas")),
    "comment row": (price() + "# a comment\n", ("line 3", "move comments above")),
    "second table": (price() + PRICES + "\n", ("line 3", "the header once more")),
    "semicolons": (PRICES.replace(",", ";") + "\nB200;C;;;3,5;2026;page;;\n", ("separated by semicolons",)),
    "tabs": (PRICES.replace(",", "\t") + "\n", ("separated by tabs",)),
    "open quote": (PRICES + '\n"B200,C,,,3,2026,page,,\n', ("line 2", "quotation marks")),
    "text behind quote": (PRICES + '\n"B200"x,C,,,3,2026,page,,\n', ("line 2", "quotation marks")),
    "long line": (PRICES + "\n" + "x" * 100_001, ("line 2", "100,001 characters")),
    "UTF-16": (price().encode("utf-16"), ("UTF-16",)),
    "UTF-16 without mark": (price().encode("utf-16-le"), ("NUL byte",)),
    "Latin-1": (price(note="Zürich").encode("latin-1"), ("line 2: found byte 0xFC", "CSV UTF-8")),
    "NUL": (price().encode() + b"\0", ("line 3: found a NUL byte",)),
    "renamed workbook": (b"PK\x03\x04rest", ("a workbook",)),
}

MALFORMED_POINTS: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "empty": (b"\xef\xbb\xbf", ("an empty file",)),
    "header only": (POINTS, ("a header without rows",)),
    "missing columns": ("model,platform\nx,y\n", ("no column workload", "no column throughput")),
    "unknown column": (POINTS.replace("throughput", "thruput") + "\n", ("rename it to throughput",)),
    "columns by their units": (
        POINTS.replace("interactivity", "tok/s/user").replace("throughput", "tok/s/gpu") + "\n",
        ("rename it to interactivity", "rename it to throughput"),
    ),
    "two snapshots": (POINTS + ",snapshot\n", ("the column snapshot twice",)),
    "workload": (point(workload="8192/1024"), ("line 2, workload: found '8192/1024'", "8k/1k, 1k/1k, 1k/8k")),
    "precision": (point(precision="FP6"), ("line 2, precision", "FP4, FP8, BF16, INT4")),
    "precision best": (point(precision="best"), ("line 2, precision",)),
    "speculative": (point(speculative="maybe"), ("line 2, speculative", "none, MTP, not recorded")),
    "disaggregated": (point(disaggregated="2"), ("line 2, disaggregated", "one of no, yes")),
    "include": (point(include="x"), ("line 2, include", "one of yes, no")),
    "model missing": (point(model=""), ("line 2, model: found ''",)),
    "model misspelt": (point(model="deepseek r1"), ("write DeepSeek-R1",)),
    "model by its long name": (point(model="DeepSeek-R1-0528"), ("write DeepSeek-R1",)),
    "snapshot missing": (point(snapshot=""), ("line 2, snapshot",)),
    "snapshot reserved": (point(snapshot="latest"), ("another word than latest",)),
    "interactivity zero": (point(interactivity="0"), ("0.1 to 9,999 tok/s/user",)),
    "interactivity in ms": (point(interactivity="25000"), ("check the unit",)),
    "interactivity comma": (point(interactivity="25,5"), ("decimal point",)),
    "throughput negative": (point(throughput="-1"), ("line 2, throughput",)),
    "throughput huge": (point(throughput="1e300"), ("tok/s/GPU",)),
    "throughput missing": (point(throughput=""), ("line 2, throughput: found ''",)),
    "decimal comma that shifts a row": (
        POINTS + "\nDeepSeek-R1,B200,8k/1k,FP4,own,25,5,1200" + "," * 10 + "\n",
        ("18 cells", "thousands"),
    ),
    "half a GPU": (point(gpus="7.5"), ("line 2, gpus", "whole number")),
    "negative concurrency": (point(concurrency="-4"), ("line 2, concurrency",)),
    "concurrency overflow": (point(concurrency="1e999"), ("line 2, concurrency",)),
    "seconds as ms": (point(ttft_ms="0.85"), ("line 2, ttft_ms", "multiply seconds")),
    "ttft text": (point(ttft_ms="fast"), ("line 2, ttft_ms",)),
    "measured": (point(measured="yesterday"), ("line 2, measured",)),
    "measured on no day": (point(measured="2025-02-30"), ("line 2, measured", "calendar")),
    "row twice": (point() + row(POINTS, POINT), ("line 3", "the point of line 2 again")),
    "twice after rounding": (
        point() + row(POINTS, POINT, interactivity="25.5000001"),
        ("line 3", "line 2 again"),
    ),
    "bidirectional mark": (point(note="a\u202eb"), ("line 2, note", "U+202E")),
    "platform near miss": (point(platform="gb300"), ("write GB300 NVL72",)),
    "not text": (bytes(range(1, 256)), ("not UTF-8",)),
}


@pytest.mark.parametrize("case", MALFORMED_PRICES)
def test_malformed_price_file_is_refused_with_place_and_fix(case: str, tmp_path: Path) -> None:
    content, words = MALFORMED_PRICES[case]
    error = refused(read_prices, tmp_path / "quotes.csv", content)
    for word in words:
        assert word in str(error), str(error)


@pytest.mark.parametrize("case", MALFORMED_POINTS)
def test_malformed_points_file_is_refused_with_place_and_fix(case: str, tmp_path: Path) -> None:
    content, words = MALFORMED_POINTS[case]
    error = refused(read_points, tmp_path / "runs.csv", content)
    for word in words:
        assert word in str(error), str(error)


@pytest.mark.parametrize("read", [read_points, read_prices, read_config])
def test_missing_file_and_folder_are_refused(read: Callable[[Path], Any], tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        read(tmp_path / "absent")
    with pytest.raises(InputRefused, match="unreadable"):
        read(tmp_path)


def test_all_problems_of_a_file_are_listed_at_once(tmp_path: Path) -> None:
    lines = [
        row(PRICES, PRICE, usd_per_gpu_hour="0"),
        row(PRICES, PRICE),
        row(PRICES, PRICE, platform="gb200", as_of="x"),
    ]
    error = refused(read_prices, tmp_path / "p.csv", "\n".join([PRICES, *lines]))
    places = [p.where.removeprefix(f"{tmp_path / 'p.csv'} ") for p in error.problems]
    assert places == ["line 2, usd_per_gpu_hour", "line 4, platform", "line 4, as_of"]


def test_list_of_problems_is_capped_and_says_how_many_more(tmp_path: Path) -> None:
    bad = "\n".join(row(POINTS, POINT, throughput=f"-{i}") for i in range(1, 251))
    error = refused(read_points, tmp_path / "p.csv", POINTS + "\n" + bad)
    assert len(error.problems) == 101
    assert error.problems[-1].found == "150 more problems"


def test_limits_of_size_and_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (csv_file.MAX_BYTES, csv_file.MAX_LINE, csv_file.MAX_ROWS) == (25_000_000, 100_000, 1_000_000)
    assert "25,000,000 bytes" in str(refused(read_points, tmp_path / "p.csv", b"x" * 25_000_001))
    monkeypatch.setattr(csv_file, "MAX_ROWS", 1)
    error = refused(read_points, tmp_path / "p.csv", point() + row(POINTS, POINT, throughput="7") + "\n")
    assert "line 3: found more than 1 rows" in str(error)


@pytest.mark.parametrize("column", ["provider", "commitment", "source", "note", "platform", "basis"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_like_text_in_prices_stays_text(column: str, payload: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(price(**{column: payload}), encoding="utf-8")
    assert getattr(read_prices(path)[0], column) == payload


@pytest.mark.parametrize("column", ["model", "platform", "snapshot", "framework", "source", "note"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_like_text_in_points_stays_text(column: str, payload: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(point(**{column: payload}), encoding="utf-8")
    assert getattr(read_points(path)[0], column) == payload


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: '# Licensed under Apache License 2.0\n"# a, b"\n\n' + text,
        lambda text: text + "\n,,,,,,,,\n\n",
        lambda text: text.replace(PRICES, PRICES.upper()),
        lambda text: text.replace(PRICES, ", ".join(PRICES.split(","))),
        lambda text: text.replace("3.50", " 3.5e0\u00a0"),
        lambda text: text.replace("B200", " B200\u00a0"),
        lambda text: text.rstrip("\n"),
        lambda text: "\n".join(line + ",," for line in text.splitlines()),
    ],
    ids=[
        "BOM",
        "CRLF",
        "CR",
        "comments",
        "blank rows",
        "case",
        "spaces",
        "exponent",
        "NBSP",
        "no end",
        "empty tail",
    ],
)
def test_harmless_variants_read_the_same(change: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(change(price()).encode())
    (quote,) = read_prices(path)
    assert (quote.platform, quote.usd_per_gpu_hour, quote.basis, quote.confidence) == (
        "B200",
        3.5,
        "",
        "medium",
    )


def test_line_numbers_count_comments_and_cells_of_several_lines(tmp_path: Path) -> None:
    text = "# one\n# two\n" + price(note="first\nsecond") + row(PRICES, PRICE, usd_per_gpu_hour="x")
    error = refused(read_prices, tmp_path / "p.csv", text)
    places = [p.where.removeprefix(f"{tmp_path / 'p.csv'} ") for p in error.problems]
    assert places == ["line 4, note", "line 6, usd_per_gpu_hour"]


def test_columns_may_come_in_any_order_and_optional_ones_may_miss(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    names = list(POINT)
    random.Random(3).shuffle(names)
    path.write_text(",".join(names) + "\n" + ",".join(POINT[n] for n in names) + "\n")
    (read,) = read_points(path)
    assert (read.model, read.interactivity, read.throughput) == ("DeepSeek-R1", 25.5, 1200.25)
    assert (read.speculative, read.disaggregated, read.gpus, read.ttft_ms) == ("none", "no", 0, None)
    assert read.include


def test_spellings_of_inferencex_are_normalised_and_numbers_rounded(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(point(
        precision="fp4", speculative="mtp", disaggregated="True", include="FALSE", workload="8K/1K",
        interactivity="25.12345678", throughput="1000.00000049", gpus="72.0", ttft_ms="812.5",
        measured="2025-09-29 to 2025-12-05",
    ))  # fmt: skip
    (read,) = read_points(path)
    assert (read.precision, read.speculative, read.disaggregated, read.workload) == (
        "FP4",
        "MTP",
        "yes",
        "8k/1k",
    )
    assert (read.interactivity, read.throughput, read.gpus, read.ttft_ms) == (25.123457, 1000.0, 72, 812.5)
    assert read.include is False
    assert read.speculative in SPECULATIVE
    assert read.disaggregated in DISAGGREGATED


@pytest.mark.parametrize(
    "name", ["H20", "B100", "GB200 NVL4", "MI350X", "B200 (own cluster)", "Gaudi 3", "TPU v7 (Ironwood)"]
)
def test_own_and_other_products_are_not_taken_for_near_misses(name: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(price(platform=name))
    assert read_prices(path)[0].platform == name


def test_unpriced_rows_are_for_bundled_data_only(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(price(usd_per_gpu_hour=""))
    assert read_prices(path, unpriced=True)[0].usd_per_gpu_hour is None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    for head in (b"", PRICES.encode() + b"\n", POINTS.encode() + b"\n", b"[scenario]\n"):
        path.write_bytes(head + content)
        for read in (read_prices, read_points, read_config):
            with suppress(XlModelError):
                read(path)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_damaged_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, at: int, patch: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    for name, read in (
        ("points.csv", read_points),
        ("prices.csv", read_prices),
        ("scenario.toml", read_config),
    ):
        raw = (TEMPLATES / name).read_bytes()
        path.write_bytes(raw[:at] + patch + raw[at + len(patch) :])
        with suppress(XlModelError):
            read(path)


def test_templates_are_valid() -> None:
    assert len(read_points(TEMPLATES / "points.csv")) == 3
    assert [q.basis for q in read_prices(TEMPLATES / "prices.csv")] == ["Our quote", "Our quote", ""]
