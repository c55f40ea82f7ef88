"""Prices of hosted models: complete, sourced, plausible, and refused where they are not."""

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_readers import PAYLOADS, refused, row

from xlmodel.errors import XlModelError
from xlmodel.model.api_price import API_PRICE, ApiPrice, blended
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import API_PRICES, FILE, bundled_api_prices

TEMPLATE = Path(__file__).parents[1] / "templates" / "api-prices.csv"
HEADER = "model,provider,input,cached_input,output,context,precision,open_weights,as_of,source,confidence,note"
PRICE = {
    "model": "DeepSeek-R1", "provider": "Cloud", "input": "0.55", "cached_input": "0.14", "output": "2.19",
    "as_of": "2026-11-20", "source": "page",
}  # fmt: skip
ALL = bundled_api_prices()
AT = {(p.model, p.provider): p for p in ALL}
# typed by hand from the providers' pages, as archived or as others read them: input, cached input where it was seen, output
BY_HAND: dict[str, dict[tuple[str, str], tuple[float, ...]]] = {
    "https://api-docs.deepseek.com/quick_start/pricing": {
        ("DeepSeek-V4-Pro", "DeepSeek"): (1.32, 0.044, 3.96),
        ("DeepSeek-V4-Pro", "DeepSeek (off-peak)"): (0.66, 0.022, 1.98),
    },
    "https://docs.fireworks.ai/serverless/pricing": {
        ("Kimi-K2.5", "Fireworks AI"): (0.60, 0.10, 3.00),
        ("Kimi-K2.6", "Fireworks AI"): (0.95, 0.16, 4.00),
        ("DeepSeek-V4-Pro", "Fireworks AI"): (1.74, 0.145, 3.48),
        ("GLM-5.1", "Fireworks AI"): (1.40, 0.26, 4.40),
        ("MiniMax-M2.7", "Fireworks AI"): (0.30, 0.06, 1.20),
        ("gpt-oss-120B", "Fireworks AI"): (0.15, 0.015, 0.60),
        ("gpt-oss-20B", "Fireworks AI"): (0.07, 0.035, 0.30),
    },
    "https://platform.claude.com/docs/en/models/opus-5/overview": {("Claude Opus 5", "Anthropic"): (5.00, 0.50, 25.00)},
    "https://platform.claude.com/docs/zh-CN/models/sonnet-5/overview": {("Claude Sonnet 5", "Anthropic"): (2.00, 0.20, 10.00)},
    "https://platform.claude.com/docs/zh-CN/models/opus-5-5/overview": {("Claude Opus 5.5", "Anthropic"): (4.00, 0.20, 20.00)},
    "https://deepinfra.com/pricing": {
        ("Llama 3.3 70B", "DeepInfra"): (0.10, 0.32),
        ("Llama 4 Scout", "DeepInfra"): (0.10, 0.30),
    },
    "https://cerebras.ai/pricing": {("GLM-4.7", "Cerebras"): (2.25, 2.75)},
}  # fmt: skip


def price(**changes: str) -> str:
    return HEADER + "\n" + row(HEADER, PRICE, **changes) + "\n"


def test_the_table_is_wide_enough() -> None:
    assert len(ALL) >= 120
    assert len({p.provider for p in ALL}) >= 25
    assert sum(p.open_weights is True for p in ALL) >= 60
    assert sum(p.open_weights is False for p in ALL) >= 20


@pytest.mark.parametrize("model", bundled.available_models())
def test_every_model_with_curves_has_quotes_to_hold_them_against(model: str) -> None:
    quotes = [p for p in ALL if p.model == model]
    assert len({p.provider for p in quotes}) >= 5
    assert sum(p.confidence == "primary" for p in quotes) >= 2
    assert all(p.open_weights for p in quotes)


def test_every_price_has_a_day_and_an_address_to_open() -> None:
    for p in ALL:
        assert date(2026, 6, 1) <= date.fromisoformat(p.as_of) <= date(2026, 10, 9), p
        assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/[^ ]*", p.source), p
        assert "lists: " in p.note, p
        assert max(re.findall(r"\d{4}-\d{2}-\d{2}", p.note.split("lists: ")[1].split(";")[0])) == p.as_of, p


def test_a_primary_price_has_two_witnesses_and_not_a_list_as_its_source() -> None:
    for p in ALL:
        lists = p.note.split("lists: ")[1].split(";")[0].split(", ")
        witnesses = len(lists) + ("archived copy of the page" in p.note) + ("has half the peak price" in p.note)
        if p.confidence == "primary":
            assert witnesses >= 2, p
            assert not p.source.startswith("https://github.com"), p


def test_prices_are_plausible_and_none_repeats() -> None:
    assert max(Counter((p.model, p.provider) for p in ALL).values()) == 1
    for p in ALL:
        assert p.input is not None, p
        assert p.cached is not None, p
        assert p.output is not None, p
        assert 0.01 <= p.input <= 100, p
        assert p.input <= p.output <= 20 * p.input, p
        assert 0.002 <= p.cached <= p.input, p
        assert p.context is None or 8_000 <= p.context <= 10_000_000, p


def test_hosts_of_one_open_model_ask_prices_of_one_order() -> None:
    for model in {p.model for p in ALL if p.open_weights}:
        asked: list[float] = sorted(
            blended(p.input, p.cached, p.output, 0.4, 0.4, 0.2) or 0.0 for p in ALL if p.model == model
        )
        assert asked[0] > 0
        assert asked[-1] <= 15 * asked[0], model


@pytest.mark.parametrize(
    ("address", "place"), [(address, place) for address, places in BY_HAND.items() for place in places]
)
def test_prices_agree_with_the_providers_pages(address: str, place: tuple[str, str]) -> None:
    found, typed = AT[place], BY_HAND[address][place]
    seen = (found.input, found.cached_input, found.output) if len(typed) == 3 else (found.input, found.output)
    assert seen == typed, address


def test_bundled_file_keeps_its_columns_and_models_with_curves_first() -> None:
    assert FILE.read_text(encoding="utf-8").splitlines()[0] == HEADER
    curves = set(bundled.available_models())
    order = [p.model in curves for p in ALL]
    assert order == sorted(order, reverse=True)


def test_template_is_valid() -> None:
    first, second, third = API_PRICES.read(TEMPLATE)
    assert (first.cached, second.cached_input, second.cached) == (0.14, None, 0.12)
    assert (third.context, third.precision, third.open_weights) == (None, "", False)
    assert TEMPLATE.read_text(encoding="utf-8").splitlines()[0] == HEADER


def test_what_a_file_leaves_out_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "output,input,provider,model,source,as_of\n2.19,0.55,Cloud,DeepSeek-R1,page,2026-11\n", encoding="utf-8"
    )
    assert API_PRICES.read(path) == [ApiPrice("DeepSeek-R1", "Cloud", 0.55, 2.19, "2026-11", "page")]
    assert API_PRICES.read(path)[0].open_weights is None


MALFORMED: dict[str, tuple[str, tuple[str, ...]]] = {
    "empty": ("", ("an empty file",)),
    "header only": (HEADER, ("a header without rows",)),
    "missing column": (HEADER.replace("output,", ""), ("no column output",)),
    "unknown column": (HEADER + ",mood", ("the column 'mood'", "delete the column")),
    "columns by other names": (
        HEADER.replace("cached_input", "cache read").replace(",input", ",prompt").replace("output", "completion"),
        ("rename it to cached_input", "rename it to input", "rename it to output"),
    ),
    "doubled column": (HEADER + ",note", ("the column note twice",)),
    "USD per token": (price(input="5.5e-7"), ("line 2, input: found '5.5e-7'", "per token", "1,000,000")),
    "USD per token, output": (price(output="0.00000219"), ("line 2, output", "per token")),
    "USD per token, cached": (price(cached_input="1.4e-7"), ("line 2, cached_input", "per token")),
    "USD per thousand tokens": (price(input="0.00055", cached_input=""), ("line 2, input", "per thousand", "by 1,000")),
    "USD per thousand tokens, output": (price(output="0.00219"), ("line 2, output", "per thousand")),
    "USD per billion tokens": (price(input="1350"), ("line 2, input: found '1350'", "0 to 1,000 USD/M tokens")),
    "negative": (price(output="-1"), ("line 2, output: found '-1'",)),
    "no input price": (price(input=""), ("line 2, input: found ''", "fill the cell")),
    "decimal comma": (price(input="0,55"), ("decimal point",)),
    "currency": (price(input="$0.55"), ("currency is USD",)),
    "not a number": (price(input="nan"), ("found 'nan'",)),
    "overflow": (price(output="1e309"), ("line 2, output",)),
    "free": (price(input="free"), ("line 2, input",)),
    "cached above input": (price(cached_input="0.9"), ("0.9 above the input price", "at most 0.55", "swap the two")),
    "context in words": (price(context="128k"), ("line 2, context",)),
    "half a token": (price(context="0.5"), ("line 2, context",)),
    "precision": (price(precision="FP6"), ("line 2, precision", "FP4, FP8")),
    "open weights": (price(open_weights="maybe"), ("line 2, open_weights", "one of yes, no")),
    "confidence": (price(confidence="high"), ("one of primary, aggregator",)),
    "US date": (price(as_of="11/20/2026"), ("line 2, as_of",)),
    "no date": (price(as_of=""), ("line 2, as_of: found ''",)),
    "no source": (price(source=" "), ("line 2, source",)),
    "no provider": (price(provider=""), ("line 2, provider",)),
    "bar in provider": (price(provider="a|b"), ("delete the |",)),
    "model by its long name": (price(model="DeepSeek-R1-0528"), ("write DeepSeek-R1",)),
    "model in other case": (price(model="GPT-OSS-120b"), ("write gpt-oss-120B",)),
    "model and provider twice": (
        price() + row(HEADER, PRICE, input="0.5", source="other"),
        ("line 3", "DeepSeek-R1 of Cloud of line 2 again", "(batch)"),
    ),
    "provider in two spellings": (price() + row(HEADER, PRICE, provider="cloud"), ("line 3, provider", "write Cloud")),
    "semicolons": (HEADER.replace(",", ";"), ("separated by semicolons",)),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_file_is_refused_with_place_and_fix(case: str, tmp_path: Path) -> None:
    content, words = MALFORMED[case]
    error = refused(API_PRICES.read, tmp_path / "hosted.csv", content)
    for word in words:
        assert word in str(error), str(error)


def test_all_problems_are_listed_at_once_with_the_models_that_were_read(tmp_path: Path) -> None:
    lines = [
        row(HEADER, PRICE, input="5.5e-7", as_of="x"),
        row(HEADER, PRICE, cached_input="1"),
        row(HEADER, PRICE, model="Ours"),
        row(HEADER, PRICE, model="Ours"),
    ]
    path = tmp_path / "p.csv"
    error = refused(API_PRICES.read, path, "\n".join([HEADER, *lines]))
    places = [p.where.removeprefix(f"{path} ") for p in error.problems]
    assert places == ["line 2, input", "line 2, as_of", "line 3, cached_input", "line 5"]
    assert error.names == {"DeepSeek-R1", "Ours"}


def test_a_price_of_the_future_is_refused(tmp_path: Path) -> None:
    def read(path: Path) -> dict[int, ApiPrice]:
        return API_PRICES.by_line(path, until="2026-10-31")

    assert "up to 2026-10-31" in str(refused(read, tmp_path / "p.csv", price()))


@pytest.mark.parametrize("column", ["model", "provider", "source", "note"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_like_text_stays_text(column: str, payload: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(price(**{column: payload}), encoding="utf-8")
    assert getattr(API_PRICES.read(path)[0], column) == payload


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_damaged_files_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, at: int, patch: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged-api-prices.csv"
    raw = TEMPLATE.read_bytes()
    path.write_bytes(raw[:at] + patch + raw[at + len(patch) :])
    with suppress(XlModelError):
        API_PRICES.read(path)


usd = st.floats(0, API_PRICE.high, allow_nan=False)
shares = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda s: (s[0] * s[1], s[0] * (1 - s[1]), 1 - s[0]))


@given(usd, usd, usd, shares)
def test_a_blend_lies_between_its_prices(a: float, b: float, c: float, mix: tuple[float, float, float]) -> None:
    mean = blended(a, b, c, *mix)
    assert min(a, b, c) - 1e-9 <= mean <= max(a, b, c) + 1e-9


def test_a_blend_of_arrays_is_that_of_their_elements() -> None:
    columns = [np.array([getattr(p, name) for p in ALL]) for name in ("input", "cached", "output")]
    mix = [np.full(len(ALL), share) for share in (0.5, 0.25, 0.25)]
    assert list(blended(*columns, *mix)) == [blended(p.input, p.cached, p.output, 0.5, 0.25, 0.25) for p in ALL]


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        # DeepSeek-R1 at DeepInfra: 0.50, cached 0.35, 2.15. Workload 8k/1k without cache: (8 x 0.50 + 2.15) / 9
        ((8 / 9, 0.0, 1 / 9), 6.15 / 9),
        # the same, three quarters of the input cached: (2 x 0.50 + 6 x 0.35 + 2.15) / 9
        ((2 / 9, 6 / 9, 1 / 9), 5.25 / 9),
        ((0.0, 0.0, 1.0), 2.15),
    ],
)
def test_blends_worked_by_hand(mix: tuple[float, float, float], expected: float) -> None:
    p = AT["DeepSeek-R1", "DeepInfra"]
    assert blended(p.input, p.cached, p.output, *mix) == pytest.approx(expected, rel=1e-12)
