"""Initiatives: good examples of neighbourhoods, shared and helped."""
