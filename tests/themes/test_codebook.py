import pandas as pd
import pytest

from verbatim.errors import ConfigError
from verbatim.themes.codebook import Codebook, CodebookTheme, read_codebook, read_coded

GOOD = """\
# what we look for
- name: Late delivery
  definition: parcels that come late, or not at all
  examples: [never on time, "waited in all day"]
  parent: Delivery
- name: Price
- Staff
"""


def written(tmp_path, text):
    file = tmp_path / "codebook.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_codebook_is_read_word_for_word(tmp_path):
    book = read_codebook(written(tmp_path, GOOD))
    assert book.names == ("Late delivery", "Price", "Staff")
    first = book.themes[0]
    assert first.definition == "parcels that come late, or not at all"
    assert first.examples == ("never on time", "waited in all day")
    assert first.parent == "Delivery"
    assert first.texts == (
        "Late delivery",
        "parcels that come late",
        "or not at all",
        "never on time",
        "waited in all day",
    )


def test_themes_may_stand_under_a_key(tmp_path):
    assert read_codebook(written(tmp_path, "themes:\n  - Price\n  - Staff\n")).names == ("Price", "Staff")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no theme"),
        ("[]", "lists no theme"),
        ("just words", "lists no theme"),
        ("- name: Price\n  defintion: cost\n", 'line 2: "defintion" is no key of a theme. Did you mean "definition"?'),
        ("- name: Price\n  colour: red\n", "Allowed here: id, name, definition, parent, kind, keywords, examples"),
        ("theme:\n- Price\n", 'line 1: "theme" is no key of a codebook. Did you mean "themes"?'),
        ("- definition: cost\n", "line 1: the theme has no name"),
        ("- name:\n", "line 1: name is empty"),
        ("- name: Price\n  name: Cost\n", 'line 2: "name" stands there twice'),
        ("- Price\n- Staff\n- price\n", 'line 3: "price" is a theme already, line 1'),
        ("- name: [a, b]\n", "line 1: name holds a list"),
        ("- name: Price\n  examples: {a: b}\n", "line 2: examples is a list of at most 50"),
        ("- name: Price\n  examples: [[a]]\n", "line 2: examples holds a list"),
        ("- [Price]\n", "line 1: a theme is a name, or keys"),
        ("- name: " + "x" * 81, "line 1: name has 81 characters; at most 80"),
        ("- name: A\n  parent: B\n- name: B\n  parent: C\n", 'line 3: "B" has the parent "C" and is a parent itself'),
        ("- name: A\n  parent: a\n", "is a parent itself"),
        ("- name: Price\n   definition: x\n", "line 2 is not valid YAML"),
        ("- &a Price\n- *a\n", "refers to another place"),
        ("[" * 5000, "is nested too deeply"),
        ("\n".join(f"- theme {i}" for i in range(201)), "lists 201 themes; a codebook has at most 200"),
        ("# " + "x" * 1_000_001, "a codebook has at most 1,000,000"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, text, said):
    with pytest.raises(ConfigError) as error:
        read_codebook(written(tmp_path, text))
    assert said in str(error.value)


def test_tags_are_text_and_run_nothing(tmp_path):
    book = read_codebook(written(tmp_path, '- name: !!python/object/apply:os.system "echo"\n'))
    assert book.names == ("echo",)


def test_a_missing_or_foreign_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_codebook(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"- name: Caf\xe9\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_codebook(tmp_path / "latin.yaml")


def test_leaves_are_nobodys_parent():
    book = Codebook((CodebookTheme("Service"), CodebookTheme("Speed", parent="service"), CodebookTheme("Price")))
    assert [theme.name for theme in book.leaves] == ["Speed", "Price"]


def test_codes_the_codebook_lacks_are_added_once():
    assert Codebook((CodebookTheme("Price"),)).with_codes(("price", "Staff", "STAFF")).names == ("Price", "Staff")


def test_coded_comments_in_rows_and_in_cells():
    frame = pd.DataFrame(
        {
            "Comment ": ["late", "late", "dear and rude", "fine", None],
            "THEME": ["Delivery", "price", "Price; Staff|price", "", "x"],
        }
    )
    coded = read_coded(frame)
    assert coded.comments == ("late", "dear and rude", "fine")
    assert [sorted(codes) for codes in coded.codes] == [["Delivery", "price"], ["Staff", "price"], []]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"coment": ["a"], "theme": ["b"]}), 'no column "comment".*Rename "coment"'),
        (pd.DataFrame({"comment": ["a"], "x": ["b"]}), 'no column "theme".*Found: comment, x'),
        (pd.DataFrame({"comment": ["a"], "theme": [None]}), "codes no comment"),
        (pd.DataFrame({"comment": ["a"] * 201, "theme": [f"t{i}" for i in range(201)]}), "201 different codes"),
        (pd.DataFrame({"comment": ["a"], "theme": ["t" * 81]}), "81 characters"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_coded_comments(frame, said):
    with pytest.raises(ConfigError, match=said):
        read_coded(frame)


def test_what_a_codebook_covers_is_part_unless_it_says_everything(tmp_path):
    file = tmp_path / "codebook.yaml"
    file.write_text("themes:\n- Price\n", encoding="utf-8")
    assert read_codebook(file).covers == "part"
    file.write_text("covers: everything\nthemes:\n- Price\n", encoding="utf-8")
    assert read_codebook(file).covers == "everything"
    assert read_codebook(file).with_codes(("Staff",)).covers == "everything"
    file.write_text("themes:\n- Price\ncovers: all\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r'line 3: covers says whether the themes are "part".*or "everything"'):
        read_codebook(file)
