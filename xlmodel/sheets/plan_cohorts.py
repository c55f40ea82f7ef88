"""Plan months: domains that are owned, in cohorts, and their capital: once for the way Own, once for the mix."""

from typing import Any

from xlmodel.book.form import Form
from xlmodel.book.graph import Known
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import IF, INDEX, MAX, ROUND, typed_number
from xlmodel.calc.running import Above
from xlmodel.model.plan import MONTHS
from xlmodel.model.plan_money import straight
from xlmodel.sheets.plan_spending import unless
from xlmodel.units import USD, WHOLE_DOMAINS


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
