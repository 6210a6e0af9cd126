"""Who was there, honestly: never more than real, and nothing that has to be closed."""
