"""Full-text search over public content: sections register documents (`registry`), the index follows in the
same transaction (`index`), and queries find them (`search`)."""
