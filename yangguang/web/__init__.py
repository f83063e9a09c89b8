"""The desks: views of the public, students, schools and authorities, and the kit they share."""
