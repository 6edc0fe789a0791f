"""All that Dexter holds about one person, gathered from every model, and what of it is masked for whom."""
