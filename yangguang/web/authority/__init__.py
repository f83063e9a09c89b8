"""The desk of every bureau – county, city, province; education or labour: the same pages, scoped by the seat."""
