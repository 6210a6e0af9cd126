"""The decorative row of houses, drawn as SVG."""
