"""Photos of speakers: placed with consent, shown in place of a drawn face, gone at once when it is taken back."""
