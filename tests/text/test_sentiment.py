from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.text.embed import embed_spans
from verbatim.text.lexical import LexicalEncoder
from verbatim.text.sentiment import SentimentOptions, score_sentiment
from verbatim.text.split import SplitOptions, split_comments

GOOD = (
    "Lovely and helpful staff",
    "Fast delivery",
    "Everything worked first time",
    "Really easy to use",
    "Kind driver",
)
BAD = (
    "Rude and useless staff",
    "Delivery never came",
    "It broke after a day",
    "Very confusing to use",
    "Waited for hours",
)
SUBJECTS = ("in the shop", "on the phone", "last week", "again", "in Leeds", "this month", "at home", "for my mother")


def survey_of(table):
    return vb.read_survey(table, score="NPS", comment="why", response_id="id", respondent_id="who")


def table_of(n, seed, texts, score):
    """Make ``n`` responses: ``texts(i, rng)`` says what, ``score(i, rng)`` scores."""
    rng = np.random.default_rng(seed)
    rows = [(f"r{i:04d}", f"p{i:04d}", score(i, rng), texts(i, rng)) for i in range(n)]
    return pd.DataFrame(rows, columns=["id", "who", "NPS", "why"])


def scored(table, encoder, options=None, language="en"):
    survey = survey_of(table)
    spans = split_comments(survey, SplitOptions(language="en"))
    embedding = embed_spans(survey, spans, encoder=encoder)
    return score_sentiment(survey, spans, embedding, encoder, language, options)


def telling(i, rng):
    return f"{rng.choice(GOOD if i % 2 else BAD)} {rng.choice(SUBJECTS)}"


@pytest.fixture(scope="module")
def learned(encoder):
    table = table_of(400, 0, telling, lambda i, rng: int(rng.integers(9, 11) if i % 2 else rng.integers(0, 7)))
    return scored(table, encoder)


def test_plainly_positive_and_negative_spans_are_told_apart(learned):
    table = learned[0].table
    good = table["text"].str.startswith(GOOD)
    assert learned[1].learned and learned[1].notes[0].startswith(
        "Sentiment was learned from the scores of 200 promoters"
    )
    assert ((table["sentiment"] > 0) == good).mean() > 0.95
    assert table.loc[good, "sentiment"].quantile(0.05) > table.loc[~good, "sentiment"].quantile(0.95)


def test_sentiment_is_between_minus_one_and_one_and_never_missing(learned, small_analysis):
    for table in (learned[0].table, learned[1].comments, small_analysis.spans.table):
        assert table["sentiment"].between(-1, 1).all()
        assert (table["sentiment"] == table["sentiment"].round(4)).all()


def test_a_text_never_meets_its_own_score(encoder):
    """Words that say nothing about the score: sentiment must not know it, whatever the model could memorise."""
    words = [
        "copper",
        "window",
        "garden",
        "ladder",
        "pepper",
        "saddle",
        "candle",
        "marble",
        "ribbon",
        "tunnel",
        "velvet",
    ]

    def noise(i, rng):
        return " ".join(rng.choice(words, 4))

    table = table_of(600, 3, noise, lambda i, rng: int(rng.choice([0, 10])))
    spans, reading = scored(table, encoder)
    score = spans.table["response_id"].map(table.set_index("id")["NPS"])
    assert reading.learned
    assert abs(np.corrcoef(score, spans.table["sentiment"])[0, 1]) < 0.12
    assert abs(reading.auc - 0.5) < 0.07


def test_copies_of_a_text_do_not_leak_their_scores(encoder):
    """Six texts, each always with its own score: a copy in another fold would give it away."""
    texts = ["copper window", "garden ladder", "pepper saddle", "candle marble", "ribbon tunnel", "velvet anchor"]
    table = table_of(
        480, 4, lambda i, rng: texts[i % 6] + "!" * (i % 3), lambda i, rng: 10 if i % 6 in (0, 2, 5) else 0
    )
    spans, _ = scored(table, encoder)
    high = spans.table["text"].str.startswith(("copper", "pepper", "velvet"))
    assert spans.table.loc[high, "sentiment"].mean() < spans.table.loc[~high, "sentiment"].mean() + 0.3


def test_a_respondent_is_read_by_a_model_that_never_saw_them(encoder):
    """Turning one respondent's scores round leaves the sentiment of their own spans alone."""
    table = table_of(400, 5, telling, lambda i, rng: 10 if i % 2 else 0)
    table["who"] = [f"p{i // 4:04d}" for i in range(400)]
    turned = table.assign(NPS=np.where(table["who"] == "p0007", 10 - table["NPS"], table["NPS"]))
    before, after = (scored(each, encoder)[0].table for each in (table, turned))
    own = before["response_id"].isin(table.loc[table["who"] == "p0007", "id"])
    assert before.loc[own, "sentiment"].tolist() == after.loc[own, "sentiment"].tolist()
    assert before.loc[~own, "sentiment"].tolist() != after.loc[~own, "sentiment"].tolist()


def test_only_the_span_s_own_words_are_read(encoder):
    """The vectors in context do not matter: they know the rest of the comment."""
    table = table_of(240, 6, telling, lambda i, rng: 10 if i % 2 else 0)
    survey = survey_of(table)
    spans = split_comments(survey, SplitOptions(language="en"))
    embedding = embed_spans(survey, spans, encoder=encoder)
    blind = replace(
        embedding, in_context=np.zeros_like(embedding.in_context), of_pieces=np.zeros_like(embedding.of_pieces)
    )
    tables = [score_sentiment(survey, spans, each, encoder)[0].table for each in (embedding, blind)]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize(
    ("n", "score", "counts"),
    [
        (150, lambda i, rng: 10 if i % 2 else 0, "75 comments of promoters and 75 of detractors"),
        (300, lambda i, rng: 10 if i % 20 else 0, "285 comments of promoters and 15 of detractors"),
        (300, lambda i, rng: 8, "0 comments of promoters and 0 of detractors"),
    ],
    ids=["few comments", "few detractors", "passives only"],
)
def test_too_few_scores_fall_back_and_say_so(encoder, n, score, counts):
    table = table_of(n, 7, telling, score)
    table.loc[0, "NPS"] = 7
    if n == 150 or counts.startswith("285"):
        counts = counts.replace("and 75", "and 74").replace("and 15", "and 14")
    spans, reading = scored(table, encoder)
    (note,) = reading.notes
    assert not reading.learned and reading.estimated.empty and reading.estimate_quality.empty
    assert note.startswith("Sentiment was not learned from the scores: " + counts)
    assert note.endswith("sentences of praise and complaint to compare with.")
    good = spans.table["text"].str.startswith(GOOD)
    assert spans.table.loc[good, "sentiment"].mean() > spans.table.loc[~good, "sentiment"].mean() + 0.2


def test_the_minimum_can_be_set(encoder):
    table = table_of(150, 7, telling, lambda i, rng: 10 if i % 2 else 0)
    assert scored(table, encoder, SentimentOptions(min_comments=100))[1].learned


def test_a_language_without_sentences_says_that_it_is_zero():
    table = table_of(30, 7, telling, lambda i, rng: 10 if i % 2 else 0)
    spans, reading = scored(table, LexicalEncoder.fit(table["why"].tolist(), "xx"), language="xx")
    assert (spans.table["sentiment"] == 0).all() and (reading.comments["sentiment"] == 0).all()
    assert reading.notes[0].endswith("so it is 0 throughout.")


def test_unscored_responses_have_sentiment_too(encoder):
    table = table_of(260, 8, telling, lambda i, rng: 10 if i % 2 else 0).astype({"NPS": "object"})
    table.loc[:9, "NPS"] = ""
    spans, reading = scored(table, encoder)
    assert reading.learned and spans.table["sentiment"].notna().all()


def test_the_spans_given_are_not_changed(encoder):
    survey = survey_of(table_of(30, 9, telling, lambda i, rng: 10 if i % 2 else 0))
    spans = split_comments(survey, SplitOptions(language="en"))
    score_sentiment(survey, spans, embed_spans(survey, spans, encoder=encoder), encoder)
    assert spans.table["sentiment"].isna().all()


def test_scores_and_sentences_do_without_a_lexicon(encoder):
    table = table_of(400, 0, telling, lambda i, rng: 10 if i % 2 else 0)
    spans, reading = scored(table, encoder, SentimentOptions(lexicon=False))
    good = spans.table["text"].str.startswith(GOOD)
    assert ((spans.table["sentiment"] > 0) == good).mean() > 0.9
    assert "taught" not in reading.notes[0]


def test_a_language_without_a_lexicon_learns_from_its_scores():
    table = table_of(400, 0, telling, lambda i, rng: 10 if i % 2 else 0)
    _, reading = scored(table, LexicalEncoder.fit(table["why"].tolist(), "xx"), language="xx")
    assert reading.learned and reading.auc > 0.95


def test_zero_is_neutral_whatever_the_nps(encoder):
    """Mostly promoters: complaints stay below 0, praise above."""
    table = table_of(500, 1, lambda i, rng: telling(i % 10 != 0, rng), lambda i, rng: 10 if i % 10 else 0)
    told = scored(table, encoder)[0].table
    good = told["text"].str.startswith(GOOD)
    assert told.loc[good, "sentiment"].median() > 0.1 and told.loc[~good, "sentiment"].median() < -0.1


def test_rows_in_another_order_give_the_same_numbers(encoder):
    table = table_of(300, 2, telling, lambda i, rng: 10 if i % 2 else 3)
    one, other = (scored(each, encoder) for each in (table, table.sample(frac=1, random_state=5)))
    pd.testing.assert_frame_equal(one[0].table, other[0].table)
    pd.testing.assert_frame_equal(one[1].comments, other[1].comments)
    pd.testing.assert_frame_equal(one[1].calibration, other[1].calibration)


def test_an_empty_table_of_spans_is_read(encoder):
    table = table_of(12, 2, lambda i, rng: "", lambda i, rng: 10 if i % 2 else 3)
    spans, reading = scored(table, encoder)
    assert spans.table.empty and reading.comments.empty and reading.auc is None and not reading.learned
