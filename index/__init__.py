"""Turns documents into a searchable generation on disk, and searches it.

The lowest of the three layers: it knows nothing of questions, answers or HTTP.
"""
