"""Fleet, its checks: ties to cost per token, to whole domains, and of margin to cost."""

from xlmodel.book import fleet_places as at
from xlmodel.book import ownership_places as owned
from xlmodel.book.context import Context, Given, old_check
from xlmodel.book.guards_by_hand import owed
from xlmodel.model.ownership import BUILD_UP
from xlmodel.sheets.cost_target import Target


def checks(ctx: Context, columns: list[dict[str, Given]], target: Target) -> None:
    """Append the checks; platforms without a number are left out of each."""
    p = ctx.places
    ties, served, yearly, whole, margins = [], [], [], [], []
    for i, column in enumerate(columns):
        c = {name: given.ref.on("") for name, given in column.items() if given.ref}
        cost, rate = target.area("Cost").cell(i).on(""), target.area("Throughput").cell(i).on("")
        gpus, hour, year, alone = (c[name] for name in ("GPUs", "Cost per hour", "Cost per year", "Self-hosting"))
        made = f"{gpus}*{rate}*0.0036"  # million tokens an hour at full load
        for busy, usd in (("{use}", cost), (c["Utilization of the fleet"], alone)):
            gap = f"({made}*{busy}*{usd}-{hour})/MAX(1,{hour})"
            ties.append(f"IF(ISNUMBER({cost})*ISNUMBER({gpus}),IFERROR(ABS({gap}),1),0)")
        tokens = f"{gpus}*{rate}*0.0864*{c['Utilization of the fleet']}/{{tokens}}"
        used = f"IF({{number}}=2,{tokens},{gpus}*(1-{c['Idle share']})*MAX(1,N({{peak}}))/{c['GPUs needed']})-1"
        served.append(owed((gpus,), c["Idle share"], used))
        spent = f"({gpus}*{owned.at('All costs of a year', i).on('')}/{{up}}-{year})/MAX(1,{year})"
        yearly.append(f"IF(N({p.own_prices.cell(i).on('')})>0,0,{owed((c['Price in use'], gpus), year, spent)})")
        over = f"MAX(0,({c['GPUs needed']}-{gpus})*IF({{limit}}=1,-1,1))+MOD({gpus},{c['GPUs per domain']})"
        whole.append(owed((c["GPUs needed"], c["GPUs per domain"]), gpus, over))
        margins.append(owed((alone,), c["Margin share"], f"{c['Margin share']}+{alone}/{{blended}}-1"))
    limit, blended = at.entry("limit"), at.entry("blended")
    up = owned.assumed("availability")
    ctx.checks += [
        old_check("Fleet cost is cost per token", "USD per hour = GPUs x tokens per hour x cost per token, at the Summary's cost and at the fleet's own.",
              at.at("Cost per hour", 0), f"MAX({','.join(ties)})", 0.0, 1e-9, {"use": p.choice("utilization")}),
        old_check("Fleets serve the demand", "A fleet works off its demand: the tokens of a day, or the users at the peak.", at.at("Idle share", 0),
              f"IF({{limit}}=1,0,MAX({','.join(served)}))", 0.0, 1e-9, {"limit": limit, **{name: at.entry(name) for name in ("peak", "number", "tokens")}}),
        old_check("Owned fleets cost what they cost a year", "On the own build-up, USD per year = GPUs / availability x all costs of a year on Ownership.",
              at.at("Cost per year", 0), f'IF(AND({{basis}}="{BUILD_UP}",N({{up}})>0),MAX({",".join(yearly)}),0)', 0.0, 1e-9,
              {"basis": p.choice("basis"), "up": up}),
        old_check("Fleets are whole and enough", "GPUs are whole domains, no fewer than the demand needs, no more than a budget feeds.",
              at.at("GPUs", 0), f"MAX({','.join(whole)})", 0.0, 1e-3, {"limit": limit}),
        old_check("Margin is what cost leaves", "Margin share = 1 - cost per token of the fleet / price of the mix of tokens.",
              at.at("Margin share", 0), f"IF(N(IFERROR({{blended}},0))>0,MAX({','.join(margins)}),0)", 0.0, 1e-9, {"blended": blended}),
    ]  # fmt: skip
