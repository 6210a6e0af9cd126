"""Places: municipalities and their neighbourhoods, by hand or from a table."""
