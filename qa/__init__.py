"""Answers questions: pipeline, HTTP API, command line and page."""
