"""The digits that a number format writes of a number: groups, decimals, fractions, and signs put among them."""

import math
from fractions import Fraction

Pieces = tuple[tuple[str, str], ...]  # of a part of a format: kind, text


def general(number: float) -> str:
    """A number without a format.

    >>> general(0.1), general(1234567.0), general(1e20)
    ('0.1', '1234567', '1E+20')
    """
    return f"{number:.10g}".upper() if abs(number) < 1e11 or number == 0 else f"{number:.6G}"


def digits(marks: Pieces, number: float, places: list[int]) -> str:
    """The digits of a number, without its sign; `places` are those of the pieces that a digit fills."""
    point = next((i for i, piece in enumerate(marks) if piece == ("mark", ".")), len(marks))
    exponent = next((i for i, (kind, _) in enumerate(marks) if kind == "exponent"), len(marks))
    whole = [i for i in places if i < min(point, exponent)]
    decimals = sum(point < i < exponent for i in places)
    scaled = abs(number) / 1000 ** thousands(marks)
    if exponent < len(marks):
        return f"{scaled:.{decimals}E}"
    if ("mark", "/") in marks:
        return general(_fraction(marks, scaled))
    grouped = any(whole and whole[0] < i < whole[-1] for i, piece in enumerate(marks) if piece == ("mark", ","))
    if not math.isfinite(scaled):
        return "####"
    text = (
        f"{scaled + (1e-12 if scaled else 0):,.{decimals}f}"
        if grouped
        else f"{scaled + (1e-12 if scaled else 0):.{decimals}f}"
    )
    needed = sum(marks[i][1] == "0" for i in whole)
    if not needed and text.startswith("0") and len(text.split(".", maxsplit=1)[0]) == 1:
        text = text[1:]
    return _spread(marks, text, places) if among(marks, places) else text


def among(marks: Pieces, places: list[int]) -> list[int]:
    """Pieces of words with digits of their own that stand between the digits of the number: a reader takes all for one.

    >>> among((("digit", "0"), ("text", "9"), ("digit", "0")), [0, 2])
    [1]
    """
    if not places:
        return []
    inside = enumerate(marks[places[0] : places[-1]], places[0])
    return [i for i, (kind, text) in inside if kind == "text" and any(map(str.isdigit, text))]


def _spread(marks: Pieces, text: str, places: list[int]) -> str:
    """The digits of a number with the words that stand among them: each place takes one, the first all that are left."""
    whole, _, decimals = text.replace(",", "").partition(".")
    point = next((i for i, piece in enumerate(marks) if piece == ("mark", ".")), len(marks))
    before, after = [i for i in places if i < point], [i for i in places if i > point]
    whole = whole.zfill(next((len(before) - n for n, i in enumerate(before) if marks[i][1] == "0"), 0))
    filled = dict(zip(reversed(before), reversed(whole), strict=False)) | dict(zip(after, decimals, strict=False))
    if before:
        filled[before[0]] = whole[: len(whole) - len(before) + 1]
    told = {i: marks[i][1] for i in among(marks, places)} | ({point: "."} if after else {}) | filled
    return "".join(told[i] for i in sorted(told))


def thousands(marks: Pieces) -> int:
    """How often a part divides by a thousand: its commas behind the digits, before the point or at the end."""
    point = next((i for i, piece in enumerate(marks) if piece == ("mark", ".")), len(marks))
    exponent = next((i for i, (kind, _) in enumerate(marks) if kind == "exponent"), len(marks))
    digits = [i for i, (kind, _) in enumerate(marks) if kind == "digit" and i < exponent]
    last = max(digits, default=0)
    whole = max((i for i in digits if i < point), default=last)
    commas = (i for i, piece in enumerate(marks) if piece == ("mark", ",") and i < exponent)
    return sum(i > whole and (i < point or i > last) for i in commas)


def _fraction(marks: Pieces, number: float) -> float:
    """What a number is as a fraction of as many digits as the part gives it, or of the whole number that it names."""
    below = marks[marks.index(("mark", "/")) + 1 :]
    named = "".join(text for kind, text in below if kind == "text" and text.isdigit())
    places = sum(kind == "digit" for kind, _ in below)
    if named:
        return round(number * int(named)) / int(named) if int(named) else number
    return float(Fraction(number).limit_denominator(10 ** min(max(places, 1), 9) - 1))
