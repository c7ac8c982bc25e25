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
# # Quickstart: from comments to pain points
#
# An NPS survey asks "how likely are you to recommend us, 0-10?" and then "why?". This notebook takes one such survey
# from file to decision: what customers talk about, how many NPS points each theme costs, how sure that is, and what
# they say about it. The survey is simulated, so at the end the true answer can be set beside the one that was found.
# Nothing is downloaded or sent anywhere.

# %%
import altair as alt
import pandas as pd

import verbatim as vb
from verbatim.simulate import SimulationOptions, found_beside_planted, simulate_survey

pd.set_option("display.max_colwidth", 120)

# %% [markdown]
# ## The survey
#
# 1,200 customers of a supermarket that delivers. The table is what a survey tool exports: a score, a comment that many
# left empty, and columns that group customers.

# %%
simulated = simulate_survey(SimulationOptions(n=1_200, seed=7))
simulated.table.head()

# %% [markdown]
# `read_survey` takes a file (CSV, Excel, Parquet) or a DataFrame. It says what it took each column for; name the
# columns yourself where it guessed wrong (`vb.read_survey("survey.csv", score="Q1", comment="Q2")`).

# %%
survey = vb.read_survey(simulated.table)
pd.DataFrame([(column.name, column.role, column.reason) for column in survey.reading.columns],
             columns=["column", "role", "why"])  # fmt: skip

# %% [markdown]
# ## The analysis
#
# One call: mask personal data, cut comments into spans that make one point each, embed them, find themes, read their
# tone, and estimate what each theme does to the NPS. Finding and naming themes never sees a score.

# %%
analysis = vb.analyze(survey)
nps = analysis.drivers.nps
print(f"NPS {nps.score:+.1f} [{nps.low:.1f}, {nps.high:.1f}] from {nps.n:,} scored responses")
pd.Series(analysis.manifest["ledger"], name="rows").to_frame().T

# %% [markdown]
# ## What costs most
#
# Rank 1 is the most harmful. `effect` is in NPS points on the whole population, with a 95 % interval and adjusted for
# the other themes and the segments; `leave_out` is the number most tools show. `above_noise` marks themes that chance
# alone would not explain, all themes tested together. An effect is arithmetic on associations, not a forecast.

# %%
drivers = analysis.drivers.leaves().dropna(subset=["rank"]).sort_values("rank")
columns = ["rank", "name", "n_responses", "share", "leave_out", "effect", "effect_low", "effect_high", "above_noise"]
drivers[columns].head(8).style.format(precision=1).format("{:.1%}", subset=["share"]).hide()

# %%
names = alt.Y("name:N", sort=drivers["name"].tolist(), title=None, axis=alt.Axis(labelLimit=220))
forest = alt.Chart(drivers[["name", "effect", "effect_low", "effect_high", "above_noise"]]).encode(y=names)
intervals = forest.mark_rule().encode(
    x=alt.X("effect_low:Q", title="effect on NPS, points (95 % interval)"), x2="effect_high:Q"
)
points = forest.mark_point(filled=True, size=70).encode(
    x="effect:Q", color=alt.Color("above_noise:N", title="above noise", scale=alt.Scale(range=["#9aa0a6", "#b3261e"]))
)
zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(strokeDash=[3, 3], color="#5f6368").encode(x="x:Q")
(zero + intervals + points).properties(width=460, title="What each theme adds to or takes from the NPS")

# %% [markdown]
# ## What they say
#
# Every quote is a piece of a comment, character for character. Here is the most harmful theme, its most typical spans
# first.

# %%
worst = drivers.iloc[0]
spans = analysis.spans.table.query("theme_id == @worst.theme_id").sort_values("similarity", ascending=False)
scores = survey.responses.set_index("response_id")["score"]
print(f"{worst['name']}: {worst.effect:+.1f} points [{worst.effect_low:.1f}, {worst.effect_high:.1f}]")
quotes = spans.assign(score=spans["response_id"].map(scores)).drop_duplicates("text")
quotes[["score", "text", "sentiment"]].head(6).style.format(precision=2).hide()

# %% [markdown]
# ## Planted beside found
#
# The simulation knows the truth: the NPS as generated, less the NPS of the same customers with one theme switched off.
# A planted theme may be found in several parts (its complaints and its praise, or two ways of saying it); the name and
# the interval are of the largest part, and `effect_together` adds the parts up. With 1,200 responses, half of them
# silent, expect intervals of several points, and themes that few speak of to be missed.

# %%
text = analysis.spans.table.set_index("span_id")["text"]
theme_texts = {theme.theme_id: [theme.name, *text.loc[list(theme.exemplars)]] for theme in analysis.themes.themes}
recovery = found_beside_planted(simulated.truth, analysis.drivers.leaves(), theme_texts)
shown = ["planted_name", "true_effect", "found_name", "effect", "effect_low", "effect_high", "n_found",
         "effect_together"]  # fmt: skip
recovery[shown].style.format(precision=1, na_rep="").hide()

# %%
found = recovery.dropna(subset=["effect"])
off = (found["effect_together"] - found["true_effect"]).abs().mean()
print(f"{len(found)} of {len(recovery)} planted themes were found; on average {off:.1f} points from the truth")

# %% [markdown]
# ## The next wave
#
# The themes are a model: save it, load it, and apply it to the next survey. Theme ids stay, so waves can be compared.
# The files are data (JSON, Parquet, safetensors), never code.

# %%
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp()) / "wave-1"
analysis.themes.model.save(folder)
model = vb.ThemeModel.load(folder)
sorted(path.name for path in folder.iterdir())

# %%
next_survey = vb.read_survey(simulate_survey(SimulationOptions(n=1_200, seed=8)).table)
later = vb.analyze(next_survey, model=model)
both = drivers.merge(later.drivers.leaves(), on=["theme_id", "name"], suffixes=("", " next"))
both[["theme_id", "name", "share", "share next", "effect", "effect next"]].head(8).style.format(precision=1).format(
    "{:.1%}", subset=["share", "share next"]
).hide()

# %% [markdown]
# From here: `verbatim run survey.csv --out run/` does the same from the command line and writes a report to open in
# any browser; `vb.Analysis.load("run/")` brings such a run back into a notebook.
