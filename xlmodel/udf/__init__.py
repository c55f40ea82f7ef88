"""The functions from Python: one module printed from the records, for xlwings on Windows, xlwings Lite and xlwings Server."""
