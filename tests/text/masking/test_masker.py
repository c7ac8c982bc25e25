import pytest

from verbatim.errors import ConfigError
from verbatim.text.masking.masker import Masker
from verbatim.text.masking.options import RedactOptions


def test_listed_words_are_masked_whole_and_never_shown():
    options = RedactOptions(words=("Ann", "Carolyn Irwin"))
    masked = Masker(options).mask("ANN and carolyn irwin annoyed me")
    assert masked.text == "<word> and <word> annoyed me"
    assert masked.counts == {"word": 2}
    assert "Carolyn" not in repr(options) and "Carolyn" not in options.model_dump_json()


def test_what_is_allowed_stays_however_it_is_written():
    masker = Masker(RedactOptions(allow=("0800 123 4567", "Help@Shop.com")))
    text = "0800-1234567 or help@shop.com, not me@shop.com"
    assert masker.mask(text).text == "0800-1234567 or help@shop.com, not <email>"


def test_names_are_masked_by_a_model_only(tmp_path):
    import spacy

    model = spacy.blank("en")
    model.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Jane Doe"}])
    model.to_disk(tmp_path / "names")
    text = "Jane Doe was kind, call 020 7946 0958"
    assert Masker(RedactOptions()).mask(text).text == "Jane Doe was kind, call <phone>"
    assert Masker(RedactOptions(names_model=str(tmp_path / "names"))).mask(text).text == "<name> was kind, call <phone>"


def test_a_model_that_is_not_there_or_finds_nobody_is_named(tmp_path):
    import spacy

    with pytest.raises(ConfigError, match="no-such-model"):
        Masker(RedactOptions(names_model="no-such-model"))
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ConfigError, match="no persons"):
        Masker(RedactOptions(names_model=str(tmp_path / "blank")))


@pytest.mark.parametrize(
    "cell", ["1 ", "12345 ", "1", "123-", "a1", "order 12345 ", "a.b@", "at ", "x dot ", "+", "(", "b.c/"]
)
def test_hostile_cells_cost_linear_time(cell):
    import time

    masker = Masker(RedactOptions())
    masker.mask("warm 020 7946 0958 jo@example.com")
    start = time.process_time()
    masker.mask(cell * (110_000 // len(cell)))
    assert time.process_time() - start < 3  # a second on a machine of its own
