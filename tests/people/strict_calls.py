"""What any spreadsheet needs of a call list, as CSV or workbook."""

from python_calamine import CalamineWorkbook
from tests.people import strict_csv


def faults(file):
    if file.suffix == ".xlsx":
        (sheet,) = CalamineWorkbook.from_path(file).sheet_names
        header, *lines = CalamineWorkbook.from_path(file).get_sheet_by_name(sheet).to_python()
        return [
            f"nobody: {line}"
            for line in lines
            if not any(line[header.index(name)] for name in ("name", "phone", "email"))
        ]
    header, rows, found = strict_csv.read(file)
    return found + [f"nobody: {row}" for row in rows if not (row["name"] or row["phone"] or row["email"])]
