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
# What costs NPS points, and how sure is that? What would the NPS read if a theme were mentioned less? How strong would a
# cause that no column shows have to be to overturn it? And how large must the next wave be? The survey is simulated, with
# known truth. All of it is arithmetic on associations, not a forecast.

# %%
import altair as alt
import pandas as pd

import verbatim as vb
from verbatim.simulate import SimulationOptions, simulate_survey

survey = vb.read_survey(simulate_survey(SimulationOptions(n=1_200, seed=5)).table)
analysis = vb.analyze(survey)
drivers = analysis.drivers
drivers

# %% [markdown]
# ## Why not leave-out?
#
# Most tools rank by the NPS with and without those who mention a theme. That number also holds whatever *else* those
# customers speak of. Here both are drawn; a long line is blame, or praise, that belongs elsewhere.

# %%
ranked = drivers.leaves().dropna(subset=["rank"]).sort_values("rank")
both = ranked.melt("name", ["effect", "leave_out"], "number", "points")
both["number"] = both["number"].map({"effect": "effect, adjusted", "leave_out": "leave-out, the market's"})
names = alt.Y("name:N", sort=ranked["name"].tolist(), title=None, axis=alt.Axis(labelLimit=240))
apart = alt.Chart(ranked).mark_rule(color="#c3c8ce", strokeWidth=3).encode(x="effect:Q", x2="leave_out:Q", y=names)
numbers = alt.Chart(both).mark_point(filled=True, size=70, opacity=1).encode(
    x=alt.X("points:Q", title="NPS points"), y=names, color=alt.Color("number:N", title=None,
    scale=alt.Scale(range=["#b0481a", "#33475b"])),
)  # fmt: skip
(apart + numbers).properties(width=430, title="The market's number and the effect")

# %% [markdown]
# The bridge says where the difference belongs, line by line. It sums exactly.

# %%
theme = ranked.loc[(ranked["leave_out"] - ranked["effect"]).abs().idxmax()]
bridge = drivers.bridge(theme.theme_id)
print(f"{theme['name']}: leave-out {theme.leave_out:+.1f}, effect {theme.effect:+.1f}")
print(f"the lines of the bridge sum to {bridge.points.sum():+.1f}")
bridge.head(6).style.format(precision=2).hide()

# %% [markdown]
# ## What if
#
# Half as many mentions of the two worst themes. The interval comes from the covariance of the effects: two effects are not
# known independently of each other.

# %%
worst = ranked["theme_id"].head(2).tolist()
vb.what_if(drivers, dict.fromkeys(worst, -0.5))

# %%
asked = {share: vb.what_if(drivers, dict.fromkeys(worst, -share)) for share in (0.25, 0.5, 0.75, 1.0)}
rows = [(0, 0, 0, 0), *((100 * share, step.points, step.low, step.high) for share, step in asked.items())]
curve = pd.DataFrame(rows, columns=["fewer", "points", "low", "high"])
base = alt.Chart(curve).encode(x=alt.X("fewer:Q", title="fewer mentions of both, %"))
band = base.mark_area(opacity=0.25).encode(y=alt.Y("low:Q", title="NPS points"), y2="high:Q")
(band + base.mark_line(point=True).encode(y="points:Q")).properties(width=380, height=220)

# %% [markdown]
# ## Sensitivity
#
# `robustness_value` is how much of what is left to explain, of the mention and of the score alike, an unmeasured cause
# would have to explain to take the effect away; `benchmark_strength` is what the strongest of the measured ones explains.
# `rank_ordinal` is the rank by another model, `silence_ratio` how differently the silent would have to speak.

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
#
# How often a driver of -3 points would be found, and ranked in its place, by the number of responses.

# %%
plan = vb.power(drivers, effect=-3.0, n=[1_000, 3_000, 9_000])
print(plan.sentence)
plan.table.style.format(precision=2, na_rep="").hide()
