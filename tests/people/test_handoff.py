"""Who is called first, about what, and who is not called."""

import hashlib

import pytest
from tests.people.made import made_analysis

from verbatim.errors import ColumnNotFound, SurveyError
from verbatim.people.options import HandoffOptions
from verbatim.people.plays import Play, count_plays

ROWS = [
    {"person": "a", "score": 9, "said": {"T03": 0.8, "T04": 0.9}, "date": "2026-01-05"},
    {"person": "b", "score": 2, "said": {"T01": -0.6, "T02": -0.9, "G01": -1.0}, "date": "2026-04-05"},
    {"person": "c", "score": 6, "said": {"T02": -0.1, "T01": 0.5}},
    {"person": "d", "score": 7, "said": {"T03": -0.7, "T05": -0.7}},
    {"person": "e", "score": None, "said": {"T01": -0.6}},
    {"person": "f", "score": 0, "said": {"G01": -1.0}},
    {"person": "g", "score": 0, "said": {"T01": -0.9}, "date": "2026-01-01"},
    {"person": "g", "score": 10, "said": {"T03": 0.9}, "date": "2026-02-01", "comment": "<email> was great"},
    {"person": "g", "score": None, "said": {"T01": -0.9}, "date": "2026-03-01"},
]
CRM = ["customer,name,e-mail", *(f"{one},Name {one},{one}@example.com" for one in "abcdefgz")]


@pytest.fixture
def table(handed):
    return handed(made_analysis(ROWS), CRM).table.set_index("name")


def test_called_by_category_then_by_what_their_pain_point_costs(table):
    assert [name[-1] for name in table.index] == ["b", "c", "f", "d", "a", "g"]
    assert table["nps_call_order"].tolist() == [1, 2, 3, 4, 5, 6]


def test_the_pain_point_costs_most_and_is_neither_general_nor_praised(table):
    points = table["nps_pain_point"].to_dict()
    assert points["Name b"] == "Late vans"  # -30 before -10
    assert points["Name c"].startswith("Rude drivers")  # Late vans are praised
    assert points["Name f"] == points["Name d"] == ""  # general; a strength, and a theme without an effect
    assert table["nps_praise"].to_dict()["Name a"] == "Friendly staff"
    assert table.loc["Name d", "nps_praise"] == ""  # complained of


def test_the_latest_scored_answer_counts(table):
    row = table.loc["Name g"]
    assert (row["nps_score"], row["nps_category"], row["nps_wave"]) == (10, "promoter", "2026-Q1")
    assert table.loc["Name c", ["nps_date", "nps_wave"]].tolist() == ["", ""]
    assert "nps_comment" not in table


def test_comments_only_when_asked(handed):
    done = handed(made_analysis(ROWS), CRM, comments=True, wave="Spring").table.set_index("name")
    assert done.loc["Name g", "nps_comment"] == "<email> was great"
    assert set(done["nps_wave"]) == {"Spring"}


def test_several_values_are_joined_as_the_import_reads_them(handed):
    themes = [
        handed(made_analysis(ROWS), CRM, to).table.set_index(email)["nps_themes"]["b@example.com"]
        for to, email in (("hubspot", "Email"), ("activecampaign", "Email"))
    ]
    assert themes == ["Late vans;Rude drivers/ shouting || swearing", "Late vans||Rude drivers; shouting / swearing"]


def test_everyone_is_accounted_for(handed):
    done = handed(
        made_analysis(ROWS), [*CRM, ",blank,x@example.com", "a,Name a,a@example.com", "b,Other,o@example.com"]
    )
    assert dict(zip(done.refused["row"], done.refused["reason"], strict=True)) == {
        2: "same key, other cells: rows 11",
        5: "no score: the response has none",
        9: "blank key: customer is empty",
        10: "repeated: equal to row 1",
        11: "same key, other cells: rows 2",
    }
    assert (done.contacts, len(done.table), done.unmatched, done.without_contact) == (11, 5, 1, 0)


def test_who_opted_out_is_not_called_under_another_key_either(handed):
    crm = ["customer,phone,email,Unsubscribed?", "a,1,a@x.org,yes", "b,2,A@X.org,no", "c,3,c@x.org,0",
           "z,4,d@x.org,2026-01-01", "d,5,d@x.org,"]  # fmt: skip
    done = handed(made_analysis(ROWS), crm)
    assert done.table["phone"].tolist() == ["3"]
    assert set(done.refused["reason"]) == {"opted out"} and done.refused["key"].tolist() == ["a", "b", "d"]
    assert len(handed(made_analysis(ROWS), crm, opt_out="").table) == 4


def test_tiers_and_bands_of_value_come_before_the_effect(handed):
    crm = ["customer,name,tier,worth", "b,b,Silver,10", "c,c,gold,10", "f,f,gold,900", "d,d,Gold,?", "a,a,none,5"]
    more = {"tier": "Tier", "tiers": ("Gold", "Silver"), "value": "worth"}
    done = handed(made_analysis(ROWS), crm, value_bands=(500,), **more).table
    assert done["name"].tolist() == ["f", "c", "b", "d", "a"]
    assert done["nps_value_band"].tolist() == ["500 and more", "under 500", "under 500", "", "under 500"]
    assert done["nps_tier"].tolist() == ["gold", "gold", "Silver", "Gold", "none"]


def test_keys_may_be_hashed_in_the_run(handed):
    def hashed(key):
        return hashlib.sha256(key.encode()).hexdigest()

    rows = [{**row, "person": hashed(row["person"])} for row in ROWS]
    assert len(handed(made_analysis(rows), [*CRM, " b ,Other,o@example.com"], key=hashed).table) == 5
    with pytest.raises(SurveyError, match='look like "a"'):
        handed(made_analysis(rows), CRM)


def test_a_wrong_column_is_explained(handed):
    with pytest.raises(ColumnNotFound, match='Did you mean "customer"'):
        handed(made_analysis(ROWS), CRM, on="custmer")


def test_plays_are_tried_in_order_and_the_default_ones_last(handed):
    plays = (
        Play(
            name="Vans",
            theme="delivery",
            category="detractor",
            owner="Ops",
            deadline="2026-04-01",
            text="{pain_point}!",
        ),
        Play(name="Family", segment="Plan", value="basic", category="promoter", within_days=3),
        Play(name="Nobody", theme="Teleporting", segment="Colour"),
    )
    done = handed(made_analysis(ROWS), CRM, plays=plays)
    got = done.table.set_index("name")
    assert got["nps_play"].to_dict() == {
        "Name a": "Family", "Name b": "Vans", "Name c": "Vans", "Name d": "Convert", "Name f": "Recover",
        "Name g": "Family",
    }  # fmt: skip
    assert got.loc["Name b", ["nps_play_text", "nps_play_owner", "nps_play_deadline"]].tolist() == [
        "Late vans!", "Ops", "2026-04-01",
    ]  # fmt: skip
    assert got.loc["Name a", "nps_play_deadline"] == "2026-03-05"
    assert "Call about what lies behind the score" in got.loc["Name f", "nps_play_text"]
    assert sum("Nobody" in note for note in done.notes) == 2
    counts = count_plays(made_analysis(ROWS), plays).set_index("play")["n"]
    assert counts.to_dict() == {"Vans": 2, "Family": 2, "Nobody": 0, "Recover": 1, "Convert": 1, "Refer": 0}


def test_the_order_of_the_rows_does_not_matter(handed):
    straight = handed(made_analysis(ROWS), CRM).table
    turned = handed(made_analysis(ROWS[::-1]), [CRM[0], *CRM[:0:-1]]).table
    assert straight.equals(turned)


@pytest.mark.parametrize(
    "title", ["GDPR consent withdrawn", "Blacklisted", "Werbesperre", "Désinscrit", "Dado de baja", "Don't call"]
)
def test_opting_out_has_many_names(handed, title):
    done = handed(made_analysis(ROWS), [f"customer,phone,{title}", "a,1,yes", "b,2,"])
    assert done.table["phone"].tolist() == ["2"]


def test_columns_of_consent_are_not_read_and_that_is_said(handed):
    done = handed(made_analysis(ROWS), ["customer,phone,Subscribed", "a,1,no", "b,2,yes"])
    assert len(done.table) == 2 and any('agreed to be contacted: "Subscribed"' in note for note in done.notes)


def test_values_may_be_written_as_europe_does(handed):
    crm = ["customer;name;worth", "b;b;€ 1.200,50", "c;c;10", "f;f;950,00", "d;d;2.500,00"]
    done = handed(made_analysis(ROWS), crm, value="worth", value_bands=(500, 1000)).table
    bands = dict(zip(done["name"], done["nps_value_band"], strict=True))
    assert bands["c"] == "under 500"
    assert bands["b"] == bands["d"] != bands["f"] != bands["c"]


def test_bands_without_a_value_are_refused():
    with pytest.raises(ValueError, match="value_bands needs value"):
        HandoffOptions(value_bands=(500,))
