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
# Themes that were found are a first draft. Here an analyst reads them, merges, splits, names, undoes a mistake, looks at
# what the edits did to the ranking, saves the model and fits it again when new comments come in. Ids never change hands.

# %%
import tempfile
from pathlib import Path

import pandas as pd

import verbatim as vb
from verbatim.recoding import side_by_side
from verbatim.simulate import SimulationOptions, simulate_survey

pd.set_option("display.max_colwidth", 100)
survey = vb.read_survey(simulate_survey(SimulationOptions(n=900, seed=4)).table)
analysis = vb.analyze(survey)
model = analysis.themes.model
model

# %% [markdown]
# ## Read before editing
#
# The members of a theme are what it is made of. Two themes whose centroids are near each other may be one.

# %%
leaves = [model.themes[row] for row in model.leaves if model.themes[row].kind == "subject"]
near = model.centroids @ model.centroids.T
place = {theme.theme_id: row for row, theme in enumerate(model.themes)}
pairs = [(near[place[a.theme_id], place[b.theme_id]], a, b) for i, a in enumerate(leaves) for b in leaves[:i]]
pairs.sort(key=lambda pair: -pair[0])
pd.DataFrame(
    [(round(float(cosine), 2), a.name, b.name) for cosine, a, b in pairs[:5]], columns=["cosine", "one", "other"]
)

# %%
_, one, other = pairs[0]
for theme in (one, other):
    print(theme.theme_id, theme.name)
    print(
        model.members.query("theme_id == @theme.theme_id")["text"].drop_duplicates().head(4).to_string(index=False),
        "\n",
    )

# %% [markdown]
# ## Merge, split, name
#
# Every edit returns a new model and says why in the lineage. The largest theme is divided among its own members; the parts
# get new ids, the whole is retired.

# %%
edited = model.merge([one.theme_id, other.theme_id], why="customers say both of one thing")
largest = max((theme for theme in leaves if theme not in (one, other)), key=lambda theme: theme.n_spans)
edited = edited.split(largest.theme_id, 2, why="two complaints in one")
parts = edited.history[-1].made
for part in parts:
    name = edited.themes[[theme.theme_id for theme in edited.themes].index(part)].name
    print(part, name, "|", *edited.members.query("theme_id == @part")["text"].head(3), sep="\n   ")

# %%
edited = edited.rename(parts[0], "First part of " + largest.name, why="to be read by the product team")
mistaken = edited.drop(other.name if other.name in {theme.name for theme in edited.themes} else one.theme_id)
edited = mistaken.undo()
[(edit.action, edit.theme_ids, edit.made) for edit in edited.history]

# %% [markdown]
# ## Compare with the old model
#
# The same comments and scores, with the edited themes. A theme whose comments changed after its effect was seen is marked
# "confirm next wave": it was chosen by looking.

# %%
after = vb.analyze(survey, model=edited)
side_by_side(analysis, after).head(10).style.format(precision=1, na_rep="").format(
    "{:.1%}", subset=["share_before", "share"], na_rep=""
).hide()

# %%
[theme.name for theme in after.themes.themes if theme.confirm_next_wave]

# %% [markdown]
# ## Save, load, fit again
#
# A saved model holds data only, its history with it. `refit` finds themes anew among old and new comments together and
# matches them one to one with the model's.

# %%
folder = edited.save(Path(tempfile.mkdtemp()) / "model")
loaded = vb.ThemeModel.load(folder)
print(len(loaded.history), "edits,", *sorted(file.name for file in folder.iterdir()))

# %%
more = vb.read_survey(simulate_survey(SimulationOptions(n=1_000, seed=4)).table)
refitted = loaded.refit(more)
was, now = ({theme.theme_id for theme in one.themes} for one in (loaded, refitted))
print(f"{len(was & now)} of {len(was)} themes live on, {len(now - was)} were born, {len(was - now)} retired")
