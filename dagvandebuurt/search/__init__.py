"""Search page over all public content, and index maintenance."""
