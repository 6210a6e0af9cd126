"""Field of a place, and how names of places are compared."""
