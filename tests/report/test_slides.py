import re
import shutil
import subprocess
import zipfile

import pytest
from pptx import Presentation

from verbatim.errors import ConfigError
from verbatim.report.contents import gather
from verbatim.report.options import ReportOptions
from verbatim.report.slide_parts import inert
from verbatim.report.slides import write_slides

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)


@pytest.fixture(scope="module", params=["analysis", "hostile", "nested"])
def deck(request, tmp_path_factory):
    analysis = request.getfixturevalue(request.param)
    path = tmp_path_factory.mktemp("slides") / "report.pptx"
    write_slides(gather(analysis, ReportOptions()), path)
    return analysis, path


def titles(path):
    return [slide.shapes.title.text for slide in Presentation(path).slides]


def test_every_slide_has_a_title_and_every_chart_says_what_it_shows(deck):
    _, path = deck
    assert 6 <= len(titles(path)) <= 8 and titles(path)[0].startswith("NPS ")
    charts = [shape for slide in Presentation(path).slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) >= 4
    for shape in charts:
        assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 20


def test_chart_bars_are_the_effects_with_their_intervals(deck):
    analysis, path = deck
    slide = next(s for s in Presentation(path).slides if s.shapes.title.text.startswith("What costs us"))
    series = next(shape for shape in slide.shapes if shape.has_chart).chart.plots[0].series[0]
    table = analysis.drivers.leaves()
    worst = table[table["rank"].notna() & (table["effect"] < 0)].sort_values("rank").head(8).iloc[::-1]
    assert list(series.values) == pytest.approx(worst["effect"].tolist())
    ends = [float(v) for v in re.findall(r"<c:v>([^<]+)</c:v>", series._element.xml.split("errBars")[1])]
    expected = [*(worst["effect_high"] - worst["effect"]), *(worst["effect"] - worst["effect_low"])]
    assert ends == pytest.approx(expected)


def test_nothing_on_a_slide_runs(deck):
    _, path = deck
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.endswith(".rels"):
                assert b"http://evil" not in file.read(name) and b"javascript:" not in file.read(name)
            if name.startswith("ppt/embeddings/"):
                file.extract(name, path.parent)
                with zipfile.ZipFile(path.parent / name) as book:
                    sheets = [book.read(each) for each in book.namelist() if "sheet" in each]
                    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    assert inert("=1+1") == " =1+1" and inert("HTTP://x") == " HTTP://x"


def test_refused_effects_leave_shares(tmp_path, refused):
    write_slides(gather(refused, ReportOptions()), tmp_path / "report.pptx")
    said = titles(tmp_path / "report.pptx")
    assert (
        "No effects are given" in said
        and "In customers' words" in said
        and not any(title.startswith("What costs") for title in said)
    )


def test_a_logo_stands_on_every_slide_and_a_bad_one_is_said(tmp_path, analysis):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    write_slides(gather(analysis, ReportOptions(logo=str(logo))), tmp_path / "report.pptx")
    for slide in Presentation(tmp_path / "report.pptx").slides:
        assert any(shape.shape_type == 13 for shape in slide.shapes)
    logo.write_bytes(b"no picture")
    with pytest.raises(ConfigError, match=r"report\.logo"):
        write_slides(gather(analysis, ReportOptions(logo=str(logo))), tmp_path / "report.pptx")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_slide(deck, tmp_path):
    _, path = deck
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "report.pdf").read_bytes())
    assert len(pages) == len(titles(path))
