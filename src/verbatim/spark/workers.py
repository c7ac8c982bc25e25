"""What runs on Spark's Python workers: batches of Arrow in, batches out, with a `BatchReader` loaded once a process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from verbatim.spark.lean import lean

if TYPE_CHECKING:
    from verbatim.spark.reader import Answer, BatchReader, Cut

SPAN_FIELDS = (
    ("response_id", pa.string()), ("question", pa.string()), ("start", pa.int64()), ("end", pa.int64()),
    ("text", pa.string()),
)  # fmt: skip
THEME_FIELDS = (("span_id", pa.string()), *SPAN_FIELDS, ("theme_id", pa.string()), ("similarity", pa.float64()))
VECTOR_FIELDS = (*SPAN_FIELDS, ("vector", pa.list_(pa.float32())))

Batches = Iterator[pa.RecordBatch]
Work = Callable[[Batches], Batches]


class Worker:
    """One stage for `DataFrame.mapInArrow`: a callable that knows its files by their name alone, and the columns.

    Parameters
    ----------
    stage : str
        "mask", "split", "embed" or "assign".
    archive : str
        Name of the file that `verbatim.spark.folder.packed` wrote and Spark carried to every worker.
    response_id : str
    comments : list of str
        Columns of the answers, in the order in which they are joined.
    rows : int
        Responses read at a time, however Spark cuts its batches.
    """

    def __init__(self, stage: str, archive: str, response_id: str, comments: list[str], rows: int) -> None:
        self.stage, self.archive, self.response_id, self.comments, self.rows = (
            stage,
            archive,
            response_id,
            comments,
            rows,
        )

    def __call__(self, batches: Batches) -> Batches:
        """Do the stage on the batches of one partition."""
        from pyspark import SparkFiles

        reader = loaded(SparkFiles.get(self.archive))
        for batch in of_size(batches, self.rows):
            yield self.work(reader, batch)

    def work(self, reader: BatchReader, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Do the stage on one batch."""
        if self.stage == "mask":
            return self._mask(reader, batch)
        responses = self._answers(batch)
        cut = reader.split(responses)
        ids = batch.column(self.response_id).to_pylist()
        if self.stage == "split":
            return _table(SPAN_FIELDS, self._spans(cut, ids))
        read = reader.embed(responses, cut)
        if self.stage == "embed":
            return _table(VECTOR_FIELDS, self._spans(cut, ids) | {"vector": list(read.in_context)})
        found = reader.assign(cut, read)
        rows = found.span.tolist()
        spans = {name: [values[row] for row in rows] for name, values in self._spans(cut, ids).items()}
        return _table(
            THEME_FIELDS,
            {
                "span_id": _numbered(spans["response_id"]),
                **spans,
                "theme_id": found.theme_id,
                "similarity": [None if near != near else near for near in found.similarity.tolist()],
            },
        )

    def _answers(self, batch: pa.RecordBatch) -> list[list[Answer]]:
        from verbatim.spark.reader import Answer

        columns = [batch.column(name).to_pylist() for name in self.comments]
        return [
            [Answer(name, text) for name, text in zip(self.comments, row, strict=True) if text]
            for row in zip(*columns, strict=True)
        ]

    def _mask(self, reader: BatchReader, batch: pa.RecordBatch) -> pa.RecordBatch:
        counts: list[dict[str, int]] = [{} for _ in range(batch.num_rows)]
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name in self.comments:
            texts = batch.column(name).to_pylist()
            masked = reader.mask([text or "" for text in texts])
            columns[name] = pa.array(
                [None if text is None else one.text for text, one in zip(texts, masked, strict=True)], pa.string()
            )
            for count, one in zip(counts, masked, strict=True):
                for kind, n in one.counts.items():
                    count[kind] = count.get(kind, 0) + n
        told = [json.dumps({kind: n for kind, n in sorted(count.items()) if n}) for count in counts]
        return pa.RecordBatch.from_arrays([*columns.values(), pa.array(told, pa.string())], names=[*columns, "masked"])

    @staticmethod
    def _spans(cut: Cut, ids: list[str]) -> dict[str, list[Any]]:
        return {
            "response_id": [ids[row] for row in cut.row.tolist()],
            "question": cut.question,
            "start": cut.start.tolist(),
            "end": cut.end.tolist(),
            "text": cut.text,
        }


@lru_cache(maxsize=1)
def loaded(archive: str) -> BatchReader:
    """Return the reader of an archive, ready to read, without heavy libraries."""
    with lean():
        from verbatim.spark.folder import load_packed
        from verbatim.spark.reader import Answer

        reader = load_packed(Path(archive))
        reader.mask(["Call 020 7946 0958 or write to jo@example.com"])
        responses = [[Answer("", "The staff was friendly, but the delivery came late")]]
        cut = reader.split(responses)
        reader.assign(cut, reader.embed(responses, cut))
    return reader


def of_size(batches: Batches, rows: int) -> Batches:
    """Cut batches anew, so that all but the last of a partition have as many rows.

    Examples
    --------
    >>> parts = [pa.record_batch({"a": list(range(n))}) for n in (3, 1, 4)]
    >>> [batch.num_rows for batch in of_size(iter(parts), 3)]
    [3, 3, 2]
    """
    waiting: list[pa.RecordBatch] = []
    n = 0
    for batch in batches:
        waiting.append(batch)
        n += batch.num_rows
        while n >= rows:
            table = pa.Table.from_batches(waiting).combine_chunks()
            yield from table.slice(0, rows).to_batches()
            waiting, n = table.slice(rows).to_batches(), n - rows
    if n:
        yield from pa.Table.from_batches(waiting).combine_chunks().to_batches()


def _table(fields: tuple[tuple[str, pa.DataType], ...], columns: dict[str, list[Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(columns[name], kind) for name, kind in fields], schema=pa.schema(fields)
    )


def _numbered(response_ids: list[str]) -> list[str]:
    """Ids of spans, as `verbatim.answers.span_ids` gives them."""
    seen: dict[str, int] = {}
    named = []
    for one in response_ids:
        seen[one] = seen.get(one, 0) + 1
        named.append(f"{one}.{seen[one]}")
    return named
