"""Reading a curve as Excel text: the same interpolation as on Curves, in as few steps as an engine can take."""

from xlmodel.calc.lambdas_names import Cells


def numeric(cell: str, lowest: str, then: str) -> str:
    """A check of one element, then what is done with it; errors stay, an empty cell counts as 0."""
    return f"IF(ISERROR({cell}),{cell},IF(ISNUMBER({cell})+ISBLANK({cell})=0,#VALUE!,IF({cell}{lowest},#NUM!,{then})))"


class CurveTexts:
    """The texts of the helpers that read a curve."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.xs, self.ys, self.ms = (cells.area(f"knots.{key}") for key in ("interactivity", "throughput", "slope"))
        self.method, self.utilization, self.pue = (
            cells.cell(f"scenario.{key}") for key in ("method", "utilization", "pue")
        )

    def of_curve(self, part: str) -> str:
        """A part of the directory of curves."""
        return f"INDEX({self.cells.area(f'directory.{part}')},curve)"

    @staticmethod
    def halving(first: str, count: str, passes: str) -> str:
        """Text for the last of `count` rows from `first` on that passes, by halving; the first one always does."""
        halvings = f"INT(LOG({count},2)+0.001)"  # one too many does no harm, one too few would
        return (
            f"REDUCE({first},2^(SEQUENCE({halvings}+1,1,{halvings},-1)),LAMBDA(kept,stride,"
            f"IF(kept+stride<{first}+{count},IF({passes},kept+stride,kept),kept)))"
        )

    @staticmethod
    def rates() -> str:
        """tok/s/GPU of a curve at each interactivity."""
        return (
            "LAMBDA(speeds,curve,IF(IFERROR(ROWS(speeds)*COLUMNS(speeds)=1,1),TOKREAD(speeds,curve),"
            "IF(ISERROR(curve),curve,MAP(speeds,LAMBDA(speed,TOKREAD(speed,curve))))))"
        )

    def read(self) -> str:
        """tok/s/GPU of a curve at one interactivity: within its range at once, else as the other helper says."""
        lowest, highest = (self.cells.areas[f"directory.{end}"] for end in ("lowest", "highest"))
        return (
            f"LAMBDA(speed,curve,IFERROR(IF(curve*ISNUMBER(speed),"
            f"IF(MEDIAN(speed,INDEX({lowest.to(highest).on('')},curve,0))-speed,NA(),"
            f"TOKBETWEEN(speed,TOKKNOT({self.of_curve('key')}+speed))),NA()),TOKOUTSIDE(speed,curve)))"
        )

    def outside(self) -> str:
        """The same at the end of the curve, below its range, and without an answer: errors stay, an empty cell is 0."""
        ys = self.ys
        slowest = f"IF({self.cells.cell('scenario.hold')}=1,INDEX({ys},{self.of_curve('first_knot')}),NA())"
        fastest = f"INDEX({ys},{self.of_curve('first_knot')}+{self.of_curve('knots')}-1)"
        # a speed that is the slowest one but for its last digit is not below it, and not within the range either
        inside = (
            f"IF(curve=0,NA(),IF({self.of_curve('knots')}=0,NA(),IF(speed={self.of_curve('highest')},{fastest},"
            f"IF(speed<={self.of_curve('lowest')},{slowest},NA()))))"
        )
        return f"LAMBDA(speed,curve,IF(ISERROR(curve),curve,{numeric('speed', '<=0', inside)}))"

    def knot(self) -> str:
        """The last knot whose sort key is not above a key: its block, and its place in it."""
        blocks, side = self.cells.area("blocks"), self.cells.count("blocks")
        return (
            f"LAMBDA(key,LET(block,XMATCH(key,{self.cells.area('blocks.0')},-1,2),"
            f"(block-1)*{side}+XMATCH(key,INDEX({blocks},block,0),-1,2)))"
        )

    def between(self) -> str:
        """Throughput at an interactivity from a knot to the next one."""
        since, until = self.at_knot("interactivity"), self.at_knot("interactivity", 1)
        return f"LAMBDA(speed,knot,TOKBEND(speed-{since},knot,(speed-{since})/({until}-{since})))"

    def bend(self) -> str:
        """The same by the method, at a distance and at a share of the way to the next knot."""
        low, high = self.at_knot("throughput"), self.at_knot("throughput", 1)
        steep, ahead = self.at_knot("slope"), self.at_knot("slope", 1)
        return (
            f"LAMBDA(past,knot,way,IF({self.method}-1,TOKSTRAIGHT(knot,way),{low}+({high}-{low})*way^2*(3-2*way)"
            f"+past*(1-way)*({steep}*(1-way)-{ahead}*way)))"
        )

    def at_knot(self, key: str, further: int = 0) -> str:
        """What stands at a knot, or at one further down."""
        return f"INDEX({self.cells.areas[f'knots.{key}'].below(further).on('')},knot)"

    def straight(self) -> str:
        """The same without a curve: along the line, or at the next measured point."""
        low, high = self.at_knot("throughput"), self.at_knot("throughput", 1)
        return f"LAMBDA(knot,way,IF({self.method}=2,{low}+({high}-{low})*way,IF(way=0,{low},{high})))"

    def cubic(self, way: str) -> str:
        """What is added to a knot's throughput on the way to the next: as the readings on Curves, in fewer words."""
        ms = self.ms
        bent = f"INDEX({ms},knot)*(1-{way})-INDEX({ms},knot+1)*{way}"
        return f"rise*{way}^2*(3-2*{way})+wide*{way}*(1-{way})*({bent})"
