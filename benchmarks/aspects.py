"""Reviews with ratings of single aspects: how far the sentiment of a mention agrees with the rating."""

from pathlib import Path

import numpy as np
import pandas as pd

import verbatim as vb
from verbatim.records import Mentions, Spans, Survey
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions, load_encoder
from verbatim.text.redact import redact
from verbatim.text.sentiment import score_sentiment
from verbatim.text.split import split_comments
from verbatim.themes.attach import attach_themes
from verbatim.themes.codebook import Codebook, CodebookTheme
from verbatim.themes.discover import find_themes

MEAN_GOAL, FEWEST = 0.70, 100
ASPECTS = {
    "hotels": {
        "cleanliness": "clean rooms, dirty, stains, dust, smell, housekeeping",
        "value": "price, what it costs, value for money, expensive, cheap, fees",
        "location": "where the hotel is, walking distance, neighborhood, close to sights and transport",
        "rooms": "room size, furniture, bathroom, shower, view, decor",
        "sleep_quality": "bed, mattress, pillows, noise at night, quiet, sleep",
    },
    "airline_seat": {
        "seat_legroom_rating": "legroom, space for legs and knees, seat pitch",
        "seat_recline_rating": "recline, seat back, lie flat, seat in front reclining",
        "seat_width_rating": "seat width, narrow seats, wide, shoulder room",
        "aisle_space_rating": "aisle, cabin layout, room to get out and move around",
        "viewing_tv_rating": "screen, TV, films, entertainment system",
        "power_supply_rating": "power socket, USB, charging",
        "seat_storage_rating": "storage, overhead bins, room for bags, seat pocket",
    },
}
_STARS = {1: 0, 2: 3, 3: 5, 4: 8, 5: 10}  # 5 promoter, 3 and below detractor


def agreements(data: Path) -> pd.DataFrame:
    """``set, aspect, n, vader, ours, overall`` of the aspects with at least 100 rated mentions.

    ``overall``: how far the overall rating alone agrees with that of the aspect, the halo that customers' ratings have.
    """
    return pd.concat([_agreement(data, name) for name in ASPECTS], ignore_index=True)


def reviews(data: Path, name: str) -> tuple[Survey, pd.DataFrame]:
    """Return the reviews as a survey whose score is the overall rating, and the aspects' ratings by response."""
    table = pd.read_csv(data / "reviews" / f"{name}.csv")
    hotels = name == "hotels"
    score = table["overall"].map(_STARS) if hotels else table["overall_rating"]
    ids = [f"{row:06d}" for row in range(len(table))]
    asked = pd.DataFrame({"id": ids, "score": score, "comment": table["text" if hotels else "content"]})
    survey = vb.read_survey(asked, response_id="id", score="score", comment="comment", segments=[])
    return redact(survey), table[list(ASPECTS[name])].set_axis(ids, axis=0)


def codebook(name: str) -> Codebook:
    """Return the aspects' names with a line each; the reviews speak of other things too."""
    named = ((aspect.removesuffix("_rating").replace("_", " "), line) for aspect, line in ASPECTS[name].items())
    return Codebook(tuple(CodebookTheme(aspect, line) for aspect, line in named), covers="part")


def _agreement(data: Path, name: str) -> pd.DataFrame:
    survey, ratings = reviews(data, name)
    encoder, spans = load_encoder(EncoderOptions()), split_comments(survey)
    embedding = embed_spans(survey, spans, encoder=encoder)
    spans, reading = score_sentiment(survey, spans, embedding, encoder)
    assert reading.learned, reading.notes
    scored, themes = find_themes(spans, embedding, encoder, codebook=codebook(name))
    overall = survey.responses.set_index("response_id")["score"].astype(float)
    vader = _with_vader(scored)
    rows = []
    for aspect in ASPECTS[name]:
        said = aspect.removesuffix("_rating").replace("_", " ")
        theme = next(theme.theme_id for theme in themes.themes if theme.name == said)
        beside = pd.DataFrame({"rating": ratings[aspect], "overall": overall}).rename_axis("response_id")
        for column, each in (("ours", scored), ("vader", vader)):
            beside[column] = _mentioned(attach_themes(each, themes.themes), theme)
        rated = beside.dropna()
        if len(rated) >= FEWEST:
            r = rated.corr()["rating"]
            rows.append((name, said, len(rated), r["vader"], r["ours"], r["overall"]))
    return pd.DataFrame(rows, columns=["set", "aspect", "n", "vader", "ours", "overall"])


def _with_vader(spans: Spans) -> Spans:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    judge = SentimentIntensityAnalyzer()
    tones = np.array([judge.polarity_scores(text)["compound"] for text in spans.table["text"]])
    return Spans(spans.table.assign(sentiment=tones))


def _mentioned(mentions: Mentions, theme: str) -> pd.Series:
    table = mentions.table[mentions.table["theme_id"] == theme]
    return table.set_index("response_id")["sentiment"]
