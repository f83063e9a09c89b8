"""The outside world behind small ports: a real adapter each, a verified fake, one contract test."""
