"""Makes the decision trees by which `promptpal extract` tells an article's blocks from the rest of its page.

    pip install lightgbm==4.7.0 numpy
    python training/article_blocks.py PROMPTPAL DATA src-tauri/crates/news/src/extract/block_model.txt

PROMPTPAL is the program (its `extract --explain` gives every block of a page with its numbers); DATA holds the folders aeb,
fundus, fxt and traf, each with manifest.jsonl and truth.json, its pages unpacked. A block is right when most of its words, in
runs of three, stand in the page's true text; in traf, which only knows some sentences, blocks without any of them do not count.

Before the trees are written, five of them are made, each without a fifth of the sites, and judge the pages of those: the
share of words that they decide rightly is printed. Everything is seeded: the same data give the same file.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
from urllib.parse import urlparse

import lightgbm
import numpy

program, data, target = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
WORD = re.compile(r"\w+")
ROUNDS, FOLDS = 200, 5
# The shares that stand in the other extractor's text and in the page's data: more of them never speaks against a block.
RISING = (34, 35)
PARAMETERS = dict(
    objective="binary", learning_rate=0.07, num_leaves=12, min_data_in_leaf=60, feature_fraction=0.3, bagging_fraction=0.8,
    bagging_freq=1, lambda_l2=20, verbose=-1, seed=1, num_threads=2, deterministic=True, force_row_wise=True,
)
WEIGHTS = {"fundus": 1.3}


def words(text):
    return [word.lower() for word in WORD.findall(text or "")]


def runs(words):
    return [tuple(words[i : i + 3]) for i in range(len(words) - 2)]


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


class Truth:
    def __init__(self, text):
        self.lines = {tuple(words(line)) for line in text.split("\n")}
        self.runs, self.size = set(runs(words(text))), len(words(text))

    def share(self, block):
        if tuple(block) in self.lines:
            return 1.0
        found = runs(block)
        return sum(run in self.runs for run in found) / len(found) if found else 0.0


def sections(body, name):
    return "\n".join("\n".join(section.get(name, [])) for section in body.get("sections", []))


def truths(kind, truth, blocks):
    """The text that is right, and text that may be there or not."""
    if kind == "aeb":
        return Truth(truth["articleBody"]), None
    if kind == "fundus":
        sure = [line for line in truth["body"] if line[:1] != "["]
        return Truth("\n".join(sure)), Truth("\n".join(line[1:-1] for line in truth["body"] if line[:1] == "["))
    best = None
    # Which of the versions was made for this page is not said: the one of which the page has most.
    for version in truth["versions"].values():
        body = version.get("body") or {}
        sure = Truth(sections(body, "paragraphs"))
        found = sum(len(words(text)) for text in blocks if sure.share(words(text)) >= 0.6)
        fit = found / max(1, sure.size + 0.3 * max(0, found - sure.size))
        if best is None or (min(fit, 1), found) > best[0]:
            best = ((min(fit, 1), found), sure, Truth("\n".join(body.get("summary", [])) + "\n" + sections(body, "headline")))
    return best[1:]


def labels(kind, truth, blocks):
    """For each block whether it is right, and how much that counts."""
    right, weight = [], []
    if kind == "traf":
        wanted, unwanted = [one_line(x) for x in truth["with"]], [one_line(x) for x in truth["without"]]
        for text in blocks:
            counts = []
            for sentences in (wanted, unwanted):
                count = sum(sentence in text for sentence in sentences)
                counts.append(count or (sum(text in sentence for sentence in sentences) if len(text) > 40 else 0))
            right.append(int(counts[0] > counts[1]))
            weight.append(6.0 * abs(counts[0] - counts[1]))
        return right, weight
    sure, maybe = truths(kind, truth, blocks)
    for text in blocks:
        block = words(text)
        share = sure.share(block)
        is_right = share >= 0.6
        counts = 100 * (len(block) if len(block) >= 3 else 0.3) / max(50, sure.size)
        counts = max(min(30.0, counts), 0.15) * (0.4 if 0.35 < share < 0.6 else 1)
        if not is_right and maybe and maybe.share(block) >= 0.6:
            counts = 0.0
        right.append(int(is_right))
        weight.append(counts * WEIGHTS.get(kind, 1.0))
    return right, weight


def load(kind):
    folder = data / kind
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    manifest = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = "".join(json.dumps({**row, "path": str(folder / row["path"])}) + "\n" for row in manifest)
    answers = subprocess.run([program, "extract", "--explain"], input=lines, capture_output=True, text=True, check=True).stdout
    for row, answer in zip(manifest, answers.splitlines(), strict=True):
        blocks = json.loads(answer)["blocks"]
        if not blocks:
            continue
        right, weight = labels(kind, truth[row["id"]], [block["text"] for block in blocks])
        host = ".".join(urlparse(row["url"] or "").netloc.split(":")[0].split(".")[-2:]) or row["id"]
        numbers = numpy.array([block["numbers"] for block in blocks], dtype=numpy.float32)
        yield dict(host=host, numbers=numbers, right=numpy.array(right), weight=numpy.array(weight))


def trees(pages):
    numbers = numpy.vstack([page["numbers"] for page in pages])
    right, weight = (numpy.concatenate([page[name] for page in pages]) for name in ("right", "weight"))
    counted = weight > 0
    rising = [int(number in RISING) for number in range(numbers.shape[1])]
    known = lightgbm.Dataset(numbers[counted], right[counted], weight=weight[counted])
    return lightgbm.train({**PARAMETERS, "monotone_constraints": rising}, known, ROUNDS)


def written(node):
    if "leaf_value" in node:
        return "%.4g" % node["leaf_value"]
    return "%d:%.6g %s %s" % (node["split_feature"], node["threshold"], written(node["left_child"]), written(node["right_child"]))


def fold(page):
    return int(hashlib.sha256(("five" + page["host"]).encode()).hexdigest(), 16) % FOLDS


pages = [page for kind in ("aeb", "fundus", "fxt", "traf") for page in load(kind)]
decided = counted = 0.0
for out in range(FOLDS):
    model = trees([page for page in pages if fold(page) != out])
    for page in (page for page in pages if fold(page) == out):
        agrees = (model.predict(page["numbers"]) >= 0.5) == (page["right"] == 1)
        decided, counted = decided + (agrees * page["weight"]).sum(), counted + page["weight"].sum()
print(f"{len(pages)} pages; {decided / counted:.4f} decided rightly by trees that know no page of the site")
text = "# Decision trees over the numbers of a block; see training/article_blocks.py.\n"
text += "".join(written(tree["tree_structure"]) + "\n" for tree in trees(pages).dump_model()["tree_info"])
target.write_text(text, encoding="utf-8", newline="\n")
