"""The tokens of a formula.

Kinds and parts are those of openpyxl's tokenizer, which a test holds this against; loading that library for them alone takes as
long as reading a small workbook.
"""

import re
from typing import NamedTuple

ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
_ENDS = ",;}) +-*/^&=><%"  # characters that end an operand
_PLAIN = re.compile(r"""[^"'\[# \n+\-*/^&=><%{()},;]+""")
_QUOTED = {'"': re.compile(r'"[^"]*(?:""[^"]*)*"(?!")'), "'": re.compile(r"'[^']*(?:''[^']*)*'(?!')")}
_BLANKS = re.compile(r"[ \n]+")
_BEFORE_EXPONENT = re.compile(r"[1-9](?:\.[0-9]+)?[Ee]")


class NotReadable(ValueError):
    """A text that is no formula."""


class _Piece(NamedTuple):
    value: str
    type: str
    subtype: str = ""


class Token(_Piece):
    """A piece of a formula: its text, its kind, and which part or sort of that kind it is."""

    __slots__ = ()

    OPERAND = "OPERAND"
    FUNC = "FUNC"
    ARRAY = "ARRAY"
    PAREN = "PAREN"
    SEP = "SEP"
    OP_PRE = "OPERATOR-PREFIX"
    OP_IN = "OPERATOR-INFIX"
    OP_POST = "OPERATOR-POSTFIX"
    WSPACE = "WHITE-SPACE"
    TEXT = "TEXT"
    NUMBER = "NUMBER"
    LOGICAL = "LOGICAL"
    ERROR = "ERROR"
    RANGE = "RANGE"
    OPEN = "OPEN"
    CLOSE = "CLOSE"
    ARG = "ARG"
    ROW = "ROW"


def tokens(formula: str) -> list[Token]:
    """The tokens of a formula, which is given without its leading =.

    >>> [(token.value, token.type) for token in tokens("SUM(A1,-2)")][1:4]
    [('A1', 'OPERAND'), (',', 'SEP'), ('-', 'OPERATOR-PREFIX')]

    Raises:
        NotReadable: quotes or brackets do not match, or something stands where no formula has it.
    """
    return _Reader(formula).read()


class _Reader:
    """Reads a formula from left to right.

    Attributes:
        at: where reading goes on. held: what is read of an operand or the name of a function.
        opened: kinds of the brackets that are open.
    """

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.found: list[Token] = []
        self.opened: list[str] = []
        self.held, self.at = "", 0

    def read(self) -> list[Token]:
        """All tokens."""
        while self.at < len(self.formula):
            if plain := _PLAIN.match(self.formula, self.at):
                self.hold(plain[0])
                continue
            mark = self.formula[self.at]
            if mark in "+-" and _BEFORE_EXPONENT.fullmatch(self.held):
                self.hold(mark)
                continue
            if mark in _ENDS:
                self.end()
            if mark in "\"'[":
                self.quote(mark)
            elif mark == "#":
                self.error()
            elif mark in "(){}":
                self.bracket(mark)
            else:
                self.between(mark)
        self.end()
        return self.found

    def hold(self, piece: str) -> None:
        """A piece of an operand or a name."""
        self.held += piece
        self.at += len(piece)

    def end(self) -> None:
        """The operand that is held is whole."""
        if self.held:
            self.found.append(_operand(self.held))
            self.held = ""

    def quote(self, mark: str) -> None:
        """A text, the name of a sheet or workbook, a column of a table."""
        if mark == "[":
            self.hold(_bracketed(self.formula, self.at))
            return
        match = _QUOTED[mark].match(self.formula, self.at)
        if match is None or (self.held and self.held[-1] != ":"):
            raise self.wrong("a quote that is not closed, or in the middle of a word")
        if mark == "'":
            self.hold(match[0])
        else:
            self.put(_operand(match[0]))

    def error(self) -> None:
        """An error, perhaps of a sheet."""
        code = next((code for code in ERRORS if self.formula.startswith(code, self.at)), "")
        if not code or (self.held and self.held[-1] != "!"):
            raise self.wrong("a # that begins no error")
        self.hold(code)
        self.end()

    def bracket(self, mark: str) -> None:
        """A bracket that opens or closes a group, the arguments of a function, an array."""
        if mark in ")}":
            if not self.opened or (self.opened[-1] == Token.ARRAY) is not (mark == "}"):
                raise self.wrong("brackets that do not match")
            self.put(Token(mark, self.opened.pop(), Token.CLOSE))
            return
        if self.held and mark == "{":
            raise self.wrong("an array behind a word")
        self.opened.append(Token.ARRAY if mark == "{" else Token.FUNC if self.held else Token.PAREN)
        self.hold(mark)
        self.found.append(Token(self.held, self.opened[-1], Token.OPEN))
        self.held = ""

    def between(self, mark: str) -> None:
        """Blanks, an operator or a separator."""
        if blanks := _BLANKS.match(self.formula, self.at):
            self.found.append(Token(mark, Token.WSPACE))
            self.at = blanks.end()
        elif self.formula.startswith((">=", "<=", "<>"), self.at):
            self.put(Token(self.formula[self.at : self.at + 2], Token.OP_IN))
        elif mark == ";" or (mark == "," and self.opened and self.opened[-1] != Token.PAREN):
            self.put(Token(mark, Token.SEP, Token.ROW if mark == ";" else Token.ARG))
        else:
            sign = mark in "+-" and not self.behind_value()
            self.put(Token(mark, Token.OP_POST if mark == "%" else Token.OP_PRE if sign else Token.OP_IN))

    def put(self, token: Token) -> None:
        """A token that is whole."""
        self.found.append(token)
        self.at += len(token.value)

    def behind_value(self) -> bool:
        """Whether a value stands before, so that + and - are no signs."""
        last = next((token for token in reversed(self.found) if token.type != Token.WSPACE), None)
        return last is not None and (last.subtype == Token.CLOSE or last.type in (Token.OP_POST, Token.OPERAND))

    def wrong(self, what: str) -> NotReadable:
        """What is wrong at this place."""
        return NotReadable(f"{what} at position {self.at + 1} of {self.formula[:60]!r}")


def _operand(text: str) -> Token:
    if text.startswith(('"', "#")):
        return Token(text, Token.OPERAND, Token.TEXT if text[0] == '"' else Token.ERROR)
    if text in ("TRUE", "FALSE"):
        return Token(text, Token.OPERAND, Token.LOGICAL)
    try:
        float(text)
    except ValueError:
        return Token(text, Token.OPERAND, Token.RANGE)
    return Token(text, Token.OPERAND, Token.NUMBER)


def _bracketed(formula: str, at: int) -> str:
    """A text in square brackets, which may hold others."""
    depth = 0
    for end in range(at, len(formula)):
        depth += (formula[end] == "[") - (formula[end] == "]")
        if not depth:
            return formula[at : end + 1]
    raise NotReadable(f"a [ that is not closed: {formula[:60]!r}")
