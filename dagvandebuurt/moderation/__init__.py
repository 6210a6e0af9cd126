"""Moderation: house rules, reports, decisions and appeals (Digital Services Act)."""
