"""Interpolation between two knots of a frontier: the Excel text that every reading uses.

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

# {k} the knot at or below the target, {u} the way to the next one (0 to 1), {method} 1 Steffen, 2 linear, 3 measured.
# All three go from one knot towards the next by a share; Steffen's cubic adds what the slopes bend, and stays between.
INTERPOLATE = (
    "IF({u}=0,INDEX({ys},{k}),MAX(INDEX({ys},{k}+1),MIN(INDEX({ys},{k}),INDEX({ys},{k})+(INDEX({ys},{k}+1)-INDEX({ys},{k}))"
    "*IF({method}=1,{u}^2*(3-2*{u}),IF({method}=2,{u},1))"
    "+({method}=1)*(INDEX({xs},{k}+1)-INDEX({xs},{k}))*{u}*(1-{u})*(INDEX({ms},{k})*(1-{u})-INDEX({ms},{k}+1)*{u}))))"
)

# at the last knot of a curve the next one belongs to another: the distance may be 0, and the way is none
WAY = "IFERROR(({t}-INDEX({xs},{k}))/(INDEX({xs},{k}+1)-INDEX({xs},{k})),0)"
