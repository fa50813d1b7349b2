import os
import stat
from pathlib import Path

import pytest

from config.policy import HOUSE
from config.settings import Settings, load
from notifications.smtp import Security
from rules.errors import SettingError

PASSWORD = "rot13-ist-kein-Geheimnis"  # noqa: S105 - a password of nothing
TOML = """
timezone = "America/Santiago"
smtp_port = 2525
base_url = "https://zhenggai.office.example"
"""


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test stands in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _complaint(**asked: object) -> str:
    with pytest.raises(SettingError) as refused:
        load(**asked)
    return str(refused.value)


def _file(path: Path, text: str = TOML) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_without_any_setting_the_house_s_defaults_hold() -> None:
    settings = load()
    assert (settings.dir, settings.policy, settings.url) == (Path("var"), HOUSE, "sqlite:///var/rectify.db")
    assert (settings.timezone, settings.zone.key) == ("Asia/Shanghai", "Asia/Shanghai")
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == (
        *("127.0.0.1", 25, Security.PLAIN),
    )


def test_the_environment_wins_over_the_file_and_what_is_asked_for_over_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _file(Path("var") / "rectify.toml")
    assert (load().smtp_port, load().timezone) == (2525, "America/Santiago")
    monkeypatch.setenv("RECTIFY_SMTP_PORT", "2626")
    assert (load().smtp_port, load().timezone) == (2626, "America/Santiago")
    assert load(smtp_port=2727).smtp_port == 2727
    monkeypatch.delenv("RECTIFY_SMTP_PORT")
    assert load().smtp_port == 2525


def test_the_file_lies_in_the_office_s_folder_or_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _file(Path("rectify.toml"), "smtp_port = 1001")
    assert load().smtp_port == 1001
    _file(Path("office") / "rectify.toml", "smtp_port = 1002")
    assert load().smtp_port == 1001
    assert load(dir=Path("office")).smtp_port == 1002
    monkeypatch.setenv("RECTIFY_DIR", "office")
    assert load().smtp_port == 1002
    assert load(dir=Path("empty")).smtp_port == 1001


def test_what_is_asked_for_as_nothing_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_TIMEZONE", "America/Santiago")
    assert load(timezone=None).timezone == "America/Santiago"


def test_a_file_with_a_name_that_nobody_knows_is_refused() -> None:
    _file(Path("rectify.toml"), "smtp_prot = 25")
    assert _complaint() == "Setting RECTIFY_SMTP_PROT: Extra inputs are not permitted."


def test_a_file_that_is_no_toml_is_refused() -> None:
    _file(Path("rectify.toml"), "smtp_port = ")
    assert _complaint().startswith("rectify.toml is not valid: ")


@pytest.mark.parametrize("name", ["Mars/Base", "Asia", "", "../etc", "/etc/localtime"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    assert _complaint(timezone=name) == f"Setting RECTIFY_TIMEZONE: {name} is no time zone."


@pytest.mark.parametrize("lease", [30.0, 60.0])
def test_a_claim_on_a_letter_must_outlive_its_sending(lease: float) -> None:
    assert _complaint(lease=lease, smtp_deadline=60) == (
        f"Setting RECTIFY: RECTIFY_LEASE ({lease:g} s) must be longer than RECTIFY_SMTP_DEADLINE (60 s)."
    )


def test_a_claim_that_outlives_the_sending_by_a_moment_is_enough() -> None:
    assert load(lease=60.1, smtp_deadline=60).lease == 60.1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_mail_goes_unencrypted_within_the_machine(host: str) -> None:
    assert load(smtp_host=host).smtp_security is Security.PLAIN


@pytest.mark.parametrize(
    "host",
    ["mail.office.example", "10.0.0.5", "localhost.office.example", "127.0.0.1.office.example", "::1234", ""],
)
def test_mail_does_not_leave_the_machine_unencrypted(host: str) -> None:
    assert _complaint(smtp_host=host) == (
        f"Setting RECTIFY: mail to {host} would go unencrypted; set RECTIFY_SMTP_SECURITY to tls or starttls "
        "(or RECTIFY_SMTP_PLAIN_ALLOWED=true)."
    )


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_mail_leaves_the_machine_encrypted(security: Security) -> None:
    assert load(smtp_host="mail.office.example", smtp_security=security).server().security is security


def test_mail_leaves_unencrypted_only_if_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_SMTP_PLAIN_ALLOWED", "true")
    assert load(smtp_host="10.0.0.5").server().host == "10.0.0.5"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"smtp_port": 0}, "SMTP_PORT"),
        ({"smtp_port": 65536}, "SMTP_PORT"),
        ({"smtp_port": "mail"}, "SMTP_PORT"),
        ({"smtp_deadline": 0}, "SMTP_DEADLINE"),
        ({"smtp_connections": 5}, "SMTP_CONNECTIONS"),
        ({"smtp_security": "ssl"}, "SMTP_SECURITY"),
        ({"patience": -1}, "PATIENCE"),
    ],
)
def test_a_setting_out_of_bounds_is_named_in_one_sentence(asked: dict[str, object], name: str) -> None:
    complaint = _complaint(**asked)
    assert complaint.startswith(f"Setting RECTIFY_{name}: ")
    assert "\n" not in complaint


def test_no_secret_is_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("password").write_text(PASSWORD + "\n", "utf-8")
    monkeypatch.setenv("RECTIFY_DATABASE_URL", f"postgresql+psycopg://rectify:{PASSWORD}@localhost/rectify")
    settings = load(smtp_password_file=Path("password"), smtp_user="rectify")
    assert settings.url.count(PASSWORD) == 1
    assert settings.server().password == PASSWORD
    shown = f"{settings!r} {settings} {settings.server()!r} {settings.server()}"
    assert shown.count(PASSWORD) == 0


def test_no_secret_is_shown_with_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_DATABASE_URL", f"postgresql://rectify:{PASSWORD}@db")
    with pytest.raises(SettingError) as refused:
        load(lease=1, dir=Path("d"))
    assert f"{refused.value} {refused.value.__cause__}".count(PASSWORD) == 0


def test_the_key_of_the_office_is_made_once_and_for_its_owner_alone() -> None:
    settings = load(dir=Path("office"))
    first = settings.secret()
    assert len(first) == 64
    assert stat.S_IMODE((Path("office") / "secret").stat().st_mode) == 0o600
    assert load(dir=Path("office")).secret() == first
    assert load(dir=Path("branch")).secret() != first


def test_a_key_of_one_s_own_is_used_as_it_is() -> None:
    Path("key").write_text("mine\n", "utf-8")
    assert load(secret_file=Path("key")).secret() == b"mine"


def test_a_missing_password_file_is_named() -> None:
    settings = load(smtp_password_file=Path("nowhere"))
    with pytest.raises(SettingError) as refused:
        settings.server()
    assert str(refused.value) == "nowhere cannot be read: No such file or directory."


@pytest.mark.parametrize(
    ("locale", "terminal", "language"),
    [
        ("zh_CN", "de_DE.UTF-8", "zh_CN"),
        ("", "zh_CN.UTF-8", "zh_CN"),
        ("", "zh_SG", "zh_CN"),
        ("", "C.UTF-8", "en"),
        ("en", "zh_CN.UTF-8", "en"),
        ("", "", "en"),
    ],
)
def test_the_command_speaks_as_it_is_told_or_as_the_terminal_does(
    monkeypatch: pytest.MonkeyPatch, locale: str, terminal: str, language: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", terminal)
    assert load(locale=locale).language == language


def test_settings_do_not_change_while_the_house_is_open() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().smtp_port = 26


def test_a_mailbox_for_returned_mail_is_read_only_where_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    box = load(bounce_host="imap.office.example", bounce_user="rectify", bounce_password_file=file).bounces()
    assert load().bounces() is None
    assert box is not None
    assert (box.port, box.security, box.password, box.folder) == (993, Security.TLS, PASSWORD, "INBOX")
    assert PASSWORD not in repr(box)


def test_a_mailbox_on_another_machine_is_not_read_in_clear() -> None:
    assert _complaint(bounce_host="imap.office.example", bounce_security="plain") == (
        "Setting RECTIFY: RECTIFY_BOUNCE_SECURITY must be tls or starttls for another machine."
    )
    assert load(bounce_host="127.0.0.1", bounce_security="plain").bounces() is not None


@pytest.mark.parametrize("folder", ['a" "b', "a\r\nx LOGOUT", "退信", ""])
def test_a_folder_that_cannot_be_asked_for_is_refused(folder: str) -> None:
    assert _complaint(bounce_folder=folder).startswith("Setting RECTIFY_BOUNCE_FOLDER: ")


OIDC = """
[oidc]
issuer = "https://login.office.example"
client_id = "rectify"
"""


def test_a_sign_in_provider_stands_in_a_table_of_the_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (load().oidc, load().takes_passwords) == (None, True)
    _file(Path("rectify.toml"), OIDC)
    found = load().oidc
    assert found is not None
    assert (found.name, found.claim, found.secret(), found.passwords) == (
        "login.office.example",
        "email",
        "",
        True,
    )
    Path("secret-of-ours").write_text("thirty-two-words\n", "utf-8")
    monkeypatch.setenv("RECTIFY_OIDC_CLIENT_SECRET_FILE", "secret-of-ours")
    monkeypatch.setenv("RECTIFY_OIDC_LABEL", "统一认证")
    monkeypatch.setenv("RECTIFY_OIDC_PASSWORDS", "false")
    found = load().oidc
    assert found is not None
    assert (found.name, found.secret(), load().takes_passwords) == ("统一认证", "thirty-two-words", False)
    assert found.issuer == "https://login.office.example"


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ({"client_id": "rectify"}, "RECTIFY_OIDC_ISSUER"),
        ({"issuer": "https://login.office.example"}, "RECTIFY_OIDC_CLIENT_ID"),
        ({"issuer": "http://login.office.example", "client_id": "rectify"}, "https://"),
        ({"issuer": "login.office.example", "client_id": "rectify"}, "https://"),
        ({"issuer": "https://a@login.office.example", "client_id": "rectify"}, "without user"),
        ({"issuer": "https://login.office.example/?a=b", "client_id": "rectify"}, "without user"),
        (
            {
                "issuer": "https://login.office.example",
                "client_id": "rectify",
                "client_secret": PASSWORD,
                "client_secret_file": "somewhere",
            },
            "not both",
        ),
        ({"issuer": "https://login.office.example", "client_id": "rectify", "colour": "red"}, "COLOUR"),
    ],
)
def test_a_provider_that_cannot_be_is_one_sentence_without_the_secret(
    named: dict[str, str], word: str
) -> None:
    complaint = _complaint(oidc=named)
    assert word in complaint
    assert PASSWORD not in complaint


def test_the_provider_s_secret_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    _file(Path("rectify.toml"), OIDC)
    monkeypatch.setenv("RECTIFY_OIDC_CLIENT_SECRET", PASSWORD)
    assert PASSWORD not in repr(load())


def test_a_folder_that_the_service_may_not_look_into_holds_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    _file(closed / "rectify.toml", "smtp_port = 1001")
    monkeypatch.chdir(closed)
    closed.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        assert load(dir=Path("/nowhere")).smtp_port == 25
    finally:
        os.seteuid(before)
        closed.chmod(0o700)


@pytest.mark.parametrize("word", ["", "json", "plain"])
def test_log_lines_are_written_as_json_or_plain(word: str) -> None:
    assert load(logs=word).logs == word
    assert _complaint(logs="xml") == "Setting RECTIFY_LOGS: Input should be '', 'json' or 'plain'."
