"""How many seats there are and how many are free, defined once, as SQL over the quotas k. (S23-2.10, R7.04)

What is public leaves out the quotas of dedicated classes, in the plan as in what is left: plan less left is what is
taken, and neither number discloses a pupil of such a class. Schools and bureaus read all quotas. (decision 0022)
"""

_OPEN = "FILTER (WHERE k.code <> 'dedicated')"
OPEN_SEATS = f"coalesce(sum(k.seats) {_OPEN}, 0)::int"
OPEN_FREE = f"coalesce(sum(k.seats - k.taken) {_OPEN}, 0)::int"
ALL_SEATS = "coalesce(sum(k.seats), 0)::int"
ALL_FREE = "coalesce(sum(k.seats - k.taken), 0)::int"
DEDICATED_SEATS = "coalesce(sum(k.seats) FILTER (WHERE k.code = 'dedicated'), 0)::int"
