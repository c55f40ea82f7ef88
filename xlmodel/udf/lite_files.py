"""The files of a workbook for xlwings Lite: the functions, and what the add-in itself asks for."""

from xlmodel.udf.bundle import bundle

# What Lite lists in each of its own workbooks; the functions need nothing of it but xlwings.
REQUIREMENTS = (
    "xlwings==0.33.20  # required\npython-dotenv==1.2.1  # required\npyodide-http  # required\nblack  # required\n"
)


def files() -> dict[str, str]:
    """Name and text of each file."""
    return {"main.py": bundle(), "requirements.txt": REQUIREMENTS}
