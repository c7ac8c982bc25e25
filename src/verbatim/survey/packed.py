"""Compressed surveys: one file inside a gzip or a zip is read as if it lay beside it."""

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from verbatim.errors import SurveyError

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
OF_A_WORKBOOK = ("[Content_Types].xml", "content.xml")
LARGEST = 8 << 30
"""Bytes that an archive may hold unpacked; more is no survey but a trap."""
_LONGEST_NAME = 60
"""Characters of a name: in bytes four times as many at most, which any file system takes."""


def is_packed(data: bytes, path: Path) -> bool:
    """Whether the file is a gzip, or a zip that is no workbook."""
    if data.startswith(GZIP):
        return True
    if not data.startswith(ZIP) or path.suffix.lower() in WORKBOOKS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not set(OF_A_WORKBOOK) & set(archive.namelist())
    except zipfile.BadZipFile:
        return False


@contextmanager
def unpacked(data: bytes, path: Path) -> Iterator[tuple[Path, str]]:
    """Lay the one file inside an archive into a folder of its own, for as long as it is read.

    Yields
    ------
    tuple
        The file, and how it was packed, for the layout: "in gzip" or 'in zip, "answers.csv"'.

    Raises
    ------
    SurveyError
        The archive is damaged, asks for a password, or holds no file, several, or another archive.
    """
    name, content, how = _from_gzip(data, path) if data.startswith(GZIP) else _from_zip(data, path)
    if is_packed(content, Path(name)):
        raise SurveyError(f"{path.name} holds an archive in an archive. Unpack it first, and give the file.")
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / name[-_LONGEST_NAME:]
        inner.write_bytes(content)
        yield inner, how


def _from_gzip(data: bytes, path: Path) -> tuple[str, bytes, str]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        raise SurveyError(f"{path.name} is a damaged gzip file ({error}). Copy or export it again.") from None
    return path.stem or "survey", content, "in gzip"


def _from_zip(data: bytes, path: Path) -> tuple[str, bytes, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [entry for entry in archive.infolist() if _is_data(entry)]
            if len(files) != 1:
                raise SurveyError(f"{path.name}: {_which(files)}")
            if files[0].file_size > LARGEST:
                raise SurveyError(f"{path.name}: {files[0].filename} is larger than 8 GiB. Unpack it first.")
            content = archive.read(files[0])
    except (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile) as error:
        raise SurveyError(f"{path.name} cannot be unpacked ({error}). Unpack it first, and give the file.") from None
    name = PurePosixPath(files[0].filename.replace("\\", "/")).name
    return name, content, f'in zip, "{name}"'


def _is_data(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders and what systems add: hidden files, __MACOSX."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return not entry.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _which(files: list[zipfile.ZipInfo]) -> str:
    if not files:
        return "the archive holds no file. Give one with the survey in it."
    shown = ", ".join(sorted(entry.filename for entry in files)[:8]) + (", …" if len(files) > 8 else "")
    return f"the archive holds {len(files)} files ({shown}). Unpack it, and give the one with the answers."
