"""What `cost` prints: the cost of each measured point and of the target, a small plot, and what stands beside it."""

from dataclasses import asdict
from typing import Any

from xlmodel.commands.console import wrapped
from xlmodel.commands.console_results import measurement_facts, short_names, table
from xlmodel.commands.quick import Quick

WIDE, HIGH = 60, 10
SHOWN = 30
_COSTS = ("total", "all_output", "all_input", "input", "cached", "output")


def cost_text(found: Quick) -> str:
    """The answer, the doubtful before the good."""
    known = (found.platform or "a platform that is not known", found.model or "a model that is not known")
    what = [*known, found.precision, found.workload]
    gpus = f", {found.gpus} GPU{'' if found.gpus == 1 else 's'}" if found.gpus else ""
    lines = [f"{', '.join(filter(None, what))}{gpus} at {found.price:,.2f} USD/GPU-hour"]
    names = short_names(m.file for m in found.measurements)
    of_files = (f"{names[m.file]} {m.place}".rstrip() + f": {text}" for m in found.measurements for text in m.doubts)
    doubts = list(dict.fromkeys((*found.doubts, *of_files)))
    if doubts:
        lines += ["", "Doubts"]
        for text in doubts[:SHOWN]:
            lines += wrapped("  - ", text)
        if len(doubts) > SHOWN:
            lines.append(f"  and {len(doubts) - SHOWN:,} more; --json shows all")
    lines += ["", "USD per million tokens at each measured point", _points(found)]
    lines += wrapped("  ", _conventions(found))
    lines += ["", *_target(found)]
    if len(found.measurements) > 1:
        lines += ["", *plot(found)]
    if found.others:
        lines += ["", f"Beside it at {found.compared_at:,.4g} tok/s/user (bundled, {found.basis})", _others(found)]
    if found.apis:
        lines += ["", "API prices of the same model, USD per million tokens", _apis(found)]
    lines += ["", "Not like for like"]
    for text in found.unlike:
        lines += wrapped("  - ", text)
    if found.problems:
        lines += ["", "Not used"]
        for problem in found.problems[:SHOWN]:
            lines += wrapped("  ", str(problem))
    return "\n".join(lines)


def _usd(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4f}"


def _points(found: Quick) -> str:
    rows, names = [], short_names(m.file for m in found.measurements)
    for i, (m, rate, costs) in enumerate(zip(found.measurements, found.throughputs, found.result.costs, strict=True)):
        if i == SHOWN:
            break
        mark = "!" if m.grave else "*" if i in found.result.knots else ""
        flying = m.concurrency or m.mean_concurrency
        rows.append(
            [f"{names[m.file]} {m.place}".rstrip(), f"{flying:,.4g}" if flying else "-", f"{m.interactivity:,.2f}", f"{rate:,.1f}",
             *(_usd(getattr(costs, name)) for name in _COSTS), mark]
        )  # fmt: skip
    costs_of = ["Total", "All on output", "All on input", "Input", "Cached", "Output"]
    text = table(["File", "In flight", "tok/s/user", "tok/s/GPU", *costs_of, ""], rows)
    more = len(found.measurements) - len(rows)
    return text + (f"\n  and {more:,} more; --json shows all" if more else "")


def _conventions(found: Quick) -> str:
    s = found.scenario
    text = "Total: all tokens alike. All on output, all on input: that class bears all cost (InferenceX). Input, cached, output: shared by price, "
    text += f"an output token at {s.number('output_ratio'):g} times and a cached one at {s.number('cached_ratio'):g} times an input token (finance)."
    if found.result.knots:
        text += " * on the frontier."
    if any(m.grave for m in found.measurements):
        text += " ! contradicts itself, so no part of the curve."
    derived = dict.fromkeys(f"interactivity from {m.derived}, throughput from {m.counted}" for m in found.measurements)
    return text + " Numbers: " + "; ".join(derived) + "."


def _target(found: Quick) -> list[str]:
    target = found.result.target
    head = f"At {target.interactivity:,.4g} tok/s/user: "
    if target.costs is None:
        return wrapped("", head + "no answer, " + target.reason)
    costs = target.costs
    text = f"{costs.total:,.4f} USD per million tokens ({target.throughput:,.1f} tok/s/GPU)"
    if costs.all_output is not None:
        text += f"; all on output {_usd(costs.all_output)}, all on input {_usd(costs.all_input)}; by price: input {_usd(costs.input)}, "
        text += f"cached {_usd(costs.cached)}, output {_usd(costs.output)}"
    return wrapped("", head + text)


def plot(found: Quick) -> list[str]:
    """Cost over interactivity: * on the frontier, . beside it, ! contradicting itself."""
    rows = [
        (m.interactivity, costs.total, "!" if m.grave else "*" if i in found.result.knots else ".")
        for i, (m, costs) in enumerate(zip(found.measurements, found.result.costs, strict=True))
    ]
    left, right = min(x for x, _, _ in rows), max(x for x, _, _ in rows)
    low, high = min(y for _, y, _ in rows), max(y for _, y, _ in rows)
    page = [[" "] * WIDE for _ in range(HIGH)]
    for x, y, mark in sorted(rows, key=lambda row: "!.*".index(row[2])):
        column = round((x - left) / (right - left or 1.0) * (WIDE - 1))
        page[HIGH - 1 - round((y - low) / (high - low or 1.0) * (HIGH - 1))][column] = mark
    labels = {0: f"{high:,.3g}", HIGH - 1: f"{low:,.3g}"}
    pad = max(map(len, labels.values()))
    lines = ["USD per million tokens over tok/s/user"]
    lines += [f"  {labels.get(i, ''):>{pad}} |{''.join(row).rstrip()}" for i, row in enumerate(page)]
    span = f"{left:,.4g}{f'{right:,.4g}':>{WIDE - len(f'{left:,.4g}')}}"
    return [*lines, f"  {'':>{pad}} +{'-' * WIDE}", f"  {'':>{pad}}  {span}"]


def _others(found: Quick) -> str:
    name = f"yours ({found.platform or 'this test'})"
    own = found.own_cost
    rate = found.price / own * 1e6 / 3600 if own else None
    rows = [[name, "", f"{found.price:,.2f}", f"{rate:,.0f}" if rate else "-", _usd(own), "1.00x", ""]]
    for row in found.others:
        times = f"{row.cost / own:.2f}x" if row.cost and own else "-"
        price = "-" if row.price is None else f"{row.price:,.2f}"
        made = f"{row.throughput:,.0f}" if row.throughput else "-"
        rows.append([row.platform, "", price, made, _usd(row.cost), times, row.reason])
    return table(["Platform", "", "USD/GPU-hour", "tok/s/GPU", "USD/M tokens", "of yours", ""], rows)


def _apis(found: Quick) -> str:
    rows = [
        [api.provider, api.as_of, *map(_usd, (api.input, api.cached_input, api.output, blended)), ""]
        for api, blended in found.apis
    ]
    return table(["Provider", "As of", "Input", "Cached", "Output", "Your mix", ""], rows)


def cost_facts(found: Quick) -> dict[str, Any]:
    """The same for JSON."""
    result = found.result
    points = [
        measurement_facts(m)
        | {"throughput_per_gpu": rate, "usd_per_million": asdict(costs), "on_frontier": i in result.knots}
        for i, (m, rate, costs) in enumerate(zip(found.measurements, found.throughputs, result.costs, strict=True))
    ]
    target = asdict(result.target)
    return {
        "price_usd_per_gpu_hour": found.price, "platform": found.platform, "model": found.model, "precision": found.precision,
        "workload": found.workload, "gpus": found.gpus, "points": points, "target": target, "compared_at": found.compared_at,
        "basis": found.basis, "beside": [asdict(row) for row in found.others],
        "api_prices": [asdict(quote) | {"your_mix": blended} for quote, blended in found.apis],
        "not_like_for_like": list(found.unlike), "doubts": list(found.doubts), "not_used": [asdict(problem) for problem in found.problems],
    }  # fmt: skip
