"""The first evening as docs/first-day.md tells it, on a bare Debian: `make first-day`."""
