"""People: accounts, guests, roles, what they saved, their own page. Everybody above may ask who."""
