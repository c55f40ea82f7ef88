"""Lets the installed add-in import its functions: Excel runs the macro of xlwings that does it. Windows only."""

import sys
from pathlib import Path


def main(add_in: str) -> None:
    """Open the add-in from Excel's start folder, import, save, and close the Excel that was started for it."""
    import xlwings  # noqa: PLC0415 - loads when used

    app = xlwings.App(visible=False)
    try:
        book = app.books.open(Path(app.startup_path) / add_in)
        book.macro("ImportPythonUDFsToAddin")()
        if not any(component.Name == "xlwings_udfs" for component in book.api.VBProject.VBComponents):
            sys.exit("the functions were not imported: trust access to the VBA project model, then try again")
        book.save()
    finally:
        app.quit()


if __name__ == "__main__":
    main(sys.argv[1])
