"""From names to a curve, as Excel text: exact spellings under the choices made first, every other way when that fails."""

from xlmodel.book.places import Places
from xlmodel.calc.address import Area
from xlmodel.model.numbering import PARTS, SPARE
from xlmodel.model.spelling import IGNORED

HELPERS = {
    "TOKNAME": "the name that a text means, by its spelling; a date is the snapshot of that day.",
    "TOKPLACE": "the place of a name in its list, or behind it by the typed rows that bring it.",
    "TOKFIND": "as TOKCURVE, whatever the spelling and whatever is chosen.",
    "TOKCURVE": "the row of a curve in the directory of curves; 0 without points.",
}
_STRIPPED = ",".join(f'"{part}"' for part in IGNORED)
# a name as listed, or by another spelling
_NAME = (
    "LAMBDA(text_,listed,spellings,meanings,LET("
    'dated,IF(ISNUMBER(text_),IF((text_>=32874)*(text_<73051),YEAR(text_)&"-"&TEXT(MONTH(text_),"00")&"-"&TEXT(DAY(text_),"00"),""),text_),'
    'words,TRIM(dated),IF(words="",#VALUE!,IFERROR(INDEX(listed,XMATCH(words,listed)),IFERROR(INDEX(meanings,XMATCH('
    f'REDUCE(LOWER(words),{{{_STRIPPED}}},LAMBDA(bare,part,SUBSTITUTE(bare,part,""))),spellings)),#VALUE!)))))'
)
# a name that is known but nowhere in the book has place 0; an engine may hand on a list of one cell as its value, which XMATCH refuses
_PLACE = (
    "LAMBDA(text_,listed,spellings,meanings,others,IFERROR(XMATCH(text_,listed),"
    'IF(TRIM(text_)="",#VALUE!,LET(named,TOKNAME(text_,listed,spellings,meanings),IF(ISERROR(named),'
    "IFERROR(ROWS(listed)+XMATCH(TRIM(text_),others),#VALUE!),"
    "IFERROR(XMATCH(named,listed),IF(IF(ROWS(listed)=1,listed=named,0),1,IFERROR(ROWS(listed)+XMATCH(named,others),0))))))))"
)


def texts(places: Places) -> dict[str, str]:
    """Name -> text."""
    return {"TOKNAME": _NAME, "TOKPLACE": _PLACE, "TOKFIND": _find(places), "TOKCURVE": _curve(places)}


def listed(p: Places, kind: str) -> Area:
    """The names of a kind that a book knows."""
    if kind == "platform":
        return p.platform_fact(1)
    return p.menu({"precision": "codes", "basis": "bases"}.get(kind, f"{kind}s"))


def place(p: Places, kind: str, text: str) -> str:
    """Text for the place of a name."""
    part = kind.capitalize()
    names = listed(p, kind)
    others = p.spare(p.index(part)) if part in PARTS else names
    areas = ",".join(area.on("") for area in (names, *p.spelt(kind), others))
    return f"TOKPLACE({text},{areas})"


def name(p: Places, kind: str, text: str) -> str:
    """Text for the listed name that a text means; #VALUE! when it is unknown."""
    names = listed(p, kind).on("")
    part = kind.capitalize()
    others = p.spare(p.index(part)).on("") if part in PARTS else names
    forgiven = f"TOKNAME({text},{','.join(area.on('') for area in (listed(p, kind), *p.spelt(kind)))})"
    # in this order because most names are written as listed
    return (
        f'IFERROR(INDEX({names},XMATCH({text},{names})),IF(TRIM({text})="",#VALUE!,IFERROR({forgiven},'
        f"IFERROR(INDEX({others},XMATCH(TRIM({text}),{others})),#VALUE!))))"
    )


def _curve(p: Places) -> str:
    curves, models, platforms = (a.on("") for a in (p.in_use("Curves"), p.menu("models"), p.platform_fact(1)))
    arguments = "platform,model_,workload_,precision_,snapshot_"
    return (
        f'LAMBDA({arguments},IFERROR(IF(workload_&precision_&snapshot_="",'
        f"INDEX({curves},XMATCH(model_,{models}),XMATCH(platform,{platforms})),NA()),TOKFIND({arguments})))"
    )


def _find(p: Places) -> str:
    """Its number is built from the places of its names, as in `xlmodel.model.numbering`."""
    numbers, groups = (p.by_number(part).on("") for part in ("Number", "Group"))
    spare, built = p.spare(p.index("Number")).on(""), len(p.built_groups)
    newest, labels, models = p.in_use("Newest").on(""), p.menu("snapshots"), len(p.inputs.models)
    last = labels.last_row - labels.row + 1  # the place of `latest`
    wide = {
        kind: area.last_row - area.row + 1 + SPARE
        for kind, area in ((k, listed(p, k)) for k in ("platform", "workload", "snapshot"))
    }

    def chosen(kind: str) -> str:
        return f'IF({kind}_="",{p.in_use_choice(f"{kind} place").on("")},{place(p, kind, f"{kind}_")})'

    return (
        f"LAMBDA(platform,model_,workload_,precision_,snapshot_,LET(llm,{place(p, 'model', 'model_')},"
        f"gpu,{place(p, 'platform', 'platform')},load,{chosen('workload')},label,{chosen('snapshot')},"
        f"kind,{chosen('precision')},IF(ISERROR(llm+gpu+load+label+kind),llm+gpu+load+label+kind,LET("
        f"dated,IF(label={last},IF((llm>0)*(llm<={models}),INDEX({newest},llm),0),label),"
        f"sought,((llm*{wide['platform']}+gpu)*{wide['workload']}+load)*{wide['snapshot']}+dated,"
        f"held,IFERROR(MATCH(sought,{numbers},1),1),"
        f"family,IF(INDEX({numbers},held)=sought,INDEX({groups},held),IFERROR(XMATCH(sought,{spare})+{built},0)),"
        f"IF(llm*gpu*load*dated*kind*family=0,0,(family-1)*{len(p.codes)}+kind)))))"
    )
