"""The schema of the fact store, one SQL file a step."""
