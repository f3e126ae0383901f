"""Which passages and sentences may answer."""
