"""From names to a curve, as Excel text: exact spellings under the choices made first, every other way when that fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlmodel.calc.address import Area

HELPERS = {
    "TOKNAME": "the name that a text means, by its spelling; a date is the snapshot of that day.",
    "TOKSPELT": "the place of a name in its list, by its spelling.",
    "TOKPLACE": "the place of a name in its list, or behind it by the typed rows that bring it.",
    "TOKFIND": "as TOKCURVE, whatever the spelling and whatever is chosen.",
    "TOKCURVE": "the row of a curve in the directory of curves; 0 without points.",
}
# a name that is known but nowhere in the book has place 0; an engine may hand on a list of one cell as its value, which XMATCH refuses
_PLACE = (
    "LAMBDA(text_,listed,spellings,meanings,others,IFERROR(XMATCH(text_,listed),"
    'IF(TRIM(text_)="",#VALUE!,LET(named,TOKNAME(text_,listed,spellings,meanings),IF(ISERROR(named),'
    "IFERROR(ROWS(listed)+XMATCH(TRIM(text_),others),#VALUE!),"
    "IFERROR(XMATCH(named,listed),IF(IF(ROWS(listed)=1,listed=named,0),1,IFERROR(ROWS(listed)+XMATCH(named,others),0))))))))"
)
# most spellings stand in the list of spellings as they are
_SPELT = (
    "LAMBDA(text_,listed,spellings,meanings,IFERROR(XMATCH(INDEX(meanings,XMATCH(text_,spellings)),listed),"
    "XMATCH(TOKNAME(text_,listed,spellings,meanings),listed)))"
)


@dataclass(frozen=True)
class Cells:
    """The cells of a book that the functions read, by key, and what the functions share with their Python twins.

    Attributes:
        ignored: parts of a spelling that are taken out, in this order.
        spare: places behind each menu for names that only typed rows bring.
        slack: share by which a budget taken from TOKCOST itself may fail by its last digit.
    """

    areas: Mapping[str, Area]
    ignored: Sequence[str]
    spare: int
    slack: float

    def area(self, key: str) -> str:
        """An area as a text of the workbook writes it."""
        return self.areas[key].on("")

    def cell(self, key: str) -> str:
        """A single cell likewise."""
        return self.areas[key].cell(0).on("")

    def count(self, key: str) -> int:
        """Rows of an area."""
        return self.areas[key].last_row - self.areas[key].row + 1

    def known(self, kind: str) -> tuple[str, str, str]:
        """Names of a kind as listed, other spellings, and what they mean."""
        return self.area(listed(kind)), self.area(f"spelling.{kind}"), self.area(f"meaning.{kind}")

    def others(self, kind: str) -> str:
        """The names of a kind that typed rows bring."""
        return self.area(f"typed.{kind}" if f"typed.{kind}" in self.areas else listed(kind))


def texts(cells: Cells) -> dict[str, str]:
    """Name -> text."""
    return {
        "TOKNAME": _name(cells), "TOKSPELT": _SPELT, "TOKPLACE": _PLACE, "TOKFIND": _find(cells), "TOKCURVE": _curve(cells),
    }  # fmt: skip


def _name(cells: Cells) -> str:
    """A name as listed, or by another spelling."""
    stripped = ",".join(f'"{part}"' for part in cells.ignored)
    return (
        "LAMBDA(text_,listed,spellings,meanings,LET("
        'dated,IF(ISNUMBER(text_),IF((text_>=32874)*(text_<73051),YEAR(text_)&"-"&TEXT(MONTH(text_),"00")&"-"&TEXT(DAY(text_),"00"),""),text_),'
        'words,TRIM(dated),IF(words="",#VALUE!,IFERROR(INDEX(listed,XMATCH(words,listed)),IFERROR(INDEX(meanings,XMATCH('
        f'REDUCE(LOWER(words),{{{stripped}}},LAMBDA(bare,part,SUBSTITUTE(bare,part,""))),spellings)),#VALUE!)))))'
    )


def listed(kind: str) -> str:
    """The key of the names of a kind that a book knows.

    >>> listed("platform"), listed("basis"), listed("model")
    ('platforms.platform', 'menu.bases', 'menu.models')
    """
    return {"platform": "platforms.platform", "precision": "menu.codes", "basis": "menu.bases"}.get(
        kind, f"menu.{kind}s"
    )


def place(cells: Cells, kind: str, text: str) -> str:
    """Text for the place of a name."""
    return f"TOKPLACE({text},{','.join((*cells.known(kind), cells.others(kind)))})"


def placed(cells: Cells, kind: str, text: str) -> str:
    """Text for the place of a name within its list; an error when it is not there."""
    return f"IFERROR(XMATCH({text},{cells.area(listed(kind))}),TOKSPELT({text},{','.join(cells.known(kind))}))"


def name(cells: Cells, kind: str, text: str) -> str:
    """Text for the listed name that a text means; #VALUE! when it is unknown."""
    names, others = cells.area(listed(kind)), cells.others(kind)
    forgiven = f"TOKNAME({text},{','.join(cells.known(kind))})"
    # in this order because most names are written as listed
    return (
        f'IFERROR(INDEX({names},XMATCH({text},{names})),IF(TRIM({text})="",#VALUE!,IFERROR({forgiven},'
        f"IFERROR(INDEX({others},XMATCH(TRIM({text}),{others})),#VALUE!))))"
    )


def _curve(cells: Cells) -> str:
    model, platform = placed(cells, "model", "model_"), placed(cells, "platform", "platform")
    arguments = "platform,model_,workload_,precision_,snapshot_"
    return (
        f'LAMBDA({arguments},IFERROR(IF(workload_&precision_&snapshot_="",'
        f"INDEX({cells.area('curves_in_use')},{model},{platform}),NA()),TOKFIND({arguments})))"
    )


def _find(cells: Cells) -> str:
    """Its number is built from the places of its names, as in `xlmodel.model.numbering`."""
    numbers, groups, spare = (cells.area(key) for key in ("by_number.number", "by_number.group", "typed.number"))
    built, newest, models = cells.count("by_number.number"), cells.area("in_use.newest"), cells.count("menu.models")
    last = cells.count("menu.snapshots")  # the place of `latest`
    wide = {kind: cells.count(listed(kind)) + cells.spare for kind in ("platform", "workload", "snapshot")}

    def chosen(kind: str) -> str:
        return f'IF({kind}_="",{cells.cell(f"in_use.{kind}_place")},{place(cells, kind, f"{kind}_")})'

    return (
        f"LAMBDA(platform,model_,workload_,precision_,snapshot_,LET(llm,{place(cells, 'model', 'model_')},"
        f"gpu,{place(cells, 'platform', 'platform')},load,{chosen('workload')},label,{chosen('snapshot')},"
        f"kind,{chosen('precision')},IF(ISERROR(llm+gpu+load+label+kind),llm+gpu+load+label+kind,LET("
        f"dated,IF(label={last},IF((llm>0)*(llm<={models}),INDEX({newest},llm),0),label),"
        f"sought,((llm*{wide['platform']}+gpu)*{wide['workload']}+load)*{wide['snapshot']}+dated,"
        f"held,IFERROR(MATCH(sought,{numbers},1),1),"
        f"family,IF(INDEX({numbers},held)=sought,INDEX({groups},held),IFERROR(XMATCH(sought,{spare})+{built},0)),"
        f"IF(llm*gpu*load*dated*kind*family=0,0,(family-1)*{cells.count('menu.codes')}+kind)))))"
    )
