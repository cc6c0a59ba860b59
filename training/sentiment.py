"""Trains the default sentiment model: one run, an average of runs, and the finished folder with its figures.

    pip install -r training/requirements-sentiment.txt
    python training/sentiment.py train  BASE DATA RUN --order-seed 1 [--rate 8e-5 ...]
    python training/sentiment.py soup   BASE DATA SOUP RUN RUN ... [--greedy]
    python training/sentiment.py distil BASE DATA RUN SOUP RUN RUN ... [--share 0.7 ...]
    python training/sentiment.py finish BASE DATA RUN_OR_SOUP MODEL
    python training/sentiment.py judge  BASE DATA MODEL [--against OTHER_MODEL]

BASE is the folder of all-MiniLM-L6-v2, DATA the folder with the three CSV files whose checksums `sentiment_data.py` names. Only
`judge` looks at the tests; everything before it sees the validation split. training/README.md says which commands made the
model in `models/`, and what else was tried.
"""
import argparse
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import BertTokenizerFast

import sentiment_data as data
from sentiment_figures import figures, paired, probabilities, temperature_of, write_manifest
from sentiment_network import SCORE_PIECES, average, encode, finished, judged, loaded, save, score
from sentiment_train import distil, train



def soup(options):
    """The mean of the runs' weights; greedily, a run joins (best first) only where the validation loss does not rise."""
    _, valid = data.training(options.data)
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    ids = encode(tokenizer, (text for text, *_ in valid), SCORE_PIECES)
    labels = np.array([label for _, label, _ in valid])
    states = {run: load_file(pathlib.Path(run) / "model.safetensors") for run in options.runs}
    members = list(options.runs)
    if options.greedy:
        alone = {run: figures(labels, np.load(pathlib.Path(run) / "valid.npy"))["loss"] for run in options.runs}
        order = sorted(options.runs, key=alone.__getitem__)
        members, best = order[:1], alone[order[0]]
        for run in order[1:]:
            tried = score(loaded(average([states[member] for member in [*members, run]]), options.base), ids)
            loss = figures(labels, tried)["loss"]
            if loss <= best:
                members, best = [*members, run], loss
    model = loaded(average([states[run] for run in members]), options.base)
    votes = [probabilities(np.load(pathlib.Path(run) / "valid.npy")) for run in members]
    ensemble = np.log(np.mean(votes, axis=0))
    report = {"members": [pathlib.Path(run).name for run in members], "their_ensemble": judged(valid, ensemble)}
    save(options.run, model, report, valid, score(model, ids))


def finish(options):
    """Calibrates on the validation split, and writes the 16-bit weights and the manifest of a model folder."""
    folder = pathlib.Path(options.model)
    _, valid = data.training(options.data)
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    ids = encode(tokenizer, (text for text, *_ in valid), SCORE_PIECES)
    labels = np.array([label for _, label, _ in valid])
    state = load_file(pathlib.Path(options.run) / "model.safetensors")
    before = score(loaded(state, options.base), ids)
    temperature = temperature_of(labels, before)
    # Divided into the classifier, so that whoever applies a plain softmax has calibrated probabilities.
    for name in ("classifier.weight", "classifier.bias"):
        state[name] = state[name] / temperature
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    half = {name: tensor.half().contiguous() for name, tensor in state.items()}
    save_file(half, folder / manifest["weights"], metadata={"format": "pt"})
    (folder / manifest["weights"]).chmod(0o644)
    write_manifest(folder, manifest)
    after = score(finished(folder), ids)
    print(json.dumps({"temperature": temperature, "before": figures(labels, before), "after": figures(labels, after)}, indent=1))


def judge(options):
    """The figures of a finished folder on the tests, and beside another's: which rows only one of both has right."""
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    models = [finished(folder) for folder in (options.run, options.against) if folder]
    report = {}
    for name, rows in data.tests(options.data).items():
        ids = encode(tokenizer, (text for text, _ in rows), SCORE_PIECES)
        labels = np.array([label for _, label in rows])
        logits = [score(model, ids) for model in models]
        report[name] = {"rows": len(rows), **figures(labels, logits[0])}
        if options.against:
            report[name].update(against=figures(labels, logits[1]), **paired(labels, *logits))
    print(json.dumps(report, indent=1))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    uses = parser.add_subparsers(required=True)

    def use(name, function, *positional):
        found = uses.add_parser(name)
        found.set_defaults(use=function)
        found.add_argument("base")
        found.add_argument("data")
        found.add_argument("run")
        found.add_argument("--threads", type=int, default=1)
        for extra, many in positional:
            found.add_argument(extra, nargs="+" if many else None)
        return found

    def learning(found, epochs, rate, hide):
        found.add_argument("--order-seed", type=int, default=1)
        found.add_argument("--epochs", type=int, default=epochs)
        found.add_argument("--batch", type=int, default=32)
        found.add_argument("--rate", type=float, default=rate)
        found.add_argument("--head-rate", type=float, default=3e-4)
        found.add_argument("--layer-decay", type=float, default=0.9)
        found.add_argument("--smoothing", type=float, default=0.05)
        found.add_argument("--balance", type=float, default=0.5, help="exponent of the inverse class frequency")
        found.add_argument("--hide", type=float, default=hide, help="share of word pieces that are masked")

    learning(use("train", train), 3, 8e-5, 0.0)
    taught = use("distil", distil, ("start", False), ("teachers", True))
    learning(taught, 2, 4e-5, 0.1)
    taught.set_defaults(head_rate=4e-5)
    taught.add_argument("--share", type=float, default=0.7, help="weight of the teachers against that of the labels")
    taught.add_argument("--soften", type=float, default=2.0, help="temperature at which teachers and pupil are compared")
    use("soup", soup, ("runs", True)).add_argument("--greedy", action="store_true")
    use("finish", finish, ("model", False))
    use("judge", judge).add_argument("--against")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    chosen.use(chosen)
