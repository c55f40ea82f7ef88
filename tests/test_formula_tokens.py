"""A formula falls into the tokens that openpyxl finds in it, and what openpyxl refuses is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.tokenizer import Tokenizer, TokenizerError

from xlmodel.xlsx.formula_tokens import NotReadable, tokens

FORMULAS = (
    "", "1E+3-2.5e-4", "-A1^2%", "SUM('Cost curves'!$D$7:$D$15,{1,2;3,4})", 'IF(A1>=2,"a ""b""","")&Prices!#REF!', "A1 B2,(C3,D4)",
    "_xlfn.LET(_xlpm.a,1,_xlpm.a)(2)", "tbl[[#All],[a]]:B2", "'[1]Other book'!A1+#N/A", "TRUE<>FALSE", "=A1", "A1\n+B1", "INDEX(A:A,,1)",
    "A1:'b'!C1", "1_0+nan", "((1)", "1)", "{1)", "a{1}", "a'b'", '"a', "[a", "#X", "a#N/A", "'a''", 'A1:"x"', "+-+1", "1e5+2", "12E+3",
)  # fmt: skip
PIECES = ("A1", "$B$2", ":", "!", "'a b'", '"t"', "'", '"', "[x]", "[", "]", "#REF!", "#N/A", "#", " ", "\n", "+", "-", "*", "%", ">=", "<", ">",
          "=", "&", "(", ")", "{", "}", ",", ";", "SUM(", "1", "2.5", "9E", "e", "TRUE", "_xlfn.", "@", "\t", "é")  # fmt: skip


def ours(formula: str) -> object:
    try:
        return [tuple(token) for token in tokens(formula)]
    except NotReadable:
        return "refused"


def theirs(formula: str) -> object:
    try:
        return [(token.value, token.type, token.subtype) for token in Tokenizer("=" + formula).items]
    except (TokenizerError, IndexError):
        return "refused"


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_falls_into_the_same_tokens(formula: str) -> None:
    assert ours(formula) == theirs(formula)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_falls_into_the_same_tokens_or_is_refused(formula: str) -> None:
    assert ours(formula) == theirs(formula)
