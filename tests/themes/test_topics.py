import numpy as np
import pytest

from verbatim.errors import ModelError
from verbatim.text.encoder import encode_alone
from verbatim.themes.model import ThemeModel
from verbatim.themes.topics import GivenClusters, fit_bertopic

TEXTS = ["late delivery", "delivery was late again", "the price went up", "price too high", "10"] * 4
LABELS = np.array([7, 7, 2, 2, -1] * 4)
VECTORS = np.array([[1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0, 1, 0.1], [0, 0, 1]] * 4, dtype=np.float32)


@pytest.fixture(scope="module")
def topics():
    return fit_bertopic(TEXTS, VECTORS, LABELS, "en")


@pytest.fixture(scope="module")
def bertopic(small_analysis):
    return small_analysis.themes.model.to_bertopic()


def test_keywords_belong_to_their_cluster(topics):
    assert set(topics.keywords(7)) == {"delivery", "late"}
    assert set(topics.keywords(2)) == {"price", "high"}


def test_keywords_hold_no_empty_words(small_analysis):
    for theme in small_analysis.themes.themes:
        assert not {"the", "was", "(none)", ""} & set(theme.keywords)
        assert len(theme.keywords) <= 10


def test_given_clusters_predict_the_nearest_of_them():
    clusters = GivenClusters(LABELS).fit(VECTORS)
    assert clusters.predict(np.array([[0.9, 0.2, 0.0], [0.1, 0.8, 0.0]])).tolist() == [7, 2]


def test_bertopic_holds_the_themes(small_analysis, bertopic):
    from bertopic import BERTopic

    model = small_analysis.themes.model
    assert isinstance(bertopic, BERTopic)
    found = [model.themes[row] for row in model.leaves]
    labels = {f"{theme.theme_id} {theme.name}": theme for theme in found}
    info = bertopic.get_topic_info()
    assert set(info["CustomName"]) == set(labels)
    members = model.members[model.members["theme_id"] != ""]
    counts = members["theme_id"].value_counts()
    for row in info.itertuples():
        assert row.Count == counts[labels[row.CustomName].theme_id]
    topic_of = dict(zip(info["Topic"], info["CustomName"], strict=True))
    named = [topic_of[topic].split(" ")[0] for topic in bertopic.topics_]
    assert named == members["theme_id"].tolist()


def test_bertopic_transforms_vectors(small_analysis, bertopic):
    model = small_analysis.themes.model
    texts, vectors = model.members["text"].tolist(), model.vectors
    topics, _ = bertopic.transform(texts, vectors)
    info = bertopic.get_topic_info()
    topic_of = dict(zip(info["Topic"], info["CustomName"], strict=True))
    found = np.array([topic_of[topic].split(" ")[0] for topic in topics])
    themed = (model.members["theme_id"] != "").to_numpy()
    assert (found == model.members["theme_id"].to_numpy())[themed].mean() > 0.9


@pytest.mark.parametrize("texts", [["delivery"] * 9, ["10"] * 9, ["very good", "awful", "10"] * 3])
def test_hardly_a_word_is_no_fault(texts):
    topics = fit_bertopic(texts, VECTORS[:9], np.array([0, 0, 1] * 3), "en")
    assert not any(word.startswith("(") for cluster in (0, 1) for word in topics.keywords(cluster))


def test_bertopic_and_back_keeps_ids_and_names(small_analysis, bertopic, encoder):
    model = small_analysis.themes.model
    texts = model.members.loc[model.members["theme_id"] != "", "text"].tolist()
    back, ids = ThemeModel.from_bertopic(bertopic, texts, encoder)
    leaves = [model.themes[row] for row in model.leaves]
    assert {(t.theme_id, t.name) for t in back.themes} == {(t.theme_id, t.name) for t in leaves}
    assert set(ids) == set(bertopic.topics_)
    rows, _ = back.nearest(back.vectors + back.centre)
    assert (rows >= 0).mean() > 0.5


def test_a_foreign_bertopic_gets_ids_by_size(encoder):
    from bertopic import BERTopic
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA

    texts = [
        f"{a} {b}" for a in ("late delivery", "rude staff", "high price") for b in ["again", "today", "always", "now"]
    ]
    topics = BERTopic(umap_model=PCA(3), hdbscan_model=KMeans(3, random_state=0), embedding_model=None)
    topics.fit(texts, embeddings=encode_alone(encoder, texts))
    model, ids = ThemeModel.from_bertopic(topics, texts, encoder)
    assert sorted(ids.values()) == ["T01", "T02", "T03"]
    found = [model.themes[row].theme_id for row in model.nearest(encode_alone(encoder, texts))[0]]
    assert found == [ids[number] for number in topics.topics_]
    with pytest.raises(ModelError, match="fitted on 12 texts; 2 are given"):
        ThemeModel.from_bertopic(topics, texts[:2], encoder)
