"""The workbook as frozen descriptions; no spreadsheet library is imported here."""
