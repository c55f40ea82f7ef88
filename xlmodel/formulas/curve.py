"""Interpolation between two knots of a frontier: the Excel text that every reading uses.

A frontier descends, so all secants are negative; there Steffen's minimum of absolute values is the
maximum of the signed ones: m = MAX(2 s0, 2 s1, p). The general form stands in `xlmodel.domain.curve`.
"""

# {r} is the knot's row on the sheet, {q} the row before, {n} and {o} the two rows after
SECANT = "IF(AND({curve}{r}>0,{curve}{n}={curve}{r}),({y}{n}-{y}{r})/({x}{n}-{x}{r}),0)"

SLOPE = (
    "IF({curve}{r}=0,0,IF({curve}{q}={curve}{r},"
    "IF({curve}{n}={curve}{r},"
    "MAX(2*{s}{q},2*{s}{r},({s}{q}*({x}{n}-{x}{r})+{s}{r}*({x}{r}-{x}{q}))/({x}{n}-{x}{q})),"
    "IF({curve}{p}={curve}{r},(3*{s}{q}-{m}{q})/2,{s}{q})),"
    "IF({curve}{n}={curve}{r},IF({curve}{o}={curve}{r},(3*{s}{r}-{m}{n})/2,{s}{r}),0)))"
)

# {k} the knot at or below the target, {u} the way to the next one (0 to 1), {method} 1 Steffen, 2 linear, 3 measured
INTERPOLATE = (
    "IF({u}=0,INDEX({ys},{k}),IF({method}=3,INDEX({ys},{k}+1),IF({method}=2,"
    "INDEX({ys},{k})+(INDEX({ys},{k}+1)-INDEX({ys},{k}))*{u},"
    "MAX(INDEX({ys},{k}+1),MIN(INDEX({ys},{k}),"
    "INDEX({ys},{k})*(1+2*{u})*(1-{u})^2+INDEX({ys},{k}+1)*{u}^2*(3-2*{u})"
    "+(INDEX({xs},{k}+1)-INDEX({xs},{k}))*{u}*(1-{u})*(INDEX({ms},{k})*(1-{u})-INDEX({ms},{k}+1)*{u}))))))"
)

WAY = "IF({t}=INDEX({xs},{k}),0,({t}-INDEX({xs},{k}))/(INDEX({xs},{k}+1)-INDEX({xs},{k})))"
