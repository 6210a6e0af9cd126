"""Live captions typed by a captioner, kept as WebVTT for the recording."""
