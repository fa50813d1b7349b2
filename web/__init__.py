"""Pages for people: rendered on the server, one file a page family."""
