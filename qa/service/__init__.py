"""The service over HTTP, its page and its lifetime."""
