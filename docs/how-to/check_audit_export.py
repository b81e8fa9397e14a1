"""Check a file of `daihou audit export` with Python alone: FILE [HASH OF A SEAL]."""

import hashlib
import json
import sys
from pathlib import Path


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root(level: list[bytes]) -> str:
    while len(level) > 1:
        pairs = range(0, len(level) - 1, 2)
        odd = level[-1:] if len(level) % 2 else []
        level = [sha(b"\1" + level[n] + level[n + 1]) for n in pairs] + odd
    return level[0].hex() if level else ""


bad, chains, heads, sealed, seals, told, count = [], {}, {}, {}, [], {}, 0
for line in Path(sys.argv[1]).open(encoding="utf-8"):  # noqa: SIM115
    row = json.loads(line)
    if "text" in row and sha(row["text"].encode()).hex() != row["hash"]:
        bad.append(f"changed: {row['text']}")
    if row["kind"] == "event":
        event, count = json.loads(row["text"]), count + 1
        chain = chains.setdefault((event["subject_type"], event["subject_id"]), [""])
        if (event["position"], event["previous"]) != (len(chain), chain[-1]):
            bad.append(f"not in its place: {row['text']}")
        chain.append(row["hash"])
        if event["type"] == "audit.sealed":
            told[event["payload"]["seal"]] = event["payload"]["hash"]
    elif row["kind"] == "head":
        heads[tuple(row["chain"][:2])] = row["chain"][2:]
    elif row["kind"] == "sealed":
        sealed.setdefault(row["seal"], []).append(row["chain"])
    else:
        seals.append((json.loads(row["text"]), row["hash"]))
for at in chains.keys() | heads.keys():
    hashes = chains.get(at, [""])
    if heads.get(at) != [len(hashes) - 1, hashes[-1]]:
        bad.append(f"not as its head says: {at}")
for number, leaves in sealed.items():
    for kind, name, length, hashed in leaves:
        if chains.get((kind, name), [])[length : length + 1] != [hashed]:
            bad.append(f"not as seal {number} took it in: {kind} {name}")
for n, (seal, hashed) in enumerate(seals, 1):
    texts = [json.dumps(c, ensure_ascii=False).encode() for c in sealed.pop(n, [])]
    leaves = [sha(b"\0" + text) for text in texts]
    mine = (n, root(leaves), seals[n - 2][1] if n > 1 else "", told.pop(n, ""))
    if mine != (seal["seal"], seal["root"], seal["previous"], hashed):
        bad.append(f"seal {n} is not what was sealed")
bad += [f"seal {n} is missing" for n in sealed | told]
if sys.argv[2:] and sys.argv[2] not in [hashed for _seal, hashed in seals]:
    bad.append("the seal given is not among these")
sums = f"{count:,} events, {len(chains):,} chains, {len(seals)} seals"
print("\n".join(bad) or f"{sums}: in order")
sys.exit(bool(bad))
