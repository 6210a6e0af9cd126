"""The phone desk (*Bel ons*): find the one person who rings, help them, and record every look."""
