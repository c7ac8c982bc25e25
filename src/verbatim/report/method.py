"""How the figures came about, and what they do not say."""

import math
from collections.abc import Mapping

from verbatim.ledger import Ledger
from verbatim.records import Halo, SentimentReading
from verbatim.report.formats import count, label, listed, percent, plain

MASKED = {
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "card": ("card number", "card numbers"),
    "iban": ("IBAN", "IBANs"),
    "ip": ("IP address", "IP addresses"),
}


def account(base: float, nps_commenters: float, measure: str = "NPS") -> str:
    """Show how the effects and the base sum to the NPS."""
    effects = nps_commenters - base
    return (
        f"Base {plain(base)} (customers who raise none of the themes) and effects {plain(effects)} give "
        f"{plain(nps_commenters)}, the {measure} of the commenters weighted to stand for the silent customers too."
    )


def tone(halo: Halo, sentiment: SentimentReading) -> list[str]:
    """Say how tone was read, how well it follows the scores, and how far mood colours it."""
    said = list(sentiment.notes)
    if sentiment.auc is not None:
        said.append(
            f"Of a promoter's and a detractor's comment drawn at random, the promoter's reads as the better one in "
            f"{percent(sentiment.auc)} of cases; 50 % would be guessing."
        )
    if math.isfinite(halo.index):
        said.append(
            f"Halo index {halo.index:.2f} [{halo.low:.2f}, {halo.high:.2f}]: how far the tones of different themes in "
            f"one comment go together ({count(halo.n_comments, 'comment')}). The higher, the more of every split by "
            "tone is mood rather than theme."
        )
    if len(sentiment.estimated):
        said.append(
            f"{count(len(sentiment.estimated), 'comment')} without a score got an estimated category (estimated.csv). "
            "Estimates never enter the NPS or an effect."
        )
    return said


def made_with(manifest: Mapping[str, object]) -> list[str]:
    """Say which encoder and versions made the analysis and when, as far as the manifest knows."""
    encoder, packages = (manifest.get(key) for key in ("encoder", "packages"))
    version, created = (manifest.get(key) for key in ("verbatim_version", "created"))
    said = []
    if isinstance(encoder, Mapping) and encoder.get("name"):
        weights = f", weights sha256 {label(encoder['sha256'])}" if encoder.get("sha256") else ""
        said.append(f"Encoder {label(encoder['name'])}{weights}.")
    made = [f"verbatim {label(version)}"] if version else []
    made += (
        [f"{label(name)} {label(number)}" for name, number in packages.items()] if isinstance(packages, Mapping) else []
    )
    if made:
        said.append(f"Made with {', '.join(made)}.")
    if created:
        said.append(f"Analysed on {label(created)[:10]}.")
    return said


def ledger_rows(ledger: Ledger) -> list[tuple[str, int]]:
    """Every row of the input accounted for."""
    return [
        ("Rows read", ledger.rows_in),
        ("Rejected, with the reason in rejected.csv", ledger.rejected),
        ("Responses", ledger.responses),
        ("Scored: the NPS is over these", ledger.scored),
        ("With a comment", ledger.with_comment),
        ("With words that make a point", ledger.with_span),
        ("With at least one theme", ledger.with_theme),
    ]


def masked(counts: Mapping[str, int]) -> str:
    """Say what personal data was masked before anything else saw the comments."""
    found = [(kind, n) for kind, n in sorted(counts.items()) if n]
    if not found:
        return "No personal data of the kinds looked for was found in the comments."
    parts = [count(n, *MASKED.get(kind, (label(kind), label(kind)))) for kind, n in found]
    return f"Masked in the comments before anything else read them: {listed(parts)}."


def limits(n_scored: int, n_commenters: int, measure: str = "NPS") -> list[tuple[str, str]]:
    """Say what the numbers say and do not say, a short title and a sentence or two each."""
    silent = n_scored - n_commenters
    return [
        (
            "An association, not a forecast",
            f"An effect is what the {measure} would read differently if nobody's answer spoke of the theme and those "
            "who did had scored like otherwise similar customers. Putting the cause right need not bring exactly these "
            "points back.",
        ),
        (
            "What customers raise, not what they lived through",
            "A mention shows that a theme was on a customer's mind. Others may have met the same problem and not "
            "written of it.",
        ),
        (
            "Silent customers",
            f"{count(silent, 'scored customer')} left no comment. Their scores count in the {measure}; for the effects "
            "they are taken to resemble the customers of the same score category and segment who did comment. That "
            "cannot be checked here.",
        ),
        (
            "Intervals",
            "95 % intervals cover the chance in who answered. They take the themes as given: a different way of "
            "grouping the comments would give other themes.",
        ),
        (
            "Noise",
            "With many themes some look harmful by luck. A theme beats the noise only if a test over all ranked themes "
            "together keeps the risk of any false alarm at 5 %.",
        ),
        (
            "Ties",
            "Ranks come with their own intervals. Themes whose rank intervals overlap are tied: do not read their "
            "order.",
        ),
    ]


GLOSSARY = (
    (
        "NPS",
        "percentage of promoters (score 9\u201310) minus percentage of detractors (0\u20136), from \u2212100 to 100",
    ),
    (
        "Effect",
        "NPS points the theme adds to or takes from the overall NPS, adjusted for the other themes and the segments",
    ),
    (
        "[low, high]",
        "95 % interval: in 95 of 100 surveys drawn alike it would hold the true figure. It covers chance in who "
        "answered, nothing else",
    ),
    (
        "Beats the noise",
        "stands out in a test over all ranked themes together that raises any false alarm in 5 of 100 surveys; the "
        "others could be chance",
    ),
    (
        "Per mention",
        "the effect divided by the share: how much lower or higher, in points (−200 to 200), customers who raise the "
        "theme score than otherwise similar customers",
    ),
    (
        "What if",
        "change of mentions times effect. Arithmetic on how mentions and scores go together in this survey, not a "
        "forecast",
    ),
    ("Rank interval", "the ranks the data leave possible; overlapping intervals are ties"),
    ("Leave-out", "NPS of all responses minus NPS of those that do not mention the theme: what most tools rank by"),
    (
        "Bridge",
        "what of a theme's leave-out belongs to itself, to other themes and to segments; it sums exactly",
    ),
    (
        "Carried by negative mentions",
        "the part of the effect that goes with mentions of that tone, as a bracket: the first figure if tone is only "
        "the customer's mood, the second if it is all about the theme. The truth lies between; no split is tested",
    ),
    (
        "Halo index",
        "how far the tones of different themes in one comment go together, from 0, not at all, to 1: mood rather than "
        "theme",
    ),
    ("Divides customers", "no effect in all that beats the noise, but large parts of opposite tone"),
    ("Pooled", "a group's figure drawn towards that of all groups, as far as its own comments are few"),
    ("Promoters lost, detractors made", "the effect split by outcome; the two sum to the effect"),
    ("Share", "share of commenting customers who mention the theme, weighted to stand for the silent ones too"),
    ("Top 3", "probability of being among the three worst in an unchanged next wave of the same size"),
    ("Broader theme", "several themes taken together; ranked apart, for its points are those of its parts again"),
    ("Unclear", "stands before the commonest words of comments that no short name fits"),
    ("Coin toss", "a theme made of random mentions: it cannot matter, so it shows what chance looks like"),
    ("General praise or complaint", "comments that name no subject; counted apart and never ranked"),
)
