"""The pages' business for programs: the same use cases, the same rights, as JSON under /api/v1."""
