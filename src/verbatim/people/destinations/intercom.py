"""Intercom: users are imported from a CSV file, and messaged at once where a live message fits them.

``user_id`` (so written, lower case) or an e-mail, and ``user_id`` counts where both are there; 20 MB a file; no
attributes of companies. "If you import users into Intercom and they immediately match the criteria for a message that
you have live, they will get that message right away": hence the consent.

Source
------
Intercom, "Import your user data into Intercom", intercom.com/help/en/articles/177-import-your-user-data-into-intercom.
"""

from verbatim.people.destinations.rules import Rules

INTERCOM = Rules(
    title="Intercom",
    headers={"user_id": "user_id", "email": "email", "name": "name", "phone": "phone"},
    any_of=("user_id", "email"),
    unique=("user_id", "email"),
    separator="; ",
    largest=20_000_000,
    no_companies=True,
    consent=(
        "Intercom messages people right at the import where a live message fits them. Check your live messages; then "
        "add --i-have-consent if these people agreed to be messaged."
    ),
)
