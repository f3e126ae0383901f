"""Measures how well the service answers: question sets, metrics, runs, reports."""
