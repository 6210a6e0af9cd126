"""Learning questions: asking, grouping, connecting, answering; demand beside supply."""
