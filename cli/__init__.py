"""The `rectify` command: one door among several, thin over the services."""
