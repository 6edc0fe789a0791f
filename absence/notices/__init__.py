"""What absence tells people; each part composes its own words."""
