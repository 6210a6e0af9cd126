"""Wijkwijzer: what neighbourhoods want to learn (questions), what is on offer, and what is missing (gaps)."""
