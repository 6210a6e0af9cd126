"""Rehearsal: an edition copied into a database of its own, with invented people and a clock that runs fast.

It is another process, another address and another folder, so nothing of it can reach the real figures; it is
thrown away as a whole.
"""
