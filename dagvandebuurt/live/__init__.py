"""The live core: what is acknowledged is kept, and everybody sees the same. Knows no room.

- `writes` and `writer`: every live change, from a socket or a form, goes through one function.
- `items` and `pump`: what changed since a revision, read once, sent to who listens here.
- `door`: events in, an acknowledgement out, whatever came in.
- `listeners`: who is connected to this process, and what they may hear.
"""
