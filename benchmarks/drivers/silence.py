"""Comment rates of 45/35/65 % for promoters, passives and detractors: what three ways to treat silence make of it."""

from dataclasses import replace

from benchmarks.drivers import verdict
from benchmarks.drivers.line import Line
from benchmarks.drivers.surveys import rank_many
from verbatim.simulate import PlantedTheme, many_themes

SHARES_AND_BETAS = ((0.2, -1.2), (0.15, -1.0), (0.1, -1.5), (0.15, 0.5), (0.1, 0.0), (0.2, 0.0))
ENOUGH_FOR_BIAS = 200


def silent_customers(count: int, n: int = 4_000) -> list[Line]:
    """Bias of silence counted as no mention, of commenters alone, and of commenters weighted for silence."""
    themes = tuple(
        PlantedTheme(f"T{place:02d}", share, beta, (0.15**0.5,), {"B": 0.25})
        for place, (share, beta) in enumerate(SHARES_AND_BETAS)
    )
    population = replace(many_themes(1), themes=themes, comment_rates=(0.65, 0.35, 0.45))
    truth, few = population.true_effects(), min(count, ENOUGH_FOR_BIAS)
    none = rank_many(population, n, few, silence="none")
    unweighted = rank_many(population, n, few, silence="unweighted")
    ours = rank_many(population, n, count)
    held, bias = verdict.coverage(ours.holds(truth)), float(ours.bias(truth).mean())
    setting = "comments 45/35/65 %"
    return [
        Line(
            f"{setting}, silence as no mention: mean bias",
            f"{none.market_bias(truth).mean():.2f}",
            f"{none.bias(truth).mean():.2f}",
            "",
            None,
        ),
        Line(
            f"{setting}, commenters unweighted: mean bias",
            f"{unweighted.market_bias(truth).mean():.2f}",
            f"{unweighted.bias(truth).mean():.2f}",
            "",
            None,
        ),
        Line(
            f"{setting}, weighted for silence: mean bias; interval holds the truth",
            "",
            f"{bias:.2f}; {held.figures}",
            "<= 0.1; 0.93-0.97",
            bias <= 0.1 and held.reached,
        ),
    ]
