"""token: programs get a token, and lose it."""

import json
from pathlib import Path

from commands import command, environment

SAMPLES = Path(__file__).parent.parent.parent / "samples"
WHO = "zhou.min@yunzhou.example"


def test_a_token_is_shown_once_listed_without_itself_and_revoked(tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = command(*words, env=environment(tmp_path), cwd=tmp_path)
        return done.returncode, (done.stdout + done.stderr).strip()

    assert run("init", "--organisation", str(SAMPLES / "organisation.toml"))[0] == 0
    code, token = run("token", "make", WHO, "--name", "board", "--scope", "items:read")
    assert (code, token.startswith("rectify_")) == (0, True)
    listed = run("token", "list", "--json")[1]
    assert token not in listed
    assert [(row["number"], row["email"], row["scopes"]) for row in json.loads(listed)] == [
        (1, WHO, ["items:read"])
    ]
    assert run("token", "revoke", "1") == (0, "Token 1 has ended.")
    assert json.loads(run("token", "list", "--json")[1])[0]["revoked_at"] is not None
    assert run("token", "revoke", "2") == (1, "There is no token 2.")
    scopes = "items:read, items:move, reports:read, reports:write, rollups:read, organisation:read"
    none = run("token", "make", WHO, "--name", "board", "--scope", "all")
    assert none == (1, f"all is no scope; choose from: {scopes}.")
    late = run("token", "make", WHO, "--name", "x", "--scope", "items:read", "--until", "2099-01-01")
    assert late == (1, "A token ends within 400 days; name another day.")
