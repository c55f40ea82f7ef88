"""Functions, its examples: each call live, and beside it the same number by plain formulas."""

from xlmodel.book.context import Context, Given, ReadingRow, record
from xlmodel.book.places import CURVES, FIRST, FUNCTIONS
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.cost import breakeven, cost, gain, permw, ratio
from xlmodel.model.function_records import FUNCTIONS as RECORDS
from xlmodel.model.functions import Functions
from xlmodel.model.scenario import output_share
from xlmodel.sheets.frame import headers
from xlmodel.sheets.platforms_sheet import DOMAIN, KILOWATT
from xlmodel.units import RATIO, TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_GPU_HOUR

LIVE, PLAIN = 6, 7
TOP = FIRST + len(RECORDS) + 4  # first row of the examples' arguments
# own points of the examples: in no order, with a blank and a text, as they come out of a log
POINTS: tuple[tuple[Value, Value], ...] = (
    (40.0, 3000.0), (10.0, 9000.0), (None, 5000.0), (20.0, 7000.0), ("n/a", 1.0), (60.0, 800.0), (30.0, 2500.0),
    (20.0, 6000.0),
)  # fmt: skip


def _readings(ctx: Context) -> list[ReadingRow]:
    """One reading a platform in the order of the platforms: those behind the Summary, or, without one, new ones."""
    p, s = ctx.places, ctx.market.scenario
    if not p.compact:
        return [row for row in ctx.readings if row.used_by == "Summary"][: len(p.platforms)]
    snapshot = Given(ctx.market.snapshot_of(s.model, s.snapshot) or "none", p.derived("snapshot"))
    speed, model, load, kind = (ctx.given(name) for name in ("interactivity", "model", "workload", "precision"))
    return [
        ctx.read("Functions", Given(name, p.menu("platforms").cell(i)), speed, model, load, snapshot, kind)
        for i, name in enumerate(p.platforms)
    ]


class Examples:
    """Arguments in cells of their own, the calls, and the same numbers without them."""

    def __init__(self, ctx: Context, sheet: Sheet) -> None:
        self.ctx, self.sheet = ctx, sheet
        self.twin = Functions(ctx.market)
        p, market = ctx.places, ctx.market
        sheet.put(TOP - 3, 1, "Arguments of the examples", "Heading")
        headers(sheet, TOP - 1, 1, ("Argument", "Value", "Unit"), 16)
        platform = "GB200 NVL72" if "GB200 NVL72" in p.platforms else p.platforms[0]
        self.given: dict[str, Given] = {}
        self._argument("platform", "Platform", Given(platform, None), "", "")
        for name, unit in (("baseline", ""), ("model", ""), ("interactivity", TOKENS_PER_USER.label)):
            self._argument(name, name.capitalize(), ctx.given(name), unit, "")
        self._argument("users", "Users", Given(1000, None), "users", "#,##0")
        sheet.validations.append(
            Validation((self._ref("platform").a1,), "Platform", "A platform of this workbook.", source=p.menu("platforms").on(FUNCTIONS))
        )  # fmt: skip
        rows = _readings(ctx)
        self.read = {who: rows[p.platforms.index(str(self.given[who].value))] for who in ("platform", "baseline")}
        self.read_first, self.read_last = rows[0].row, rows[-1].row
        for who in ("platform", "baseline"):
            name = str(self.given[who].value)
            price = market.price(name) if name in p.platforms else NA
            self._looked_up(f"{who} price", f"Price of the {who}", who, p.menu("platforms"), p.prices_in_use, price,
                            USD_PER_GPU_HOUR.format, USD_PER_GPU_HOUR.label)  # fmt: skip
        fact = ctx.inputs.facts.get(platform)
        for key, label, column, number, unit in (
            ("power", "Power of the platform", KILOWATT, fact.kilowatt if fact else None, "kW/GPU"),
            ("domain", "GPUs per domain", DOMAIN, fact.domain if fact else None, "GPUs"),
        ):  # fmt: skip
            value: Value = NA if number is None else number
            self._looked_up(key, label, "platform", p.platform_fact(1), p.platform_fact(column), value, "General", unit)
        for who in ("platform", "baseline"):
            rate = self.read[who].reading.throughput
            self._looked_up(f"{who} rate", f"Throughput of the {who}", who, p.menu("platforms"), self._column("Throughput"), rate,
                            TOKENS_PER_GPU.format, TOKENS_PER_GPU.label)  # fmt: skip
        self._looked_up("read at", "Read at", "platform", p.menu("platforms"), self._column("Read at"),
                        self.read["platform"].reading.read_at, TOKENS_PER_USER.format, TOKENS_PER_USER.label)  # fmt: skip
        self._points()

    def _column(self, name: str) -> Area:
        """One part of the readings behind the Summary."""
        col = self.ctx.places.readings(name)
        return Area(CURVES, self.read_first, col, self.read_last, col)

    def _part(self, who: str, name: str) -> str:
        """A part of the reading of the platform or the baseline, as text of a formula."""
        platforms = self.ctx.places.menu("platforms").on(FUNCTIONS)
        return f"INDEX({self._column(name).on(FUNCTIONS)},MATCH({self._ref(who).absolute},{platforms},0))"

    def _argument(self, key: str, label: str, given: Given, unit: str, fmt: str) -> None:
        row = TOP + len(self.given)
        self.sheet.put(row, 1, label, "Label")
        if given.ref:
            self.sheet.calc(row, 2, "{ref}", given.value, "Link", fmt, ref=given.ref)
        else:
            self.sheet.input(row, 2, given.value, f"functions.{key}", fmt=fmt)
        self.sheet.put(row, 3, unit, "Unit")
        self.given[key] = Given(given.value, Ref(FUNCTIONS, row, 2))

    def _looked_up(
        self, key: str, label: str, who: str, names: Area, area: Area, value: Value, fmt: str, unit: str
    ) -> None:
        row = TOP + len(self.given)
        self.sheet.put(row, 1, label, "Label")
        look = "INDEX({area},MATCH({name},{names},0))"
        ref = self.sheet.calc(
            row, 2, f"IFERROR(IF(ISNUMBER({look}),{look},NA()),NA())", value, "Link", fmt, area=area, names=names, name=self._ref(who)
        )  # fmt: skip
        self.sheet.put(row, 3, unit, "Unit")
        self.given[key] = Given(value, ref)

    def _ref(self, key: str) -> Ref:
        ref = self.given[key].ref
        assert ref is not None
        return ref

    def _points(self) -> None:
        """Own points with a flag by plain formulas, and their frontier as it spills."""
        sheet, last = self.sheet, TOP + len(POINTS) - 1
        sheet.put(TOP - 3, 5, "Own points of the examples, and their frontier as TOKFRONTIER spills it", "Heading")
        headers(sheet, TOP - 1, 5, ("tok/s/user", "tok/s/GPU", "On the frontier", "tok/s/user", "tok/s/GPU"), 16)
        self.xs, self.ys = sheet.area(TOP, 5, last, 5), sheet.area(TOP, 6, last, 6)
        self.flags = sheet.area(TOP, 7, last, 7)
        rows = self.twin("TOKFRONTIER", [[x] for x, _ in POINTS], [[y] for _, y in POINTS])
        assert isinstance(rows, list)
        kept = {tuple(row) for row in rows}
        for row, (x, y) in enumerate(POINTS, TOP):
            sheet.input(row, 5, x, f"functions.xs/{row - TOP + 1}", fmt=TOKENS_PER_USER.format)
            sheet.input(row, 6, y, f"functions.ys/{row - TOP + 1}", fmt=TOKENS_PER_GPU.format)
            sheet.calc(
                row, 7, f'IF(COUNT(E{row}:F{row})=2,IF(COUNTIFS({{xs}},">="&E{row},{{ys}},">="&F{row})=1,1,0),0)',
                int((x, y) in kept), "Calculation", "0", xs=self.xs, ys=self.ys,
            )  # fmt: skip
        self.rows = rows
        sheet.outputs["functions.frontier"] = sheet.area(TOP, 8, TOP + len(POINTS) - 1, 9)  # as far as it may spill
        sheet.call(TOP, 8, "TOKFRONTIER({xs},{ys})", rows, "Result", TOKENS_PER_USER.format, xs=self.xs, ys=self.ys)

    def write(self, row: int, number: int) -> None:
        """Call, plain formula, difference and reason of one function."""
        sheet, function = self.sheet, RECORDS[number]
        call, arguments = self._call(function.name, row)
        live = self.twin(function.name, *arguments)
        if function.name == "TOKFRONTIER":
            live = sum(float(v) for line in self.rows for v in line if isinstance(v, int | float))
            call = f"SUM({call})"
        assert not isinstance(live, list)
        fmt = function.unit.format
        sheet.call(row, LIVE, call, live, "Result strong", fmt)
        plain = getattr(self, f"_{function.name.lower()}")(row)
        refs = {"live": Ref(FUNCTIONS, row, LIVE), "plain": Ref(FUNCTIONS, row, PLAIN)}
        sheet.calc(
            row, 8, "IF(ISNUMBER({live}),IF(ISNUMBER({plain}),ROUND({live}/{plain}-1,6),1),IF(ISNA({live})*ISNA({plain}),0,1))",
            0, "Result", "0", **refs,
        )  # fmt: skip
        self._why(row, plain.value, refs["plain"])

    def _call(self, name: str, row: int) -> tuple[str, tuple[Value | list[list[Value]], ...]]:
        """The call with references to the examples' arguments, and their values."""
        keys = {
            "TOKPRICE": ("platform",), "TOKGAIN": ("platform", "baseline", "model", "interactivity"),
            "TOKBREAKEVEN": ("platform", "baseline", "model", "interactivity"), "TOKSPEED": ("platform", "model", "cost"),
            "TOKGPUS": ("platform", "model", "interactivity", "users"),
        }.get(name, ("platform", "model", "interactivity"))  # fmt: skip
        points = ([[x] for x, _ in POINTS], [[y] for _, y in POINTS])
        if name in ("TOKINTERP", "TOKFRONTIER"):
            xs, ys = self.xs.a1, self.ys.a1
            return (
                (f"TOKFRONTIER({xs},{ys})", points)
                if name == "TOKFRONTIER"
                else (f'TOKINTERP(25,{xs},{ys},"linear")', (25.0, *points, "linear"))
            )
        return f"{name}({','.join(self._ref(key).a1 for key in keys)})", tuple(self.given[key].value for key in keys)

    # --- the same numbers by plain formulas -----------------------------------------------------

    def _rate(self, who: str) -> Given:
        return self.given[f"{who} rate"]

    def _link(self, row: int, given: Given, fmt: str) -> Given:
        ref = self.sheet.calc(row, PLAIN, "{ref}", given.value, "Result", fmt, ref=given.ref or "")
        return Given(given.value, ref)

    def _tokcost(self, row: int) -> Given:
        self.given["cost"] = record(
            self.sheet, row, PLAIN, cost, "Result", price=self.given["platform price"], throughput=self._rate("platform"),
            utilization=self.ctx.given("utilization"),
        )  # fmt: skip
        return self.given["cost"]

    def _tokrate(self, row: int) -> Given:
        return self._link(row, self._rate("platform"), TOKENS_PER_GPU.format)

    def _tokprice(self, row: int) -> Given:
        return self._link(row, self.given["platform price"], USD_PER_GPU_HOUR.format)

    def _tokperusd(self, row: int) -> Given:
        usd = self.given["cost"].value
        value: Value = usd if isinstance(usd, ExcelError) else 1e6 / float(usd)  # type: ignore[arg-type]
        return Given(
            value, self.sheet.calc(row, PLAIN, "1000000/{usd}", value, "Result", "#,##0", usd=self._ref("cost"))
        )

    def _tokgain(self, row: int) -> Given:
        mine = {"subject": self._rate("platform"), "baseline": self._rate("baseline")}
        paid = {"subject": self.given["platform price"], "baseline": self.given["baseline price"]}
        performance, price = (ratio(**{k: g.value for k, g in pair.items()}) for pair in (mine, paid))
        value = gain(performance=performance, price_ratio=price)
        refs = {"a": mine["subject"], "b": mine["baseline"], "c": paid["subject"], "d": paid["baseline"]}
        cells = {key: given.ref or "" for key, given in refs.items()}
        return Given(value, self.sheet.calc(row, PLAIN, "({a}/{b})/({c}/{d})", value, "Result", RATIO.format, **cells))

    def _tokbreakeven(self, row: int) -> Given:
        return record(
            self.sheet, row, PLAIN, breakeven, "Result", baseline_price=self.given["baseline price"], throughput=self._rate("platform"),
            baseline_throughput=self._rate("baseline"),
        )  # fmt: skip

    def _tokspeed(self, row: int) -> Given:
        """The budget is the cost at the interactivity, so the way back must lead there, or to the measured point that made it."""
        reading = self.read["platform"].reading
        value: Value = reading.read_at if isinstance(self.given["cost"].value, int | float) else NA
        if (
            self.ctx.market.method == 3
            and isinstance(reading.knot, int)
            and isinstance(reading.way, float)
            and reading.way > 0
        ):
            position = reading.knot + 1
            xs = [x for _, _, curve in self.ctx.market.owned for x in curve.xs]
            value = xs[position - 1] if isinstance(value, float) else value
        ref = self.sheet.calc(
            row, PLAIN, "IF(ISNUMBER({usd}),IF(AND({method}=3,{way}>0),INDEX({xs},{knot}+1),{at}),NA())", value, "Result",
            TOKENS_PER_USER.format, usd=self._ref("cost"), method=self.ctx.places.derived("method"),
            way=self._part("platform", "Way"), xs=self.ctx.places.knots("Interactivity"), knot=self._part("platform", "Knot"),
            at=self._ref("read at"),
        )  # fmt: skip
        return Given(value, ref)

    def _tokpermw(self, row: int) -> Given:
        return record(
            self.sheet, row, PLAIN, permw, "Result", throughput=self._rate("platform"), kilowatt=self.given["power"],
            pue=self.ctx.assumed("pue"),
        )  # fmt: skip

    def _tokgpus(self, row: int) -> Given:
        s, p = self.ctx.market.scenario, self.ctx.places
        arguments = (self.given[key].value for key in ("platform", "model", "interactivity", "users"))
        value = self.twin("TOKGPUS", *arguments)
        assert not isinstance(value, list)
        assert output_share(s.workload) > 0
        refs = {key: self._ref(key) for key in ("users", "domain")}
        refs["pace"] = self._ref("read at")
        ref = self.sheet.calc(
            row, PLAIN, "ROUNDUP(ROUND({users}*{pace}/({rate}*{share})/{domain},9),0)*{domain}", value, "Result",
            "#,##0", rate=self._ref("platform rate"), share=p.derived("output_share"), **refs,
        )  # fmt: skip
        return Given(value, ref)

    def _tokinterp(self, row: int) -> Given:
        """25 lies halfway between the points at 20 (the larger of two) and 30."""
        return Given(
            4750.0,
            self.sheet.calc(
                row,
                PLAIN,
                "F{a}+(F{b}-F{a})*(25-E{a})/(E{b}-E{a})",
                4750.0,
                "Result",
                "#,##0",
                a=TOP + 3,
                b=TOP + 6,
            ),
        )

    def _tokfrontier(self, row: int) -> Given:
        value = sum(float(v) for line in self.rows for v in line if isinstance(v, int | float))
        text = "SUMIF({flags},1,{xs})+SUMIF({flags},1,{ys})"
        return Given(
            value,
            self.sheet.calc(row, PLAIN, text, value, "Result", "#,##0", flags=self.flags, xs=self.xs, ys=self.ys),
        )

    def _why(self, row: int, value: Value, plain: Ref) -> None:
        """Why there is no number: a curve, else a price or a fact that is not known."""
        reasons = [self.read[who].reading.reason for who in ("platform", "baseline")]
        words = "" if not isinstance(value, ExcelError) else next((r for r in reasons if r), "no price or fact for it")
        own, base = (self._part(who, "Reason") for who in ("platform", "baseline"))
        self.sheet.calc(
            row, 9, 'IF(ISNUMBER({plain}),"",IF({own}<>"",{own},IF({base}<>"",{base},"no price or fact for it")))', words, "Result text",
            plain=plain, own=own, base=base,
        )  # fmt: skip
