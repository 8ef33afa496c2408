"""The pages of dashboards: HTML, a style sheet and a script that asks the public API."""
