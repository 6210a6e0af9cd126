"""Learning questions: asking, merging, matching, answering; the supply-demand matrix."""
