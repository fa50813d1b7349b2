"""What deploy/ hands to systemd, Podman and Kubernetes can be read by them, and names what there is."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from cli.main import app
from config.settings import Settings

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
RECTIFY = re.compile(r"(?:^|[/ ])rectify ((?:[a-z-]+)(?: --[a-z-]+)*)")


def documents() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "rectify.yaml").read_text("utf-8")))


def pod() -> dict[str, Any]:
    (found,) = [one for one in documents() if one["kind"] == "Deployment"]
    spec: dict[str, Any] = found["spec"]["template"]["spec"]
    return spec


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read_string(path.read_text("utf-8"))
    return parser


def commands() -> Iterator[str]:
    """Every rectify command that deploy/ names."""
    for path in UNITS:
        if path.suffix == ".service":
            yield unit(path)["Service"]["ExecStart"]
    for container in (*pod()["initContainers"], *pod()["containers"]):
        yield shlex.join(container["command"])
    said = re.search(r"^CMD (\[.*\])$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert said is not None
    yield shlex.join(yaml.safe_load(said[1]))


def settings_named() -> set[str]:
    named = set(
        re.findall(r"^#? ?(RECTIFY_\w+)=", (DEPLOY / "environment.example").read_text("utf-8"), re.MULTILINE)
    )
    for document in documents():
        named |= set(document.get("data", {}))
    containers = (*pod()["initContainers"], *pod()["containers"])
    return named | {one["name"] for container in containers for one in container["env"]}


def test_every_command_that_is_named_exists_with_its_options() -> None:
    known = get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    found = [RECTIFY.search(said) for said in commands()]
    assert [it[1].split()[0] for it in found if it] == [
        *("backup", "serve", "web", "init", "web", "serve", "web")
    ]
    for said in found:
        assert said is not None
        name, *options = said[1].split()
        there = {word for option in known[name].params for word in (*option.opts, *option.secondary_opts)}
        assert set(options) <= there


def test_every_command_of_the_ten_steps_exists() -> None:
    page = (DEPLOY.parent / "docs" / "operation.md").read_text("utf-8")
    typed = re.findall(r"^    rectify (\w+(?: [a-z-]+)?)", page, re.MULTILINE)
    top = get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    lacking = [said for said in typed if not _is_there(top, said.split())]
    assert len(typed) > 8
    assert lacking == []


def _is_there(commands: dict[str, Any], words: list[str]) -> bool:
    below = getattr(commands.get(words[0]), "commands", None)
    return words[0] in commands and (below is None or words[1] in below)


def test_the_ten_steps_are_ten_and_use_every_file_that_deploy_holds() -> None:
    page = (DEPLOY.parent / "docs" / "operation.md").read_text("utf-8")
    assert re.findall(r"^\*\*(\d+)\. ", page, re.MULTILINE) == [str(step) for step in range(1, 11)]
    files = {path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file()}
    used = {name for name in files if f"deploy/{name}" in page or name.startswith("systemd/")}
    assert files == used


def test_every_setting_that_is_named_exists() -> None:
    there = {f"RECTIFY_{name.upper()}" for name in Settings.model_fields}
    assert settings_named() - there == set()


def test_systemd_takes_the_units(tmp_path: Path, rectify: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: the units were not verified")
    for path in UNITS:
        words = path.read_text("utf-8").replace("/opt/rectify/.venv/bin/rectify", str(rectify))
        (tmp_path / path.name).write_text(words, "utf-8")
    ended = subprocess.run(
        [program, "verify", "--man=no", *(tmp_path / path.name for path in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in ended.stderr.splitlines() if "rectify" in line]
    assert about_ours == []


@pytest.mark.parametrize(
    "path", [path for path in UNITS if path.suffix == ".service"], ids=lambda it: it.name
)
def test_every_service_runs_as_its_own_user_in_a_system_it_cannot_change(path: Path) -> None:
    service = unit(path)["Service"]
    wanted = {
        "User": "rectify",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "UMask": "0077",
        "StateDirectory": "rectify",
    }
    assert {name: service[name] for name in wanted} == wanted


def test_every_container_runs_without_root_and_without_a_way_to_more() -> None:
    assert pod()["securityContext"]["runAsNonRoot"] is True
    for container in (*pod()["initContainers"], *pod()["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    assert "USER 10001:10001" in (DEPLOY / "Containerfile").read_text("utf-8").splitlines()


def test_the_pod_is_asked_where_the_pages_answer() -> None:
    (web,) = [one for one in pod()["containers"] if one["name"] == "web"]
    asked = [web[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")]
    assert asked == ["/healthz", "/readyz"]
