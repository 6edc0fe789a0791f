"""Messages from the school: whom one goes to, what a reader's feed shows, and who is to be told outside Dexter."""
