"""Fleet, its checks: ties to cost per token, to whole domains, and of margin to cost."""

from xlmodel.book import fleet_places as at
from xlmodel.book.context import Check, Context, Given
from xlmodel.book.sheets.cost_target import Target


def checks(ctx: Context, columns: list[dict[str, Given]], target: Target) -> None:
    """Append the checks; platforms without a number are left out of each."""
    use = ctx.places.choice("utilization").on("")
    ties, whole, margins = [], [], []
    for i, column in enumerate(columns):
        c = {name: given.ref.on("") for name, given in column.items() if given.ref}
        cost, rate = target.area("Cost").cell(i).on(""), target.area("Throughput").cell(i).on("")
        ties.append(f"IFERROR(ABS({c['GPUs']}*{rate}*0.0036*{use}*{cost}/{c['Cost per hour']}-1),0)")
        over = f"({c['GPUs needed']}-{c['GPUs']})*IF({{limit}}=1,-1,1)"
        whole.append(f"IFERROR(MAX(0,{over})+MOD({c['GPUs']},{c['GPUs per domain']}),0)")
        margins.append(f"IFERROR(ABS({c['Margin share']}+{cost}/{{blended}}-1),0)")
    limit, blended = at.entry("limit"), at.entry("blended")
    ctx.checks += [
        Check("Fleet cost is cost per token", "USD per hour = GPUs x tokens per hour x cost per token, on every platform.",
              at.at("Cost per hour", 0), f"MAX({','.join(ties)})", 0.0, 1e-9, {}),
        Check("Fleets are whole and enough", "GPUs are whole domains, no fewer than the demand needs, no more than a budget feeds.",
              at.at("GPUs", 0), f"MAX({','.join(whole)})", 0.0, 1e-3, {"limit": limit}),
        Check("Margin is what cost leaves", "Margin share = 1 - cost per token / price of the mix of tokens.",
              at.at("Margin share", 0), f"MAX({','.join(margins)})", 0.0, 1e-9, {"blended": blended}),
    ]  # fmt: skip
