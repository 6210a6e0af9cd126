"""The archive: an edition as a static site, which opens from a folder and on any host."""
