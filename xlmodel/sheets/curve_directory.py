"""The directory of curves: where the knots of each begin, and how many there are; sorted, so that it is searched by halves."""

from xlmodel.book.context import Context
from xlmodel.book.point_places import DIRECTORY_COLUMNS, FIRST
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.model.membership import KEY
from xlmodel.model.order import Order
from xlmodel.sheets.frame import headers, widths
from xlmodel.units import TOKENS_PER_USER

_FORMATS = {"Lowest": TOKENS_PER_USER.format, "Highest": TOKENS_PER_USER.format}


def describe(ctx: Context, sheet: Sheet, order: Order) -> None:
    """Write the directory: for every group one row a precision, pooled first."""
    p = ctx.places
    first = p.directory("Curve").col
    headers(sheet, FIRST - 1, first, DIRECTORY_COLUMNS)
    sheet.put(3, first, "Directory of curves: group x 10 + place of the precision. A curve of one precision is the pooled one.", "Footnote")  # fmt: skip
    values = _values(ctx, order)
    texts, last = _texts(ctx, FIRST), len(values["Curve"]) - 1
    columns = []
    for name in DIRECTORY_COLUMNS:
        runs = [Run(0, last, texts[name])] if name in texts else []
        if name == "Order":  # the first row has none above it
            runs = [Run(0, 0, f"IF({_at(ctx, 'Start', FIRST)}>0,1,0)"), Run(1, last, _texts(ctx, FIRST + 1)[name])]
        columns.append(Column(values[name], "Calculation" if runs else "Text", _FORMATS.get(name, "0;;"), runs))
    sheet.blocks.append(Block(FIRST, first, columns))
    widths(sheet, (*(9,) * len(columns), 3), first)


def _at(ctx: Context, name: str, row: int) -> str:
    return f"${letters(ctx.places.directory(name).col)}{row}"


def _texts(ctx: Context, r: int) -> dict[str, str]:
    """Formulas of the columns, as of row r."""
    p = ctx.places
    curve, start, knots, first_knot, key = (
        _at(ctx, name, r) for name in ("Curve", "Start", "Knots", "First knot", "Key")
    )
    group, code = f"INT({curve}/10)", f"MOD({curve},10)"
    single, out, end = (f"INDEX({p.index(n).absolute},{group})" for n in ("One precision", "Out of order", "Last row"))
    points = f"INDEX({p.index('Points').absolute},{group},{code}+1)"
    sort_keys, keys, xs = p.knots("Sort key").absolute, p.keys.absolute, p.knots("Interactivity").absolute
    up = f"INDEX({p.backs.absolute},{end},{code}+1)"
    shared = f"AND({code}>0,{single}=1)"
    # the count of all knots is never negative; asking for it makes every engine compute the rows from the top down
    walked = f"IF({p.flag('knots').absolute}<0,0,IF({up}=0,0,{end}+1-{up}))"
    smallest = f'IFERROR(SMALL({keys},COUNTIF({keys},"<"&{curve}*{KEY})+1),0)'
    owner = f"IF({single}=1,{group}*10,{curve})"
    return {
        "Start": f"IF({points}=0,0,IF({shared},0,IF({out}=0,{walked},{smallest})))",
        "Order": f"{_at(ctx, 'Order', r - 1)}+IF({start}>0,1,0)",
        "Key": f"IF({points}=0,0,{owner}*{KEY})",
        "First knot": f"IF({key}=0,0,IFERROR(MATCH({key},{sort_keys},1),0)+1)",
        "Knots": f"IF({key}=0,0,IFERROR(MATCH({key}+{KEY},{sort_keys},1),0)-{first_knot}+1)",
        "Lowest": f"IF({knots}=0,0,INDEX({xs},{first_knot}))",
        "Highest": f"IF({knots}=0,0,INDEX({xs},{first_knot}+{knots}-1))",
    }


def _values(ctx: Context, order: Order) -> dict[str, list[Value]]:
    market = ctx.market
    out: dict[str, list[Value]] = {name: [] for name in DIRECTORY_COLUMNS}
    ordinal = 0
    for number in range(1, ctx.places.group_rows + 1):
        single = number <= len(market.groups) and market.single(number)
        for code in range(len(market.codes)):
            curve = market.curves.get((number, code))
            start = order.start(number, code)
            ordinal += start > 0
            row: tuple[Value, ...] = (number * 10 + code, start, ordinal, 0, 0, 0, 0, 0)
            if curve:
                owner = 0 if single else code
                first, key = market.first_knot[number, owner], (number * 10 + owner) * KEY
                row = (*row[:3], key, first, len(curve.xs), curve.xs[0], curve.xs[-1])
            for name, value in zip(DIRECTORY_COLUMNS, row, strict=True):
                out[name].append(value)
    return out
