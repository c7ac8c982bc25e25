import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.survey.made import survey

import verbatim as vb
from verbatim.errors import ColumnNotFound, ConfigError, SurveyError
from verbatim.survey.binning import GroupOptions
from verbatim.survey.join import JoinOptions

KINDS = {"nps": "nps", "why": "text", "plan": "plan", "customer_id": "person id"}
TABLE = survey(KINDS, 120)  # 60 customers, two responses each
CUSTOMERS = [f"C{k}" for k in range(60)]
CRM = pd.DataFrame(
    {
        "customer_id": CUSTOMERS,
        "tenure": np.arange(60) + 1,
        "revenue": [f"${1000 * (k % 9) + 500:,}" for k in range(60)],
        "industry": [("retail", "health", f"small {k}")[min(k % 4, 2)] for k in range(60)],
        "region": [("north", "south", "west")[k % 3] for k in range(60)],
        "email": [f"person{k}@example.com" for k in range(60)],
        "notes": [f"spoke to them twice about {k} things" for k in range(60)],
    }
)


def read(tmp_path, crm=CRM, groups=None, table=TABLE, **options):
    crm.to_csv(tmp_path / "crm.csv", index=False)
    join = JoinOptions(**{"file": str(tmp_path / "crm.csv"), "on": "customer_id", **options})
    return vb.read_survey(table, join=join, groups=groups)


def roles(read):
    return {column.name: column.role for column in read.reading.columns}


def test_attributes_become_segments(tmp_path):
    joined = read(tmp_path)
    assert joined.segments == ("plan", "tenure", "revenue", "industry", "region")
    by_person = joined.responses.set_index("respondent_id")["region"].to_dict()
    assert by_person == dict(zip(CUSTOMERS, CRM["region"], strict=True))
    assert {name: roles(joined)[name] for name in ("email", "notes")} == {"email": "contact", "notes": "ignored"}
    assert not {"email", "notes"} & set(joined.responses.columns)


def test_only_the_columns_named_are_brought(tmp_path):
    assert read(tmp_path, columns=["Region"]).segments == ("plan", "region")


def test_the_survey_reads_the_same_but_for_the_segments(tmp_path):
    plain, joined = vb.read_survey(TABLE), read(tmp_path)
    pd.testing.assert_frame_equal(joined.responses[plain.responses.columns], plain.responses)
    pd.testing.assert_frame_equal(joined.answers, plain.answers)
    pd.testing.assert_frame_equal(joined.rejected, plain.rejected)


def test_the_report_counts_every_row(tmp_path):
    table = TABLE.assign(customer_id=["", "", "gone", *TABLE["customer_id"][3:]])
    report = read(tmp_path, CRM.iloc[:50], table=table).reading.join
    asked = table["customer_id"]
    assert report.blank == 2 and report.matched == asked.isin(CUSTOMERS[:50]).sum()
    assert report.matched + report.unmatched + report.blank == len(table)
    assert report.unmatched_rows == (3, 101, 102, 103, 104)
    assert (report.rows, report.duplicate_keys) == (50, 0)
    assert report.keys_without_response == (~CRM["customer_id"][:50].isin(asked)).sum()


def test_what_is_unmatched_stays_blank_and_is_said(tmp_path):
    joined = read(tmp_path, CRM.iloc[:50])
    assert joined.responses.set_index("respondent_id").loc["C55", "region"].isna().all()
    said = " ".join(joined.reading.notes)
    assert "100 of 120 rows found their customer" in said
    assert "Rows whose customer crm.csv lacks: 20 (rows 101, 102" in said


def test_customers_with_rows_that_differ_are_refused_or_the_first_is_kept(tmp_path):
    twice = pd.concat([CRM, CRM.iloc[[3]].assign(region="east"), CRM.iloc[[5]]])
    with pytest.raises(
        SurveyError, match=r"\"customer_id\" is repeated with .* for 1 of .* rows 4 and 61[\s\S]*duplicates = \"first\""
    ):
        read(tmp_path, twice, columns=["region"])
    kept = read(tmp_path, twice, columns=["region"], duplicates="first")
    assert kept.responses.set_index("respondent_id").loc["C3", "region"].tolist() == ["north", "north"]
    assert kept.reading.join.duplicate_keys == 1
    assert (
        "Customers with several rows in crm.csv that differ: 1; the first row of each was taken." in kept.reading.notes
    )


def test_duplicates_that_agree_or_did_not_answer_do_no_harm(tmp_path):
    silent = pd.concat([CRM, CRM.iloc[[5]], CRM.iloc[[1, 2]].assign(customer_id="C999")])
    report = read(tmp_path, silent, columns=["region"]).reading.join
    assert (report.duplicate_keys, report.keys_without_response) == (1, 1)


def test_a_join_that_finds_nobody_shows_what_the_keys_look_like(tmp_path):
    with pytest.raises(
        SurveyError, match=r'"customer_id" looks like a99, "id" like 99 .* join.on and join.key'
    ) as error:
        read(tmp_path, CRM.assign(id=range(60)), key="id")
    assert "C1" not in str(error.value)
    with pytest.raises(SurveyError, match="if case were ignored"):
        read(tmp_path, CRM.assign(customer_id=CRM["customer_id"].str.lower()))


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"file": None}, ConfigError, "join names no table"),
        ({"on": None}, ConfigError, "join.on is missing"),
        ({"on": "customer"}, ColumnNotFound, r'join.on is "customer".*Did you mean "customer_id"'),
        ({"key": "ident"}, ColumnNotFound, 'crm.csv: join.key is "ident"'),
        ({"columns": ["nope"]}, ColumnNotFound, 'join.columns is "nope"'),
        ({"url": "sqlite:///x.db"}, ConfigError, "both name a table"),
        ({"file": "nowhere.csv"}, SurveyError, "no such file"),
    ],
)
def test_wrong_options_are_explained(tmp_path, options, kind, said):
    with pytest.raises(kind, match=said):
        read(tmp_path, **options)


def test_a_column_that_the_score_decides_is_refused_by_name_and_left_out_otherwise(tmp_path):
    table = survey({**KINDS, "customer_id": "id"}, 120)
    crm = pd.DataFrame(
        {"customer_id": table["customer_id"], "region": "north", "status": survey({"s": "category"}, 120)["s"]}
    )
    crm.loc[::2, "region"] = "south"
    assert read(tmp_path, crm, table=table).segments == ("plan", "region")
    with pytest.raises(SurveyError, match=r"join.columns names \"status\", which is determined by the score"):
        read(tmp_path, crm, table=table, columns=["status"])


def test_a_database_may_be_joined(tmp_path):
    pytest.importorskip("sqlalchemy", reason="the extra [sql] is not installed")
    import sqlite3

    connection = sqlite3.connect(tmp_path / "crm.db")
    CRM.to_sql("customers", connection, index=False)
    connection.close()
    query = "SELECT customer_id, region FROM customers"
    joined = read(tmp_path, file=None, url=f"sqlite:///{tmp_path}/crm.db", query=query)
    assert joined.segments == ("plan", "region") and joined.reading.join.source == "sqlite:///crm.db"


def test_names_that_are_taken_are_told_apart(tmp_path):
    joined = read(tmp_path, CRM.rename(columns={"region": "plan", "industry": "category"}))
    assert {"plan", "plan (joined)", "category (segment)"} <= set(joined.segments)


def test_numbers_are_cut_and_small_groups_pooled(tmp_path):
    joined = read(tmp_path, groups=GroupOptions(bins={"Revenue": (1000, 5000)}, joined_bins=3))
    people = joined.responses.drop_duplicates("respondent_id")
    assert people["tenure"].value_counts().to_dict() == {"under 21": 20, "21-39": 19, "40 and more": 21}
    assert set(people["revenue"]) == {"under 1,000", "1,000-4,999", "5,000 and more"}
    assert set(people["industry"]) == {"retail", "health", "Other"}


def test_a_number_column_of_the_survey_itself_is_cut_where_declared():
    table = TABLE.assign(months=[str(k) for k in range(120)])
    assert vb.read_survey(table).segments == ("plan",)
    cut = vb.read_survey(table, groups=GroupOptions(bins={"months": 2}))
    assert cut.segments == ("plan", "months") and roles(cut)["months"] == "segment"
    assert cut.responses["months"].value_counts().to_dict() == {"under 60": 60, "60 and more": 60}
    pd.testing.assert_series_equal(cut.responses["response_id"], vb.read_survey(table).responses["response_id"])


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("why", ConfigError, "is read as comment"),
        ("plan", SurveyError, "none of its 120 filled cells are numbers"),
        ("nope", ColumnNotFound, "segments.bins"),
    ],
)
def test_a_column_that_cannot_be_cut_is_explained(name, kind, said):
    with pytest.raises(kind, match=said):
        vb.read_survey(TABLE, groups=GroupOptions(bins={name: 3}))


def test_cells_that_are_no_numbers_are_counted_where_numbers_are_cut(tmp_path):
    mixed = ["more than five years" if k % 4 == 0 else str(k) for k in range(60)]
    joined = read(tmp_path, CRM.assign(tenure=mixed), GroupOptions(bins={"tenure": (12, 24)}))
    assert joined.reading.changed == {'"tenure": cells that are no numbers left blank': 30}
    own = vb.read_survey(TABLE.assign(months=mixed * 2), groups=GroupOptions(bins={"months": (12, 24)}))
    assert own.reading.changed == {'"months": cells that are no numbers left blank': 30}


def test_a_joined_column_without_numbers_is_not_cut(tmp_path):
    with pytest.raises(SurveyError, match=r'names "region", but none of its 120 filled cells are numbers'):
        read(tmp_path, groups=GroupOptions(bins={"region": 3}))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "", " a ", "d"]), min_size=12, max_size=12),
    st.lists(st.sampled_from(["a", "b", "c", "e", ""]), min_size=2, max_size=8),
    st.randoms(use_true_random=False),
)
def test_no_row_is_lost_or_doubled_and_order_does_not_matter(tmp_path_factory, asked, keys, random):
    folder = tmp_path_factory.mktemp("join")
    table = survey(KINDS, 12).assign(customer_id=asked)
    crm = pd.DataFrame({"customer_id": keys, "group": [f"g{key}" for key in keys]})
    if not {key.strip() for key in asked} & set(keys) - {""}:
        with pytest.raises(SurveyError, match="finds its customer"):
            read(folder, crm, table=table)
        return
    report = read(folder, crm, table=table).reading.join
    shuffled = crm.sample(frac=1, random_state=random.randrange(99))
    again = read(folder, shuffled, table=table).reading.join
    assert report.matched + report.unmatched + report.blank == 12 and report.matched == again.matched
    assert report.matched == sum(key.strip() in keys and key.strip() != "" for key in asked)
