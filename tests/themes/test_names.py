import numpy as np
import pytest

from verbatim.text.encoder import encode_alone
from verbatim.text.vocabulary import vocabulary
from verbatim.themes.names import name_themes

LINKS = {"of", "for", "to", "with", "in", "on", "at", "from", "by", "about", "without", "the"}
PARTICLES = {"up", "out", "off", "down", "back", "with"}
GROUPS = {
    "engineer": [
        "the engineer never turned up",
        "engineer visit missed again",
        "waited in for the engineer visit",
        "two missed engineer visits",
        "no engineer visit on the day",
        "the engineer visit was cancelled",
    ],
    "price": [
        "the price went up",
        "price increase without warning",
        "another price increase",
        "unfair price increase",
        "a price increase every year",
    ],
    "staff": [
        "friendly staff",
        "very friendly staff",
        "the staff were friendly",
        "helpful and friendly staff",
        "friendly staff in the shop",
    ],
    "router": [
        "slow internet",
        "the internet is slow",
        "slow internet in the evening",
        "my internet is so slow",
        "internet slow again",
    ],
}


def named(groups, encoder, wanted=None, language="en"):
    texts = [text for spans in groups for text in spans]
    labels = np.repeat(np.arange(len(groups)), [len(spans) for spans in groups])
    return name_themes(
        texts, encode_alone(encoder, texts), labels, wanted or [True] * len(groups), encoder, vocabulary(language)
    )  # fmt: skip


@pytest.fixture(scope="module")
def names(encoder):
    return [name.name for name in named(list(GROUPS.values()), encoder).values()]


def test_plain_groups_get_the_name_a_person_would_give(names):
    assert "engineer visit" in names[0].lower()
    assert names[1].lower() == "price increase"
    assert names[2].lower() == "friendly staff"
    assert names[3].lower() == "slow internet"


def with_spans(analysis):
    """Themes that spans belong to: broader themes are named after those under them."""
    used = set(analysis.spans.table["theme_id"].dropna())
    return [theme for theme in analysis.themes.themes if theme.theme_id in used]


def test_names_of_a_run_are_readable(small_analysis):
    known = vocabulary("en")
    names = [theme.name for theme in small_analysis.themes.themes]
    assert len({name.lower() for name in names}) == len(names)
    for theme in with_spans(small_analysis):
        words = theme.name.lower().removeprefix("unclear: ").split()
        assert 1 <= len(words) <= 6 and sum(word not in LINKS for word in words) <= 4
        assert theme.name[0].isupper() and "<" not in theme.name
        if theme.kind == "subject" and not theme.name.startswith("Unclear: "):
            assert known.is_content(words[-1]) or words[-1] in PARTICLES
            assert known.is_content(words[0]) or words[0] in known.evaluative | {"no", "not", "unable"}


def test_few_names_of_a_run_are_unclear(small_analysis):
    unclear = [theme.name for theme in small_analysis.themes.themes if theme.name.startswith("Unclear: ")]
    assert len(unclear) <= 0.2 * len(small_analysis.themes.themes), unclear


def test_a_name_is_made_of_the_theme_s_own_words(small_analysis):
    known, table = vocabulary("en"), small_analysis.spans.table
    for theme in with_spans(small_analysis):
        if theme.kind == "subject":
            own = table.loc[table["theme_id"] == theme.theme_id, "text"]
            said = {known.stem(word) for text in own for word in known.content_words(text)}
            name = theme.name.removeprefix("Unclear: ")
            assert {known.stem(word) for word in known.content_words(name)} <= said


def test_definitions_quote_customers_word_for_word(small_analysis):
    table = small_analysis.spans.table
    for theme in with_spans(small_analysis):
        if theme.kind == "subject":
            own = set(table.loc[table["theme_id"] == theme.theme_id, "text"])
            quotes = theme.definition.removeprefix("Customers say: ").strip("\u201c\u201d").split("\u201d; \u201c")
            assert 1 <= len(quotes) <= 2 and set(quotes) <= own


def test_only_wanted_themes_with_spans_are_named(encoder):
    groups = [*list(GROUPS.values())[:2], []]
    assert set(named(groups, encoder, [True, False, True])) == {0}
    assert named([[]], encoder) == {}


def test_a_placeholder_is_no_name(encoder):
    name = named([["mail <email> again", "<email> bounced mail", "mail <email>"]], encoder)[0].name
    assert "<" not in name


def test_alike_groups_get_different_names(encoder):
    groups = [GROUPS["price"], GROUPS["price"], GROUPS["price"]]
    names = [name.name for name in named(groups, encoder).values()]
    assert len(set(names)) == 3


@pytest.mark.parametrize("spans", [["it is so", "so it is"], ["10", "7"], ["<email>", "<phone>"]])
def test_groups_without_a_phrase_still_get_a_readable_name(encoder, spans):
    names = named([spans, GROUPS["price"], spans], encoder)
    assert len({name.name for name in names.values()}) == 3
    assert all(name.name.strip() and "<" not in name.name for name in names.values())
    assert names[1].name == "Price increase" and names[0].name.startswith("Unclear")


def test_a_name_does_not_contradict_its_theme(encoder):
    spans = [
        "helpful staff? never",
        "staff not helpful",
        "rude staff",
        "the staff were rude",
        "staff are rude and unhelpful",
    ]
    name = named([spans, GROUPS["price"]], encoder)[0].name.lower()
    assert "rude" in name or "not" in name


def test_names_keep_the_case_customers_write(encoder):
    spans = ["KLM flight", "the KLM flight", "a KLM flight home", "LOST THE FLIGHT", "our klm flight"]
    assert named([spans, GROUPS["price"]], encoder)[0].name == "KLM flight"


def test_portuguese_names(encoder):
    groups = [
        ["o limite do cartão é baixo", "limite do cartão", "aumentar o limite do cartão"],
        ["atendimento ruim", "péssimo atendimento", "o atendimento é ruim"],
    ]
    names = [name.name.lower() for name in named(groups, encoder, language="pt").values()]
    assert "limite" in names[0] and "atendimento" in names[1]


def test_a_mixed_theme_gets_a_neutral_name(encoder):
    spans = [
        "better price",
        "a better price",
        "good price",
        "price too high",
        "high price",
        "expensive price",
        "dear price",
    ]
    assert named([spans, GROUPS["staff"]], encoder)[0].name == "Price"


def test_a_theme_of_nothing_in_common_is_unclear(encoder):
    spans = ["see my notes", "the children slept", "purple umbrella", "read it there", "a walk in June", "ask Peter"]
    groups = [spans * 2, *GROUPS.values()]
    names = named(groups, encoder)
    assert names[0].unclear and names[0].name.startswith("Unclear: ")
    assert not any(names[row].unclear for row in range(1, len(groups)))
    assert names[0].score < min(names[row].score for row in range(1, len(groups)))


def test_the_company_s_own_name_names_no_theme(encoder):
    topics = ["late parcel", "rude staff", "slow website", "high price", "broken glass", "wrong size"]
    groups = [[f"{topic} from Acme" for _ in range(3)] + [f"Acme and its {topic}", topic] for topic in topics]
    assert not any("acme" in name.name.lower() for name in named(groups, encoder).values())


def test_row_order_changes_no_name(encoder):
    forward = named(list(GROUPS.values()), encoder)
    backward = named([list(reversed(spans)) for spans in GROUPS.values()], encoder)
    assert [name.name for name in forward.values()] == [name.name for name in backward.values()]
