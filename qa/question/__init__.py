"""What is asked: a question read once against the collection."""
