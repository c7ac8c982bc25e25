import tomllib

import pytest

from verbatim.config import Config, load_config, parse_config, template
from verbatim.errors import ConfigError


def test_the_template_is_valid_and_gives_the_defaults(tmp_path):
    file = tmp_path / "verbatim.toml"
    file.write_text(template(), encoding="utf-8")
    assert tomllib.loads(template())
    assert load_config(file) == Config()


def test_every_option_says_what_it_means():
    for _, options in Config():
        for one in options if isinstance(options, tuple) else (options,):
            for name, field in type(one).model_fields.items():
                assert field.description and len(field.description) > 20, name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[themes]\ndetial = 3\n", ('"themes.detial"', 'Did you mean "detail"')),
        ("[theme]\ndetail = 3\n", ('"theme"', 'Did you mean "themes"')),
        ('[themes]\ndetail = "lots"\n', ("themes.detail", '"lots"')),
        ("[drivers]\nmin_mentions = -3\n", ("drivers.min_mentions", "-3", "greater")),
        ('[[plays]]\nname = "Win"\nthem = "x"\n', ('"plays.0.them"', 'Did you mean "theme"')),
        ('[[plays]]\nname = "Win"\ntext = "{pain}"\n', ("plays.0", "pain_point")),
        ("[handoff]\nvalue_bands = [9, 3]\n", ("handoff.value_bands", "rise")),
        ("[themes\n", ("not valid TOML", "verbatim config")),
    ],
)
def test_a_wrong_file_is_explained(tmp_path, text, wanted):
    file = tmp_path / "verbatim.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(file)
    for part in (str(file), *wanted):
        assert part in str(error.value)


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("key", ["interviews", "str", "listing"])
def test_an_unknown_key_that_begins_like_a_type_is_named(key):
    with pytest.raises(ConfigError, match=f'"{key}" is not an option'):
        parse_config({key: {}}, "verbatim.toml")
