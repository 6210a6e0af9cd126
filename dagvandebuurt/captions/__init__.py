"""Captions typed live by somebody in the room: read along, and kept as WebVTT for the recording."""
