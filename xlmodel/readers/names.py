"""Names of platforms, models, bases and snapshots: own ones are welcome, near misses of known ones are not.

A misspelt name would silently open a second, nearly empty curve beside the one that was meant.
"""

import re

from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.point import BEST, LATEST, MODELS, PLATFORMS
from xlmodel.model.scenario import BASES
from xlmodel.model.spelling import ALIASES, OTHER_MODELS
from xlmodel.readers.cell_readers import NAME_LENGTH, BadCell, Reader, free_text

OTHER_PLATFORMS = (
    "VR NVL72 (Rubin)", "MI350X", "Gaudi 3", "TPU v7 (Ironwood)", "TPU v6e (Trillium)", "Trainium2", "Trainium3",
    "Groq LPU",
)  # fmt: skip
DROPPED = {"nvidia", "amd", "intel", "instinct", "google", "aws", "sxm", "sxm5", "sxm6", "hgx", "dgx", "oam"}
PLATFORM_ALIASES = {
    **ALIASES["platform"], "vrnvl72": "VR NVL72 (Rubin)",
    "vr200": "VR NVL72 (Rubin)", "vr200nvl72": "VR NVL72 (Rubin)", "verarubin": "VR NVL72 (Rubin)", "tpu7x": "TPU v7 (Ironwood)",
    "tpuv7": "TPU v7 (Ironwood)", "ironwood": "TPU v7 (Ironwood)", "tpuv6e": "TPU v6e (Trillium)",
    "trillium": "TPU v6e (Trillium)", "groq": "Groq LPU",
}  # fmt: skip
# a word for all models of a maker is a name of its own here
MODEL_ALIASES = {said: name for said, name in ALIASES["model"].items() if said not in ("deepseek", "kimi")} | {
    "llama3370binstructfp8": "Llama 3.3 70B", "qwen35397b": "Qwen3.5-397B-A17B", "70b": "Llama 3.3 70B",
}  # fmt: skip


def plain(text: str) -> str:
    """A name without case, punctuation, maker and form factor: what two spellings of one thing share.

    >>> plain("NVIDIA H100-SXM"), plain("MI-355X")
    ('h100', 'mi355x')
    """
    words = re.findall(r"[^\W_]+", text.casefold())
    return "".join(word for word in words if word not in DROPPED)


_PLATFORMS = {plain(name): name for name in (*PLATFORMS, *OTHER_PLATFORMS)} | PLATFORM_ALIASES
_MODELS = {plain(name): name for name in (*MODELS, *OTHER_MODELS)} | MODEL_ALIASES
_BASES = {plain(name): name for name in (*BASES, BUILD_UP)} | {
    "oracle": "Oracle list", "coreweave": "CoreWeave list", "ociondemand": "Oracle list",
    "capacityblock": "AWS capacity block", "gcp": "GCP on demand", "azure": "Azure on demand",
}  # fmt: skip


_TOKEN = re.compile(r"(?<![a-z0-9])(gb300|gb200|b300|b200|h200|h100|mi355x|mi325x|mi300x)(?![a-z0-9])")
_OTHER_CARD = re.compile(r"pcie|nvl(?!72)|mig|superchip")  # cards of the same chip with other memory, power and links
_MADE = re.compile(
    r"[-_ ](nvfp4|mxfp4|fp4|fp8|block|bf16|awq|gptq|int4|w4a16|w8a8|quantized|dynamic|kv|v[0-9]|instruct|it|0528|hf)$"
)


def known_platform(text: str) -> str:
    """The platform that a text of another program names, such as the name of a card or of a machine; empty when none.

    >>> known_platform("NVIDIA-H100-80GB-HBM3"), known_platform("mi355x-amds"), known_platform("NVIDIA H100 PCIe"), known_platform("gb200")
    ('H100', 'MI355X', '', 'GB200 NVL72')
    """
    low = text.casefold().replace("_", " ")
    found = set(_TOKEN.findall(low))
    if len(found) == 1 and not _OTHER_CARD.search(low):
        return _PLATFORMS[found.pop()]
    return "" if found else _PLATFORMS.get(plain(text), "")


def known_model(text: str) -> str:
    """The model that a text of another program names, such as an address on Hugging Face; empty when none.

    >>> known_model("nvidia/DeepSeek-R1-0528-FP4-v2"), known_model("meta-llama/Llama-3.3-70B-Instruct"), known_model("Llama-3.1-8B")
    ('DeepSeek-R1', 'Llama 3.3 70B', '')
    """
    name = text.strip().rstrip("/").rpartition("/")[2].casefold()
    while name:
        if plain(name) in _MODELS:
            return _MODELS[plain(name)]
        shorter = _MADE.sub("", name)
        if shorter == name:
            return ""
        name = shorter
    return ""


def known_names(what: str) -> tuple[str, ...]:
    """The names of platforms, or of models, that the bundled data know."""
    return tuple(dict.fromkeys((_PLATFORMS if what == "platform" else _MODELS).values()))


def platform() -> Reader:
    """A platform's name."""
    return _name(_PLATFORMS)


def model() -> Reader:
    """A model's name."""
    return _name(_MODELS)


def provider() -> Reader:
    """The name of a provider of hosted models, one spelling throughout a file."""
    return _name({})


def basis(computed: bool = False) -> Reader:
    """The name of a price basis, empty for none; `computed` allows the one that no quote may carry."""
    inner = _name(_BASES, required=False)

    def read(text: str) -> str:
        if not computed and plain(text) == plain(BUILD_UP):
            raise BadCell("the name of a list or contract", f"choose another name: the workbook computes {BUILD_UP}")
        name: str = inner(text)
        return name

    return read


def snapshot() -> Reader:
    """A snapshot's label."""
    return _name({}, reserved=(LATEST, BEST))


def _name(known: dict[str, str], required: bool = True, reserved: tuple[str, ...] = ()) -> Reader:
    """A name in its one spelling; known names come from `known`, others are kept as first written."""
    inner = free_text(NAME_LENGTH, required)
    spelt: dict[str, str] = {}

    def read(text: str) -> str:
        name: str = inner(text)
        if not name:
            return name
        meant = known.get(plain(name), name)
        if meant != name:
            raise BadCell(f"the name {meant}", f"write {meant}, or a name of your own that is clearly different")
        bad = re.search(r"[|*?~]", name)
        if bad:  # keys of the workbook join names with |; the others are wildcards in Excel's lookups
            raise BadCell("a name without | * ? ~", f"delete the {bad[0]}")
        if name.casefold() in reserved:
            raise BadCell("a label of your own, for example a date", f"choose another word than {name}")
        first = spelt.setdefault(name.casefold(), name)
        if first != name:  # Excel's lookups cannot tell them apart
            raise BadCell(f"the same spelling as before, {first}", f"write {first} in every row")
        return name

    return read
