"""Live core: durable acknowledged writes, and the same state for every client. Imports no section.

- `writes` and `writer`: every live change, from a socket or a form, goes through one function.
- `items` and `pump`: what changed since a revision, read once and sent to the local clients.
- `dispatch`: an event in, an acknowledgement out.
- `connections`: the sockets of this process and their audiences.
"""
