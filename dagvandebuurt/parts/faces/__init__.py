"""Drawn faces and façades (SVG): a picture for people and organisations of whom there is no photo or logo."""
