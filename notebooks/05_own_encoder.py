# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own encoder, and BERTopic
#
# `verbatim` brings an encoder, and takes any other: an object with a `card` and `encode(comments, spans)`. Themes travel to
# BERTopic and back, for its plots and tools, and keep their ids.

# %%
import hashlib

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import HashingVectorizer

import verbatim as vb
from verbatim.records import EncoderCard
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text.encoder import EncoderOptions, load_encoder

survey = vb.read_survey(simulate_survey(SimulationOptions(n=600, seed=9)).table)

# %% [markdown]
# ## An encoder of your own
#
# The simplest that could work: words hashed into 256 numbers. The hash on the card is what a theme model remembers: it refuses
# vectors of another encoder.


# %%
class HashedWords:
    """Reads a span by its words alone."""

    def __init__(self) -> None:
        self.words = HashingVectorizer(n_features=256, alternate_sign=False, stop_words="english")
        self.card = EncoderCard("hashed words", hashlib.sha256(b"hashed words, 256").hexdigest(), 256)

    def encode(self, comments, spans, progress=None):
        """Return unit vectors (n_spans, 256); what stands around a span is not looked at."""
        texts = [comments[row][start:end] for row, start, end in spans]
        return np.asarray(self.words.transform(texts).todense(), dtype=np.float32)


own = vb.analyze(survey, encoder=HashedWords())
own.themes.model

# %% [markdown]
# ## The packaged encoder, for comparison

# %%
packaged = vb.analyze(survey)
without = pd.Series(
    {
        name: 1 - one.mentions.table["response_id"].nunique() / one.spans.table["response_id"].nunique()
        for name, one in (("hashed words", own), ("packaged", packaged))
    }
)
print("comments without a theme:", without.map("{:.0%}".format).to_dict())

# %% [markdown]
# ## To BERTopic and back
#
# BERTopic numbers topics by size; its labels carry our ids, so nothing is lost on the way back.

# %%
model = packaged.themes.model
topics = model.to_bertopic()
topics.get_topic_info()[["Topic", "Count", "CustomName"]].head()

# %%
back, ids = vb.ThemeModel.from_bertopic(topics, model.members["text"].tolist(), load_encoder(EncoderOptions()))
kept = {theme.theme_id for theme in back.themes} & {theme.theme_id for theme in model.themes}
print(f"{len(kept)} of {len(back.themes)} themes came back with the id they had:", dict(list(ids.items())[:4]))
