"""Books that were just described: opening, judging and proving a refreshed workbook ask for the same ones again."""

from collections import deque

from xlmodel.book.built import Built, built_of
from xlmodel.book.contract import Contract
from xlmodel.book.contract_facts import contract_of
from xlmodel.book.edition import NATIVE
from xlmodel.book.spec import Book
from xlmodel.model.scenario import Inputs
from xlmodel.sheets import order
from xlmodel.sheets.order import TITLE, describe

KEPT = 3  # books: the one that came, the one it becomes, and that one with its line on Changes
_Asked = tuple[Inputs, str, str, str, int, str]
_books: deque[tuple[_Asked, Book, bool]] = deque(maxlen=KEPT)
_built: deque[tuple[Book, Built]] = deque(maxlen=KEPT)
_contracts: deque[tuple[Book, Contract]] = deque(maxlen=1)


def remembered(
    inputs: Inputs, title: str = TITLE, build_date: str = "", build_id: str = "", knot_rows: int = 0,
    edition: str = NATIVE, *, valued: bool = True,
) -> Book:  # fmt: skip
    """The same as `describe`, or a book with values where none are asked; to be read, not to be changed."""
    asked = (inputs, title, build_date, build_id, knot_rows, edition)
    for held, book, whole in _books:
        if held[1:] == asked[1:] and whole >= valued and held[0] == inputs:
            return book
    return _kept(describe(*asked, valued=valued, again=True), inputs, valued)


def retold(book: Book, inputs: Inputs) -> Book:
    """The same as `order.retold`; a book to be read, not to be changed."""
    return _kept(order.retold(book, inputs), inputs, valued=True)


def built(book: Book) -> Built:
    """The same as `built_of`; sheets that two books share are looked at once."""
    found = next((made for held, made in _built if held is book), None)
    if found is None:
        known = {id(sheet): made.sheets[sheet.name] for held, made in _built for sheet in held.sheets}
        found = built_of(book, known)
        _built.append((book, found))
    return found


def contract(book: Book, version: str) -> Contract:
    """The same as `contract_of`."""
    made = contract_of(book, version, built(book))
    _contracts.append((book, made))
    return made


def agreed(book: Book) -> Contract | None:
    """The contract that was made for a book in this process."""
    return next((made for held, made in _contracts if held is book), None)


def _kept(book: Book, inputs: Inputs, valued: bool) -> Book:
    """Remember a book as its contract asks for it."""
    named = (inputs, book.title, book.build_date, book.build_id, book.knot_rows, book.edition)
    _books.append((named, book, valued))
    return book
