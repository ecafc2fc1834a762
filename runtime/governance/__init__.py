"""What may be, judged from facts alone: pure functions over what others have gathered."""
