"""What was learned: lessons with their sources, comments under them, and the button that saves."""
