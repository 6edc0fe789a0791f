class ArchiveFault(Exception):
    """The archive or its surroundings stand in the way; the message is one sentence for whoever gave the command."""
