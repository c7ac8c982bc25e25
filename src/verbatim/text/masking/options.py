"""Which personal data is masked: the ``[redact]`` part of verbatim.toml."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Kind = Literal["url", "email", "iban", "card", "ip", "id", "birthdate", "account", "order", "phone"]
# Where two claim a text, the first has it: an address before the e-mail in it, numbers with a check digit before those
# that only their context tells, phones last.
KINDS: tuple[Kind, ...] = ("url", "email", "iban", "card", "ip", "id", "birthdate", "account", "order", "phone")
REGIONS = (
    ("US", "GB", "IE", "CA", "AU", "NZ", "DE", "AT", "CH", "FR", "BE", "NL", "LU", "ES", "PT", "IT", "SE", "NO", "DK")
    + ("FI", "PL", "CZ", "GR", "TR", "BR", "MX", "AR", "CO", "CL", "IN", "SG", "ZA", "AE", "IL", "JP")
)  # fmt: skip


class RedactOptions(BaseModel):
    """Which personal data is masked, and whether respondents' ids are hashed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kinds: tuple[Kind, ...] = Field(default=KINDS, description="Kinds of personal data to mask; [] masks nothing.")
    phone_regions: tuple[str, ...] = Field(
        default=REGIONS, description="Countries whose national phone numbers are recognised; +49... is always."
    )
    words: tuple[SecretStr, ...] = Field(
        default=(), description="Words of your own to mask as <word>, such as names of your staff; never written."
    )
    allow: tuple[str, ...] = Field(
        default=(), description="Left as they are, whole: your own hotline, support address or shop domain."
    )
    names_model: str | None = Field(
        default=None, description="A spaCy model (name or folder) that finds names of persons; none: names stay."
    )
    hash_key: str | None = Field(
        default=None,
        description='Hash ids with a secret key (HMAC): "env:VARIABLE" or "file:PATH" says where the key is, never the '
        "key itself.",
    )
