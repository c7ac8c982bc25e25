"""`verbatim run --engine spark`: a table that Spark reads, analysed on its workers, as a run folder."""

from __future__ import annotations

from verbatim import run_folder
from verbatim.commands.running import Asked, write_run
from verbatim.commands.terminal import progress_bars
from verbatim.config import load_config, source_named
from verbatim.errors import ConfigError
from verbatim.records import Analysis
from verbatim.spark.engine import analyze_on_spark
from verbatim.themes.model import ThemeModel
from verbatim.unfinished.place import refuse_existing


def run_on_spark(asked: Asked) -> Analysis:
    """Do what ``verbatim run --engine spark`` was asked for: analyse on Spark into a run folder.

    Raises
    ------
    VerbatimError
        As `analyze_on_spark`; or a run on Spark was to be continued or repeated, which it cannot be.
    """
    if asked.resume or asked.from_manifest:
        raise ConfigError(
            "--resume and --from-manifest go with --engine local: a run on Spark keeps no stages. Run it whole."
        )
    refuse_existing(asked.out, asked.overwrite)
    config = load_config(asked.config, asked.query)
    model = ThemeModel.load(asked.model) if asked.model else None
    earlier = run_folder.load(asked.compared_with) if asked.compared_with else None
    with progress_bars() as progress:
        analysis = analyze_on_spark(source_named(asked.survey, config), config, model, progress)
        return write_run(analysis, asked, model, earlier, config, progress)
