from pathlib import Path

import pytest
from offices import Bureau, found
from sqlalchemy import Engine


@pytest.fixture
def bureau(engine: Engine, tmp_path: Path) -> Bureau:
    return found(engine, tmp_path)
