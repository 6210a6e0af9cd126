"""The market of the day: a stand for each initiative or organisation, and who comes by."""
