"""Account lifecycle: guest merge, retention, erasure, and the data export (AVG articles 15, 17, 20)."""
