"""SVG generator of the decorative street: a row of houses in which each lit window is ten people."""
