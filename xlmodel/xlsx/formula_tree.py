"""Formula text to a tree that can be walked branch by branch."""

import re
from dataclasses import dataclass

from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.formula_tokens import Token, tokens

MAX_LENGTH = 8_192  # Excel's own limit; a longer text was not written by a spreadsheet program
_BINDING = {
    "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1,
    "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip
_SIGN = 6  # in Excel a sign binds tighter than a power: -2^2 is 4
_PREFIX = re.compile(r"^(_xlfn\.|_xlws\.)+", re.IGNORECASE)


class Unreadable(Exception):
    """A formula, or a construct in it, that this reader does not follow."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, text, logical or error written into the formula; None for an argument left out."""

    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, range, name or table reference, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function with its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one or two operands; a percent sign is the operator %."""

    sign: str
    operands: tuple["Node", ...]


Node = Scalar | Reference | FunctionCall | Operation


def parse(formula: str) -> Node:
    """The tree of a formula, which is given without its leading =.

    >>> parse("A1*2")
    Operation(sign='*', operands=(Reference(text='A1'), Scalar(value=2.0)))

    Raises:
        Unreadable: the text is no formula, or uses something that is not followed, such as an array constant.
    """
    if len(formula) > MAX_LENGTH:
        raise Unreadable("a formula longer than Excel allows")
    try:
        parser = _Parser([token for token in tokens(formula) if token.type != Token.WSPACE])
        node = parser.expression(0)
    except (IndexError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if parser.peek() is not None:
        raise Unreadable(f"{formula[:40]!r} goes on where it should end")
    return node


def references(node: Node) -> list[str]:
    """Every reference of a tree, in the order in which they are written, each once."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Reference):
            found[node.text] = None
        elif isinstance(node, FunctionCall):
            waiting += reversed(node.arguments)
        elif isinstance(node, Operation):
            waiting += reversed(node.operands)
    return list(found)


class _Parser:
    """Reads tokens by the binding of their operators."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def peek(self) -> Token | None:
        """The next token, None at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self) -> Token:
        """The next token, which is then behind us."""
        token = self.tokens[self.place]
        self.place += 1
        return token

    def expression(self, binding: int) -> Node:
        """An operand and the operators behind it that bind at least as tightly."""
        left = self.operand()
        while (token := self.peek()) is not None:
            if token.type == Token.OP_POST:
                self.take()
                left = Operation("%", (left,))
                continue
            if token.type != Token.OP_IN:
                break
            own = _BINDING.get(token.value)
            if own is None:
                raise Unreadable(f"the operator {token.value!r} between references")
            if own <= binding:
                break
            self.take()
            left = Operation(token.value, (left, self.expression(own)))
        return left

    def operand(self) -> Node:
        """A literal, reference, call, sign or bracket."""
        token = self.take()
        if token.type == Token.OP_PRE:
            return Operation(token.value, (self.expression(_SIGN),))
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            inner = self.expression(0)
            self.close()
            return inner
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return FunctionCall(_PREFIX.sub("", token.value[:-1]).upper(), self.arguments())
        if token.type == Token.OPERAND:
            return _operand(token)
        raise Unreadable(f"{token.value!r} is not followed")

    def arguments(self) -> tuple[Node, ...]:
        """The arguments up to the closing bracket."""
        found: list[Node] = []
        empty = True  # nothing since the last separator
        while (token := self.peek()) is not None:
            if token.type == Token.SEP:
                self.take()
                if empty:
                    found.append(Scalar(None))
                empty = True
            elif token.subtype == Token.CLOSE and token.type == Token.FUNC:
                self.take()
                if empty and found:
                    found.append(Scalar(None))
                return tuple(found)
            else:
                found.append(self.expression(0))
                empty = False
        raise Unreadable("a bracket is not closed")

    def close(self) -> None:
        """The bracket that ends a group."""
        token = self.take()
        if token.type != Token.PAREN or token.subtype != Token.CLOSE:
            raise Unreadable(f"{token.value!r} where a bracket should close")


def _operand(token: Token) -> Node:
    text = token.value
    if token.subtype == Token.NUMBER:
        return Scalar(float(text))
    if token.subtype == Token.TEXT:
        return Scalar(text[1:-1].replace('""', '"'))
    if token.subtype == Token.LOGICAL:
        return Scalar(text.upper() == "TRUE")
    if token.subtype == Token.ERROR:
        return Scalar(ExcelError(text.upper()))
    return Reference(text)
