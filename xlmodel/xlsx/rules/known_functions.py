"""What is known about worksheet functions beside their spelling: which exist, and which are banned."""

from openpyxl.utils import FORMULAE

from xlmodel.calc.excel import FUTURE, RESERVED, WORKSHEET_ONLY, plain_name, stored_name

__all__ = ["BANNED", "FUTURE", "KNOWN", "RESERVED", "WORKSHEET_ONLY", "plain_name", "stored_name"]

KNOWN = frozenset(FORMULAE) | {
    "AGGREGATE",
    "NETWORKDAYS.INTL",
    "WORKDAY.INTL",
    "ISO.CEILING",
    "SUBTOTAL",
    "NA",
    "PI",
}

BANNED = {
    **dict.fromkeys(("OFFSET", "INDIRECT"), "its precedents cannot be traced, and it recalculates at every change"),
    **dict.fromkeys(("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"), "two openings would show two results"),
    **dict.fromkeys(("CELL", "INFO"), "it tells about the reader's computer, and differs on each"),
    **dict.fromkeys(("WEBSERVICE", "FILTERXML", "IMAGE", "RTD", "STOCKHISTORY"), "it fetches from outside"),
    **dict.fromkeys(("CUBEMEMBER", "CUBEVALUE", "CUBESET", "SQL.REQUEST"), "it asks a server outside the book"),
    **dict.fromkeys(("CALL", "REGISTER", "REGISTER.ID", "EXEC", "EVALUATE"), "it runs code outside the book"),
}
