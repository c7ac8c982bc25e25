"""HubSpot: contacts are imported from a CSV file whose headers are properties.

A header row; fewer than 1,000 columns; UTF-8; 20 MB a file on the free tools (512 MB on paid plans: the smaller limit
is kept); at least one of e-mail, first name and last name. The e-mail tells contacts apart, so it may not come twice.

Source
------
HubSpot, "Set up import files", knowledge.hubspot.com/import-and-export/set-up-your-import-file (3 October 2025).
"""

from verbatim.people.destinations.rules import Rules

HUBSPOT = Rules(
    title="HubSpot",
    headers={"email": "Email", "first_name": "First name", "last_name": "Last name", "phone": "Phone number"},
    any_of=("email", "first_name", "last_name"),
    unique=("email",),
    separator=";",
    columns_below=1_000,
    largest=20_000_000,
)
