"""What is known about worksheet functions: which exist, which need a prefix, which are banned."""

from openpyxl.utils import FORMULAE

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
