"""Offers and gaps: sending in, reviewing, importing and exporting."""
