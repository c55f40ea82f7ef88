"""Text for XML; the standard library's own module for it loads an HTTP client, a hundredth of every command."""


def escape(text: str) -> str:
    """Text of an element.

    >>> escape("a < b & c")
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def quoteattr(text: str) -> str:
    """The value of an attribute, in its quotes.

    >>> print(quoteattr('3 "big" ones'), quoteattr("an inch"))
    '3 "big" ones' "an inch"
    """
    said = escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in said:
        return f'"{said}"'
    return '"{}"'.format(said.replace('"', "&quot;")) if "'" in said else f"'{said}'"
