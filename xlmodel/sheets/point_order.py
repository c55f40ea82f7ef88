"""Which points lie on a frontier: by one pass down the rows in order, and one by one for rows out of order."""

from xlmodel.book.context import Context
from xlmodel.book.point_places import FIRST, SPARE_POINTS
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import letters
from xlmodel.model.membership import KEY
from xlmodel.model.order import Order

# points of the curve that are at least as good in both and better in one; of exact duplicates the first one stays
_BEATEN = "SUMPRODUCT(({id}={id_r})*{those}({x}>={x_r})*({y}>={y_r})*(({x}>{x_r})+({y}>{y_r})+(ROW({x})<ROW({x_r}))>0))"


class Orders:
    """The columns behind group and curve, as formulas."""

    def __init__(self, ctx: Context, order: Order) -> None:
        self.ctx, self.p, self.order = ctx, ctx.places, order

    def describe(self, sheet: Sheet) -> None:
        """Write them, and above them what the whole table has."""
        p, order = self.p, self.order
        back, group = p.built(p.working("Back to order")), p.built(p.working("Group"))
        ref = p.flag("out of order")
        text = f'COUNTIFS({group.absolute},">0",{back.absolute},"<>1")'
        sheet.calc(ref.row, ref.col, text, order.strays, "Calculation", "0")
        ref, knots = p.flag("knots"), [order.knot_backs(code) for code in range(len(p.codes))]
        in_order = sum(column.count(1) for column in knots)
        sheet.calc(ref.row, ref.col, f"COUNTIF({p.backs.absolute},1)", in_order, "Calculation", "0")
        columns = [self._column(order.back, [self._back(FIRST), self._back(FIRST + 1)])]
        for code, values in enumerate(knots):
            columns.append(self._column(values, [self._knot_back(FIRST, code), self._knot_back(FIRST + 1, code)]))
        sheet.blocks.append(Block(FIRST, back.col, columns))
        sheet.blocks.append(Block(FIRST, p.keys.col, self._keys()))

    @staticmethod
    def _column(values: list[int], texts: list[str]) -> Column:
        """The first row has none above it."""
        runs = [Run(0, 0, texts[0]), Run(1, len(values) - 1, texts[1])]
        return Column(values, "Calculation", "0;;", runs[: len(values)])

    def _cell(self, column: str, row: int) -> str:
        """A cell of a working, or of the points, in a row."""
        area = self.p.working(column) if column in self.p.working_columns else self.p.points(column)
        return f"${letters(area.col)}{row}"

    def _back(self, row: int) -> str:
        """1 when the row continues the order of its group, else how far the last one that does is up."""
        p, group = self.p, self._cell("Group", row)
        x, y, xs, ys = *(self._cell(n, row) for n in _XY), *(p.points(n).absolute for n in _XY)
        next_x, next_y = (self._cell(n, row + 1) for n in _XY)
        first, last = (f"INDEX({p.index(n).absolute},{group})" for n in ("First row", "Last row"))
        n = f"ROW()-{FIRST - 1}"
        overtaken = f"IF({self._cell('Group', row + 1)}={group},IF({next_x}>{x},TRUE,IF({next_x}={x},{next_y}>{y},FALSE)),FALSE)"
        if row == FIRST:
            return f"IF({group}=0,0,IF({n}<{first},0,IF({n}>{last},0,IF(IF({n}<{last},{overtaken},FALSE),0,1))))"
        above = self._cell("Back to order", row - 1)
        up, kept = f"{n}-{above}", f"IF({above}=0,0,{above}+1)"
        fits = f"IF(INDEX({xs},{up})>{x},TRUE,IF(INDEX({xs},{up})={x},INDEX({ys},{up})>={y},FALSE))"
        fits = f"IF({above}=0,TRUE,IF({up}<{first},TRUE,{fits}))"
        inside = f"IF({n}<{first},FALSE,IF({n}>{last},FALSE,IF(IF({n}<{last},{overtaken},FALSE),FALSE,{fits})))"
        return f"IF({group}=0,{kept},IF({inside},1,{kept}))"

    def _knot_back(self, row: int, code: int) -> str:
        """The same of knots: a row in order is one when it makes more than the last one, and no row out of order beats it."""
        p, group, curve = self.p, self._cell("Group", row), self._cell("Curve", row)
        y, column = self._cell("Throughput", row), f"Back to knot {p.codes[code]}"
        out = f"INDEX({p.index('Out of order').absolute},{group})"
        identity = "Curve" if code else "Group"
        beaten = (
            f"IF({out}=0,0,IF({self._strays}=0,{self._beaten(identity, row, typed=True)},"
            f"{self._beaten(identity, row, others=True)}))>0"
        )
        single = f"INDEX({p.index('One precision').absolute},{group})"
        mine = f"IF({curve}={group}*10+{code},{single}=0,FALSE)" if code else "TRUE"
        in_order = f"{self._cell('Back to order', row)}=1"
        if row == FIRST:
            return f"IF({in_order},IF({mine},IF({beaten},0,1),0),0)"
        above = self._cell(column, row - 1)
        first = f"INDEX({p.index('First row').absolute},{group})"
        up = f"ROW()-{FIRST - 1}-{above}"
        fresh = f"IF({above}=0,TRUE,{up}<{first})"
        more = f"IF({fresh},TRUE,{y}>INDEX({p.points('Throughput').absolute},{up}))"
        kept = f"IF({fresh},0,{above}+1)"
        candidate = f"IF({mine},{more},FALSE)" if code else more
        return f"IF({in_order},IF({candidate},IF({beaten},{kept},1),{kept}),IF({above}=0,0,{above}+1))"

    @property
    def _strays(self) -> str:
        return self.p.flag("out of order").absolute

    def _beaten(self, identity: str, row: int, *, typed: bool = False, others: bool = False) -> str:
        """How many points of the curve beat a row: of all, of those typed under the table, or of those out of order."""
        p = self.p
        areas = {"id": p.working(identity), "x": p.points("Interactivity"), "y": p.points("Throughput")}
        text = {key: (p.under(area) if typed else area).absolute for key, area in areas.items()}
        cells = {f"{key}_r": self._cell(name, row) for key, name in zip(areas, (identity, *_XY), strict=True)}
        those = f"({p.working('Back to order').absolute}<>1)*" if others else ""
        return _BEATEN.format(those=those, **text, **cells)

    def _keys(self) -> list[Column]:
        """Sort keys of the frontier points of groups with points out of order, pooled and own."""
        p, r = self.p, FIRST
        group, curve, x = (self._cell(name, r) for name in ("Group", "Curve", "Interactivity"))
        in_order, own_key = self._cell("Back to order", r), self._cell("Key on own frontier", r)
        out, single = (f"INDEX({p.index(name).absolute},{group})" for name in ("Out of order", "One precision"))
        backs = f"${letters(p.backs.col)}{r}:${letters(p.backs.last_col)}{r}"
        pooled = (
            f"IF(AND({single}=0,{curve}>0,{own_key}=0),FALSE,{self._beaten('Group', r)}=0)"  # pooled is part of own
        )
        texts = (
            f"IF({group}=0,0,IF({out}=0,0,IF(IF({in_order}=1,INDEX({backs},1,1)=1,{pooled}),{group}*{10 * KEY}+{x},0)))",
            f"IF({curve}=0,0,IF({out}=0,0,IF({single}=1,0,IF(IF({in_order}=1,INDEX({backs},1,MOD({curve},10)+1)=1,"
            f"{self._beaten('Curve', r)}=0),{curve}*{KEY}+{x},0))))",
        )
        total = len(self.ctx.inputs.points) + SPARE_POINTS
        return [
            Column(values, "Calculation", "0.00;;", [Run(0, total - 1, text)])
            for values, text in zip(self._key_values(total), texts, strict=True)
        ]

    def _key_values(self, total: int) -> tuple[list[float], list[float]]:
        pooled, own = [0.0] * total, [0.0] * total
        for number, code, curve in self.order.unordered:
            for source in curve.sources:
                (own if code else pooled)[source] = self.order.key(number, code, source)
        return pooled, own


_XY = ("Interactivity", "Throughput")
