from xml.etree import ElementTree

from verbatim.report.options import ReportOptions
from verbatim.report.write import write_report


def test_every_chart_is_a_picture_in_the_readers_colours(hostile, tmp_path):
    options = ReportOptions(palette=("#112233", "#445566", "#778899"))
    files = write_report(hostile, tmp_path, options, only=["charts"])
    names = [file.stem for file in files if file.suffix == ".svg"]
    assert names == ["categories", "costs", "strengths", "segment-1", "segment-2", "segment-3", "over-time"]
    for file in files:
        if file.suffix == ".png":
            assert file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 3000
        else:
            tree = ElementTree.parse(file)  # well formed by itself
            assert not [e for e in tree.iter() if e.tag.rsplit("}")[-1] in ("script", "image", "foreignObject", "a")]
    costs = (tmp_path / "charts" / "costs.svg").read_text(encoding="utf-8")
    assert "#112233" in costs and "#b0481a" not in costs
