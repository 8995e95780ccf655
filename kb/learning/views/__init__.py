"""Pages of the learning room."""
