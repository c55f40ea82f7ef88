"""Doubts about what is typed of the coming years and of hosted models: prices of tokens, and rates of a year or month.

Each bound stands where no public number does: a doubt is a question, never a verdict.
"""

from collections.abc import Iterable, Iterator

from xlmodel.model.api_price import ApiPrice
from xlmodel.model.plausible import told
from xlmodel.model.scenario import Inputs

RATES = {  # from where a rate is taken for per cent; the range of the cell lets in more
    "growth": 0.8,  # a month: twelve such months are more than a thousandfold
    "software": 3.0,  # a year: twice the fastest gain between the snapshots
    "software_prudent": 3.0,
    "discount": 0.5,  # a year: no published cost of capital comes near
}
PER_CENT = "in per cent?"
TOO_MUCH, TOO_LITTLE = 10.0, 0.02  # times the dearest, and of the cheapest, price of the same tokens
DEAR = "in cents, or per another count of tokens?"
CHEAP = "per thousand tokens, or per token?"
SWAPPED = "input and output swapped?"
FLEET = ("api", "price_input", "price_output", "price_cached")


def token_price(usd: float | None, listed: Iterable[float | None]) -> str:
    """The doubt about a price in USD per million tokens beside others of the same model; "" where there is none.

    >>> token_price(135, [0.5, 2.15]), token_price(0.0013, [0.5, 2.15]), token_price(0.4, [0.5, 2.15])
    ('in cents, or per another count of tokens?', 'per thousand tokens, or per token?', '')
    """
    known = [price for price in listed if price]
    if not usd or usd < 0 or not known:
        return ""
    return DEAR if usd >= TOO_MUCH * max(known) else CHEAP if usd <= TOO_LITTLE * min(known) else ""


def of_hosted(offer: ApiPrice, others: Iterable[ApiPrice] = ()) -> str:
    """The doubt about what a provider asks, or what is agreed with it, beside its list and other offers of the model.

    >>> of_hosted(ApiPrice("m", "p", 0.5, 2.0, "2026-08-22", "page", own_input=2.0, own_output=0.5))
    'input and output swapped?'
    """
    own = (offer.own_input, offer.own_cached, offer.own_output)
    listed = (offer.input, offer.cached_input, offer.output)
    held = [p for o in others if o.model == offer.model for p in (o.input, o.cached_input, o.output)]
    asked = [(mine, [of]) for mine, of in zip(own, listed, strict=True)] + [(price, held) for price in listed]
    doubt = next(filter(None, (token_price(price, beside) for price, beside in asked)), "")
    read, written = offer.own_input or offer.input, offer.own_output or offer.output
    return doubt or (SWAPPED if read and written and written < read else "")


def of_coming(inputs: Inputs) -> Iterator[tuple[str, float, str]]:
    """Key, number and doubt of the rates of the plan, of token prices typed there and for the fleet, and of targets."""
    for name, bound in RATES.items():
        rate = getattr(inputs.plan, name)
        if rate is not None:
            yield f"plan.{name}", rate, PER_CENT if rate >= bound else ""
    offers = (o for o in inputs.api_prices if o.model == inputs.in_use.model)
    listed = [price for o in offers for price in (o.input, o.cached_input, o.output)]
    typed = {"plan.api": inputs.plan.api} | {f"fleet.{name}": getattr(inputs.fleet, name) for name in FLEET}
    for key, usd in typed.items():
        if usd:
            yield key, usd, token_price(usd, listed)
    for key, target in (
        ("scenario.interactivity", inputs.in_use.interactivity),
        ("plan.interactivity", inputs.plan.interactivity),
    ):
        if target:
            yield key, target, told("interactivity", target)
