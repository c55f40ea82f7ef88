"""The keys that headings give."""

from collections.abc import Sequence


def slug(heading: str) -> str:
    """The key that a heading gives.

    >>> slug("Performance per USD"), slug("tok/s/MW")
    ('performance_per_usd', 'tok_s_mw')
    """
    return "_".join("".join(c if c.isalnum() else " " for c in heading.casefold()).split())


def slugs(headings: Sequence[str]) -> list[str]:
    """The keys of headings that readers bring, such as names of platforms; no two are the same.

    >>> slugs(["GB200 NVL72", "H100", "h100"])
    ['gb200_nvl72', 'h100', 'h100_2']
    """
    found: list[str] = []
    for heading in headings:
        key, number = slug(heading), 1
        while (fresh := key if number == 1 else f"{key}_{number}") in found:
            number += 1
        found.append(fresh)
    return found
