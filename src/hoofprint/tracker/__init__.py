"""The browser script."""
