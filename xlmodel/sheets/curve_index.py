"""The index of groups, and how many points and knots each of their curves has, right of the points they count."""

from collections.abc import Sequence

from xlmodel.book.context import Context
from xlmodel.book.places import BENCHMARKS, FIRST
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.values import Value
from xlmodel.model.market import Market
from xlmodel.model.membership import KEY
from xlmodel.model.point import Group
from xlmodel.sheets.frame import headers, widths

_PARTS = ("Model", "Platform", "Workload", "Snapshot")


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the index: first the built groups, then those that typed rows may bring."""
    p = ctx.places
    names, first = p.index_columns(), p.index("Group").col
    headers(sheet, FIRST - 1, first, names)
    sheet.put(3, first, "Index of curves: a group is a model on a platform, of one workload and snapshot.", "Footnote")
    built = len(p.built_groups)
    for start, count in ((0, built), (built, p.group_rows - built)):
        texts = _texts(ctx, FIRST + start, spare=start == built)
        values = _values(ctx.market, range(start, start + count), p.built_groups)
        columns = []
        for name in names:
            runs = [Run(0, count - 1, texts[name])] if name in texts else []
            if name == "Points elsewhere" and start < built:
                runs = [Run(i, i, text) for i, text in enumerate(_elsewhere(ctx))]
            textual = name in (*_PARTS, "Key")
            style = "Text" if textual or name == "Group" else "Calculation"
            columns.append(Column(values[name], style, "" if textual or name == "Group" else "0;;", runs))
        sheet.blocks.append(Block(FIRST + start, first, columns))
    widths(sheet, (7, 16, 14, 10, 12, 40, *(9,) * (len(names) - 6), 3), first)


def _texts(ctx: Context, r: int, *, spare: bool) -> dict[str, str]:
    """Formulas of the columns, as of row r; parts and key of built groups are constants, which engines search faster."""
    p = ctx.places
    pooled, *precisions = ctx.market.codes
    col = {name: letters(p.index("Group").col + i) for i, name in enumerate(p.index_columns())}
    no, every, one = f"${col['Group']}{r}", f"${col['Points ' + pooled]}{r}", f"${col['One precision']}{r}"
    groups, curves, keys = p.working("Group").absolute, p.working("Curve").absolute, p.knots("Sort key").absolute
    by_precision = f"{col['Points ' + precisions[0]]}{r}:{col['Points ' + precisions[-1]]}{r}"
    texts = {
        f"Points {pooled}": f"COUNTIF({groups},{no})",
        "One precision": f"IF(AND({every}>0,MAX({by_precision})={every}),1,0)",
    }
    for code, name in enumerate(ctx.market.codes):
        own = f"{no}*10+{code}" if code else f"{no}*10"
        # keys are sorted: those of a curve lie between it and the next one, times KEY
        before = f"IFERROR(MATCH(({own})*{KEY},{keys},1),0)"
        held = f"IFERROR(MATCH(({own}+1)*{KEY},{keys},1),0)-{before}"
        if code:
            texts[f"Points {name}"] = f"COUNTIF({curves},{own})"
            held = f"IF({col['Points ' + name]}{r}=0,0,IF({one}=1,{col['Knots ' + pooled]}{r},{held}))"
        texts[f"Knots {name}"] = held
        first = f"IF({one}=1,{col['First knot ' + pooled]}{r},{before}+1)" if code else f"{before}+1"
        texts[f"First knot {name}"] = f"IF({col['Knots ' + name]}{r}=0,0,{first})"
    if spare:
        slot, seen = f"{no}-{len(p.built_groups)}", p.typed("New group").absolute
        for name in _PARTS:
            area = p.points(name)
            rows = Area(BENCHMARKS, p.last_built + 1, area.col, area.last_row, area.col).absolute
            texts[name] = f'IFERROR(INDEX({rows},MATCH({slot},{seen},0)),"")'
        key = '&"|"&'.join(f"{col[name]}{r}" for name in _PARTS)
        texts["Key"] = f'IF({col["Model"]}{r}="","",{key})'
        texts["Points elsewhere"] = every
    return texts


def _elsewhere(ctx: Context) -> list[str]:
    """For each built group, its points that stand outside the block of rows in which it was built."""
    p = ctx.places
    pooled, column = p.index(f"Points {p.codes[0]}"), p.working("Group").col
    texts = []
    for i, (a, b) in enumerate(p.built_groups):
        block = Area(BENCHMARKS, a, column, b, column).absolute
        no = p.index("Group").cell(i).on(BENCHMARKS, "col")
        texts.append(f"{pooled.cell(i).a1}-COUNTIF({block},{no})")
    return texts


def _values(market: Market, groups: range, blocks: Sequence[tuple[int, int]]) -> dict[str, list[Value]]:
    """What the columns hold, for some groups (0-based)."""
    out: dict[str, list[Value]] = {}
    for i in groups:
        group = market.groups[i] if i < len(market.groups) else None
        for name, value in _row(market, i + 1, group, blocks).items():
            out.setdefault(name, []).append(value)
    return out


def _row(market: Market, number: int, group: Group | None, blocks: Sequence[tuple[int, int]]) -> dict[str, Value]:
    counts = [market.count(number, code) for code in range(len(market.codes))]
    single = int(market.single(number)) if counts[0] else 0
    row: dict[str, Value] = {"Group": number, "Key": group.key if group else "", "One precision": single}
    row |= {name: getattr(group, name.lower()) if group else "" for name in _PARTS}
    row["Points elsewhere"] = market.elsewhere(number, blocks) if number <= len(blocks) else counts[0]
    for code, name in enumerate(market.codes):
        curve = market.curves.get((number, code))
        length = len(curve.xs) if curve else 0
        first = market.first_knot[number, 0 if single else code] if length else 0
        row |= {f"Points {name}": counts[code], f"Knots {name}": length, f"First knot {name}": first}
    return row
