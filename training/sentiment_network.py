"""The classifier that every use of `sentiment.py` shares: made, loaded, fed, optimised, scored, judged and saved."""
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification

import sentiment_data as data
from sentiment_figures import figures

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


def loaded(weights, base):
    model = BertForSequenceClassification(shape(base))
    model.load_state_dict(weights)
    return model


def finished(folder):
    """The model of a finished folder, in 32 bits."""
    manifest = json.loads((pathlib.Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    weights = load_file(pathlib.Path(folder) / manifest["weights"])
    return loaded({name: tensor.float() for name, tensor in weights.items()}, folder)


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


def average(states):
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


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
