"""Plan months: own domains in cohorts, what each way costs and pays in a month, and what one way saves against another."""

from dataclasses import replace
from typing import Any

from xlmodel.book.form import Form
from xlmodel.book.graph import Known
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.constants import Constant
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import IF, IFERROR, INDEX, ISNUMBER, MAX, MIN, NA, ROUND, typed_number
from xlmodel.calc.running import Above
from xlmodel.model.plan import (
    MONTHS,
    committed,
    filled,
    gpus,
    price,
    rent,
    running,
    served,
    signed,
    spared,
)  # fmt: skip
from xlmodel.model.plan_money import half, halved, shielded, straight
from xlmodel.units import COUNT, MILLION_TOKENS, USD, USD_PER_MILLION, WHOLE_DOMAINS


def cohorts(t: Table, key: str, who: str, need: Line, form: Form) -> None:
    """Opening, bought, retired and closing domains, then their capital, depreciation, sales and book value."""
    h, month, inside = form.cells, t.lines["month"], t.lines["inside"]
    life, lead = h["life"], h["lead"]

    def before(name: str) -> Any:
        """A column in the month before; 0 in the first month, above which stands the heading."""
        return typed_number(t.graph[f"months.{key}_{name}"].shift(-1))

    def aged(name: str) -> Any:
        """A column as it was one life ago."""
        above = Known(lambda: Above(t.graph.find(f"months.{key}_{name}")))
        return IF(month > life, INDEX(above, month - life + 1) * inside, 0)

    def domains(heading: str, content: Any, name: str) -> Line:
        return t.column(f"{who}: {heading}", WHOLE_DOMAINS, content, key=f"{key}_{name}")

    def usd(heading: str, content: Any, name: str) -> Line:
        return t.column(f"{who}: {heading}", USD, content, key=f"{key}_{name}")

    def whole(money: Any) -> Any:
        """Money to a hundredth of a cent: what should be nothing after many additions is nothing in every program."""
        return ROUND(money, 4)

    opening = domains("opening", before("closing"), "opening")
    retired = domains("retired", aged("bought"), "retired")
    wanted = IF(month > lead, MAX(0, need - (opening - retired)), 0)
    bought = domains("bought", wanted, "bought")
    domains("closing", opening + bought - retired, "closing")
    capital = usd("capital bought", bought * h["domain"] * t.lines["new"], "capital")
    gone = usd("capital retired", aged("capital"), "gone")
    gross = usd("capital in service", whole(before("gross") + capital - gone), "gross")
    down = usd("depreciation", straight(gross, h["left"], life) * inside, "depreciation")
    sold = usd("sold", gone * h["left"], "sold")
    books = usd("book value", whole(before("book") + capital - down - sold), "book")
    usd("left at the end", IF(month.eq(h["months"]), books, 0), "end")
    paid = IF(month + lead <= MONTHS, INDEX(capital.all, unless(month + lead)), 0)
    usd("paid for orders", paid, "paid")


ONE, THREE = 12, 36  # months of a contract
ALIKE = 1 + 1e-12  # numbers no further apart than this are one number, differently rounded
DEAR = 1e99  # more than any cost
ONE_DOMAIN = Constant(1, "domain")
SHORT = replace(WHOLE_DOMAINS, format="#,##0.00;-#,##0.00;-")
WAYS = {"own": "Own", "rent": "Rent", "api": "API", "mix": "Mix"}
AGAINST = {"rent": "Own against rent", "api": "Own against API"}


def unless(month: Any) -> Any:
    """A month as a place among all of them; beyond the last one INDEX is not asked."""
    return MIN(MONTHS, month)


def owned(t: Table, form: Form) -> None:
    """The way Own: its domains, what is rented until they come, and their costs."""
    h, month, need = form.cells, t.lines["month"], t.lines["need"]
    closing, inside = t.lines["own_closing"], t.lines["inside"]
    bridge = t.column("Own: rented until delivery", WHOLE_DOMAINS, IF(month <= h["lead"], need, 0), key="own_bridge")
    run = t.column("Own: running costs", USD, running(closing, h["domain"], h["running"]) * inside, key="own_running")
    paid = t.column("Own: rent until delivery", USD, rent(bridge, h["domain"], t.lines["now"]), key="own_rent")
    _closed(t, form, "own", t.lines["own_depreciation"] + run + paid, _capital(t, "own") + run + paid)


def _capital(t: Table, key: str) -> Any:
    """Cash paid for hardware less what its sale, and what is left at the end, bring."""
    return t.lines[f"{key}_paid"] - t.lines[f"{key}_sold"] - t.lines[f"{key}_end"]


def rented(t: Table, form: Form) -> None:
    """The way Rent: domains under contract, whatever is needed, and the rest on demand."""
    h, month, need = form.cells, t.lines["month"], t.lines["need"]
    held, bill = [], []
    for key, words, term in (("one_year", "1-year contracts", ONE), ("three_year", "3-year contracts", THREE)):
        then = signed(month, term)
        bound = committed(h[f"{key}_share"], INDEX(need.all, then)) * t.lines["inside"]
        line = t.column(f"Rent: {words}", WHOLE_DOMAINS, bound, key=key)
        held.append(line)
        bill.append(rent(line, h["domain"], price(h[f"usd_{key}"], h["fall"], then)))
    free = t.column("Rent: on demand", WHOLE_DOMAINS, MAX(0, need - held[0] - held[1]), key="free")
    total = bill[0] + bill[1] + rent(free, h["domain"], t.lines["now"])
    cost = t.column("Rent: bill", USD, total, key="rent_bill")
    _closed(t, form, "rent", cost, cost)


def called(t: Table, form: Form) -> None:
    """The way API: demand times price."""
    h = form.cells
    each = t.column("API: price", USD_PER_MILLION, price(h["api"], h["fall_api"], t.lines["month"]), key="api_price")
    bill = t.column("API: bill", USD, t.lines["demand"] * each, key="api_bill")
    _closed(t, form, "api", bill, bill)


def base(t: Table, form: Form) -> Line:
    """Domains that the mix owns: as many as a share of the average demand fills."""
    h = form.cells
    flat = gpus(t.lines["demand"] * h["share"], h["flat"], t.lines["rate"])
    return t.column(
        "Mix: domains of the base load", WHOLE_DOMAINS, spared(filled(flat, h["domain"]), h["up"]), key="base"
    )


def mixed(t: Table, form: Form) -> None:
    """The mix: own domains for the base load, rented ones for the peak, an API for what fills no domain."""
    h, asked, full = form.cells, t.lines["demand"], t.lines["gpus"]
    up = t.lines["mix_closing"] * h["up"]
    short = MAX(0, full / h["domain"] - up)
    short = t.column("Mix: domains short", SHORT, short, key="mix_short")
    whole = filled(short, 1)
    # what fills no domain goes to the API, where there is one and it asks less than a domain costs
    rest = (short - whole) * h["domain"] / full * asked * t.lines["api_price"]
    more = IF(
        short > whole, IF(ISNUMBER(h["api"]), IF(rest > rent(ONE_DOMAIN, h["domain"], t.lines["now"]), 1, 0), 1), 0
    )
    whole = whole + counted(more, "domain", "one domain more, or none")
    hired = t.column("Mix: rented", WHOLE_DOMAINS, MIN(h["limit"], whole), key="mix_rented")
    cover = IF(full > 0, MIN(1, (up + hired) * h["domain"] / full), 1)
    api = t.column("Mix: tokens of the API", MILLION_TOKENS, asked * (1 - cover), key="mix_api")
    room = served(up * h["domain"], h["flat"], t.lines["rate"])
    room = t.column("Mix: room of own domains", MILLION_TOKENS, room, key="mix_room")
    t.column("Mix: tokens of own domains", MILLION_TOKENS, MIN(asked - api, room), key="mix_own")
    rest = IF(asked - api > room * ALIKE, asked - api - room, 0)
    t.column("Mix: tokens of rented domains", MILLION_TOKENS, rest, key="mix_hired")
    run = running(t.lines["mix_closing"], h["domain"], h["running"]) * t.lines["inside"]
    run = t.column("Mix: running costs", USD, run, key="mix_running")
    bill = t.column("Mix: rent", USD, rent(hired, h["domain"], t.lines["now"]), key="mix_rent")
    called = IF(api > 0, api * t.lines["api_price"], 0)
    called = t.column("Mix: API bill", USD, called, key="mix_bill")
    spent = run + bill + called
    _closed(t, form, "mix", t.lines["mix_depreciation"] + spent, _capital(t, "mix") + spent)


def _closed(t: Table, form: Form, key: str, cost: Any, cash: Any) -> None:
    """Cost, cash after tax and cost per million tokens of a way."""
    who = WAYS[key]
    cost = t.column(f"{who}: cost", USD, cost, key=f"{key}_cost")
    t.column(f"{who}: cash", USD, shielded(cash, cost, form.cells["tax"]), key=f"{key}_cash")


def compared(t: Table, form: Form) -> None:
    """What owning saves against another way: its cash, the same added up, its worth from each month on, and its rate of return."""
    g, h, month = t.graph, form.cells, t.lines["month"]
    for key, words in AGAINST.items():
        flow = t.column(f"{words}: saved", USD, t.lines[f"{key}_cash"] - t.lines["own_cash"], key=f"{key}_flow")
        total = typed_number(g[f"months.{key}_sum"].shift(-1)) + flow
        total = t.column(f"{words}: added up", USD, total, key=f"{key}_sum")
        t.column(
            f"{words}: last month behind", COUNT, _last(t, f"{key}_behind", total < 0), key=f"{key}_behind", fmt="0;;-"
        )
        after = typed_number(g[f"months.{key}_worth"].shift(1))
        t.column(f"{words}: worth from here on", USD, (flow + after) / (1 + h["discount"]), key=f"{key}_worth")
        low = typed_number(g[f"months.{key}_low"].shift(-1))
        lower = halved(low, half(month), flow.all, month.all)
        t.column(f"{words}: rate a month, at least", COUNT, lower, key=f"{key}_low", fmt="0.0000%")


def _last(t: Table, key: str, met: Any) -> Any:
    """The last month so far in which something is so; 0 before it ever is."""
    return IF(met, t.lines["month"], typed_number(t.graph[f"months.{key}"].shift(-1)))


def totals(t: Table) -> None:
    """When hosting beats the API, and the cash of each way added up for the chart."""
    host = MIN(IFERROR(t.lines["own_cost"], DEAR), IFERROR(t.lines["rent_cost"], DEAR))
    host = t.column("Hosting: cheaper of own and rent", USD, IF(host < DEAR, host, NA), key="host_cost")
    dearer = (host > t.lines["api_cost"]) * t.lines["inside"] > 0
    t.column("Hosting: last month above the API", COUNT, _last(t, "host_behind", dearer), key="host_behind", fmt="0;;-")
    for key, who in WAYS.items():
        paid = typed_number(t.graph[f"months.{key}_paid_up"].shift(-1)) + t.lines[f"{key}_cash"]
        t.column(f"{who}: cash added up", USD, paid, key=f"{key}_paid_up")
