"""The rules of the house, kept by a test wherever a linter does not keep them."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from packaging.specifiers import SpecifierSet

HOUSE = Path(__file__).parent.parent
PASSING = {"var", "dist", "__pycache__"}
"""Folders that tools leave behind; those with a dot before their name are passed over too."""
VERSIONS = HOUSE / "migrations" / "versions"
NAMELESS = {"utils", "helpers", "common", "manager", "core", "misc"}
NOT_FOR_RULES = {"os", "pathlib", "time", "sqlite3", "socket", "random", "subprocess"}
CLOCKS = {
    *(("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")),
    *(("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime")),
}
MACHINE_PATH = re.compile(r"(?<![\w.<-])/(?:work|root)(?:/|\b)")
PINS = {"prefect": ">=3.8.8,<4", "sqlalchemy": ">=2.0.43,<2.1", "fastapi": ">=0.139,<0.151"}


@cache
def _files() -> tuple[Path, ...]:
    found: list[Path] = []
    for folder, folders, names in os.walk(HOUSE):
        folders[:] = [
            name
            for name in folders
            if name not in PASSING and not name.startswith(".") and not name.endswith(".egg-info")
        ]
        found += [Path(folder, name) for name in names]
    return tuple(sorted(found))


@cache
def _sources() -> dict[Path, str]:
    """Every Python file of ours, but for the migrations, which are written once and never again."""
    python = [path for path in _files() if path.suffix == ".py" and VERSIONS not in path.parents]
    return {path.relative_to(HOUSE): path.read_text("utf-8") for path in python}


@cache
def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(source) for path, source in _sources().items()}


def _product() -> Iterator[tuple[Path, ast.Module]]:
    return ((path, tree) for path, tree in _trees().items() if path.parts[0] != "tests")


def _functions() -> dict[str, int]:
    """Where each function of the product stands -> its lines, from `def` to its last word."""
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, tree in _product()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _packages() -> set[str]:
    return {path.parent.name for path in HOUSE.glob("*/__init__.py")}


def test_a_layer_imports_only_what_stands_below_it() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run(
        [lint_imports, "--no-logo", "--no-cache"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_package_stands_in_a_layer() -> None:
    table = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = table["contracts"]
    layers = [name.strip() for line in contract["layers"] for name in line.split("|")]
    assert sorted(layers) == sorted(table["root_packages"]) == sorted(_packages())


def test_no_function_is_longer_than_forty_lines() -> None:
    assert {where: lines for where, lines in _functions().items() if lines > 40} == {}


def test_half_of_all_functions_have_at_most_eight_lines_and_nearly_all_at_most_thirty() -> None:
    lengths = sorted(_functions().values())
    assert median(lengths) <= 8
    assert lengths[int(0.95 * len(lengths))] <= 30


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lines = {path: source.count("\n") for path, source in _sources().items()}
    bounds = {path: 600 if path.parts[0] == "tests" else 400 for path in lines}
    assert {str(path): count for path, count in lines.items() if count > bounds[path]} == {}


def test_no_module_and_no_folder_has_a_name_that_says_nothing() -> None:
    paths = [path.relative_to(HOUSE).with_suffix("") for path in _files()]
    assert [str(path) for path in paths if NAMELESS & set(path.parts)] == []


def test_every_file_says_what_it_holds() -> None:
    assert [str(path) for path, tree in _product() if tree.body and not ast.get_docstring(tree)] == []


def test_what_rules_and_services_offer_says_what_it_is_for() -> None:
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in _product()
        if path.parts[0] in {"rules", "services"}
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_installed_distribution_owns_one_of_our_names() -> None:
    owners = packages_distributions()
    ours = _packages() | {"web", "migrations", "tests", "benchmarks"}
    others = {name: set(owners.get(name, ())) - {"rectify"} for name in ours}
    assert {name: found for name, found in others.items() if found} == {}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "rules").partition(".")[0] if not node.level else "rules"


def test_rules_import_the_standard_library_and_themselves_alone_and_nothing_that_looks_outside() -> None:
    allowed = (sys.stdlib_module_names | {"rules"}) - NOT_FOR_RULES
    found = {
        str(path): sorted(set(_imported(tree)) - allowed)
        for path, tree in _product()
        if path.parts[0] == "rules"
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_only_one_file_reads_the_clock() -> None:
    readers = {
        str(path)
        for path, tree in _product()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    }
    borrowed = {
        str(path)
        for path, tree in _product()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        if {alias.name for alias in node.names} & {name for room, name in CLOCKS if room == "time"}
    }
    assert readers | borrowed == {str(Path("config", "clock.py"))}


def _last_name(node: ast.expr) -> str:
    """`datetime` of both `datetime` and `datetime.datetime`."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _ignores() -> Iterator[str]:
    """The lines of pyproject.toml that switch one of ruff's rules off."""
    is_ruff = False
    for line in (HOUSE / "pyproject.toml").read_text("utf-8").splitlines():
        if line.startswith("["):
            is_ruff = line in {"[tool.ruff.lint]", "[tool.ruff.lint.per-file-ignores]"}
        elif is_ruff and re.search(r'"[A-Z]+[0-9]*"', line) and not line.startswith("select"):
            yield line.strip()


def test_every_rule_that_is_switched_off_says_why() -> None:
    ignores = list(_ignores())
    assert len(ignores) > 20
    assert [line for line in ignores if not re.search(r"# \w.{4,}", line)] == []


def _texts() -> Iterator[tuple[Path, str]]:
    for path in _files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(HOUSE), content.decode("utf-8", errors="replace")


def test_no_file_knows_a_path_of_the_machine_that_it_was_written_on() -> None:
    named = [
        f"{path}:{number}"
        for path, content in _texts()
        for number, line in enumerate(content.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert named == []


def _locked() -> list[tuple[str, str]]:
    lines = (HOUSE / "requirements.lock").read_text("utf-8").splitlines()
    return [
        (found["name"], found["version"])
        for line in lines
        if (found := re.match(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[^ ;\\]+)", line))
    ]


def test_the_lock_names_no_address_of_a_registry() -> None:
    lines = (HOUSE / "requirements.lock").read_text("utf-8").splitlines()
    assert [
        line for line in lines if "://" in line or line.startswith(("--index", "--extra", "--find"))
    ] == []


def test_every_locked_package_is_known_by_its_hashes() -> None:
    lines = (HOUSE / "requirements.lock").read_text("utf-8").splitlines()
    pairs = pairwise([*lines, ""])
    bare = [line for line, after in pairs if re.match(r"[\w.-]+.*==", line) and "--hash" not in after]
    assert bare == []


@pytest.mark.parametrize("name", sorted(PINS))
def test_what_must_fit_together_is_locked_within_its_bounds(name: str) -> None:
    versions = [version for locked, version in _locked() if locked == name]
    assert [version in SpecifierSet(PINS[name]) for version in versions] == [True]


@pytest.mark.parametrize("name", sorted(PINS))
def test_the_project_itself_asks_for_the_same_bounds(name: str) -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    found = [line for line in project["dependencies"] if re.match(rf"{name}\b", line)]
    assert [re.sub(r"^[\w-]+(\[\w+\])?", "", line) for line in found] == [PINS[name]]
