"""Limits on imported files. Every limit is named in the message that refuses it."""

MOST_BYTES = 16_000_000
MOST_SESSIONS = 5_000
MOST_COLUMNS = 100
MOST_CHARS_IN_A_CELL = 60_000
MOST_DEPTH = 40
MOST_ELEMENTS = 400_000
MOST_DIGITS = 15
MOST_UNPACKED_BYTES = 64_000_000  # of an XLSX, which is a zip (zip bomb)
MOST_UNPACKED_RATIO = 200
MOST_MEMBERS = 500
