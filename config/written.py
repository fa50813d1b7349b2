"""Writing settings into the file that the next start reads."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from config.settings import FILE_NAME, file_in
from documents.replacing import replacing
from rules.errors import SettingError


def check_free(folder: Path, asked: Mapping[str, object]) -> None:
    """Raises SettingError where a setting that is asked for stands elsewhere and might say something else."""
    if asked and (file := file_in(folder)):
        raise SettingError(
            "%(file)s is there already; change the settings in it, and leave them out here.", file=file
        )
    there = {name.upper() for name in os.environ}
    for name in asked:
        if name == "dir" or f"RECTIFY_{name.upper()}" in there:
            raise SettingError(
                "Say %(name)s in the environment alone, and leave it out here.",
                name=f"RECTIFY_{name.upper()}",
            )


def write_settings(folder: Path, asked: Mapping[str, object]) -> Path:
    """Writes the settings into the folder, readable by their owner alone."""
    lines = ["# What rectify init was told. The README names all settings.", *map(_line, asked.items())]
    return write_secret(folder / FILE_NAME, "\n".join(lines) + "\n")


def _line(setting: tuple[str, object]) -> str:
    name, value = setting
    plain = value if isinstance(value, bool | int | float) else str(value)
    # A string of JSON is one of TOML, too; so are numbers and true and false.
    return f"{name} = {json.dumps(plain, ensure_ascii=False)}"


def write_secret(file: Path, content: str) -> Path:
    """Writes a file whole or not at all, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as fresh:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(content)
    return file
