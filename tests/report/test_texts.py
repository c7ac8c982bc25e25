"""The catalogue of fixed texts: every text is used, every one used is there, another language is a file."""

import json
import re
from importlib.resources import files

import pytest

from verbatim.errors import ConfigError
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions
from verbatim.report.page import render_page
from verbatim.report.texts import load_texts

ROOM = files("verbatim.report")


def source(folder):
    return "\n".join(file.read_text(encoding="utf-8") for file in ROOM.joinpath(folder).iterdir())


def test_every_text_is_used_and_every_one_used_is_there():
    texts = set(load_texts())
    asked = set(re.findall(r"\bt\('([\w.]+)'", source("templates")))
    asked |= set(re.findall(r'texts\["([\w.]+)"\]', ROOM.joinpath("page.py").read_text(encoding="utf-8")))
    assert asked <= texts
    assert {key for key in texts if not key.startswith("script.")} == asked
    script = source("scripts")
    for key in (key.removeprefix("script.") for key in texts if key.startswith("script.")):
        stem, last = (key.rsplit(".", 1) + [""])[:2]
        named = f'"{key}"' in script or (last in ("one", "many") and f'"{stem}"' in script) or f"{stem}.$" in script
        assert named, key


def test_templates_hold_no_sentence_of_their_own():
    bare = re.sub(r"\{[{%#].*?[%}#]\}|<[^>]*>|&nbsp;", " ", source("templates"), flags=re.S)
    assert set(re.findall(r"[A-Za-z]{2,}", bare)) <= {"NPS", "doctype", "html"}


def test_another_language_is_a_file(analysis, tmp_path):
    file = tmp_path / "texts.json"
    file.write_text(json.dumps({"language": "de", "costs.title": "Was uns kostet"}), encoding="utf-8")
    html = render_page(gather(analysis, ReportOptions(texts=str(file))))
    assert '<html lang="de">' in html and "Was uns kostet" in html and "What costs us" not in html


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "cannot be read"),
        ("[]", "no object"),
        ('{"cost.title": "x"}', "cost.title"),
        ('{"explore.how": "{n}"}', "minimum"),
    ],
)
def test_a_wrong_catalogue_is_refused_and_says_why(tmp_path, content, word):
    file = tmp_path / "texts.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(word)):
        load_texts(str(file))
