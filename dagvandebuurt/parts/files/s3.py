"""File store in a bucket of an S3-compatible store.

A picture is one object, which an S3 store shows whole or not at all. What was read lately stays in memory, so
that a logo is not fetched for every visitor, and is still shown for a while when the store is away.
"""

import io
import logging
import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from dagvandebuurt.parts.files import NAME, TYPES
from dagvandebuurt.parts.files.errors import StoreAway

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
MOST_BYTES = 20_000_000  # more than any picture of ours: a foreign object is not read into memory
MOST_CACHED = 16 << 20
PROBE = ".check"
WRONG_KEYS = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "AuthFailure")
WRONG_REGION = ("AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Bucket:
    """File store at `s3://key:secret@host/bucket/prefix?region=…`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc.rpartition("@")[2]
        self.bucket, _slash, prefix = parts.path.strip("/").partition("/")
        self._prefix = f"{unquote(prefix)}/" if prefix else ""
        secure = parts.scheme == "s3"
        pool = {"ssl_context": ssl.create_default_context()} if secure else {}
        self._client = Minio(
            self.host,
            access_key=unquote(parts.username or ""),
            secret_key=unquote(parts.password or ""),
            secure=secure,
            region=parse_qs(parts.query).get("region", [None])[0],
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                maxsize=8,
                retries=urllib3.Retry(total=1, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
                **pool,
            ),
        )
        self._cached: OrderedDict[str, bytes] = OrderedDict()
        self._cached_bytes = 0
        self._lock = threading.Lock()
        self.noted: str | None = None

    def put(self, name: str, content: bytes) -> None:
        if not NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        self._put(name, content, TYPES[name.rpartition(".")[2]])
        self._remember(name, content)

    def get(self, name: str) -> bytes | None:
        if not NAME.fullmatch(name):
            return None
        with self._lock:
            cached = self._cached.get(name)
            if cached is not None:
                self._cached.move_to_end(name)
                return cached
        content = self._asked(lambda: self._get(name))
        if content is not None:
            self._remember(name, content)
        return content

    def names(self) -> Iterator[str]:
        listed = self._asked(lambda: list(self._client.list_objects(self.bucket, prefix=self._prefix)))
        for each in listed:
            name = (each.object_name or "").removeprefix(self._prefix)
            if NAME.fullmatch(name):
                yield name

    def delete(self, name: str) -> None:
        if not NAME.fullmatch(name):
            return
        self._asked(lambda: self._client.remove_object(self.bucket, self._prefix + name))
        with self._lock:
            self._cached_bytes -= len(self._cached.pop(name, b""))

    def problem(self, *, writes: bool = False) -> str | None:
        try:
            self._asked(lambda: list(self._client.list_objects(self.bucket, prefix=self._prefix + PROBE)))
            if writes:
                self._put(PROBE, b"", "text/plain")
                self._asked(lambda: self._client.remove_object(self.bucket, self._prefix + PROBE))
        except StoreAway as away:
            return away.reason
        return None

    def _put(self, name: str, content: bytes, kind: str) -> None:
        sent = io.BytesIO(content)
        self._asked(
            lambda: self._client.put_object(
                self.bucket, self._prefix + name, sent, len(content), content_type=kind
            )
        )

    def _get(self, name: str) -> bytes | None:
        try:
            answer = self._client.get_object(self.bucket, self._prefix + name)
        except S3Error as failure:
            if failure.code == "NoSuchKey":
                return None
            raise
        try:
            content = answer.read(MOST_BYTES + 1)
        finally:
            answer.close()
            answer.release_conn()
        return bytes(content) if len(content) <= MOST_BYTES else None

    def _remember(self, name: str, content: bytes) -> None:
        with self._lock:
            self._cached_bytes += len(content) - len(self._cached.pop(name, b""))
            self._cached[name] = content
            while self._cached_bytes > MOST_CACHED:
                self._cached_bytes -= len(self._cached.popitem(last=False)[1])

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        try:
            answer = ask()
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as failure:
            reason = self._reason(failure)
            self.noted = reason
            log.warning("files: %s", reason)
            raise StoreAway(reason) from failure
        self.noted = None
        return answer

    def _reason(self, failure: Exception) -> str:
        code = getattr(failure, "code", "") or ""
        if code in WRONG_KEYS:
            return f"the file store {self.host} refuses the keys in FILES_URL ({code})."
        if code == "AccessDenied":
            return (
                f"the keys in FILES_URL may not do this in the bucket {self.bucket} at {self.host}: they need to"
                " list, read, write and delete there."
            )
        if code == "NoSuchBucket":
            return f"there is no bucket {self.bucket} at {self.host}. Make it, or look at FILES_URL."
        if code == "RequestTimeTooSkewed":
            return f"the clocks of this machine and of the file store {self.host} differ too much. Use NTP."
        if code in WRONG_REGION:
            return f"the bucket {self.bucket} is in another region: add ?region=… to FILES_URL ({code})."
        if code:
            return f"the file store {self.host} refuses: {code}. Look at FILES_URL."
        cause = getattr(failure, "reason", None) or failure
        return f"the file store {self.host} does not answer ({type(cause).__name__}). Look at FILES_URL."
