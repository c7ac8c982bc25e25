"""HubSpot's documented rules for a file of contacts."""

from tests.people import strict_csv


def faults(file):
    header, rows, found = strict_csv.read(file)
    found += ["1,000 columns or more"] if len(header) >= 1000 else []
    found += ["larger than 20 MB"] if file.stat().st_size > 20 * 1000 * 1000 else []
    seen = set()
    for row in rows:
        if not (row["Email"] or row["First name"] or row["Last name"]):
            found.append(f"nobody: {row}")
        if row["Email"]:
            found += [] if strict_csv.is_address(row["Email"]) else [f"no address: {row['Email']!r}"]
            found += [f"twice: {row['Email']!r}"] if row["Email"].lower() in seen else []
            seen.add(row["Email"].lower())
    return found
