"""People: accounts, guests, roles, bookmarks, and the personal page. Other sections may ask it for the
actor."""
