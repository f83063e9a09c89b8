"""A reader of bundles written from the public specification alone: no line of the platform, standard library only.

Usage: python3 stranger_reader.py FILE.zip. Prints what is wrong; exit code 0 when the bundle agrees, 1 when not.
"""

import hashlib
import json
import re
import sys
import zipfile

HEADINGS = {
    "programmes.tsv": "programme cap quota seats mode priority flows_to tie state",
    "rows.tsv": "id kinds choices",
    "list.tsv": "id programme quota",
}
ORDER, MASK = 2**31, 2**32 - 1


class Wrong(Exception):
    """Where the bundle is not as the specification says."""


def require(holds, what):
    if not holds:
        raise Wrong(what)


def sm3(data):
    """SM3 as in GB/T 32905-2016."""

    def rotate(x, n):
        n %= 32
        return (x << n | x >> (32 - n)) & MASK

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + bytes(-(len(data) + 9) % 64) + (len(data) * 8).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[at + i : at + i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            s1 = rotate((rotate(a, 12) + e + rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & MASK, 7)
            s2 = s1 ^ rotate(a, 12)
            one = a ^ b ^ c if j < 16 else a & b | a & c | b & c
            two = e ^ f ^ g if j < 16 else e & f | ~e & MASK & g
            t1, t2 = (one + d + s2 + (w[j] ^ w[j + 4])) & MASK, (two + h + s1 + w[j]) & MASK
            a, b, c, d, e, f, g, h = t1, a, rotate(b, 9), c, t2 ^ rotate(t2, 9) ^ rotate(t2, 17), e, rotate(f, 19), g
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True)]
    return b"".join(x.to_bytes(4, "big") for x in state).hex()


def read_table(name, data):
    lines = data.decode("utf-8").split("\n")
    require(lines.pop() == "", f"{name}: no line feed at the end")
    require(lines[0] == HEADINGS[name].replace(" ", "\t"), f"{name}: heading")
    rows = [line.split("\t") for line in lines[1:]]
    require(all(len(row) == len(HEADINGS[name].split()) and all(row) for row in rows), f"{name}: cells")
    return rows


def read_programmes(data):
    """Code to its cap and its quotas; a programme without quotas takes no part."""
    states, programmes = {}, {}
    for code, cap, quota, seats, mode, priority, flows_to, tie, state in read_table("programmes.tsv", data):
        require(states.setdefault(code, state) == state, f"{code}: two states")
        if state in ("held_back", "left_out"):
            require((cap, quota, seats, mode, priority, flows_to, tie) == ("-", "-", "0", "-", "0", "-", "-"), code)
            continue
        require(state in ("shown", "masked") and mode in ("at_least", "exactly", "at_most"), f"{code}: words")
        require(tie in ("lottery", "all_wait"), f"{code}: tie")
        own = programmes.setdefault(code, {"cap": cap, "quotas": []})
        require(own["cap"] == cap, f"{code}: two caps")
        to = None if flows_to == "-" else flows_to
        own["quotas"].append({"code": quota, "seats": int(seats), "at": int(priority), "to": to, "tie": tie})
    for code, one in programmes.items():
        one["quotas"].sort(key=lambda quota: quota["at"])
        priority = {quota["code"]: quota["at"] for quota in one["quotas"]}
        require(len(set(priority.values())) == len(one["quotas"]), f"{code}: priorities")
        require(all(q["to"] is None or priority.get(q["to"], -1) > q["at"] for q in one["quotas"]), f"{code}: flow")
        excess = 0 if one["cap"] == "-" else sum(q["seats"] for q in one["quotas"]) - int(one["cap"])
        for quota in reversed(one["quotas"]):
            less = min(max(0, excess), quota["seats"])
            quota["seats"], excess = quota["seats"] - less, excess - less
    return states, programmes


def read_rows(data, programmes):
    rows, places = {}, set()
    for name, kinds, choices in read_table("rows.tsv", data):
        require(re.fullmatch("[0-9a-f]{16}", name) and (not rows or name > max(rows)), f"{name}: order of ids")
        wanted = []
        for choice in choices.split(" "):
            code, place, group = re.fullmatch(r"([^:]+):([0-9]{1,9})(?:/([0-9]{1,9}))?", choice).groups()
            require(code in programmes and code not in [one[0] for one in wanted], f"{name}: {code}")
            require(0 < int(group or place) <= int(place), f"{name}: place")
            if any(quota["tie"] == "lottery" for quota in programmes[code]["quotas"]):
                require((code, place) not in places, f"{name}: place of another")
                places.add((code, place))
            wanted.append((code, int(place), int(group or place)))
        rows[name] = {"kinds": kinds.split(","), "choices": wanted}
    return rows


def admit(programme, crowd):
    """Whom a programme admits from its crowd of (place, group, id, kinds): id to quota."""
    remaining, received, admitted = sorted(crowd), {}, {}
    for quota in programme["quotas"]:
        eligible = [one for one in remaining if quota["code"] in one[3]]
        capacity = quota["seats"] + received.get(quota["code"], 0)
        chosen = eligible[:capacity]
        if quota["tie"] == "all_wait" and len(eligible) > capacity:
            chosen = [one for one in eligible if one[1] < eligible[capacity][1]]
        if quota["to"]:
            unused = max(0, quota["seats"] - len(eligible))
            received[quota["to"]] = received.get(quota["to"], 0) + unused
        admitted.update({one[2]: quota["code"] for one in chosen})
        remaining = [one for one in remaining if one[2] not in admitted]
    return admitted


def compute(programmes, rows):
    """One row after another applies, the last one first; the order does not matter."""
    crowds, position, seat = {code: [] for code in programmes}, dict.fromkeys(rows, 0), dict.fromkeys(rows)
    applying = list(rows)
    while applying:
        name = applying.pop()
        row = rows[name]
        if position[name] == len(row["choices"]):
            continue
        code, place, group = row["choices"][position[name]]
        crowds[code].append((place, group, name, row["kinds"]))
        admitted = admit(programmes[code], crowds[code])
        for _, _, other, _ in crowds[code]:
            if other in admitted:
                seat[other] = code, admitted[other]
            elif other == name or (seat[other] and seat[other][0] == code):
                seat[other] = None
                position[other] += 1
                applying.append(other)
    return seat


def check(path):
    with zipfile.ZipFile(path) as packed:
        require(sorted(packed.namelist()) == sorted([*HEADINGS, "README.txt", "manifest.json"]), "files")
        files = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(files["manifest.json"])
    require(manifest["format"] == "yangguang-replay 1", "format")
    require(manifest["sha256"] == {name: hashlib.sha256(files[name]).hexdigest() for name in HEADINGS}, "sha256")
    require(manifest["sm3"] == {"list.tsv": sm3(files["list.tsv"])}, "sm3")
    require(sm3(bytes.fromhex(manifest["lottery"]["seed"])) == manifest["lottery"]["commitment"], "commitment")
    states, programmes = read_programmes(files["programmes.tsv"])
    rows = read_rows(files["rows.tsv"], programmes)
    listed = read_table("list.tsv", files["list.tsv"])
    require([row[0] for row in listed] == list(rows), "ids of the list")
    withheld = sorted(code for code, state in states.items() if state == "held_back")
    require(manifest["held_back"] == withheld, "held back")
    counts = {
        "programmes": len(states),
        "masked": list(states.values()).count("masked"),
        "left_out": len(states) - len(programmes),
        "rows": len(rows),
        "seated": sum(row[1] != "-" for row in listed),
    }
    require(manifest["numbers"] == counts, "numbers")
    require(all(len(row["choices"]) <= manifest["round"]["max_choices"] for row in rows.values()), "max_choices")
    seats = compute(programmes, rows)
    require([[name, *(seats[name] or "--")] for name in rows] == listed, "another list")


if __name__ == "__main__":
    try:
        check(sys.argv[1])
    except Wrong as reason:
        sys.exit(f"WRONG: {reason}")
