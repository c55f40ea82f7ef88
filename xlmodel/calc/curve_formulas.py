"""Slopes at the knots of a frontier, as Excel text; how a curve is read between them stands in `xlmodel.calc.interpolation`.

A frontier descends, so all secants are negative; there Steffen's minimum of absolute values is the
maximum of the signed ones: m = MAX(2 s0, 2 s1, p). The general form stands in `xlmodel.model.curve`.
"""

# slope of the straight line from one knot to the next; {r} is a knot's row, {q} and {p} the rows before, {n} and {o} after
_LEFT = "({y}{r}-{y}{q})/({x}{r}-{x}{q})"
_RIGHT = "({y}{n}-{y}{r})/({x}{n}-{x}{r})"

SLOPE = (
    "IF({curve}{r}=0,0,IF({curve}{q}={curve}{r},"
    "IF({curve}{n}={curve}{r},"
    f"MAX(2*{_LEFT},2*{_RIGHT},({_LEFT}*({{x}}{{n}}-{{x}}{{r}})+{_RIGHT}*({{x}}{{r}}-{{x}}{{q}}))/({{x}}{{n}}-{{x}}{{q}})),"
    f"IF({{curve}}{{p}}={{curve}}{{r}},(3*{_LEFT}-{{m}}{{q}})/2,{_LEFT})),"
    f"IF({{curve}}{{n}}={{curve}}{{r}},IF({{curve}}{{o}}={{curve}}{{r}},(3*{_RIGHT}-{{m}}{{n}})/2,{_RIGHT}),0)))"
)
