"""How Excel spells a formula in the file: prefixes of younger functions, of variables, and names it refuses."""

import re

# Functions younger than the file format. In the file they carry _xlfn., or Excel shows #NAME?.
_FUTURE = """
    ACOT ACOTH ANCHORARRAY ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE BINOM.INV
    BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT
    CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COT
    COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ENCODEURL ERF.PRECISE ERFC.PRECISE EXPAND
    EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FILTERXML FLOOR.MATH FLOOR.PRECISE FORECAST.LINEAR
    FORMULATEXT GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS GROUPBY HSTACK HYPGEOM.DIST IFNA IFS IMAGE
    IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA LET LOGNORM.DIST
    LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST NORM.DIST NORM.INV
    NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTOF PERCENTRANK.EXC
    PERCENTRANK.INC PERMUTATIONA PHI PIVOTBY POISSON.DIST QUARTILE.EXC QUARTILE.INC RANDARRAY RANK.AVG RANK.EQ
    REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST RRI SCAN SEC SECH SEQUENCE SHEET SHEETS SINGLE SKEW.P SORTBY
    STDEV.P STDEV.S STOCKHISTORY SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER
    TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW TRIMRANGE UNICHAR UNICODE UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK
    WEBSERVICE WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
"""
FUTURE = frozenset(_FUTURE.split())
# These two carry a second prefix, because older macro functions have the same names.
WORKSHEET_ONLY = frozenset({"FILTER", "SORT"})

# Names Excel refuses for variables of LET and LAMBDA.
_RESERVED = "R C RESULT RETURN VALUE ARGUMENT EVALUATE CALL EXEC EXECUTE ERROR YIELD BREAK ELSE GROUP TRUE FALSE"
RESERVED = frozenset(_RESERVED.split())


def stored_name(function: str) -> str:
    """The function as the file must write it.

    >>> stored_name("SUM"), stored_name("XLOOKUP"), stored_name("SORT")
    ('SUM', '_xlfn.XLOOKUP', '_xlfn._xlws.SORT')
    """
    if function in WORKSHEET_ONLY:
        return f"_xlfn._xlws.{function}"
    return f"_xlfn.{function}" if function in FUTURE else function


def plain_name(function: str) -> str:
    """The function as a person types it.

    >>> plain_name("_xlfn._xlws.SORT")
    'SORT'
    """
    return function.removeprefix("_xlfn.").removeprefix("_xlws.")


CELL_LIKE = re.compile(r"(?i)[A-Z]{1,3}[0-9]{1,7}|R[0-9]*(C[0-9]*)?|C[0-9]*")
LONGEST = 8192  # characters of a formula

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!"  # a sheet
    r"|\$?[A-Za-z]{1,3}\$?\d+(?![\w.(])"  # a cell
    r"|#[A-Z/0]+[!?A]?"  # an error value
    r"|[A-Za-z_][\w.]*|\s+|."
)
_WORD = re.compile(r"[A-Za-z_][\w.]*")


def file_form(typed: str) -> str:
    """A formula as the file stores it, from the form in which a person types it (without `=`).

    Functions younger than the format get their prefix, variables of LET and LAMBDA get `_xlpm.`, and an
    optional parameter is declared as `_xlop.` without its brackets.

    >>> file_form("LAMBDA(price,[hours],LET(cost,price*2,MAP(cost,LAMBDA(one,one+hours))))")[:60]
    '_xlfn.LAMBDA(_xlpm.price,_xlop.hours,_xlfn.LET(_xlpm.cost,_x'
    """
    tokens = _TOKEN.findall(typed)
    text, rest = _printed(tokens, 0, frozenset())
    if rest != len(tokens):
        raise ValueError(f"brackets do not match in {typed[:60]!r}")
    return text


def _printed(tokens: list[str], i: int, known: frozenset[str]) -> tuple[str, int]:
    """Tokens up to the bracket that closes this level, and where it stands."""
    out: list[str] = []
    while i < len(tokens) and tokens[i] != ")":
        token = tokens[i]
        called = i + 1 < len(tokens) and tokens[i + 1] == "("
        if called and token.upper() in ("LET", "LAMBDA"):
            inside, i = _binding(tokens, i + 2, known, token.upper())
            out.append(f"{stored_name(token.upper())}({inside})")
        elif token == "(":
            inside, i = _printed(tokens, i + 1, known)
            out.append(f"({inside})")
        elif _WORD.fullmatch(token) and token.lower() in known:
            out.append(f"_xlpm.{token}")
        else:
            out.append(stored_name(token.upper()) if called and token.upper() in FUTURE | WORKSHEET_ONLY else token)
        i += 1
    return "".join(out), i


def _binding(tokens: list[str], i: int, known: frozenset[str], kind: str) -> tuple[str, int]:
    """The inside of LET or LAMBDA: names are declared in their places and known from there on."""
    parts = _arguments(tokens, i)
    out = []
    for place, (start, end) in enumerate(parts):
        words = [token for token in tokens[start:end] if not token.isspace()]
        if place < len(parts) - 1 and (kind == "LAMBDA" or place % 2 == 0):
            optional = len(words) == 3 and words[0] == "["
            name = words[1] if optional else words[0]
            if not _WORD.fullmatch(name) or len(words) != (3 if optional else 1):
                raise ValueError(f"{''.join(words)!r} is no name of a variable")
            known |= {name.lower()}
            out.append(("_xlop." if optional else "_xlpm.") + name)
        else:
            text, stop = _printed(tokens[start:end], 0, known)
            if stop != end - start:
                raise ValueError(f"brackets do not match in {''.join(words)[:60]!r}")
            out.append(text)
    return ",".join(out), parts[-1][1]


def _arguments(tokens: list[str], i: int) -> list[tuple[int, int]]:
    """Start and end of every argument from `i` to the closing bracket."""
    parts: list[tuple[int, int]] = []
    depth, start = 0, i
    for at in range(i, len(tokens)):
        token = tokens[at]
        if token in (")", "}") and depth == 0:
            return [*parts, (start, at)]
        depth += (token in ("(", "{")) - (token in (")", "}"))
        if token == "," and depth == 0:
            parts.append((start, at))
            start = at + 1
    raise ValueError("a bracket is not closed")
