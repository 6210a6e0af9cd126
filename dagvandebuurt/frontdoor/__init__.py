"""The front door: what the day is, how it works, where to get help, and how the house is doing."""
