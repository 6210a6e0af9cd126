"""Mailings: one text by mail from the organisers, to everybody or to a part of them, each person once."""
