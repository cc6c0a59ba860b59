"""How weights are learnt: from labels alone (`train`), or from labels and what several earlier runs think together (`distil`)."""
import hashlib
import json
import math
import pathlib
import random
import time

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, kl_div, log_softmax
from transformers import BertTokenizerFast

import sentiment_data as data
from sentiment_figures import figures, probabilities
from sentiment_network import (SCORE_PIECES, TRAIN_PIECES, encode, groups, judged, loaded, network, padded, save, score,
                               shuffled_batches)

# Of a text without a label: counted in no loss against labels.
UNKNOWN = -100


def train(options):
    rows, valid = data.training(options.data)
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    model = network(options.base)
    ids = encode(tokenizer, (text for text, *_ in rows), TRAIN_PIECES)
    labels = torch.tensor([label for _, label, _ in rows])
    weight = weights_of(labels, options.balance)

    def loss_of(batch, logits):
        return cross_entropy(logits, labels[batch], weight=weight, label_smoothing=options.smoothing)

    descend(options, model, tokenizer, ids, loss_of, valid)


def distil(options):
    """Starts from an average of runs and learns from the mean of their probabilities, beside the labels.

    The mean of the probabilities is better than the mean of the weights, but as large as all runs together. Texts without a
    usable label, which the runs have not seen, are answered by the runs alone.
    """
    rows, valid = data.training(options.data)
    unseen = data.mixed(options.data)
    tokenizer = BertTokenizerFast.from_pretrained(options.base)
    ids = encode(tokenizer, [text for text, *_ in rows] + unseen, TRAIN_PIECES)
    labels = torch.tensor([label for _, label, _ in rows] + [UNKNOWN] * len(unseen))
    weight = weights_of(labels[:len(rows)], options.balance)
    taught = torch.tensor(np.mean([votes(options.base, run, ids) for run in options.teachers], axis=0), dtype=torch.float32)
    known = labels.numpy()[:len(rows)]
    print("teachers on their own rows", json.dumps(figures(known, np.log(taught[:len(rows)].numpy()))), flush=True)
    soft = taught ** (1 / options.soften)
    soft = soft / soft.sum(1, keepdim=True)
    model = loaded(load_file(pathlib.Path(options.start) / "model.safetensors"), options.base)
    # The slow part of a step that teaches nothing new: the pieces' meanings were settled by the runs.
    model.bert.embeddings.requires_grad_(False)

    def loss_of(batch, logits):
        apart = kl_div(log_softmax(logits / options.soften, 1), soft[batch], reduction="batchmean") * options.soften ** 2
        told = labels[batch]
        against = cross_entropy(logits, told, weight=weight, label_smoothing=options.smoothing, ignore_index=UNKNOWN,
                                reduction="sum") / weight[told[told != UNKNOWN]].sum().clamp(min=1.0)
        return options.share * apart + (1 - options.share) * against

    descend(options, model, tokenizer, ids, loss_of, valid)


def votes(base, run, ids):
    """The probabilities of a run for all rows; kept beside its weights, since they cost a minute or two."""
    name = hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:16]
    kept = pathlib.Path(run) / f"votes-{name}.npy"
    if not kept.exists():
        np.save(kept, score(loaded(load_file(pathlib.Path(run) / "model.safetensors"), base), ids))
    return probabilities(np.load(kept))


def weights_of(labels, balance):
    """A weight for each label: its inverse frequency, raised to `balance`."""
    counts = np.bincount(labels.numpy(), minlength=3)
    return torch.tensor((counts.sum() / (3 * counts)) ** balance, dtype=torch.float32)


def descend(options, model, tokenizer, ids, loss_of, valid):
    """The epochs of a run: warm-up, linear decay to zero, figures on the validation split after each; saves the last weights."""
    valid_ids = encode(tokenizer, (text for text, *_ in valid), SCORE_PIECES)
    torch.manual_seed(options.order_seed)
    generator = random.Random(options.order_seed)
    optimiser = torch.optim.AdamW(groups(model, options.rate, options.layer_decay, options.head_rate), fused=True)
    total = math.ceil(len(ids) / options.batch) * options.epochs
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
            loss = loss_of(batch, model(input_ids=tokens, attention_mask=mask).logits)
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
    report = {"options": used, "rows": len(ids), "cpu_s": round(time.process_time() - started), "epochs": history}
    save(options.run, model, report, valid, logits)
