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
# # Retrain a topic model, and keep it for years
#
# Themes that were found are a first draft. Here an analyst looks at all of them, decides how fine they are cut, merges
# two that are one, splits one that is two, undoes a mistake, sees what that did to the ranking, saves the model and
# fits it again when more comments come in. A theme's id never changes hands. The survey is simulated; nothing is
# downloaded.

# %%
import tempfile
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

import verbatim as vb
from verbatim.config import Config
from verbatim.commands.recoding import side_by_side
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.themes.options import ThemeOptions

pd.set_option("display.max_colwidth", 110)
everything = simulate_survey(SimulationOptions(n=1_000, seed=11)).table
survey = vb.read_survey(everything.head(900))  # the last hundred come in later

# %% [markdown]
# ## How fine?
#
# `detail` is "few", "normal", "many" or a number. The choice never looks at the scores: picking the cut whose drivers
# look best would find drivers where there are none. Merging is quicker than splitting: this analyst starts with many.

# %%
analysis = vb.analyze(survey, config=Config(themes=ThemeOptions(detail="many")))
model = analysis.themes.model
model

# %% [markdown]
# ## See them all
#
# The tree shows which broader theme each theme stands under and how alike they are. The map sets alike themes near each
# other; coloured by effect it answers what no list answers: is what costs us points one problem said in several ways,
# or several problems?

# %%
model.theme_tree()

# %%
model.theme_map(analysis.drivers)

# %% [markdown]
# ## Two themes that are one
#
# Themes that join early in the tree are candidates. Numbers propose; what customers wrote decides.

# %%
subjects = [row for row in model.leaves if model.themes[row].kind == "subject"]
cosine = np.triu(model.centroids[subjects] @ model.centroids[subjects].T, 1)
nearest = [np.unravel_index(place, cosine.shape) for place in np.argsort(-cosine, axis=None)[:4]]
pairs = [(cosine[i, j], model.themes[subjects[i]], model.themes[subjects[j]]) for i, j in nearest]
pd.DataFrame([(f"{alike:.2f}", *sorted((one.name, other.name))) for alike, one, other in pairs],
             columns=["cosine", "one", "other"])  # fmt: skip


# %%
def said(model, theme, n=5):
    """What speaks of a theme: some of the texts it was found in, each once."""
    texts = model.members.query("theme_id == @theme.theme_id")["text"].drop_duplicates()
    return texts.iloc[:: max(len(texts) // n, 1)].head(n).tolist()


pd.DataFrame({theme.name: pd.Series(said(model, theme)) for _, one, other in pairs[:2] for theme in (one, other)})

# %% [markdown]
# Both pairs are one thing said in two ways. Every edit returns a new model; the old one is still there. The theme named
# first keeps its id and takes in the other, and says so in its lineage.

# %%
edited = model
for _, one, other in pairs[:2]:
    first, second = sorted((one, other), key=lambda theme: theme.name.startswith("Unclear"))
    edited = edited.merge([first.theme_id, second.theme_id], why="one complaint, said in two ways")
merged = {theme.theme_id for _, one, other in pairs[:2] for theme in (one, other)}
[theme.lineage[-1] for theme in edited.themes if theme.theme_id in merged]

# %% [markdown]
# ## One theme that is two
#
# The largest of the others is divided among its own comments. The parts get new ids, and the whole is retired: whoever
# looks for it later is told what became of it. Where you know the parts, name them with phrases instead:
# `model.split("T02", {"Rude": ["he was rude"], "Slow": ["took ages"]})`.

# %%
whole = [model.themes[row] for row in subjects if model.themes[row].theme_id not in merged]
largest = max(whole, key=lambda theme: theme.n_spans)
edited = edited.split(largest.theme_id, 2, why="two things in one")
themes = {theme.theme_id: theme for theme in edited.themes}
parts = [themes[part] for part in edited.history[-1].made]
pd.DataFrame({part.name: pd.Series(said(edited, part)) for part in parts})

# %% [markdown]
# ## Names, a broader theme, and a mistake
#
# Names are for the people who read the report; the id stays. A theme is dropped by mistake, and the edit undone.

# %%
edited = edited.rename(parts[0].theme_id, f"{largest.name}, first part", why="the product team will name it")
edited = edited.move([part.theme_id for part in parts], f"All about {largest.name.lower()}")
edited = edited.drop(parts[1].theme_id).undo()
pd.DataFrame([(edit.action, *map(", ".join, (edit.theme_ids, edit.made)), edit.why) for edit in edited.history],
             columns=["edit", "of", "made", "why"])  # fmt: skip

# %%
edited.theme_tree()

# %% [markdown]
# ## What it did to the ranking
#
# The same comments and scores, read with the edited themes.

# %%
after = vb.analyze(survey, model=edited)
ranking = side_by_side(analysis, after)
ranking.head(10).style.format(precision=1, na_rep="").format(
    "{:.1%}", subset=["share_before", "share"], na_rep=""
).hide()

# %%
moved = ranking.melt(["theme_id", "name"], ["effect_before", "effect"], "model", "points").dropna()
moved["model"] = moved["model"].map({"effect_before": "as found", "effect": "edited"})
changed = {*merged, largest.theme_id, *(part.theme_id for part in parts)}
moved["edit"] = moved["theme_id"].isin(changed).map({True: "edited", False: "left alone"})
alt.Chart(moved).mark_line(point=True).encode(
    x=alt.X("model:N", sort=["as found", "edited"], title=None, axis=alt.Axis(labelAngle=0)),
    y=alt.Y("points:Q", title="effect on NPS, points"),
    color=alt.Color(
        "edit:N", title=None, scale=alt.Scale(domain=["edited", "left alone"], range=["#b0481a", "#c3c8ce"])
    ),
    detail="theme_id:N",
    tooltip=["theme_id:N", "name:N", alt.Tooltip("points:Q", format="+.1f")],
).properties(width=300, height=320, title="Themes left alone keep their effects, nearly")

# %% [markdown]
# The edited themes were chosen after looking at their effects, so their intervals say too little. They are marked, here
# and in every report, until another wave has confirmed them.

# %%
[theme.name for theme in after.themes.themes if theme.confirm_next_wave]

# %% [markdown]
# ## Save, load, fit again
#
# A saved model holds data only, safetensors, JSON and Parquet, and its history with it: edits can still be undone.

# %%
folder = edited.save(Path(tempfile.mkdtemp()) / "model")
loaded = vb.ThemeModel.load(folder)
print(*sorted(file.name for file in folder.iterdir()), sep=", ")
print(f"{len(loaded.history)} edits can still be undone")

# %% [markdown]
# A hundred more responses have come in. `refit` finds themes anew in all comments and matches them one to one with the
# model's: what was merged stays merged, what is new is born, what nobody says any more is retired, and ids stay.

# %%
later = vb.read_survey(everything)
refitted = loaded.refit(later)
was, now = ({theme.theme_id for theme in each.themes} for each in (loaded, refitted))
print(f"{len(was & now)} of {len(was)} themes live on, {len(now - was)} were born, {len(was - now)} retired")

# %%
again = vb.analyze(later, model=refitted)


def told(analysis):
    """Theme ids of each of the first 900 comments."""
    table = analysis.mentions.table[analysis.mentions.table["response_id"].isin(survey.responses["response_id"])]
    return table.groupby("response_id")["theme_id"].agg(frozenset)


both = pd.concat([told(after), told(again)], axis=1, keys=["before", "refitted"]).dropna(subset=["before"])
held = [
    before <= (refitted if isinstance(refitted, frozenset) else frozenset()) for before, refitted in both.to_numpy()
]
print(f"{np.mean(held):.0%} of the old comments with a theme keep every theme they had")

# %% [markdown]
# From here: `verbatim codebook export run/ codebook.yaml` does the edits in a text editor or spreadsheet, and
# `verbatim run q2.csv --model run/ --out q2/` reads the next wave with these themes.
