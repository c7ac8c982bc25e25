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
# # Two waves: what moved the NPS?
#
# The second wave is read with the themes of the first. Between the simulated waves three things were changed on purpose:
# one theme became rarer, one weighs more, and the mix of regions shifted. So the account can be checked.

# %%
import altair as alt

import verbatim as vb
from verbatim.simulate import SimulationOptions, simulate_waves

waves = simulate_waves(SimulationOptions(n=1_000, seed=7), population=50_000)
first, second = vb.read_survey(waves.first.table), vb.read_survey(waves.second.table)

# %% [markdown]
# ## The same themes
#
# Nothing is fitted on the second wave: ids stay. What fits no theme and is more than chance would bring is proposed.

# %%
before = vb.analyze(first)
after = vb.analyze(second, model=before.themes.model)
print(
    [(theme.name, theme.n_comments, round(theme.n_expected, 1)) for theme in after.themes.proposed]
    or "no new theme proposed"
)

# %% [markdown]
# ## The account
#
# Other customers, more mentions, heavier mentions, other groups, the rest: the lines sum to the change exactly.

# %%
moved = vb.compare(before, after)
moved

# %%
change = moved.change[0]
print(f"change {change:+.2f}, sum of the lines {moved.table['points'].sum():+.2f}")
bars = alt.Chart(moved.summary).encode(y=alt.Y("kind:N", sort=None, title=None))
(
    bars.mark_bar(opacity=0.6).encode(x=alt.X("points:Q", title="NPS points"))
    + bars.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
).properties(width=420, title="What moved the NPS")

# %% [markdown]
# ## Which themes
#
# Marked only where all themes together would not show such a move by chance in one case of twenty.

# %%
columns = ["name", "share_before", "share_after", "share_change", "effect_change", "share_moved", "effect_moved"]
moved.themes[columns].head(10).style.format(precision=3, na_rep="").hide()

# %% [markdown]
# ## What was planted
#
# The true contributions, from the same customers simulated with and without each change. Hold the lines above against
# them: their intervals should cover these numbers, and with a thousand responses a wave they are wide.

# %%
waves.changes
