"""A second verifier of evidence packs, written from docs/reference/pack-v1.md and entry-v1.md and the
RFCs they name, and from nothing else. It shares no line with the first one and needs only Python's
standard library. Where it could not be written from the page, the page was mended.

    second_verifier.py [--key VKEY] [--witness VKEY]... [--quorum N] [--code CODE] PACK...

For each pack: a line with its name and each step with its outcome, or why it is no pack.
"""

import argparse
import base64
import hashlib
import hmac
import struct
import sys

MAGIC = b"candour-pack/v1\n"
MAGIC_WITH_STATEMENTS = b"candour-pack/v2\n"
RECOVERED, LOG_KEY, POSITIONS_KEY = 1, 2, 3
PROMISE_US = 60_000_000
ZERO = bytes(32)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def u64(number):
    return struct.pack(">Q", number)


# The curve (RFC 8032, 5.1): points in extended coordinates.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, point):
    result = NEUTRAL
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def minus(point):
    return (P - point[0], point[1], point[2], P - point[3])


def encoded(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decoded(text):
    """The point of the one encoding that these bytes are; None for any other bytes."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def is_small(point):
    return encoded(times(8, point)) == encoded(NEUTRAL)


BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    """Ed25519 (RFC 8032, 5.1.7)."""
    point = decoded(key)
    if point is None or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return encoded(add(times(s, BASE), times(k, minus(point)))) == signature[:32]


def vrf_hash(key, text, proof):
    """ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, 5.3); None if the proof is false."""
    public, gamma = decoded(key), decoded(proof[:32])
    challenge, s = proof[32:48], int.from_bytes(proof[48:], "little")
    if gamma is None or s >= L:
        return None
    for tries in range(256):
        point = decoded(hashlib.sha512(b"\3\1" + key + text + bytes([tries, 0])).digest()[:32])
        if point is not None and not is_small(point):
            point = times(8, point)
            break
    else:
        return None
    c = int.from_bytes(challenge, "little")
    u = add(times(s, BASE), times(c, minus(public)))
    v = add(times(s, point), times(c, minus(gamma)))
    points = b"".join(encoded(one) for one in (point, gamma, u, v))
    if hashlib.sha512(b"\3\2" + key + points + b"\0").digest()[:16] != challenge:
        return None
    return hashlib.sha512(b"\3\3" + encoded(times(8, gamma)) + b"\0").digest()


# Merkle proofs (RFC 9162, 2.1.3.2 and 2.1.4.2).


def node(left, right):
    return sha256(b"\1", left, right)


def is_included(leaf, index, size, root, path):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, sha256(b"\0", leaf)
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def is_consistent(first, first_root, second, second_root, path):
    if first == second:
        return not path and first_root == second_root
    if first > second:
        return False
    if first == 0:
        # RFC 9162 leaves it out: every log goes on from an empty one.
        return not path and first_root == sha256()
    if not path and first & (first - 1):
        return False
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    if not path:
        return False
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


def merkle_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node(merkle_root(leaves[:half]), merkle_root(leaves[half:]))


# Notes, keys and checkpoints.


class NoPack(Exception):
    pass


def demand(holds, why="damaged"):
    if not holds:
        raise NoPack(why)


def is_key_name(name):
    control = any(ord(c) < 32 or 127 <= ord(c) < 160 for c in name)
    return bool(name) and "+" not in name and not control and not any(c.isspace() for c in name)


def unbase64(text):
    """The bytes of the one padded base64 text that they have; None for any other text."""
    try:
        plain = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return plain if base64.b64encode(plain).decode() == text else None


class Key:
    def __init__(self, kind, name, key):
        demand(is_key_name(name) and len(key) == 32 and decoded(key) is not None)
        self.name, self.key = name, key
        self.id = sha256(name.encode(), b"\n", bytes([kind]), key)[:4]

    @staticmethod
    def of_vkey(kind, vkey):
        name, key_id, key = vkey.split("+", 2)
        plain = unbase64(key)
        demand(plain is not None and plain[0] == kind, "no such key")
        result = Key(kind, name, plain[1:])
        demand(result.id.hex() == key_id, "no such key")
        return result

    def __eq__(self, other):
        return (self.name, self.key) == (other.name, other.key)


class Note:
    def __init__(self, written):
        body, empty_line, lines = written.rpartition("\n\n")
        demand(empty_line and lines.endswith("\n"))
        self.text, self.signatures = body + "\n", []
        demand(not any(c < " " and c != "\n" for c in self.text))
        lines = lines[:-1].split("\n")
        demand(len(lines) <= 64)
        for line in lines:
            demand(line.startswith("\u2014 "))
            name, space, signature = line[2:].partition(" ")
            plain = unbase64(signature)
            demand(space and is_key_name(name) and plain is not None and len(plain) > 4)
            self.signatures.append((name, plain[:4], plain[4:]))

    def of(self, key):
        return [s for name, key_id, s in self.signatures if (name, key_id) == (key.name, key.id)]

    def checkpoint(self, key):
        """Size and root, if this log's key signed it; else None."""
        mine = self.of(key)
        if not mine or not all(signed(key.key, self.text.encode(), one) for one in mine):
            return None
        found = self.parsed()
        return found[1:] if found and found[0] == key.name else None

    def parsed(self):
        lines = self.text.split("\n")
        if len(lines) != 4 or lines[3] or not is_key_name(lines[0]):
            return None
        digits, root = lines[1], unbase64(lines[2])
        if not (digits.isascii() and digits.isdigit()) or str(int(digits)) != digits:
            return None
        if int(digits) >= 2**64 or root is None or len(root) != 32:
            return None
        return lines[0], int(digits), root

    def seen(self, witness):
        """When the witness saw it last, in seconds; None also if a line in its name is false."""
        latest = None
        for line in self.of(witness):
            if len(line) < 8:
                return None
            seconds = struct.unpack(">Q", line[:8])[0]
            message = f"cosignature/v1\ntime {seconds}\n{self.text}".encode()
            if not signed(witness.key, message, line[8:]):
                return None
            latest = seconds if latest is None else max(latest, seconds)
        return latest


# The file.


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        demand(length <= len(self.data) - self.at)
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def text(self, length):
        try:
            return self.take(length).decode()
        except UnicodeDecodeError:
            raise NoPack("damaged")

    def many(self, form, one):
        return [one() for _ in range(self.number(form))]

    def hashes(self):
        return self.many("H", lambda: self.take(32))

    def note(self):
        return Note(self.text(self.number("I")))

    def place(self):
        return self.number("Q"), self.hashes()

    def field(self):
        kind = self.number("B")
        demand(kind <= 4)
        if kind:
            return None, None, self.take(32)
        salt, name = self.take(16), self.take(self.number("B"))
        value = self.take(self.number("I"))
        demand(name and all(0x21 <= c <= 0x7E for c in name))
        leaf = sha256(b"\0field/v1", salt, bytes([len(name)]), name, value)
        return name, value, leaf

    def opened(self):
        one = {"time": self.number("q"), "opening": self.take(32)}
        fields = self.many("H", self.field)
        names = [name for name, _, _ in fields if name is not None]
        demand(fields and all(a < b for a, b in zip(names, names[1:])))
        one["shown"] = {name: value for name, value, _ in fields if name is not None}
        leaves = [leaf for _, _, leaf in fields]
        count = struct.pack(">H", len(leaves))
        one["root"] = sha256(b"\3record/v1", count, merkle_root(leaves))
        return one

    def epoch(self):
        start = self.at
        epoch = {"number": self.number("Q"), "time": self.number("q"), "size": self.number("Q")}
        epoch["key"], epoch["map"] = self.take(32), self.take(32)
        epoch["leaf"] = sha256(b"epoch/v1", self.data[start : self.at])
        point = decoded(epoch["key"])
        demand(point is not None and not is_small(point))
        epoch["place"], epoch["proof"] = self.place(), self.take(80)
        epoch["n"], epoch["h"] = self.number("Q"), self.take(32)
        epoch["opening"], epoch["path"] = self.take(32), self.hashes()
        return epoch

    def link(self):
        link = {"commitment": self.take(32), "open": None, "place": None}
        kind = self.number("B")
        demand(kind in (1, 2))
        if kind == 1:
            link["open"] = self.opened()
        kind = self.number("B")
        demand(kind in (0, 1))
        if kind == 1:
            link["place"] = self.place()
        return link

    def held(self):
        held = {"link": self.number("I"), "view": self.take(32)}
        held.update(self.opened())
        held["place"] = self.place()
        return held

    def statement(self):
        start = self.at
        said = {"kind": self.number("B"), "time": self.number("q")}
        demand(said["kind"] in (RECOVERED, LOG_KEY, POSITIONS_KEY))
        if said["kind"] == RECOVERED:
            said["kept"], said["seen"], said["root"] = *struct.unpack(">QQ", self.take(16)), self.take(32)
        else:
            said["from"], said["to"] = self.take(32), self.take(32)
        said["leaf"] = sha256(b"statement/v1", self.data[start : self.at])
        said["place"] = self.place()
        return said


class Pack:
    def __init__(self, data):
        demand(data.startswith((MAGIC, MAGIC_WITH_STATEMENTS)), "no pack")
        read = Reader(data)
        read.take(len(MAGIC))
        name = read.text(read.number("B"))
        self.key = Key(1, name, read.take(32))
        self.view = read.take(32)
        self.checkpoint = read.note()
        self.earlier = read.many("H", lambda: (read.note(), read.hashes()))
        self.epochs = read.many("H", read.epoch)
        self.links = read.many("I", read.link)
        self.held = read.many("H", read.held)
        self.statements = []
        if data.startswith(MAGIC_WITH_STATEMENTS):
            self.statements = read.many("H", read.statement)
            places = [said["place"][0] for said in self.statements]
            demand(places and all(a < b for a, b in zip(places, places[1:])))
        demand(read.at == len(data))
        order = [held["link"] for held in self.held]
        demand(all(a < b for a, b in zip(order, order[1:])))
        self.heads = [ZERO]
        for link in self.links:
            self.heads.append(sha256(b"\2", self.heads[-1], link["commitment"]))


# The steps.

HOLDS, NOT_SHOWN, FALSE = "holds", "not-shown", "false"


def judged(holds):
    return HOLDS if holds else FALSE


class Checking:
    def __init__(self, pack, key, witnesses, quorum, code):
        self.pack, self.given, self.witnesses = pack, key, witnesses
        self.quorum, self.code = quorum, code
        self.key = self.handed_on(key) if key else pack.key
        self.signed = pack.checkpoint.checkpoint(self.key)

    def steps(self):
        found = [
            ("key", self.is_given()),
            ("checkpoint", judged(self.signed is not None)),
            ("witnesses", self.is_cosigned()),
            ("history", self.history()),
            ("entries", self.entries()),
            ("erasures", self.erasures()),
            ("held", self.held()),
            ("log", self.log()),
            ("order", self.order()),
            ("times", self.times()),
            ("completeness", self.completeness()),
        ]
        if self.pack.statements:
            found.append(("statements", self.statements()))
        if self.code is not None:
            found.append(("code", self.has_code()))
        return found

    def is_in(self, leaf, place):
        return self.signed is not None and is_included(leaf, place[0], *self.signed, place[1])

    def is_logged(self, epoch):
        return epoch["size"] <= epoch["place"][0] and self.is_in(epoch["leaf"], epoch["place"])

    def is_given(self):
        if self.given is None:
            return NOT_SHOWN
        return judged(self.pack.key in (self.given, self.key))

    def handed_on(self, key):
        """The key to which a trusted one handed the log on."""
        for said in self.pack.statements:
            if said["kind"] != LOG_KEY or said["from"] != key.key:
                continue
            sizes = [note.checkpoint(key) for note, _ in self.pack.earlier]
            if any(signed and signed[0] > said["place"][0] for signed in sizes):
                key = self.next_key(key, said["to"])
        return key

    def next_key(self, key, other):
        try:
            return Key(1, key.name, other)
        except NoPack:
            return key

    def key_at(self, size):
        key = self.key
        for said in reversed(self.pack.statements):
            if said["kind"] == LOG_KEY and said["place"][0] >= size and said["to"] == key.key:
                key = self.next_key(key, said["from"])
        return key

    def signed_then(self, note):
        found = note.parsed()
        return note.checkpoint(self.key_at(found[1])) if found else None

    def statements(self):
        if self.signed is None:
            return NOT_SHOWN
        return judged(all(self.is_in(one["leaf"], one["place"]) for one in self.pack.statements))

    def positions_key(self, epoch, until):
        key = epoch["key"]
        for said in self.pack.statements:
            between = epoch["place"][0] < said["place"][0] < until
            if said["kind"] == POSITIONS_KEY and between and said["from"] == key:
                key = said["to"]
        return key

    def is_cosigned(self):
        if not self.witnesses:
            return NOT_SHOWN
        seen = [one for one in self.witnesses if self.pack.checkpoint.seen(one) is not None]
        return judged(len(seen) >= self.quorum)

    def history(self):
        if self.signed is None or not self.pack.earlier:
            return NOT_SHOWN
        found = [(self.signed_then(note), path) for note, path in self.pack.earlier]
        return judged(
            all(old and is_consistent(*old, *self.signed, path) for old, path in found)
        )

    def entries(self):
        links = zip(self.pack.links, self.pack.heads)
        return judged(
            all(
                link["open"] is None
                or link["commitment"] == self.commitment(self.pack.view, i, link["open"], head)
                for i, (link, head) in enumerate(links)
            )
        )

    def commitment(self, view, index, one, head):
        time = struct.pack(">q", one["time"])
        return mac(one["opening"], b"entry/v1", view, u64(index), time, one["root"], head)

    def shown(self, link, name):
        return link["open"] and link["open"]["shown"].get(name)

    def erasures(self):
        def is_answered(i, link):
            said = link["commitment"].hex().encode()
            later = self.pack.links[i + 1 :]
            return link["open"] or any(self.shown(one, b"erases") == said for one in later)

        return judged(all(is_answered(i, link) for i, link in enumerate(self.pack.links)))

    def held(self):
        if self.signed is None:
            return NOT_SHOWN
        opens = [(i, self.shown(link, b"opens")) for i, link in enumerate(self.pack.links)]
        opens = [(i, view) for i, view in opens if view]
        views = [view for _, view in opens]
        if len(set(views)) < len(views) or not all(map(self.was_held, self.pack.held)):
            return FALSE
        proven = {held["link"] for held in self.pack.held}
        return HOLDS if all(i in proven for i, _ in opens) else NOT_SHOWN

    def was_held(self, held):
        if held["link"] >= len(self.pack.links):
            return False
        link = self.pack.links[held["link"]]
        if self.shown(link, b"opens") != held["view"].hex().encode():
            return False
        if not self.is_in(self.commitment(held["view"], 0, held, ZERO), held["place"]):
            return False
        if link["place"] and link["place"][0] <= held["place"][0]:
            return False
        said = link["open"]["shown"]
        same = all(
            said.get(name, value) == value
            for name, value in held["shown"].items()
            if name != b"opens"
        )
        return same and self.fits(held["place"][0], held["time"])

    def log(self):
        if self.signed is None:
            return NOT_SHOWN
        placed = [link for link in self.pack.links if link["place"]]
        if not all(self.is_in(link["commitment"], link["place"]) for link in placed):
            return FALSE
        return HOLDS if len(placed) == len(self.pack.links) else NOT_SHOWN

    def order(self):
        last, waits, time = -1, False, None
        for link in self.pack.links:
            if link["place"] is None:
                waits = True
            elif waits or link["place"][0] <= last:
                return FALSE
            else:
                last = link["place"][0]
            if link["open"]:
                if time is not None and link["open"]["time"] < time:
                    return FALSE
                time = link["open"]["time"]
        return HOLDS

    def moments(self):
        epochs = [(one["size"], one["time"]) for one in self.pack.epochs if self.is_logged(one)]
        seen = []
        for note in [note for note, _ in self.pack.earlier] + [self.pack.checkpoint]:
            times = [note.seen(witness) for witness in self.witnesses]
            times = [time for time in times if time is not None]
            if times and note.parsed():
                seen.append((note.parsed()[1], min(times) * 1_000_000))
        return epochs, seen

    def fits(self, leaf, time):
        epochs, seen = self.moments()
        early = any(leaf < size and time > by + PROMISE_US for size, by in epochs + seen)
        late = any(leaf >= size and time < by - PROMISE_US for size, by in epochs)
        return not early and not late

    def times(self):
        epochs, seen = self.moments()
        if not epochs and not seen:
            return NOT_SHOWN
        placed = [link for link in self.pack.links if link["place"] and link["open"]]
        return judged(all(self.fits(one["place"][0], one["open"]["time"]) for one in placed))

    def completeness(self):
        epochs = self.pack.epochs
        if self.signed is None or not epochs:
            return NOT_SHOWN
        follow = all(
            a["number"] < b["number"]
            and a["place"][0] < b["place"][0]
            and a["time"] <= b["time"]
            and a["size"] <= b["size"]
            and self.positions_key(a, b["place"][0]) == b["key"]
            for a, b in zip(epochs, epochs[1:])
        )
        return judged(follow and all(map(self.stood, epochs)))

    def stood(self, epoch):
        found = self.is_logged(epoch) and vrf_hash(epoch["key"], self.pack.view, epoch["proof"])
        if not found or len(epoch["path"]) > 256:
            return False
        position = found[:32]
        number, n = u64(epoch["number"]), epoch["n"]
        value = mac(epoch["opening"], b"map/v1", number, position, u64(n), epoch["h"])
        bits = int.from_bytes(position, "big")
        for depth in reversed(range(len(epoch["path"]))):
            sibling = epoch["path"][depth]
            is_right = bits >> (255 - depth) & 1
            value = node(sibling, value) if is_right else node(value, sibling)
        places = [link["place"][0] for link in self.pack.links if link["place"]]
        return (
            value == epoch["map"]
            and n < len(self.pack.heads)
            and self.pack.heads[n] == epoch["h"]
            and sum(place < epoch["size"] for place in places) == n
        )

    def has_code(self):
        codes = (head_code(self.pack.view, n, h) for n, h in enumerate(self.pack.heads))
        if self.code in codes:
            return HOLDS
        lost = any(said["kind"] == RECOVERED for said in self.pack.statements)
        return NOT_SHOWN if lost else FALSE


def head_code(view, n, h):
    bits = int.from_bytes(sha256(b"head-code/v1", view, u64(n), h)[:16], "big") >> 28
    letters = "0123456789abcdefghjkmnpqrstvwxyz"
    return "".join(letters[bits >> (95 - 5 * place) & 31] for place in range(20))


def main():
    parser = argparse.ArgumentParser(description="A second verifier of evidence packs")
    parser.add_argument("--key")
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int)
    parser.add_argument("--code")
    parser.add_argument("packs", nargs="+")
    given = parser.parse_args()
    key = Key.of_vkey(1, given.key) if given.key else None
    witnesses = [Key.of_vkey(4, vkey) for vkey in given.witness]
    quorum = len(witnesses) if given.quorum is None else given.quorum
    for name in given.packs:
        try:
            with open(name, "rb") as file:
                pack = Pack(file.read())
        except NoPack as why:
            print(f"{name}: {why}")
            continue
        steps = Checking(pack, key, witnesses, quorum, given.code).steps()
        print(f"{name}: " + " ".join(f"{step}={found}" for step, found in steps))


if __name__ == "__main__":
    main()
