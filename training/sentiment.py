"""Trains the default sentiment model: one run, an average of runs, and the finished folder with its figures.

    pip install -r training/requirements-sentiment.txt
    python training/sentiment.py train  BASE DATA RUN --order-seed 1 [--rate 8e-5 ...]
    python training/sentiment.py soup   BASE DATA SOUP RUN RUN ... [--greedy]
    python training/sentiment.py finish BASE DATA RUN_OR_SOUP MODEL
    python training/sentiment.py judge  BASE DATA MODEL [--against OTHER_MODEL]

BASE is the folder of all-MiniLM-L6-v2, DATA the folder with the three CSV files whose checksums `sentiment_data.py` names. Only
`judge` looks at the tests; everything before it sees the validation split. training/README.md says which commands made the
model in `models/`, and what else was tried.
"""
import argparse
import json
import math
import pathlib
import random
import time

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

import sentiment_data as data
from sentiment_figures import figures, paired, probabilities, temperature_of, write_manifest

HEAD_SEED = 7
TRAIN_PIECES = 96
SCORE_PIECES = 256


def network(folder, seed=HEAD_SEED):
    """The encoder with a new classifier, the same in every run: only such runs can be averaged."""
    torch.manual_seed(seed)
    return BertForSequenceClassification.from_pretrained(folder, config=shape(folder))


def shape(folder):
    return BertConfig.from_pretrained(folder, num_labels=3, id2label=dict(enumerate(data.LABELS)),
                                      label2id={name: at for at, name in enumerate(data.LABELS)})


def encode(tokenizer, texts, pieces):
    return tokenizer(list(texts), truncation=True, max_length=pieces)["input_ids"]


def padded(ids):
    """(ids, mask) of one batch; the padding of this vocabulary is 0."""
    width = max(map(len, ids))
    rows = torch.tensor([row + [0] * (width - len(row)) for row in ids])
    return rows, torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])


def shuffled_batches(lengths, size, generator):
    """Batches in random order, of neighbours in length among 50 batches' worth of random rows: little is padding."""
    order = list(range(len(lengths)))
    generator.shuffle(order)
    pools = [sorted(order[at:at + size * 50], key=lengths.__getitem__) for at in range(0, len(order), size * 50)]
    order = [row for pool in pools for row in pool]
    batches = [order[at:at + size] for at in range(0, len(order), size)]
    generator.shuffle(batches)
    return batches


def score(model, ids):
    """Logits of all rows, in their order."""
    model.eval()
    logits = np.zeros((len(ids), 3), np.float32)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    with torch.inference_mode():
        for at in range(0, len(order), 64):
            rows = order[at:at + 64]
            batch, mask = padded([ids[row] for row in rows])
            logits[rows] = model(input_ids=batch, attention_mask=mask).logits.numpy()
    return logits


def groups(model, rate, decay, head_rate):
    """Parameters with learning rates that fall by `decay` from each layer to the one below, and no weight decay on biases."""
    layers = model.config.num_hidden_layers
    found = {}
    for name, parameter in model.named_parameters():
        if name.startswith("bert.encoder.layer."):
            of = rate * decay ** (layers - 1 - int(name.split(".")[3]))
        elif name.startswith("bert.embeddings."):
            of = rate * decay ** layers
        else:
            of = head_rate
        plain = name.endswith(("bias", "LayerNorm.weight"))
        found.setdefault((of, 0.0 if plain else 0.01), []).append(parameter)
    return [{"params": members, "lr": of, "weight_decay": decay_of} for (of, decay_of), members in found.items()]


def train(options):
    rows, valid = data.training(options.data)
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    model = network(options.base)
    ids = encode(tokenizer, (text for text, *_ in rows), TRAIN_PIECES)
    valid_ids = encode(tokenizer, (text for text, *_ in valid), SCORE_PIECES)
    labels = torch.tensor([label for _, label, _ in rows])
    counts = np.bincount(labels.numpy(), minlength=3)
    weight = torch.tensor((counts.sum() / (3 * counts)) ** options.balance, dtype=torch.float32)
    torch.manual_seed(options.order_seed)
    generator = random.Random(options.order_seed)
    optimiser = torch.optim.AdamW(groups(model, options.rate, options.layer_decay, options.head_rate), fused=True)
    total = math.ceil(len(rows) / options.batch) * options.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * total), max(0.0, (total - step) / total)))
    started, step, history = time.process_time(), 0, []
    for epoch in range(options.epochs):
        model.train()
        loss_sum = 0.0
        for batch_at, batch in enumerate(shuffled_batches([len(row) for row in ids], options.batch, generator)):
            tokens, mask = padded([ids[row] for row in batch])
            if options.hide:
                hidden = (torch.rand(tokens.shape) < options.hide) & (tokens > 103)
                tokens = tokens.masked_fill(hidden, tokenizer.mask_token_id)
            logits = model(input_ids=tokens, attention_mask=mask).logits
            loss = cross_entropy(logits, labels[batch], weight=weight, label_smoothing=options.smoothing)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            loss_sum += loss.item()
            if step % 50 == 0:
                mean, used = loss_sum / (batch_at + 1), time.process_time() - started
                print(f"step {step}/{total} loss {mean:.4f} cpu {used:.0f} s", flush=True)
        logits = score(model, valid_ids)
        history.append({"epoch": epoch + 1, "loss": round(loss_sum / (batch_at + 1), 4), **judged(valid, logits)})
        print(json.dumps(history[-1]), flush=True)
    used = {name: value for name, value in vars(options).items() if name not in ("use", "run", "base", "data")}
    report = {"options": used, "rows": len(rows), "cpu_s": round(time.process_time() - started), "epochs": history}
    save(options.run, model, report, valid, logits)


def judged(rows, logits):
    """Accuracy, macro F1 and cross-entropy on the whole and on each origin."""
    origins = [origin for *_, origin in rows]
    labels = np.array([label for _, label, _ in rows])
    found = {"all": figures(labels, logits)}
    for origin in sorted(set(origins)):
        at = [row for row, of in enumerate(origins) if of == origin]
        found[origin] = figures(labels[at], logits[at])
    return found


def save(folder, model, report, valid, logits):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / "model.safetensors")
    model.config.save_pretrained(folder)
    np.save(folder / "valid.npy", logits)
    report["valid"] = judged(valid, logits)
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(folder.name, json.dumps(report["valid"]), flush=True)


def loaded(weights, base):
    model = BertForSequenceClassification(shape(base))
    model.load_state_dict(weights)
    return model


def average(states):
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


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


def finished(folder):
    """The model of a finished folder, in 32 bits."""
    manifest = json.loads((pathlib.Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    weights = load_file(pathlib.Path(folder) / manifest["weights"])
    return loaded({name: tensor.float() for name, tensor in weights.items()}, folder)


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

    one = use("train", train)
    one.add_argument("--order-seed", type=int, default=1)
    one.add_argument("--epochs", type=int, default=3)
    one.add_argument("--batch", type=int, default=32)
    one.add_argument("--rate", type=float, default=8e-5)
    one.add_argument("--head-rate", type=float, default=3e-4)
    one.add_argument("--layer-decay", type=float, default=0.9)
    one.add_argument("--smoothing", type=float, default=0.05)
    one.add_argument("--balance", type=float, default=0.5, help="exponent of the inverse class frequency")
    one.add_argument("--hide", type=float, default=0.0, help="share of word pieces that are masked")
    use("soup", soup, ("runs", True)).add_argument("--greedy", action="store_true")
    use("finish", finish, ("model", False))
    use("judge", judge).add_argument("--against")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    chosen.use(chosen)
