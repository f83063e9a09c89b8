"""The administrative divisions of the country, for families from another province. (R1.08; GB/T 2260)"""

from functools import cache

from yangguang.reference import rows

_UNDER_PROVINCE = "省直辖"


def provinces() -> list[tuple[str, str]]:
    """(code, name) of the provinces in the order of the codes."""
    return [(code, place["name"]) for code, place in _places().items() if place["level"] == "province"]


def counties(province: str) -> dict[str, list[tuple[str, str]]]:
    """(code, name) of the counties of one province by city; a division without counties is its own county."""
    places = _places()
    parents = {place["parent"] for place in places.values()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, place in places.items():
        if code[:2] == province[:2] and code not in parents:
            parent = place["parent"]
            city = places[parent]["name"] if parent not in ("", province) else _UNDER_PROVINCE
            groups.setdefault(city, []).append((code, place["name"]))
    return groups


def name_of_place(code: str) -> str:
    """From the province down: "四川省成都市锦江区"; "" for an unknown code."""
    place = _places().get(code)
    if place is None:
        return ""
    above = name_of_place(place["parent"])
    return above if above.endswith(place["name"]) else above + place["name"]


@cache
def _places() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("china_divisions")}
