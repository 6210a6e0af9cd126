"""Logging in: who somebody is, second factor, throttling of guesses, trusted devices, pending actions."""
