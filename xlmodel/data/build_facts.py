"""The part of `build` that makes prices, platforms and snapshots."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from xlmodel.model.point import PLATFORMS
from xlmodel.readers import bundled, prices
from xlmodel.readers.names import OTHER_PLATFORMS

RAW_FILES = ("prices.csv", "platforms.csv")
ADDITIONS = bundled.FOLDER / "additions"  # rows found after the raw files were collected, in the bundled form
Table = tuple[Sequence[str], Iterable[Iterable[object]]]

RENAMED = {"H100 SXM": "H100", "H200 SXM": "H200", "B200 HGX": "B200", "B300 HGX": "B300"}
VINTAGES = {"SemiAnalysis InferenceMAX/InferenceX v1": "2025-08", "SemiAnalysis InferenceMAX/InferenceX v2": "2026-07"}
TIERS = (
    ("modelled owned TCO - hyperscaler", "Hyperscaler"),
    ("modelled owned TCO - neocloud", "Neocloud"),
    ("modelled 3yr rental", "3-year rental"),
)
LISTS = (  # provider, start of the commitment, basis
    ("Oracle OCI", "on-demand", "Oracle list"),
    ("CoreWeave", "on-demand", "CoreWeave list"),
    ("AWS", "on-demand", "AWS on demand"),
    ("AWS", "capacity block", "AWS capacity block"),
    ("Azure", "on-demand", "Azure on demand"),
    ("GCP", "on-demand", "GCP on demand"),
)
RAISED = "2026-09"  # AWS raised its capacity blocks on 2026-07-01: earlier quotes only inform
SURVEYS = {"2025-08": "August 2025", "2026-07": "July 2026"}
CONFIDENCE = {"high": 0, "medium": 1, "low": 2}
FACTS = {
    "domain": "gpus_per_scaleup_domain", "memory_gb": "hbm_gb_usable", "bandwidth_tb_s": "hbm_bw_tb_s",
    "fp8_pflops": "fp8_dense_pflops", "fp4_pflops": "fp4_dense_pflops", "tdp_w": "tdp_w",
    "kilowatt": "allin_kw_per_gpu_v2", "kilowatt_2025": "allin_kw_per_gpu_v1",
    "capex_server": "capex_server_per_gpu_usd", "capex_all_in": "capex_allin_per_gpu_usd",
}  # fmt: skip
DUMP = "InferenceX (SemiAnalysis), official database dump of 2026-07-20, medians"
SINGLE = "InferenceX (SemiAnalysis), public API captured 2026-05-05 and 2026-06-14, and " + DUMP.partition("), ")[2]
MEDIAN, NEWEST = "median of all runs of each configuration", "newest single run of each configuration line"
SAMPLED = "at most 5 concurrencies a line are public; GB200 NVL72 also medians of 2025-09-29 to 2025-12-05"
SERIES = "2025-12-15 TRT-LLM"  # the baselines of published ratios that read one framework, not the pooled curve
SNAPSHOTS = (
    ("2025-10", f"{MEDIAN}, 2025-09-29 to 2025-10-29, when the model was retired", DUMP),
    ("2025-12-15", f"{NEWEST} up to 2025-12-15; {SAMPLED}", SINGLE),
    (
        SERIES,
        "as 2025-12-15, TensorRT-LLM series only: the series the Signal65 report names as HGX B200-TRT; used by Claims",
        SINGLE,
    ),
    ("2025-12-19", f"{NEWEST} up to 2025-12-19; {SAMPLED}", SINGLE),
    ("2026-07", f"{MEDIAN} up to 2026-07-20; single rows carry no date", DUMP),
    (
        "2026-08",
        "as 2026-07, with TPU v7 as in the official preview of 2026-08-26: one run at each of seven concurrencies",
        f"{DUMP}; InferenceX dashboard, preview of TPU v7 (github.com/SemiAnalysisAI/InferenceX-app)",
    ),
)


def tables(source: Path) -> dict[str, Table]:
    """Columns and rows of each file of facts."""
    quotes = pd.read_csv(source / "prices.csv", dtype=str, keep_default_na=False)
    facts = pd.read_csv(source / "platforms.csv", dtype=str, keep_default_na=False)
    return {
        "prices.csv": (prices.COLUMNS, price_rows(quotes, added("prices.csv"))),
        "platforms.csv": (bundled.PLATFORM_COLUMNS, platform_rows(facts, added("platforms.csv"))),
        "snapshots.csv": (bundled.SNAPSHOT_COLUMNS, SNAPSHOTS),
    }


def added(file: str) -> pd.DataFrame:
    """The further rows of a file of facts."""
    return pd.read_csv(ADDITIONS / file, dtype=str, keep_default_na=False)


def price_rows(raw: pd.DataFrame, further: pd.DataFrame) -> list[list[object]]:
    """All quotes in their order; of several on one basis the newest, then the most trusted, carries it."""
    quotes = raw.rename(columns={"source_url": "source", "notes": "note"}).replace({"platform": RENAMED})
    quotes["commitment"] = quotes["commitment"].replace({"-": ""})
    quotes["basis"] = [basis(*row) for row in quotes[["provider", "commitment", "as_of"]].itertuples(index=False)]
    vintage = quotes["provider"].map(VINTAGES).map(SURVEYS)
    survey = "SemiAnalysis Market " + vintage + " Pricing Surveys & AI Cloud TCO Model; " + quotes["note"]
    quotes["note"] = survey.fillna(quotes["note"])
    quotes = carried(joined(carried(quotes), further))
    return [list(row) for row in quotes[list(prices.COLUMNS)].itertuples(index=False)]


def carried(quotes: pd.DataFrame) -> pd.DataFrame:
    """The same quotes, of which one a platform and basis keeps the basis and the others inform."""
    quotes = quotes.assign(rank=quotes["confidence"].map(CONFIDENCE))
    order = quotes.sort_values(["as_of", "rank"], ascending=[False, True], kind="stable")
    spare = order[(order["basis"] != "") & order.duplicated(["platform", "basis"])].index
    quotes.loc[spare, "basis"] = ""
    return quotes


def joined(quotes: pd.DataFrame, further: pd.DataFrame) -> pd.DataFrame:
    """Both; an offer that was seen again keeps its row with the newer day and who saw it, and the price where it moved."""
    offer = ["platform", "provider", "commitment"]
    places = {tuple(row): place for place, row in zip(quotes.index, quotes[offer].values.tolist(), strict=True)}
    known = [places.get(tuple(row)) for row in further[offer].values.tolist()]
    for place, new in zip(known, further.to_dict("records"), strict=True):
        if place is None:
            continue
        old = quotes.loc[place]
        if old["usd_per_gpu_hour"] and round(float(new["usd_per_gpu_hour"]), 3) == float(old["usd_per_gpu_hour"]):
            new["usd_per_gpu_hour"] = old["usd_per_gpu_hour"]
            new["note"] = "; ".join(filter(None, (old["note"], f"unchanged, {new['note']}")))
        else:
            new["note"] = f"{old['usd_per_gpu_hour'] or 'no price'} on {old['as_of']}; {new['note']}"
        quotes.loc[place, list(new)] = list(new.values())
    return pd.concat([quotes, further[[place is None for place in known]]], ignore_index=True)


def basis(provider: str, commitment: str, as_of: str) -> str:
    """The column of the price book that a quote belongs to; empty for spot, reserved, add-ons and others."""
    if provider in VINTAGES:
        tier = next(name for start, name in TIERS if commitment.startswith(start))
        return f"{tier} {VINTAGES[provider]}"
    if commitment.startswith("capacity block") and as_of < RAISED:
        return ""
    fits = (name for seller, start, name in LISTS if provider == seller and commitment.startswith(start))
    return next(fits, "")


def platform_rows(raw: pd.DataFrame, further: pd.DataFrame) -> list[list[object]]:
    """Facts of each platform; those with curves first, in the order of the Summary. A further row replaces the raw one."""
    facts = raw.replace({"platform": RENAMED}).rename(columns={column: name for name, column in FACTS.items()})
    rank = {name: i for i, name in enumerate((*PLATFORMS, *OTHER_PLATFORMS))}
    facts["source"] = facts["spec_source"]
    facts["note"] = [_note(row) for row in facts.to_dict("records")]
    facts["no_curve"] = ""
    facts["as_of"] = facts["source"].str.extract(r"(\d{4}-\d\d-\d\d)", expand=False).fillna("")
    facts = pd.concat([facts[~facts["platform"].isin(further["platform"])], further], ignore_index=True)
    facts = facts.sort_values("platform", key=lambda names: names.map(rank), kind="stable")
    return [list(row) for row in facts[list(bundled.PLATFORM_COLUMNS)].itertuples(index=False)]


def _note(row: dict[Any, Any]) -> str:
    """The doubts about a platform's facts, and where its capital cost comes from."""
    nameplate = row["hbm_gb_nameplate"]
    parts = (
        ("", row["notes"]),
        ("memory: usable, nameplate GB ", nameplate if nameplate != row["memory_gb"] else ""),
        ("system power kW: ", row["system_power_kw"]),
        ("capital cost USD: ", row["capex_per_rack_or_server_usd"]),
        ("capital cost source: ", row["capex_source"].strip("-")),
    )
    return "; ".join(words + text for words, text in parts if text)
