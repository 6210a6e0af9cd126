"""The ground floor: what every room stands on. Knows no room above it."""
