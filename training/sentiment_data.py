"""The labelled texts that the default sentiment model is trained, chosen and judged on.

Labels: 0 positive, 1 negative, 2 neutral. Three parts that share no text: `train` (weights), `valid` (every choice: the recipe,
which runs are averaged, the temperature) and the tests, which are looked at once, when everything is chosen.
"""
import ast
import csv
import hashlib
import pathlib
import random
import re

POSITIVE, NEGATIVE, NEUTRAL = 0, 1, 2
LABELS = ("positive", "negative", "neutral")

# Another file under the same name would silently change what the figures mean.
SHA256 = {
    "tfns_train.csv": "b08ad7d97756c9a520a92279d9311d76be0ccf16d29aa1f07a3d163b12e11b57",
    "tfns_valid.csv": "31ea8274c98b52212daa68f2fb962811bf1913c1efe51b99765c8e2311806de6",
    "sentfin.csv": "570af7ba58f724f3fcc414dd5ba80da5b1a3b342134d76c6ebdf53a32c54a92f",
}
# The file goes on after the published training split with rows of unknown origin.
TFNS_ROWS = 9_543
# The seed behind the held-out tenth of SEntFiN that earlier figures were measured on.
SENTFIN_SEED = 20240501
VALID_SEED = 11
VALID_SHARE = 0.10
OWN = pathlib.Path(__file__).with_name("crypto_headlines.csv")

ADDRESS = re.compile(r"https?://\S+")
SPACE = re.compile(r"\s+")
NO_WORD = re.compile(r"\W+")


def cleaned(text):
    """A text without addresses and with single spaces."""
    return SPACE.sub(" ", ADDRESS.sub("", text)).strip()


def key(text):
    """What two spellings of the same text have in common."""
    return NO_WORD.sub("", text.lower())


def records(folder, name):
    path = pathlib.Path(folder) / name
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise SystemExit(f"{path}: sha256 {found}, expected {SHA256[name]}")
    return list(csv.DictReader(content.decode("utf-8").splitlines(keepends=True)))


def unique(rows):
    """The first of the rows that have the same words."""
    seen = {}
    for text, label in rows:
        seen.setdefault(key(text), (text, label))
    return list(seen.values())


def tfns(folder, name):
    order = {"0": NEGATIVE, "1": POSITIVE, "2": NEUTRAL}
    rows = [(cleaned(row["text"]), order[row["label"]]) for row in records(folder, name)]
    rows = rows[:TFNS_ROWS] if name == "tfns_train.csv" else rows
    return [row for row in rows if row[0]]


def sentfin_decisions(folder):
    """(text, labels of the entities that it names) of each headline."""
    rows = []
    for row in records(folder, "sentfin.csv"):
        try:
            rows.append((cleaned(row["Title"]), set(ast.literal_eval(row["Decisions"]).values())))
        except (SyntaxError, ValueError):
            continue
    return rows


def sentfin(folder):
    """Headlines whose entities share one sentiment: (nine tenths, the held-out tenth)."""
    rows = unique([(text, LABELS.index(*found)) for text, found in sentfin_decisions(folder) if len(found) == 1])
    random.Random(SENTFIN_SEED).shuffle(rows)
    tenth = len(rows) // 10
    return rows[tenth:], rows[:tenth]


def crypto():
    """Crypto headlines in our own words. No model was trained on them or chosen by them."""
    with open(OWN, encoding="utf-8", newline="") as file:
        return [(cleaned(row["text"]), LABELS.index(row["label"])) for row in csv.DictReader(file)]


def tests(folder):
    """The test sets by name. Whoever calls this to score them has no choices left to make."""
    first, second = tfns(folder, "tfns_valid.csv"), sentfin(folder)[1]
    return {"TFNS validation": first, "SEntFiN held out": second, "own crypto headlines": crypto()}


def training(folder):
    """(train, valid): lists of (text, label, origin), without a text of the tests."""
    held = {key(text) for rows in tests(folder).values() for text, _ in rows}
    sets = {"tfns": tfns(folder, "tfns_train.csv"), "sentfin": sentfin(folder)[0]}
    rows = {}
    for origin, members in sets.items():
        for text, label in members:
            if key(text) not in held:
                rows.setdefault(key(text), (text, label, origin))
    rows = list(rows.values())
    random.Random(VALID_SEED).shuffle(rows)
    count = round(len(rows) * VALID_SHARE)
    return rows[count:], rows[:count]


def mixed(folder):
    """Texts of SEntFiN whose entities differ in sentiment, so that the whole has no label; none is in another part."""
    taken = {key(text) for rows in (*tests(folder).values(), *training(folder)) for text, *_ in rows}
    rows = unique([(text, None) for text, found in sentfin_decisions(folder) if len(found) > 1])
    return [text for text, _ in rows if key(text) not in taken]
