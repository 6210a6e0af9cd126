"""Authentication: login, second factor, throttling, trusted devices, pending actions."""
