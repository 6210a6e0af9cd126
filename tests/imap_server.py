"""A real IMAP server (Dovecot) with one mailbox, for tests. Nothing of the system's own Dovecot is used."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.servers import _free_port, _wait

USER, PASSWORD = "bounces", "g3heim"
DOVECOT = "/usr/sbin/dovecot"
_BASE = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  chroot =
}}
ssl = yes
namespace inbox {{
  inbox = yes
}}
"""
# Dovecot 2.4 gave the same settings other names.
_OLD = """
disable_plaintext_auth = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail
first_valid_uid = 0
first_valid_gid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""
_NEW = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = no
ssl_server_cert_file = {folder}/cert.pem
ssl_server_key_file = {folder}/key.pem
mail_driver = maildir
mail_path = {folder}/mail
first_valid_uid = 0
first_valid_gid = 0
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home
  }}
}}
"""


@dataclass
class Mailbox:
    """Mailbox of a running server. `put` delivers a message into it, as a mail server does."""

    folder: Path
    plain: int
    secure: int
    owner: pwd.struct_passwd

    @property
    def url(self) -> str:
        return f"imaps://{USER}:{PASSWORD}@localhost:{self.secure}/INBOX"

    @property
    def starttls_url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@localhost:{self.plain}"

    def put(self, message: bytes) -> None:
        for part in ("", "new", "cur", "tmp"):
            where = self.folder / "mail" / part
            where.mkdir(exist_ok=True)
            self._give(where)
        path = self.folder / "mail" / "tmp" / uuid4().hex
        path.write_bytes(message)
        self._give(path)
        path.rename(self.folder / "mail" / "new" / path.name)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def left(self) -> list[str]:
        """The flags of each message that is there; of an unread one none."""
        return [
            path.name.partition(":2,")[2]
            for part in ("new", "cur")
            for path in (self.folder / "mail" / part).glob("*")
        ]

    def empty(self) -> None:
        shutil.rmtree(self.folder / "mail", ignore_errors=True)

    def trusted(self, patch: pytest.MonkeyPatch) -> None:
        """Trust its certificate, which nobody signed, as behind a company's own authority."""
        patch.setenv("SSL_CERT_FILE", str(self.folder / "cert.pem"))


@contextmanager
def imap_server() -> Iterator[Mailbox]:
    """A disposable mailbox, over TLS only."""
    if not os.path.exists(DOVECOT):
        raise RuntimeError("no Dovecot here: run `sh tools/test_needs.sh`")
    folder = Path(tempfile.mkdtemp(prefix="dvb-imap-"))
    # Dovecot refuses to let its processes run as root: there it runs as another user.
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    mailbox = Mailbox(folder, _free_port(), _free_port(), owner)
    version = subprocess.run([DOVECOT, "--version"], check=True, capture_output=True, text=True).stdout
    config = (_OLD + _BASE) if version.startswith(("2.2", "2.3")) else (_NEW + _BASE)
    (folder / "dovecot.conf").write_text(
        config.format(
            folder=folder, user=owner.pw_name, group=grp.getgrgid(owner.pw_gid).gr_name, uid=owner.pw_uid,
            gid=owner.pw_gid, plain=mailbox.plain, secure=mailbox.secure, password=PASSWORD,
        )
    )  # fmt: skip
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    for path in (folder, *folder.iterdir()):
        mailbox._give(path)
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.DEVNULL, cwd=folder, **as_owner
    )
    try:
        _wait(lambda: _answers(mailbox.plain), process)
        yield mailbox
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1) as caller:
        return caller.recv(100).startswith(b"* OK")
