"""What is said: quotes, how sure they are, what to know of them, or why there are none."""
