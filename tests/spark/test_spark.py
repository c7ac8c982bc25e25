"""Every stage on Spark's workers gives what one machine gives, however the work is cut, whoever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

import verbatim.spark as vs
from verbatim import run_folder
from verbatim.config import load_config
from verbatim.drivers.rank import rank_drivers
from verbatim.errors import ColumnNotFound, ModelError, SurveyError
from verbatim.pipeline import theme_table
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.spark.engine import analyze_on_spark
from verbatim.spark.folder import load, packed
from verbatim.spark.lean import HEAVY
from verbatim.spark.reader import Answer
from verbatim.themes.attach import mention_matrix

SOURCE = str(Path(__file__).parents[2] / "src")
COLUMNS = ["response_id", "start", "end", "text", "theme_id", "similarity"]


def collected(frame) -> pd.DataFrame:
    table = frame.toArrow().to_pandas()
    return table.sort_values(["response_id", "start", "similarity"], ascending=[True, True, False], ignore_index=True)


def test_without_spark_a_batch_is_read_as_on_one_machine(on_one_machine, comments):
    folder, expected = on_one_machine
    reader = load(folder)
    responses = [[Answer("why", text)] for text in comments["comment"]]
    cut = reader.split(responses)
    found = reader.assign(cut, reader.embed(responses, cut))
    assert [cut.text[row] for row in found.span] == expected["text"].tolist()
    assert found.theme_id == [None if pd.isna(theme) else theme for theme in expected["theme_id"]]
    assert np.array_equal(found.similarity, expected["similarity"], equal_nan=True)


def test_partitions_and_batches_change_nothing(session, on_one_machine, comments):
    folder, expected = on_one_machine
    frame = session.createDataFrame(comments)
    whole = collected(vs.assign(frame.repartition(1), folder))
    apart = collected(vs.assign(frame.repartition(7), folder, batch=13))
    pd.testing.assert_frame_equal(whole, apart)
    expected = expected.sort_values(["response_id", "start", "similarity"], ascending=[True, True, False])
    for name in COLUMNS:
        one, other = whole[name].to_numpy(dtype=object), expected[name].to_numpy(dtype=object)
        assert ((one == other) | (pd.isna(one) & pd.isna(other))).all(), name


def test_a_killed_worker_loses_and_doubles_nothing(session, on_one_machine, comments, tmp_path):
    folder, _ = on_one_machine
    marker = tmp_path / "killed"

    def die_once(batches):
        for number, batch in enumerate(batches):
            if number == 1 and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    frame = session.createDataFrame(comments).repartition(2)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 50)
    found = collected(vs.assign(frame.mapInArrow(die_once, frame.schema), folder))
    assert marker.exists()
    pd.testing.assert_frame_equal(found, collected(vs.assign(frame, folder)))


def test_masked_split_and_embedded(session, on_one_machine, comments):
    folder, _ = on_one_machine
    some = comments.head(20).assign(comment=lambda table: table["comment"] + ". Write to jo@example.com")
    frame = session.createDataFrame(some)
    masked = vs.mask(frame, folder).toArrow().to_pandas().sort_values("response_id")
    assert masked["comment"].str.endswith("<email>").all() and masked["plan"].tolist() == some["plan"].tolist()
    assert set(masked["masked"]) == {'{"email": 1}'}
    embedded = vs.embed(frame, folder).toArrow().to_pandas()
    assert np.allclose(np.linalg.norm(np.stack(embedded["vector"]), axis=1), 1, atol=1e-5)
    assert vs.split(frame, folder).count() == len(embedded)


LEAN = """
import sys
import pyarrow as pa
from verbatim.spark.lean import HEAVY, lean
from verbatim.spark.workers import Worker, loaded
with lean():
    batch = pa.record_batch({"response_id": ["a", "b"], "comment": ["The late van, again. Call 020 7946 0958", None]})
    for stage in ("mask", "split", "embed", "assign"):
        print(Worker(stage, "", "response_id", ["comment"], 9).work(loaded(sys.argv[1]), batch).num_rows)
print([name for name in HEAVY if name in sys.modules])
"""


def test_every_stage_does_without_heavy_libraries(on_one_machine):
    done = subprocess.run(
        [sys.executable, "-c", LEAN, str(packed(on_one_machine[0]))], env=os.environ | {"PYTHONPATH": SOURCE},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.stdout.split("\n")[-2:] == ["[]", ""], done.stdout + done.stderr[-1000:]


def test_workers_load_nothing_heavy(session, on_one_machine, comments):
    """Save pandas, which pyarrow takes along where it is installed, whatever one does with it."""
    folder, _ = on_one_machine

    def told(batches):
        import pyarrow as pa

        held = [name for name in HEAVY if name in sys.modules and name != "pandas"]
        for batch in batches:
            yield pa.record_batch({"held": [",".join(held)] * batch.num_rows})

    spans = vs.assign(session.createDataFrame(comments.head(50)).repartition(1), folder).cache()
    assert spans.count()
    assert {row["held"] for row in spans.mapInArrow(told, "held string").collect()} == {""}


def test_drivers_of_counted_responses_are_those_of_listed_ones(session, small_analysis):
    survey, mentions = small_analysis.survey, small_analysis.mentions
    themes = theme_table(small_analysis.themes.themes)
    responses = survey.responses.assign(
        commented=survey.responses["response_id"].isin(small_analysis.spans.table["response_id"]),
        person=[f"p{i // 2 if i < 200 else i}" for i in range(len(survey.responses))],
        weight=np.where(np.arange(len(survey.responses)) % 3, 1.0, 1.7),
    )
    segments = list(survey.segments)
    listed = rank_drivers(
        mention_matrix(mentions, responses["response_id"], list(themes.index)).reset_index(drop=True),
        responses["score"], responses[segments], weight=responses["weight"], commented=responses["commented"],
        respondent=responses["person"], themes=themes,
    )  # fmt: skip
    chosen = ["response_id", "score", "weight", "commented", "person", *segments]
    leaves = set(themes.index) - set(themes["parent_id"].dropna())
    said = mentions.table[mentions.table["theme_id"].isin(leaves)]
    kinds = vs.count_kinds(
        session.createDataFrame(responses[chosen].astype({"score": "float64"})),
        session.createDataFrame(said[["response_id", "theme_id"]]), segments, "person",
    )  # fmt: skip
    counted = vs.rank_kinds(kinds, themes, segments)
    pd.testing.assert_frame_equal(counted.table, listed.table, atol=1e-6, rtol=0)
    pd.testing.assert_frame_equal(counted.covariance, listed.covariance, atol=1e-6, rtol=0)
    assert counted.nps == pytest.approx(listed.nps, abs=1e-6)


def test_a_mistake_is_one_sentence(session, on_one_machine, comments, tmp_path):
    folder, _ = on_one_machine
    frame = session.createDataFrame(comments)
    with pytest.raises(ColumnNotFound, match='no column "why"'):
        vs.assign(frame, folder, "why")
    with pytest.raises(SurveyError, match="are text"):
        vs.assign(frame.withColumn("comment", frame["comment"].isNull()), folder)
    with pytest.raises(ModelError, match="cannot be read"):
        vs.assign(frame, tmp_path)


QUICK_TO_START = "-XX:TieredStopAtLevel=1"  # three Javas start in this test; none of them runs for long
CLUSTER = (
    f"--master local-cluster[2,1,2048] --driver-java-options {QUICK_TO_START} "
    f"--conf spark.executor.extraJavaOptions={QUICK_TO_START} --conf spark.executor.memory=1g "
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell"
)
COMMAND = [sys.executable, "-c", "from verbatim.cli import main; main()", "run", "--engine", "spark", "--json"]


def killed_at_work(of: psutil.Process, seconds: float = 300) -> bool:
    """Kill one of the Python workers of a Spark as soon as it has worked for a second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and of.is_running():
        for process in of.children(recursive=True):
            with suppress(psutil.Error):
                if "pyspark.daemon" in process.parent().cmdline() and process.cpu_times().user > 1:
                    process.kill()
                    return True
        time.sleep(0.05)
    return False


def test_a_cluster_that_loses_a_worker_gives_what_this_machine_gives(session, tmp_path):
    """Two executors, processes of their own, of which one loses its Python worker."""
    file, options, out = tmp_path / "survey.parquet", tmp_path / "verbatim.toml", tmp_path / "run"
    simulate_survey(SimulationOptions(n=600)).table.to_parquet(file)
    cache = (tmp_path / "vectors").as_posix()
    options.write_text(f'[encoder]\nmin_agreement = 0.1\ncache = "{cache}"\n', encoding="utf-8")
    told = tmp_path / "told"
    with told.open("w") as errors, subprocess.Popen(
        [*COMMAND, str(file), "--out", str(out), "--config", str(options)],
        env=os.environ | {"PYSPARK_SUBMIT_ARGS": CLUSTER}, stdout=subprocess.PIPE, stderr=errors, text=True,
    ) as cluster:  # fmt: skip
        killed = killed_at_work(psutil.Process(cluster.pid))
        printed, _ = cluster.communicate(timeout=600)
    assert cluster.returncode == 0, told.read_text()[-2000:]
    assert killed and "Python worker exited unexpectedly" in told.read_text()
    assert "ERROR" not in told.read_text()
    here = analyze_on_spark(str(file), load_config(options), spark=session)
    assert json.loads(printed)["ledger"] == here.manifest["ledger"] and (out / "report.html").is_file()
    run_folder.write(here, tmp_path / "here", lambda into: None)
    tables = sorted(file.name for file in out.iterdir() if file.suffix in (".parquet", ".csv") or file.stem == "themes")
    assert {"spans.parquet", "themes.json", "drivers.parquet"} <= {*tables}
    assert [name for name in tables if (out / name).read_bytes() != (tmp_path / "here" / name).read_bytes()] == []
