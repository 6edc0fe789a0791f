"""The demo municipality: made-up people with official test numbers, the same from the same seed."""
