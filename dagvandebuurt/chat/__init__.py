"""Hall chat: slow, short lines of people in a session to each other, where its moderators turned that on."""
