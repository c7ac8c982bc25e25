import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim.analysis.given import embed_coded, read_given
from verbatim.config import Config
from verbatim.errors import ConfigError
from verbatim.run_folder import agreement_table
from verbatim.text.embed import embed_spans
from verbatim.text.split import SplitOptions, split_comments
from verbatim.themes.agreement import AGREEMENT_COLUMNS, kappa
from verbatim.themes.codebook import Codebook, CodebookTheme, read_coded
from verbatim.themes.discover import agreement_with, apply_themes, find_themes
from verbatim.themes.model import ThemeModel
from verbatim.themes.options import ThemeOptions

SAID = {
    "Couriers": [
        "the driver was rude",
        "a friendly driver",
        "the courier left it in the rain",
        "the driver never rang",
    ],
    "Price": [
        "prices went up again",
        "too expensive for what it is",
        "good value for money",
        "the delivery fee is high",
    ],
    "App": ["the app crashes", "the app is slow", "I cannot log in to the app", "a clear and quick app"],
    "Fruit": ["the apples were bruised", "fresh strawberries", "rotten bananas", "the fruit was ripe"],
}
BOOK = Codebook(
    (
        CodebookTheme("COURIERS & drivers", "the driver or courier who brings it"),
        CodebookTheme("What it costs", "prices, fees, value for money"),
        CodebookTheme("Parking", "car parks, parking spaces"),
    )
)


def comments():
    """Return 160 comments of one or two points, and the groups of each."""
    groups = list(SAID)
    rows = []
    for i in range(160):
        one, other = groups[i % 4], groups[(i // 4) % 4]
        text = SAID[one][(i // 3) % 4]
        if one != other:
            text += ", and " + SAID[other][(i // 5) % 4]
        rows.append((text, {one, other}))
    return rows


def prepared(texts, encoder):
    frame = pd.DataFrame({"id": [f"r{i:04d}" for i in range(len(texts))], "score": [i % 11 for i in range(len(texts))]})
    survey = vb.read_survey(frame.assign(why=texts), score="score", comment="why", response_id="id", segments=[])
    spans = split_comments(survey, SplitOptions(language="en"))
    return spans, embed_spans(survey, spans, encoder=encoder)


@pytest.fixture(scope="module")
def survey(encoder):
    return prepared([text for text, _ in comments()], encoder)


@pytest.fixture(scope="module")
def fitted(survey, encoder):
    return find_themes(*survey, encoder, codebook=BOOK)


def with_theme(spans, themes, name):
    theme = next(theme.theme_id for theme in themes.themes if theme.name == name)
    return set(spans.table.loc[spans.table["theme_id"] == theme, "response_id"])


def test_given_themes_keep_their_words(fitted):
    _, themes = fitted
    given = {theme.name: theme for theme in themes.themes if theme.source == "given"}
    assert set(given) == set(BOOK.names)
    for theme in BOOK.themes:
        assert given[theme.name].definition == theme.definition


def test_a_theme_nobody_speaks_of_stays_empty(fitted):
    _, themes = fitted
    parking = next(theme for theme in themes.themes if theme.name == "Parking")
    assert parking.n_spans == 0 and parking.exemplars == ()
    assert themes.themes[-1].name == "Parking"


def test_given_themes_hold_what_they_say(fitted):
    spans, themes = fitted
    for group, name in (("Couriers", "COURIERS & drivers"), ("Price", "What it costs")):
        truth = {f"r{i:04d}" for i, (_, groups) in enumerate(comments()) if group in groups}
        ours = with_theme(spans, themes, name)
        assert len(ours & truth) >= 0.85 * len(truth), name
        assert len(ours & truth) >= 0.85 * len(ours), name


def test_discovery_fills_in_what_the_codebook_lacks(fitted):
    spans, themes = fitted
    found = {theme.theme_id for theme in themes.themes if theme.source == "found"}
    for word in ("app", "fruit"):
        rows = spans.table[spans.table["text"].str.contains(word)]
        assert rows["theme_id"].isin(found).mean() > 0.8, word


def test_ids_run_through_by_size(fitted):
    _, themes = fitted
    assert [theme.theme_id for theme in themes.themes] == [f"T{i:02d}" for i in range(1, len(themes.themes) + 1)]


def test_the_order_of_comments_does_not_matter(fitted, encoder):
    order = np.random.default_rng(1).permutation(160)
    spans, themes = find_themes(*prepared([comments()[i][0] for i in order], encoder), encoder, codebook=BOOK)
    columns = ["text", "name", "similarity"]

    def lines(spans, themes):
        names = {theme.theme_id: theme.name for theme in themes.themes}
        return (
            spans.table.assign(name=spans.table["theme_id"].map(names))[columns]
            .sort_values(columns)
            .to_csv(index=False)
        )

    assert lines(spans, themes) == lines(*fitted)


def test_a_saved_model_says_the_same(fitted, survey, encoder, tmp_path):
    spans, themes = fitted
    again, _ = apply_themes(*survey, encoder, ThemeModel.load(themes.model.save(tmp_path)))
    pd.testing.assert_frame_equal(again.table, spans.table)


def test_parents_of_the_codebook_stand_over_their_parts(survey, encoder):
    book = Codebook(
        (CodebookTheme("Drivers", parent="Delivery"), CodebookTheme("Fees", "prices, fees", parent="Delivery"),
         CodebookTheme("App"))
    )  # fmt: skip
    _, themes = find_themes(*survey, encoder, codebook=book)
    by_name = {theme.name: theme for theme in themes.themes}
    over = by_name["Delivery"]
    assert (over.theme_id, over.level, over.source) == ("P01", 1, "given")
    assert by_name["Drivers"].parent_id == by_name["Fees"].parent_id == "P01"
    assert by_name["App"].parent_id is None and by_name["App"].level == 1


def coded_by(rows, rename=str):
    table = pd.DataFrame(
        [(text, rename(group)) for text, groups in rows for group in groups], columns=["comment", "theme"]
    )
    return read_coded(table)


@pytest.mark.parametrize("rename", [str, lambda name: f"C{list(SAID).index(name):02d}"], ids=["words", "numbers"])
def test_coded_comments_make_themes_named_by_their_code(survey, encoder, rename):
    coded = embed_coded(coded_by(comments()[::3], rename), Config(), encoder, "en")
    spans, themes = find_themes(*survey, encoder, coded=coded)
    given = {theme.name for theme in themes.themes if theme.source == "given"}
    assert given == {rename(group) for group in SAID}
    for group in SAID:
        truth = {f"r{i:04d}" for i, (_, groups) in enumerate(comments()) if group in groups}
        ours = with_theme(spans, themes, rename(group))
        assert 2 * len(ours & truth) / (len(ours) + len(truth)) > 0.85, group


def test_agreement_is_measured_on_comments_held_back(survey, encoder):
    """People coded at random: nothing can be learnt, and the table says so."""
    texts = list(dict.fromkeys(text for text, _ in comments()))
    rng = np.random.default_rng(0)
    groups = ["Yes" if rng.random() < 0.5 else "No" for _ in texts]
    coded = embed_coded(read_coded(pd.DataFrame({"comment": texts, "theme": groups})), Config(), encoder, "en")
    _, themes = find_themes(*survey, encoder, coded=coded)
    table = agreement_with(themes, encoder, None, coded)
    assert list(table.columns) == list(AGREEMENT_COLUMNS)
    assert table["n_people"].tolist() == sorted(pd.Series(groups).value_counts(), reverse=True)
    assert table["kappa"].abs().max() < 0.35


def test_kappa_by_hand():
    people, ours = np.array([1, 1, 0, 0], bool), np.array([1, 0, 0, 1], bool)
    assert kappa(people, ours) == 0
    assert kappa(people, people) == 1
    assert np.isnan(kappa(np.ones(3, bool), np.ones(3, bool)))


@pytest.fixture
def files(tmp_path):
    (tmp_path / "book.yaml").write_text("- name: Price\n  definition: what it costs\n- Couriers\n", encoding="utf-8")
    rows = [(text, ";".join(sorted(groups))) for text, groups in comments()]
    pd.DataFrame(rows, columns=["comment", "theme"]).to_csv(tmp_path / "coded.csv", index=False)
    return ThemeOptions(codebook=str(tmp_path / "book.yaml"), coded=str(tmp_path / "coded.csv"))


def test_a_run_reads_both_files_and_writes_the_agreement(files, encoder):
    frame = pd.DataFrame({"score": [i % 11 for i in range(160)], "why": [text for text, _ in comments()]})
    survey = vb.read_survey(frame, score="score", comment="why", segments=[])
    analysis = vb.analyze(survey, config=Config(themes=files), encoder=encoder)
    guided = analysis.manifest["guided_by"]
    assert guided["codebook"] == "book.yaml" and guided["themes_given"] == 4
    table = agreement_table(analysis.manifest)
    assert set(table["name"]) == {"Price", "Couriers", "App", "Fruit"}
    assert table["kappa"].min() > 0.6
    with pytest.raises(ConfigError, match="Leave --model out"):
        vb.analyze(survey, config=Config(themes=files), encoder=encoder, model=analysis.themes.model)


def test_comments_coded_with_a_parent_are_refused(files, tmp_path):
    (tmp_path / "book.yaml").write_text("- name: Fees\n  parent: price\n", encoding="utf-8")
    with pytest.raises(ConfigError, match='"Price", which holds other themes'):
        read_given(files)


def test_a_missing_table_is_named():
    with pytest.raises(ConfigError, match=r"themes\.coded"):
        read_given(ThemeOptions(coded="none.csv"))


def test_a_codebook_of_everything_takes_in_at_least_what_one_of_a_part_does(survey, fitted, encoder):
    whole = find_themes(*survey, encoder, codebook=Codebook(BOOK.themes, covers="everything"))

    def given(found):
        spans, themes = found
        ids = {theme.theme_id for theme in themes.themes if theme.source == "given"}
        return int(spans.table["theme_id"].isin(ids).sum()), sum(theme.source == "found" for theme in themes.themes)

    (taken, found_beside), (taken_by_part, found_beside_part) = given(whole), given(fitted)
    assert taken >= taken_by_part and found_beside <= found_beside_part
    assert found_beside_part >= 1


def test_edits_of_given_themes_move_what_speaks_of_them(fitted, survey, encoder):
    """Merged is the union, parts are the whole, dropped speaks of nothing, and undone is as before."""
    _spans, themes = fitted
    model = themes.model
    names = {theme.name: theme.theme_id for theme in themes.themes if theme.source == "given"}
    couriers, costs = names["COURIERS & drivers"], names["What it costs"]

    def spoken(model):
        table = apply_themes(*survey, encoder, model)[0].table
        return table.dropna(subset=["theme_id"]).groupby("theme_id")["response_id"].agg(set).to_dict()

    before = spoken(model)
    merged = spoken(model.merge([couriers, costs]))
    assert merged[couriers] == before[couriers] | before[costs] and costs not in merged
    parts = model.split(couriers, 2)
    after = spoken(parts)
    assert set.union(*(after.get(part, set()) for part in parts.history[-1].made)) == before[couriers]
    assert couriers not in spoken(model.drop(couriers)) and spoken(model.drop(couriers))[costs] == before[costs]
    assert spoken(model.rename(costs, "Prices").merge([couriers, costs]).undo(2)) == before
