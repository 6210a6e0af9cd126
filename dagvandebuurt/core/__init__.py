"""Foundations that every section builds on: database, permissions, text, time, forms, security. Imports no
section."""
