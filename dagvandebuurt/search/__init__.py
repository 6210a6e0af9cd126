"""Seeking in everything that is public, and keeping the index true."""
