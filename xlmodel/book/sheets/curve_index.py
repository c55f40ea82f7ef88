"""Curves, first part: the index of groups and how many points and knots each of their curves has."""

from xlmodel.book.address import Area, letters
from xlmodel.book.context import Context
from xlmodel.book.places import CURVES, FIRST, INDEX
from xlmodel.book.sheets.frame import headers
from xlmodel.book.spec import Sheet
from xlmodel.formulas.values import Value

_PARTS = ("Model", "Platform", "Workload", "Snapshot")


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the index."""
    names = ctx.places.index_columns()
    headers(sheet, FIRST - 1, INDEX, names)
    col = {name: letters(INDEX + i) for i, name in enumerate(names)}
    for i in range(ctx.places.group_rows):
        row = {**_place(ctx, i, col), **_counts(ctx, i, col)}
        for offset, name in enumerate(names):
            value, text = row[name]
            numeric = offset == 0 or offset > 5
            fmt = "0;;" if offset > 5 else ""
            if text:
                sheet.calc(FIRST + i, INDEX + offset, text, value, "Calculation" if numeric else "Text", fmt)
            else:
                sheet.put(FIRST + i, INDEX + offset, value, "Text")


def _place(ctx: Context, i: int, col: dict[str, str]) -> dict[str, tuple[Value, str]]:
    """Group number, parts and key: constants for built groups, formulas for those that typed rows bring."""
    p, market, r = ctx.places, ctx.market, FIRST + i
    group = market.groups[i] if i < len(market.groups) else None
    key = '&"|"&'.join(f"{col[name]}{r}" for name in _PARTS)
    values = (group.model, group.platform, group.workload, group.snapshot) if group else ("",) * 4
    row: dict[str, tuple[Value, str]] = {"Group": (i + 1, "")}
    if i < len(p.built_groups):
        row |= {name: (value, "") for name, value in zip(_PARTS, values, strict=True)}
        key = p.local("Key").cell(i).on(CURVES)
    else:
        slot, seen = i + 1 - len(p.built_groups), p.typed("New group").on(CURVES)
        for name, value in zip(_PARTS, values, strict=True):
            area = p.points(name)
            spare = Area(area.sheet, p.last_built + 1, area.col, area.last_row, area.col).on(CURVES)
            row[name] = (value, f'IFERROR(INDEX({spare},MATCH({slot},{seen},0)),"")')
        key = f'IF({col["Model"]}{r}="","",{key})'
    row["Key"] = (group.key if group else "", key)
    return row


def _counts(ctx: Context, i: int, col: dict[str, str]) -> dict[str, tuple[Value, str]]:
    """Points and knots by precision. A group with one precision shares its pooled curve with it."""
    p, market, r, number = ctx.places, ctx.market, FIRST + i, i + 1
    pooled, *precisions = market.codes
    no = f"${col['Group']}{r}"
    group_area, curve_area = p.working("Group"), p.working("Curve")
    groups, curves = group_area.on(CURVES), curve_area.on(CURVES)
    knot_curves = p.knots("Curve").on(CURVES)
    counts = [market.count(number, code) for code in range(len(market.codes))]
    single = int(market.single(number)) if counts[0] else 0
    every, one = f"{col['Points ' + pooled]}{r}", f"{col['One precision']}{r}"
    row: dict[str, tuple[Value, str]] = {f"Points {pooled}": (counts[0], f"COUNTIF({groups},{no})")}
    for code, name in enumerate(precisions, 1):
        row[f"Points {name}"] = (counts[code], f"COUNTIF({curves},{no}*10+{code})")
    by_precision = f"{col['Points ' + precisions[0]]}{r}:{col['Points ' + precisions[-1]]}{r}"
    row["One precision"] = (single, f"IF(AND({every}>0,MAX({by_precision})={every}),1,0)")
    if i < len(p.built_groups):
        a, b = p.built_groups[i]
        block = Area(group_area.sheet, a, group_area.col, b, group_area.col).on(CURVES)
        row["Points elsewhere"] = (market.elsewhere(number, p.built_groups), f"{every}-COUNTIF({block},{no})")
    else:
        row["Points elsewhere"] = (counts[0], every)
    for code, name in enumerate(market.codes):
        curve = market.curves.get((number, code))
        length = len(curve.xs) if curve else 0
        own = f"{no}*10+{code}" if code else f"{no}*10"
        text = f"COUNTIF({knot_curves},{own})"
        if code:
            text = f"IF({col['Points ' + name]}{r}=0,0,IF({one}=1,{col['Knots ' + pooled]}{r},{text}))"
        row[f"Knots {name}"] = (length, text)
        owner = 0 if single else code
        find = f"IF({one}=1,{no}*10,{own})" if code else own
        first = market.first_knot[number, owner] if length else 0
        row[f"First knot {name}"] = (first, f"IF({col['Knots ' + name]}{r}=0,0,MATCH({find},{knot_curves},0))")
    return row
