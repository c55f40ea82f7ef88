"""Rows far below the last formula of a sheet: nothing of the book reads them, however many somebody pasted there."""

FAR = 5_000  # rows below the last formula that are still read, one by one
_ROW, _END = b"<row ", b"</sheetData>"


def without_far_rows(data: bytes, far: int = FAR) -> tuple[bytes, int]:
    """A sheet's XML without such rows, and how many they are; none where it has no formula or is spelled otherwise.

    >>> without_far_rows(b"<sheetData><row r='1'><f>1</f></row><row r='2'/><row r='9'/></sheetData>", 1)
    (b"<sheetData><row r='1'><f>1</f></row><row r='2'/></sheetData>", 1)
    """
    end = data.find(_END)
    at = max(data.rfind(b"<f>", 0, end), data.rfind(b"<f ", 0, end))
    if at < 0:
        return data, 0
    for _ in range(far + 1):
        at = data.find(_ROW, at + 1, end)
        if at < 0:
            return data, 0
    return data[:at] + data[end:], data.count(_ROW, at, end)
