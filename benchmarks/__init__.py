"""What the performance claims are measured with; one table each, every column taken in the same run."""
