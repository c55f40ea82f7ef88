"""The index of groups with the points of each, right of the points they count."""

from collections.abc import Sequence

from xlmodel.book.context import Context
from xlmodel.book.places import Places
from xlmodel.book.point_places import BENCHMARKS, FIRST, MEANT
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.values import Value
from xlmodel.model.numbering import PARTS
from xlmodel.model.order import Order
from xlmodel.model.point import Group
from xlmodel.sheets.frame import headers, widths

_TEXTUAL = (*PARTS, "Key", "Group")


def describe(ctx: Context, sheet: Sheet, order: Order) -> None:
    """Write the index: first the built groups, then those that typed rows may bring."""
    p = ctx.places
    names, first = p.index_columns(), p.index("Group").col
    headers(sheet, FIRST - 1, first, names)
    names = names[:-1]  # the numbers are written by those who search them
    sheet.put(3, first, "Index: a group is a model on a platform, of one workload and snapshot.", "Footnote")
    built = len(p.built_groups)
    for start, count in ((0, built), (built, p.group_rows - built)):
        texts = _texts(ctx, FIRST + start, spare=start == built)
        by_block = {} if start else _by_block(p)
        values = _values(order, range(start, start + count))
        columns = []
        for name in names:
            runs = [Run(0, count - 1, texts[name])] if name in texts else []
            if name in by_block:
                runs = [Run(i, i, text) for i, text in enumerate(by_block[name])]
            textual = name in _TEXTUAL
            columns.append(Column(values[name], "Text" if textual else "Calculation", "" if textual else "0;;", runs))
        sheet.blocks.append(Block(FIRST + start, first, columns))
    widths(sheet, (7, 16, 14, 10, 12, 40, *(9,) * (len(names) - 6), 3), first)


def _texts(ctx: Context, r: int, *, spare: bool) -> dict[str, str]:
    """Formulas of the columns, as of row r; parts and key of built groups are constants, which engines search faster."""
    p = ctx.places
    pooled, *precisions = ctx.market.codes
    col = {name: letters(p.index("Group").col + i) for i, name in enumerate(p.index_columns())}
    no, every = f"${col['Group']}{r}", f"${col['Points ' + pooled]}{r}"
    groups, curves, back = (p.working(name) for name in ("Group", "Curve", "Back to order"))
    by_precision = f"{col['Points ' + precisions[0]]}{r}:{col['Points ' + precisions[-1]]}{r}"
    edited = f'COUNTIFS({p.built(groups).absolute},{no},{p.built(back).absolute},"<>1")'
    texts = {
        "One precision": f"IF(AND({every}>0,MAX({by_precision})={every}),1,0)",
        "Out of order": f"COUNTIF({p.under(groups).absolute},{no})+IF({p.flag('out of order').absolute}=0,0,{edited})",
    }
    if spare:
        slot, seen = f"{no}-{len(p.built_groups)}", p.typed("New group").absolute
        for name in PARTS:
            texts[name] = f'IFERROR(INDEX({p.under(p.working(MEANT[name])).absolute},MATCH({slot},{seen},0)),"")'
        key = '&"|"&'.join(f"{col[name]}{r}" for name in PARTS)
        texts["Key"] = f'IF({col["Model"]}{r}="","",{key})'
        texts[f"Points {pooled}"] = f"COUNTIF({groups.absolute},{no})"
        for code, name in enumerate(precisions, 1):
            texts[f"Points {name}"] = f"COUNTIF({curves.absolute},{no}*10+{code})"
    else:
        texts["First row"] = f"IF({no}=1,1,SUM({col['Last row']}{r - 1})+1)"  # above the first group stands a heading
    return texts


def _by_block(p: Places) -> dict[str, list[str]]:
    """Formulas of built groups that look at the block of each alone, and at all rows when one is out of order."""
    found: dict[str, list[str]] = {"Last row": []}
    for i, (a, b) in enumerate(p.built_groups):
        no = p.index("Group").cell(i).on(BENCHMARKS, "col")
        found["Last row"].append(f"ROWS({Area(BENCHMARKS, FIRST, 1, b, 1).absolute})")
        for code, name in enumerate(p.codes):
            area, asked = (p.working("Curve"), f"{no}*10+{code}") if code else (p.working("Group"), no)
            block, under, whole = Area(BENCHMARKS, a, area.col, b, area.col), p.under(area), area
            here = f"COUNTIF({block.absolute},{asked})+COUNTIF({under.absolute},{asked})"
            text = f"IF({p.flag('out of order').absolute}=0,{here},COUNTIF({whole.absolute},{asked}))"
            found.setdefault(f"Points {name}", []).append(text)
    return found


def _values(order: Order, groups: Sequence[int]) -> dict[str, list[Value]]:
    """What the columns hold, for some groups (0-based)."""
    out: dict[str, list[Value]] = {}
    market = order.market
    for i in groups:
        group = market.groups[i] if i < len(market.groups) else None
        for name, value in _row(order, i + 1, group).items():
            out.setdefault(name, []).append(value)
    return out


def _row(order: Order, number: int, group: Group | None) -> dict[str, Value]:
    market = order.market
    counts = [market.count(number, code) for code in range(len(market.codes))]
    first, last = order.blocks[number - 1] if number <= len(order.blocks) else (0, 0)
    row: dict[str, Value] = {"Group": number, "Key": group.key if group else "", "First row": first, "Last row": last}
    row |= {name: getattr(group, name.lower()) if group else "" for name in PARTS}
    row["One precision"] = int(market.single(number)) if counts[0] else 0
    row["Out of order"] = order.out[number - 1] if group else 0
    return row | {f"Points {name}": count for name, count in zip(market.codes, counts, strict=True)}
