"""The life of an account: merging a guest into it, retention, erasure, and the data export (AVG articles 15, 17, 20)."""
