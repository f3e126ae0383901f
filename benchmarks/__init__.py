"""Measures the service as it runs; each script prints a report in Markdown."""
