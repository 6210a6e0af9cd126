"""Editing the programme: drafts, conflicts, three-way merge, diff, and publishing a numbered version."""
