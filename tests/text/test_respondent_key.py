import pandas as pd
import pytest

from verbatim.errors import ConfigError
from verbatim.survey.read import read_survey
from verbatim.text.masking.options import RedactOptions
from verbatim.text.redact import redact
from verbatim.text.respondent_key import hashed_id, read_key

KEY = "0123456789abcdef-secret"
TABLE = pd.DataFrame(
    {"customer_id": ["c1", "c2", "c1", "c3"], "NPS": ["3", "9", "8", "11"], "why": ["slow", "kind", "late", "x"]}
)


def survey():
    return read_survey(TABLE, score="NPS", comment="why", respondent_id="customer_id", segments=[])


def test_a_key_comes_from_a_variable_or_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("K", KEY)
    (tmp_path / "key").write_text(KEY + "\n")
    assert read_key("env:K") == read_key(f"file:{tmp_path / 'key'}") == KEY.encode()
    assert read_key(None) is None


@pytest.mark.parametrize("named", ["env:NOT_SET_ANYWHERE", "file:/no/such/file", KEY, "env:"])
def test_a_key_that_is_not_there_is_refused_and_never_shown(named):
    with pytest.raises(ConfigError) as refused:
        read_key(named)
    assert KEY not in str(refused.value)


def test_ids_are_hashed_with_the_key_everywhere(monkeypatch):
    monkeypatch.setenv("K", KEY)
    masked = redact(survey(), RedactOptions(hash_key="env:K"))
    assert sorted(masked.responses["respondent_id"]) == sorted(
        hashed_id(one, KEY.encode()) for one in ("c1", "c2", "c1")
    )
    assert masked.responses["response_id"].is_monotonic_increasing
    assert set(masked.answers["response_id"]) == set(masked.responses["response_id"])
    assert masked.rejected["customer_id"].tolist() == [hashed_id("c3", KEY.encode())]
    assert hashed_id("c3", KEY.encode()) != hashed_id("c3", None)


def test_addresses_are_no_ids_without_a_key(monkeypatch):
    table = TABLE.assign(customer_id=["a@b.com", "c@d.com", "a@b.com", "e@f.com"])
    read = read_survey(table, score="NPS", comment="why", respondent_id="customer_id", segments=[])
    with pytest.raises(ConfigError, match="hash_key") as refused:
        redact(read)
    assert "a@b.com" not in str(refused.value)
    monkeypatch.setenv("K", KEY)
    assert not redact(read, RedactOptions(hash_key="env:K")).responses["respondent_id"].str.contains("@").any()


def test_a_reason_quotes_no_piece_of_an_address():
    table = TABLE.assign(NPS=["3", "9", "8", "please write to somebody.longname@example.com today"])
    read = read_survey(table, score="NPS", comment="why", respondent_id="customer_id", segments=[])
    assert redact(read).rejected["reason"].tolist() == ['score is "please write to <email> today"; NPS scores run 0-10']
