"""Digits of other scripts, which a number format may write in place of the usual ones."""

import re

_CHINESE = "〇一二三四五六七八九"
_ZEROS = {  # first byte of a locale -> the nought of its script (MS-OI29500, 18.8.31): Arabic, Persian, Devanagari ... Tibetan
    2: 0x660, 3: 0x6F0, 4: 0x966, 5: 0x9E6, 6: 0xA66, 7: 0xAE6, 8: 0xB66, 9: 0xBE6, 10: 0xC66, 11: 0xCE6, 12: 0xD66, 13: 0xE50,
    14: 0xED0, 15: 0xF20,
}  # fmt: skip


def digits_of(bracket: str) -> str:
    """The ten digits that a bracket of a format code asks for; empty for the usual ones.

    >>> digits_of("$-D00041E")[1:3], digits_of("DBNum1")[1:3], digits_of("$-407"), digits_of("$USD")
    ('๑๒', '一二', '', '')
    """
    if re.match("(?i)dbnum|natnum", bracket):
        return _CHINESE
    locale = re.fullmatch(r"\$[^-]*-([0-9A-Fa-f]{7,8})", bracket)
    zero = _ZEROS.get(int(locale[1], 16) >> 24) if locale else None
    return "".join(chr(zero + i) for i in range(10)) if zero else ""
