"""ActiveCampaign: contacts are imported from a CSV file by their e-mail.

An e-mail in every row, none twice (others are skipped); dates as YYYY-MM-DD, or they become a date in 1899; no line
breaks; no emoji, which can halt the import; several values of a field joined by ``||``.

Source
------
ActiveCampaign, "How to prepare your CSV file for importing contacts in ActiveCampaign",
help.activecampaign.com/hc/en-us/articles/360006760900.
"""

from verbatim.people.destinations.rules import Rules

ACTIVECAMPAIGN = Rules(
    title="ActiveCampaign",
    headers={"email": "Email", "first_name": "First Name", "last_name": "Last Name", "phone": "Phone"},
    any_of=("email",),
    unique=("email",),
    separator="||",
    emoji=False,
    iso_dates=True,
)
