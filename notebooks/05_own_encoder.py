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
# `verbatim` brings an encoder and takes any other: an object with a `card` and `encode(comments, spans)`. Here one is made
# in ten lines and measured beside the packaged one, on a survey whose true themes are known. Then the themes travel to
# BERTopic, for its plots and tools, and back, with the ids they had.

# %%
import hashlib

import altair as alt
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import HashingVectorizer

import verbatim as vb
from verbatim.records import EncoderCard
from verbatim.simulate import SimulationOptions, found_beside_planted, simulate_survey
from verbatim.text.encoder import EncoderOptions, load_encoder

simulated = simulate_survey(SimulationOptions(n=600, seed=9))
survey = vb.read_survey(simulated.table)

# %% [markdown]
# ## An encoder of your own
#
# The simplest that could work: words hashed into 256 numbers. An encoder sees the whole comment and the place of the span
# in it; this one looks at the span's words alone. The hash on the card is what a theme model remembers it by: vectors of
# another encoder are refused, with a sentence.


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
# ## Is it any good?
#
# Two questions for any encoder: how many comments find a theme, and how many of the planted themes are found.

# %%
packaged = vb.analyze(survey)


def judged(analysis):
    """Share of comments with a theme, and of planted themes that some found theme speaks of."""
    text = analysis.spans.table.set_index("span_id")["text"]
    texts = {theme.theme_id: [theme.name, *text.loc[list(theme.exemplars)]] for theme in analysis.themes.themes}
    planted = found_beside_planted(simulated.truth, analysis.drivers.leaves(), texts)
    held, spoke = (table["response_id"].nunique() for table in (analysis.mentions.table, analysis.spans.table))
    return {"comments with a theme": held / spoke, "planted themes found": planted["found_name"].notna().mean()}


figures = pd.DataFrame({"hashed words": judged(own), "packaged": judged(packaged)})
long = figures.rename_axis("measure").reset_index().melt("measure", var_name="encoder", value_name="share")
alt.Chart(long).mark_bar().encode(
    x=alt.X("share:Q", axis=alt.Axis(format="%"), title=None, scale=alt.Scale(domain=[0, 1])),
    y=alt.Y("encoder:N", title=None), color=alt.Color("encoder:N", legend=None),
    row=alt.Row("measure:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
).properties(width=360)  # fmt: skip

# %% [markdown]
# In a simulated survey customers repeat their words, which flatters hashed ones. Read the themes themselves, too.

# %%
names = {name: [theme.name for theme in one.themes.themes if theme.kind == "subject"] for name, one in
         (("hashed words", own), ("packaged", packaged))}  # fmt: skip
pd.DataFrame({name: pd.Series(found) for name, found in names.items()}).head(12).fillna("")

# %% [markdown]
# ## To BERTopic
#
# A BERTopic with these themes as its topics, for all of its plots and tools. It numbers topics by size; its labels carry
# our ids.

# %%
model = packaged.themes.model
topics = model.to_bertopic()
topics.get_topic_info()[["Topic", "Count", "CustomName", "Representation"]].head()

# %%
topics.visualize_barchart(top_n_topics=6, custom_labels=True)

# %% [markdown]
# ## And back
#
# The comments that have a theme are what BERTopic was given. `from_bertopic` reads them anew and returns a model, and which
# topic number became which id. A BERTopic you fitted yourself comes in the same way; its topics get new ids, by size.

# %%
texts = model.members.query("theme_id != ''")["text"].tolist()
back, ids = vb.ThemeModel.from_bertopic(topics, texts, load_encoder(EncoderOptions()))
kept = {theme.theme_id for theme in back.themes} & {theme.theme_id for theme in model.themes}
print(f"{len(kept)} of {len(back.themes)} themes came back with the id they had:", dict(list(ids.items())[:4]))

# %%
again = vb.analyze(survey, model=back)
pd.DataFrame(
    [(theme.theme_id, theme.name, theme.n_spans) for theme in again.themes.themes],
    columns=["theme_id", "name", "n_spans"],
).head()
