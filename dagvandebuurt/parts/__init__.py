"""Adapters to replaceable infrastructure (mail, files, jobs, video), each chosen by a URL in the settings."""

from collections.abc import Mapping
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

T_co = TypeVar("T_co", covariant=True)


class Builder(Protocol[T_co]):
    def from_url(self, url: str) -> T_co: ...


def build(url: str, builders: Mapping[str, Builder[T_co]]) -> T_co:
    """Build the adapter that `url` asks for. Raises ValueError with the known schemes for any other."""
    scheme = urlsplit(url).scheme
    if scheme not in builders:
        raise ValueError(f"{scheme}:// is not one of {', '.join(sorted(builders))}")
    return builders[scheme].from_url(url)
