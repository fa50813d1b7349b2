"""token: programs get a token, and lose it."""

import json
import os
import subprocess
from pathlib import Path

SAMPLES = Path(__file__).parent.parent.parent / "samples"
WHO = "zhou.min@yunzhou.example"


def test_a_token_is_shown_once_listed_without_itself_and_revoked(rectify: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RECTIFY_")}
    env = clean | {"RECTIFY_DIR": str(tmp_path), "LANG": "C.UTF-8"}

    def run(*words: str) -> tuple[int, str]:
        command = [str(rectify), *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
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
