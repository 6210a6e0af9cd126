"""What other sites and programs read: the same public things, as data and as pages to be framed."""
