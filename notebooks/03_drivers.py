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
# # Drivers, what-if, sensitivity
#
# What costs NPS points, what would change if a theme were mentioned less, how strong something unmeasured would have to be
# to overturn it, and how large the next wave must be. All of it is arithmetic on associations, not a forecast.

# %%
import altair as alt

import verbatim as vb
from verbatim.simulate import SimulationOptions, simulate_survey

survey = vb.read_survey(simulate_survey(SimulationOptions(n=1_200, seed=5)).table)
analysis = vb.analyze(survey)
drivers = analysis.drivers
drivers

# %% [markdown]
# ## Why not leave-out?
#
# Most tools rank by the NPS with and without the mentioners. That number also holds what those customers *else* speak of.
# The bridge takes it apart, line by line, and sums exactly.

# %%
ranked = drivers.leaves().dropna(subset=["rank"]).sort_values("rank")
apart = (ranked["leave_out"] - ranked["effect"]).abs()
theme = ranked.loc[apart.idxmax()]
bridge = drivers.bridge(theme.theme_id)
print(
    f"{theme['name']}: leave-out {theme.leave_out:+.1f}, effect {theme.effect:+.1f}; lines sum to {bridge.points.sum():+.1f}"
)
bridge.head(6).style.format(precision=2).hide()

# %%
both = ranked.melt("name", ["effect", "leave_out"], "number", "points")
alt.Chart(both).mark_point(filled=True, size=60).encode(
    x=alt.X("points:Q", title="NPS points"),
    y=alt.Y("name:N", sort=ranked["name"].tolist(), title=None),
    color="number:N",
).properties(width=420, title="The market's number and the effect")

# %% [markdown]
# ## What if
#
# Half as many mentions of the two worst themes. The interval comes from the covariance of the effects.

# %%
worst = ranked["theme_id"].head(2).tolist()
vb.what_if(drivers, dict.fromkeys(worst, -0.5))

# %% [markdown]
# ## Sensitivity
#
# `robustness_value`: how much of the variance something unmeasured would have to explain, of the mention and of the score
# alike, to take the effect away; `benchmark_strength` is what the strongest measured segment explains. `rank_ordinal`: the
# rank by another model. `silence_ratio`: how differently the silent would have to speak.

# %%
checks = [
    "rank",
    "name",
    "effect",
    "rank_ordinal",
    "robustness_value",
    "benchmark",
    "benchmark_strength",
    "silence_ratio",
]
ranked[checks].head(8).style.format(precision=2, na_rep="").hide()

# %% [markdown]
# Beside every ranking stand two themes made by coin toss: what chance looks like in this very survey.

# %%
drivers.coin_toss[["name", "share", "effect", "effect_low", "effect_high"]].style.format(precision=2).hide()

# %% [markdown]
# ## How large must the next wave be?

# %%
plan = vb.power(drivers, effect=-3.0, n=[1_000, 3_000, 9_000])
print(plan.sentence)
plan.table.style.format(precision=2, na_rep="").hide()
