"""A small IMAP server with one mailbox; it can refuse, be silent, or babble."""

import re
import socketserver
import ssl
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

PASSWORD = "correct horse"  # noqa: S105 - opens nothing but this mailbox


class ImapServer:
    """Serves `mails` on a free port of loopback. A mail's number is its place, from 1 on."""

    def __init__(
        self,
        mails: list[bytes],
        *,
        fault: str = "",
        context: ssl.SSLContext | None = None,
        wrapped: bool = False,
    ) -> None:
        self.mails = mails
        self.seen: set[int] = set()
        self.fault = fault
        """`silent` says nothing at all, `noise` what is no IMAP, `drop` hangs up at the first mail."""
        self.fetched: list[str] = []
        self.context, self.wrapped = context, wrapped
        """Encrypts from the first byte where it is wrapped, else after STARTTLS."""
        self.heard: list[str] = []
        """Commands that came in the clear."""
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.house = self
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    house: ImapServer


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        house = self.server.house
        with suppress(OSError):
            if house.wrapped:
                self._encrypt(house)
            self._talk(house)

    def _encrypt(self, house: ImapServer) -> None:
        assert house.context is not None
        self.request = house.context.wrap_socket(self.request, server_side=True)
        self.setup()

    def finish(self) -> None:
        """Closes the encrypted connection, too, of which the server knows nothing."""
        super().finish()
        self.request.close()

    def _talk(self, house: ImapServer) -> None:
        if house.fault == "silent":
            self.rfile.readline()
            return
        self._say("HTTP/1.1 400 Bad Request" if house.fault == "noise" else "* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            name = rest.upper()
            if not isinstance(self.request, ssl.SSLSocket):
                house.heard.append(name.partition(" ")[0])
            if name.startswith("LOGOUT"):
                self._say("* BYE", f"{tag} OK bye")
                return
            if not self._answer(tag, rest, house):
                return

    def _answer(self, tag: str, rest: str, house: ImapServer) -> bool:
        verdict = "OK done"
        match rest.upper().split()[:2]:
            case ["CAPABILITY"]:
                self._say("* CAPABILITY IMAP4rev1 STARTTLS" if house.context else "* CAPABILITY IMAP4rev1")
            case ["STARTTLS"] if house.context:
                self._say(f"{tag} OK go on")
                self._encrypt(house)
                return True
            case ["LOGIN", _]:
                verdict = "OK welcome" if f'"{PASSWORD}"' in rest else "NO wrong password"
            case ["SELECT", folder]:
                verdict = "OK selected" if folder == '"INBOX"' else "NO no such folder"
            case ["UID", "SEARCH"]:
                unseen = [str(n) for n in range(1, len(house.mails) + 1) if n not in house.seen]
                self._say(f"* SEARCH {' '.join(unseen)}")
            case ["UID", "FETCH"]:
                if house.fault == "drop":
                    return False
                self._fetch(rest, house)
            case ["UID", "STORE"]:
                house.seen.add(int(rest.split()[2]))
        self._say(f"{tag} {verdict}")
        return True

    def _fetch(self, rest: str, house: ImapServer) -> None:
        house.fetched.append(rest)
        number = int(rest.split()[2])
        found = re.search(r"<0\.(\d+)>", rest)
        mail = house.mails[number - 1][: int(found.group(1)) if found else None]
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(mail)}}}\r\n".encode())
        self.wfile.write(mail + b")\r\n")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
