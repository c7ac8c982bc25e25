"""Intercom's documented rules for a file of users."""

from tests.people import strict_csv


def faults(file):
    header, rows, found = strict_csv.read(file)
    found += ["larger than 20 MB"] if file.stat().st_size > 20 * 1000 * 1000 else []
    found += ["no user_id, so written"] if "user_id" not in header else []
    found += [f"attribute of a company: {name}" for name in header if "company" in name.lower()]
    seen = set()
    for row in rows:
        who = row["user_id"] or row["email"].lower()
        found += [] if who else [f"nobody: {row}"]
        found += [f"twice: {who!r}"] if who in seen else []
        seen.add(who)
        if row["email"] and not strict_csv.is_address(row["email"]):
            found.append(f"no address: {row['email']!r}")
    return found
