"""Public entry pages: home, help, status, and the machine endpoints for health and metrics."""
