"""A played hour: a crowd, two moderators, a host and the big screen, and what came of it (`make hour`)."""
