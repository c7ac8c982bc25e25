"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated, Literal

import typer

SurveyFile = Annotated[
    str | None,
    typer.Argument(
        metavar="SURVEY",
        help="CSV, TSV, XLSX, Parquet, Feather or JSON lines, a folder of Parquet files, or a database URL. "
        "Without it, survey.url of the config.",
    ),
]
Query = Annotated[
    str | None, typer.Option("--query", metavar="SQL", help="With a database URL: SQL that returns the responses.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="A verbatim.toml; see `verbatim config`.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for machines.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an existing run folder.")]
Earlier = Annotated[
    Path | None,
    typer.Option("--compared-with", metavar="RUN0", help="An earlier run: the report says what changed since."),
]
Engine = Annotated[
    Literal["local", "spark"],
    typer.Option("--engine", help="Where comments are read: on this machine, or by Spark's workers (docs/scale.md)."),
]
