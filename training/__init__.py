"""Trains the reader: the model that tells a quote that answers from one that does not.

Not installed with the service. ``python -m training`` does it; docs/training.md tells the
recipe.
"""
