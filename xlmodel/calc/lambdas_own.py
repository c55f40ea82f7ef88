"""The two functions on a reader's own ranges as Excel text; they need no cell of the book."""

# pairs in which both cells hold a number; ranges of different shape are no pairs
_POINTS = (
    "IF(ISERROR(means),means,IF((ROWS(xs)<>ROWS(ys))+(COLUMNS(xs)<>COLUMNS(ys)),#VALUE!,"
    "LET(usable,MAP(xs,ys,LAMBDA(across,up,IF(ISNUMBER(across),IF(ISNUMBER(up),{usable},0),0))),"
)


def _goal(then: str) -> str:
    """A target is a number, or an empty cell, which counts as 0; errors stay."""
    return f"IF(ISERROR(goal),goal,IF(ISNUMBER(goal)+ISBLANK(goal)=0,#VALUE!,{then}))"


# points sorted, then Steffen's slopes of the two knots around each target
INTERP = (
    'LET(asked,IF(ISOMITTED(method),"",IF(method="","",method)),'
    'means,IF(asked="",1,IF(TRIM(asked)="Steffen",1,IF(TRIM(asked)="linear",2,#VALUE!))),'
    + _POINTS.format(usable="1")
    + f"IF(SUM(usable)=0,MAP(target,LAMBDA(goal,{_goal('NA()')})),"
    "LET(across,FILTER(TOCOL(xs),TOCOL(usable)),up,FILTER(TOCOL(ys),TOCOL(usable)),"
    "all_x,SORTBY(across,across,1,up,-1),all_y,SORTBY(up,across,1,up,-1),"
    'fresh,all_x<>TAKE(VSTACK("",all_x),ROWS(all_x)),px,FILTER(all_x,fresh),py,FILTER(all_y,fresh),total,ROWS(px),'
    "wide,LAMBDA(ii,INDEX(px,ii+1)-INDEX(px,ii)),"
    "secant,LAMBDA(ii,(INDEX(py,ii+1)-INDEX(py,ii))/wide(ii)),"
    "bend,LAMBDA(ii,LET(was,secant(ii-1),goes,secant(ii),(IF(was<0,-1,1)+IF(goes<0,-1,1))*MIN(ABS(was),ABS(goes),"
    "ABS(was*wide(ii)+goes*wide(ii-1))/(wide(ii-1)+wide(ii))/2))),"
    "tangent,LAMBDA(ii,IF(total=2,secant(1),IF(ii=1,(3*secant(1)-bend(2))/2,"
    "IF(ii=total,(3*secant(total-1)-bend(total-1))/2,bend(ii))))),"
    "MAP(target,LAMBDA(goal,"
    + _goal(
        "LET(spot,IFERROR(XMATCH(goal+0,px,-1),0),IF(spot=0,NA(),IF(goal>INDEX(px,total),NA(),IF(goal=INDEX(px,spot),INDEX(py,spot),"
        "LET(low,INDEX(py,spot),high,INDEX(py,spot+1),way,(goal-INDEX(px,spot))/wide(spot),IF(means=2,low+(high-low)*way,"
        "MEDIAN(low,high,low*(1+2*way)*(1-way)^2+high*way^2*(3-2*way)"
        "+wide(spot)*way*(1-way)*(tangent(spot)*(1-way)-tangent(spot+1)*way))))))))"
    )
    + "))))))))"
)

# points from the fastest down; one stays when it makes more than every faster one
FRONTIER = (
    "LET(means,1," + _POINTS.format(usable="(across>0)*(up>0)") + "IF(SUM(usable)=0,NA(),"
    "LET(across,FILTER(TOCOL(xs),TOCOL(usable)),up,FILTER(TOCOL(ys),TOCOL(usable)),"
    "all_x,SORTBY(across,across,-1,up,-1),all_y,SORTBY(up,across,-1,up,-1),"
    "best,SCAN(0,all_y,LAMBDA(most,one,MAX(most,one))),keep,all_y>TAKE(VSTACK(0,best),ROWS(all_y)),"
    "SORT(HSTACK(FILTER(all_x,keep),FILTER(all_y,keep)),1,1)))))))"
)
