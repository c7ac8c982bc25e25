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
# # Hand-coding and refining
#
# How far can the machine's themes be trusted? Two minutes give a first answer, a coded sample a full one: precision,
# recall, agreement of two coders, and effects corrected for tagging error. Here the coders are simulated; yours use the
# file that `verbatim sample` writes.

# %%
import tempfile
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

import verbatim as vb
from verbatim import run_folder
from verbatim.coding.trust import trust_precision, trust_questions
from verbatim.commands.hand_coding import sample_comments, score_coding
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.themes.attach import mention_matrix

survey = vb.read_survey(simulate_survey(SimulationOptions(n=900, seed=6)).table)
analysis = vb.analyze(survey)

# %% [markdown]
# ## Two minutes
#
# Comments counted under the most harmful themes, drawn at random. In a terminal `verbatim trust RUN` asks one by one.

# %%
questions = trust_questions(analysis, themes=2, each=10)
answers = {row: row % 7 != 3 for row in questions.index}  # yours: read each comment, say True or False
trust_precision(questions, answers).style.format("{:.0%}", subset=["precision", "low", "high"]).hide()

# %% [markdown]
# ## A coded sample
#
# 150 comments, likelier the more they tell about rare themes, each with the chance it had. Every theme is asked for
# every comment, with an explicit 0.

# %%
folder = Path(tempfile.mkdtemp())
run = run_folder.write(analysis, folder / "run", lambda folder: None)
sample_comments(run, folder / "code.csv", n=150)
sheet = pd.read_csv(folder / "code.csv", dtype={"response_id": "str"})
sheet.iloc[:3, [0, 1, 2, 3, -1]]

# %%
themes = sheet.columns[2:-1]
truth = mention_matrix(analysis.mentions, sheet["response_id"], [name.split()[0] for name in themes]).to_numpy()


def coded(seed: int, slips: float) -> Path:
    """Code like the machine, but for what it overlooked or invented and for slips of the pen."""
    draw = np.random.default_rng(seed)
    people = np.where(np.random.default_rng(0).random(truth.shape) < np.where(truth, 0.15, 0.01), 1 - truth, truth)
    people = np.where(draw.random(truth.shape) < slips, 1 - people, people)
    file = folder / f"coder{seed}.csv"
    sheet.assign(**dict(zip(themes, people.T, strict=True))).to_csv(file, index=False)
    return file


found = score_coding(analysis, [coded(1, 0.0), coded(2, 0.01)])
found.quality[["name", "n_people", "precision", "recall", "f1", "alpha", "alpha_low", "alpha_high"]].style.format(
    precision=2, na_rep=""
).hide()

# %%
bars = alt.Chart(found.quality).encode(y=alt.Y("name:N", sort="-x", title=None))
(
    bars.mark_rule().encode(x=alt.X("f1_low:Q", title="F1, 95 % interval"), x2="f1_high:Q")
    + bars.mark_point(filled=True).encode(x="f1:Q")
).properties(width=420)

# %%
print(*found.sentences, sep="\n")

# %% [markdown]
# ## Corrected effects
#
# A correction from few labels is further off than none, so it is only given once there are enough. Here the survey is
# small enough to code every comment.

# %%
sample_comments(run, folder / "all.csv", n=10_000)
sheet = pd.read_csv(folder / "all.csv", dtype={"response_id": "str"})
truth = mention_matrix(analysis.mentions, sheet["response_id"], [name.split()[0] for name in themes]).to_numpy()
full = score_coding(analysis, [coded(3, 0.0)])
columns = ["name", "precision", "recall", "effect", "effect_corrected", "corrected_low", "corrected_high"]
full.correction.table[columns].head(10).style.format(precision=2).hide()

# %% [markdown]
# ## Refine
#
# The codes can also teach. Suppose people mean more by the largest theme than the machine does: whatever names it at all.
# `refine` learns that from the coded comments, changes only themes that are tagged better by it, and judges each coded
# comment without its own coding. So the same codes may still say how good the new model is.

# %%
from verbatim.commands.refining import refine

asked = {name.split()[0]: name for name in themes}
largest = max((one for one in analysis.themes.themes if one.theme_id in asked), key=lambda theme: theme.n_spans)
named = sheet["comment"].str.lower().str.contains("|".join(largest.keywords[:3]))
codes = dict(zip(themes, truth.T, strict=True)) | {asked[largest.theme_id]: named.astype(int)}
sheet.assign(**codes).head(200).to_csv(folder / "taught.csv", index=False)
done = refine(analysis, folder / "taught.csv")
print(*done.sentences, sep="\n")
shown = ["name", "learnt", "precision_before", "precision", "recall_before", "recall", "f1_before", "f1"]
done.quality.sort_values("learnt", ascending=False)[shown].head(5).style.format(precision=2, na_rep="").hide()

# %% [markdown]
# Did it learn? The comments that nobody coded for it, before and after, against what people mean:

# %%
rest = sheet["response_id"].iloc[200:]


def f1(one):
    """F1 of the theme on the comments that were not coded."""
    said = mention_matrix(one.mentions, rest, [largest.theme_id])[largest.theme_id].to_numpy(dtype=bool)
    told = named.iloc[200:].to_numpy()
    return 2 * (said & told).sum() / (said.sum() + told.sum())


learnt = pd.DataFrame({"model": ["before", "refined"], "F1": [f1(analysis), f1(done.after)]})
alt.Chart(learnt).mark_bar(size=22).encode(
    x=alt.X("F1:Q", scale=alt.Scale(domain=[0, 1])), y=alt.Y("model:N", title=None)
).properties(width=380, height=70, title=f"{largest.name}: comments nobody coded")
