"""A list for whoever calls, as CSV or Excel: something to call somebody by, nobody twice."""

from verbatim.people.destinations.rules import Rules

CALLS = Rules(
    title="a call list",
    headers={"name": "name", "phone": "phone", "email": "email"},
    any_of=("phone", "email", "name"),
    unique=(),
    separator="; ",
    endings=(".csv", ".xlsx"),
    byte_order_mark=True,
)
