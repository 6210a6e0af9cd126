"""SMS: a number given for one day, proved by a code, and the outbox of short messages to it."""
