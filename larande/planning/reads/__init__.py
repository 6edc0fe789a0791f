"""Questions about plans that several callers share."""
