"""Reports that are more than one breakdown."""
