"""Everything in Dexter as files, and back: the format is described in docs/archive.md."""
