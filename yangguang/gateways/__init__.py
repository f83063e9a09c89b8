"""The outside world behind small ports: each has a real adapter, a verified fake and one contract test for both."""
