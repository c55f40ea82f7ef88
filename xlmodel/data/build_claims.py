"""Writes `claims.csv`: every published claim with a number, and how the workbook recomputes it.

Run: python -m xlmodel.data.build_claims SOURCE_FOLDER, where SOURCE_FOLDER holds the collected claims.csv.
Left out, because they carry no number: R03 (all 8-GPU systems hit a scaling ceiling, NVIDIA's own too),
R04 (B200 ahead on dense and small models), C06 (the report uses data of October to December 2025).
S16 carries none either but stays: list prices decide it. The sources state neither workload nor precision;
8k/1k with FP4 (FP8 on H200 and MI325X) is what fits the published ratios.
"""

import csv
import re
import sys
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from xlmodel.data.build_facts import SERIES
from xlmodel.data.claim_plan import ClaimPlan
from xlmodel.errors import InputRefused
from xlmodel.model import claims as c
from xlmodel.model.facts import Claim
from xlmodel.readers.bundled import CLAIM_COLUMNS, CLAIMS_FILE

LEFT_OUT = ("R03", "R04", "C06")
GB200, GB300, MI355X, MI325X, H200, B200 = "GB200 NVL72", "GB300 NVL72", "MI355X", "MI325X", "H200", "B200"
# where the claims were published, and when; pages without a date cover the report of 2025-12 and were read by 2026-09
DATES = {
    "NetEase": "2026-01-04", "signal65.com": "2025-12", "vmvirtualmachine.com": "2026-01-01", "cnyes.com": "2026-01-05",
    "GB300 agentic post": "2026-02", "Rethinking AI TCO": "2026-04", "apexapps.oracle.com": "2026-09-19", "coreweave.com": "2026-09-20",
    **dict.fromkeys(("revistacloud.com", "aibase.com", "kad8.com", "nshx.cn"), "2025-12 to 2026-09"),
}  # fmt: skip
ORACLE, COREWEAVE, TIER = "Oracle list", "CoreWeave list", "Hyperscaler 2025-08"


MORE: dict[str, Any] = {"relation": c.MORE_THAN}
UP_TO: dict[str, Any] = {"relation": c.UP_TO}
NOTHING = ClaimPlan(c.NONE, testable="no number of the workbook bears on it")
PRICE = ClaimPlan(c.PRICE, c.EXACTLY, basis=ORACLE)
PRICES = ClaimPlan(c.PRICE_RATIO, subject=GB200, baseline=MI355X, basis=ORACLE)
DOMAIN = ClaimPlan(c.DOMAIN, c.EXACTLY)
LLAMA = ClaimPlan(
    c.THROUGHPUT_RATIO, model="Llama 3.3 70B", workload="8k/1k", subject=B200, subject_precision="FP4",
    baseline=MI355X, baseline_precision="FP4", interactivity=30, snapshot="2025-10",
)  # fmt: skip
GPT_OSS = replace(
    LLAMA, model="gpt-oss-120B", snapshot="2026-07",
    testable="no public data of that date: only undated medians up to July 2026",
    why="Late October 2025 cannot be rebuilt: public data for this model carry no dates. The number shown "
        "is of the undated medians and says nothing about that day.",
)  # fmt: skip
PEAK = ClaimPlan(  # read as output tokens, the published peaks come closest to the workload 1k/1k
    c.PEAK, model="gpt-oss-120B", workload="1k/1k", subject_precision="FP4", snapshot="2026-07",
    testable="no public data of that date; workload and kind of tokens not stated",
    why="Neither total or output tokens nor the workload is stated. Shown: input plus output tokens of "
        "later, undated medians; about half of them are output tokens.",
)  # fmt: skip
VS_MI355X = replace(
    LLAMA, model="DeepSeek-R1", subject=GB200, interactivity=75,
    snapshot="2025-12-15", second_snapshot="2025-12-19",
)  # fmt: skip
VS_B200 = replace(VS_MI355X, baseline=B200, baseline_snapshot=SERIES)
VS_H200 = replace(VS_MI355X, baseline=H200, baseline_precision="FP8", baseline_snapshot=SERIES)
VS_MI325X = replace(VS_H200, baseline=MI325X, baseline_snapshot="")
GAIN = replace(VS_MI355X, recompute=c.GAIN, basis=ORACLE, given=28)
RELATIVE = replace(GAIN, recompute=c.RELATIVE_COST)

PLANS = {
    "S01": PRICES("The exact Oracle pair is 1.86; with exactly 2 the headline would be 14x, not 15x. "
        "'Double' holds only for MI355X: by Oracle's list H200 is at 1.6 and B200 at 1.14."),
    "S02": GAIN("28x at Oracle's pair is 15.05x, but public data give 10.8x to 13.2x by series, so 5.8x to "
        "7.1x. A fall to 1/15 saves 93.3 %, not '15x'. Same claim as S04, S11, S37 and S38."),
    "S03": VS_MI355X("Names MI350X, another product than the report's MI355X, and no operating point: 28x "
        "belongs to 75 tok/s/user, where MI355X has no point on 15 December and the end of its curve on the "
        "19th."),
    "S04": GAIN("The arithmetic holds for 75 tok/s/user and Oracle's pair, a point the article does not "
        "name. Public data give 10.8x to 13.2x there, so 5.8x to 7.1x."),
    "S05": PRICES("1.86 by Oracle's list. 'Double', 'almost 2x' and 'about half' are one ratio."),
    "S06": NOTHING("An aside of the article about an acquisition; not in the report."),
    "S07": NOTHING("A count in a leaderboard of open-weight models; S08 counts among another set of models."),
    "S08": NOTHING("A count in a figure caption; S07 counts open-weight models only."),
    "S09": NOTHING("A share of traffic from another report, without a date.", **MORE),
    "S10": VS_MI355X("As S03 with the right platform, again without its 75 tok/s/user. No public value on 15 "
        "December; from the 19th on 10.8x to 13.2x by series, read close to the end of MI355X's curve.",
        **UP_TO),
    "S11": RELATIVE("'Other options' is wider than the source: 1/15 is against MI355X alone. At 60 "
        "tok/s/user H200 gives 1/14, B200 1/4.6. With public data at 75 it is 1/5.8 to 1/7.1."),
    "S12": PRICES("True of MI355X by Oracle's list (1.86) only, not of 'these platforms': H200 is at 1.67 by "
        "CoreWeave's list, B200 at 1.14 by Oracle's."),
    "S13": DOMAIN("A hardware fact: 72 GPUs in one NVLink domain.", subject=GB200),
    "S14": LLAMA("'Baseline' has no number in the article; others cite 30 to 110, hence 30, where the ratio "
        "is just inside the wider tolerance. At 25 tok/s/user it is 1.75."),
    "S15": LLAMA("Holds, but 110 is the last point of MI355X's curve, where ratios balloon.",
        **MORE, interactivity=110),
    "S16": replace(LLAMA, recompute=c.GAIN, subject=MI355X, baseline=B200, basis=ORACLE, given=1 / 1.8,
        testable="no number is published")(
        "Oracle lists MI355X at 0.61 of B200's price for 1/1.8 = 0.56 of its throughput: 0.90 of the "
        "performance per dollar. B200 stays ahead even here."),
    "S17": replace(GPT_OSS, interactivity=100),
    "S18": replace(GPT_OSS, interactivity=250),
    "S19": replace(PEAK, subject=B200),
    "S20": PEAK("Neither the kind of tokens nor the workload is stated. Half of the number shown are output "
        "tokens, about 14,400, which would fit; undated medians cannot decide it.", subject=B200, **MORE),
    "S21": replace(PEAK, subject=MI355X),
    "S22": PEAK("Neither the kind of tokens nor the workload is stated. Half of the number shown are output "
        "tokens, about 8,800, which would fit; undated medians cannot decide it.", subject=MI355X),
    "S23": VS_H200("H200 on TensorRT-LLM gives 9.6x; with SGLang's points pooled 8.8x.", interactivity=25),
    "S24": VS_MI325X("A lower bound, met within rounding by 15.8x. H200 to MI325X is then 1.6x.",
        interactivity=25, **MORE),
    "S25": VS_H200("H200 on TensorRT-LLM gives 24.5x, up to 25.2x by GB200 series; with SGLang's points pooled "
        "22.6x.", interactivity=60, **MORE),
    "S26": VS_MI355X("11.5x lies between two software dates: one software image of 19 December more than "
        "doubles MI355X, from 486 to 1,142 tok/s/GPU, and takes the ratio from 18.6x to 7.9x.",
        interactivity=60),
    "S27": VS_B200("B200 on TensorRT-LLM, the series the report names, gives 2.0x. With SGLang points pooled the "
        "sparse B200 frontier gives 3.8x: SGLang's points between two far ones nearly halve B200.",
        interactivity=25),
    "S28": VS_MI355X("Consistent with the software of 19 December only, whose curve starts at 30.6 "
        "tok/s/user: the slowest point is held. Four days earlier it is 8.2x.", interactivity=25),
    "S29": VS_B200("4.8x against B200 on TensorRT-LLM, 5.1x with SGLang's points pooled; 4.6x to 5.8x over all "
        "pairs of series. GB200 runs disaggregated over many GPUs, B200 on one node: not the same serving mode.", interactivity=60),
    "S30": VS_MI355X("The same number as S26 with 'close to' dropped; the data give 18.6x and 7.9x.",
        interactivity=60),
    "S31": DOMAIN("A hardware fact: 8 GPUs in an HGX server.", subject=B200),
    "S32": PRICES("10.50 / 6.305 by CoreWeave's list. The Chinese wording literally says 1.7x more, that is "
        "2.7x; meant is 1.7x the price.", baseline=H200, basis=COREWEAVE),
    "S33": VS_H200("The point of the 24x is not named here; it is 60 tok/s/user by S25. H200 on TensorRT-LLM "
        "as there; with SGLang's points pooled 22.6x.", interactivity=60),
    "S34": PRICES("8.60 / 16.00 = 0.54 by Oracle's list. With exactly one half the headline would be 14x.",
        subject=MI355X, baseline=GB200),
    "S35": VS_MI355X("The 5.9x of S28 rounded up; only software of 19 December comes near, slowest point "
        "held.", interactivity=25),
    "S36": VS_MI355X("Same claim as S03 and S10, without its 75 tok/s/user; public data of 19 December give "
        "10.8x to 13.2x by series, close to the end of MI355X's curve.", **UP_TO),
    "S37": GAIN("28 / (16.00 / 8.60) = 15.05: right as arithmetic, and only with Oracle's pair. Public data "
        "give 10.8x to 13.2x instead of 28x, so 5.8x to 7.1x.", **UP_TO),
    "S38": RELATIVE("The reciprocal of S37: right as arithmetic with Oracle's pair. With the 10.8x to 13.2x "
        "of public data it is 1/5.8 to 1/7.1."),
    "S39": VS_MI355X("An illustration that reuses the 28x of S03 without platform or operating point."),
    "R01": VS_MI355X("The sentence is cut in the retrievable copy, so the competitor and the 75 tok/s/user "
        "come from the coverage. Public data of 19 December give 10.8x to 13.2x by series.", **UP_TO),
    "R02": NOTHING("A count in a leaderboard; the same as S07."),
    "C01": VS_MI355X("The wording lets 75 be read as a throughput; it is tok/s per user. Public data of 19 "
        "December give 10.8x to 13.2x by series, and nothing before."),
    "C02": VS_MI355X("The clearest statement of the operating point. MI355X's curve ends at 68.9 on 15 "
        "December and at 86.4 on the 19th, where public data give 10.8x to 13.2x by series.", **UP_TO,
        says="up to 28x more throughput per GPU at 75 tokens/second/user (Spanish)"),
    "C03": GAIN("Right as arithmetic with Oracle's pair; public data give 10.8x to 13.2x: 5.8x to 7.1x.",
        **UP_TO, says="up to 15x more performance per dollar at that point (Spanish)"),
    "C04": RELATIVE("Names Oracle as the source of the price pair, which is what makes 1/15 come out. 75 "
        "tok/s is per user, not per GPU. With public data 1/5.8 to 1/7.1."),
    "C05": replace(VS_MI355X, recompute=c.THROUGHPUT, baseline="", baseline_precision="")(
        "The only absolute number found; its unit is garbled. It fits total tokens per GPU of GB200 at 75 "
        "tok/s/user. 28x would leave MI355X 275, below the 321 that four users at 75 amount to."),
    "C07": NOTHING("A fact about the model, not about its cost."),
    "C08": NOTHING("A hardware figure counting both directions: 72 x 1.8 TB/s = 129.6."),
    "C09": GAIN("28x at Oracle's pair is 15.05x; public data give 10.8x to 13.2x, so 5.8x to 7.1x. '15x "
        "saving' means 1/15 of the cost, a saving of 93.3 %."),
    "C10": replace(VS_H200, recompute=c.PER_WATT, interactivity=25, given=10)(
        "Not in the retrievable report, which has no power table. 10x at 25 tok/s/user is 8.2x per watt with "
        "the power figures of 2025, 7.3x with those of 2026; only higher interactivities pass 10x.", **MORE),
    "C11": replace(VS_H200, recompute=c.RELATIVE_COST, basis=COREWEAVE, interactivity=25, given=10)(
        "10x at 1.665 times the price is 1/6.0, not 1/10; one tenth needs equal prices or 16.7x. At 60 "
        "tok/s/user the published 24x gives 1/14.4."),
    "C12": PRICE("List price of September 2026; that it equals the list of December 2025 is assumed.",
        subject=GB200),
    "C13": PRICE("List price of September 2026; 16.00 / 8.60 is the pair behind 15x.", subject=MI355X),
    "C14": PRICE("42.00 USD per 4-GPU instance, September 2026.", subject=GB200, basis=COREWEAVE),
    "C15": PRICE("50.44 USD per 8-GPU instance, September 2026.", subject=H200, basis=COREWEAVE),
    "C16": ClaimPlan(c.GIVEN_RATIO, subject=GB300, baseline=H200, given=6000, given_baseline=90)(
        "6,000 / 90 = 66.7: the published inputs are rounded. No operating point is given."),
    "C17": ClaimPlan(c.COST, subject=H200, given=1.41, given_baseline=90)(
        "1.41 USD/GPU-hour at 90 tok/s is 4.35; 4.20 would need 93.3 tok/s. The 1.41 is a modelled cost of "
        "ownership, not a rental price as the press has it."),
    "C18": ClaimPlan(c.COST, subject=GB300, given=2.65, given_baseline=6000)(
        "2.65 USD/GPU-hour at 6,000 tok/s is 0.123. FP4 with speculative decoding; without it about 2.35 is "
        "published. 2.65 is a modelled cost of ownership."),
    "C19": ClaimPlan(c.GAIN, subject=GB300, baseline=H200, basis=TIER, given=65)(
        "65x at 2.652 / 1.41, the ownership tier both prices come from, is 34.6; from the unrounded 6,000 / "
        "90 it is 35.4. No operating point is given."),
}  # fmt: skip


def build(source: Path) -> list[Claim]:
    """Merge the collected claims with the plans above.

    Raises:
        InputRefused: the file is missing, or its claims and the plans do not match.
    """
    file = source / "claims.csv"
    if not file.is_file():
        raise InputRefused.one(str(file), "no such file", "the collected claims", "name its folder")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream) if row["id"] not in LEFT_OUT}
    unmatched = sorted(rows.keys() ^ PLANS.keys())
    if unmatched:
        raise InputRefused.one(file.name, ", ".join(unmatched), "a plan for each claim", "edit PLANS")
    return [_merge(row, PLANS[key]) for key, row in rows.items()]


def _merge(row: dict[str, str], plan: ClaimPlan) -> Claim:
    decided = {name: getattr(plan, name) for name in CLAIM_COLUMNS if hasattr(plan, name)}
    return Claim(
        as_of=next(day for site, day in DATES.items() if site in row["source_url"]),
        id=row["id"],
        origin=row["origin"],
        as_published=plan.says or row["as_published"],
        published=float(row["value"]) if row["value"] else None,
        unit=row["unit"].split(" (")[0].replace("GPU-h", "GPU-hour"),  # brackets repeat other fields
        source=re.sub(r"^\((.*)\)$", r"\1", row["source_url"]),
        **decided,
    )


def main(arguments: list[str]) -> None:
    """Write the file into this folder."""
    if len(arguments) != 1:
        raise SystemExit("usage: python -m xlmodel.data.build_claims SOURCE_FOLDER")
    try:
        claims = build(Path(arguments[0]))
    except InputRefused as error:
        raise SystemExit(str(error)) from None
    with CLAIMS_FILE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(CLAIM_COLUMNS)
        writer.writerows(astuple(claim) for claim in claims)


if __name__ == "__main__":
    main(sys.argv[1:])
