"""A Postfix of the tests' own: settings and queue in a folder, on loopback, delivering to one Maildir."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

MASTER = Path("/usr/lib/postfix/sbin/master")

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.office.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = office.example
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:{user.pw_uid}
virtual_gid_maps = static:{user.pw_gid}
smtpd_tls_chain_files = {certificate}
smtpd_tls_security_level = encrypt
"""

SERVICES = """
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why there is no Postfix for the tests; empty when there is."""
    if not MASTER.exists():
        return "Postfix is not installed: apt-get install postfix"
    return "" if os.geteuid() == 0 else "Postfix is started by root only"


class Postfix:
    """A context manager; `folder` is open to Postfix's own users."""

    def __init__(self, folder: Path, certificate: Path) -> None:
        self._folder = folder
        self.certificate = certificate
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> Self:
        self._lay_out()
        settings = self._folder / "settings"
        subprocess.run(["/usr/sbin/postfix", "-c", settings, "check"], check=True, capture_output=True)
        self._master = subprocess.Popen([MASTER, "-c", settings, "-s"])
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self.__exit__()
        raise AssertionError((self._folder / "log").read_text())

    def __exit__(self, *_: object) -> None:
        self._master.send_signal(signal.SIGTERM)
        self._master.wait(20)

    def _lay_out(self) -> None:
        user = pwd.getpwnam("postfix")
        self._folder.chmod(0o755)
        for name in ("settings", "spool", "data", "mail"):
            (self._folder / name).mkdir()
        for name in ("data", "mail"):
            shutil.chown(self._folder / name, "postfix", "postfix")
        main = MAIN.format(folder=self._folder, user=user, certificate=self.certificate)
        (self._folder / "settings" / "main.cf").write_text(main)
        (self._folder / "settings" / "master.cf").write_text(SERVICES.format(port=f"127.0.0.1:{self.port}"))

    def mails(self, number: int) -> list[bytes]:
        """What lies in the Maildir, as soon as it is `number` mails or after 20 seconds."""
        until = time.monotonic() + 20
        while len(found := list(self._folder.glob("mail/new/*"))) < number and time.monotonic() < until:
            time.sleep(0.05)
        return [path.read_bytes() for path in found]
