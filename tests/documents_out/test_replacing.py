from pathlib import Path

import pytest

from documents.replacing import replacing


def test_a_document_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "ledger.xlsx"
    with replacing(target) as fresh:
        fresh.write_text("half")
        assert not target.exists()
    assert target.read_text() == "half"
    assert list(tmp_path.iterdir()) == [target]


def write_half(target: Path) -> None:
    with replacing(target) as fresh:
        fresh.write_text("half")
        raise ValueError("no room")


def test_a_failure_leaves_the_earlier_document_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "ledger.xlsx"
    target.write_text("earlier")
    with pytest.raises(ValueError, match="no room"):
        write_half(target)
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]
