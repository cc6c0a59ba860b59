"""How good logits are, the temperature that makes them honest, and the manifest that names a model's files."""
import hashlib
import json
import math

import numpy as np

BINS = 15


def probabilities(logits):
    shifted = np.exp(np.asarray(logits, np.float64) - np.max(logits, 1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)


def loss_of(labels, logits):
    return float(-np.log(probabilities(logits)[np.arange(len(labels)), labels]).mean())


def expected_calibration_error(labels, logits):
    """Guo et al. 2017: how far confidence and accuracy are apart in 15 bins of equal width, weighted by their rows."""
    found = probabilities(logits)
    confidence, right = found.max(1), found.argmax(1) == labels
    at = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(right[at == one].mean() - confidence[at == one].mean()) * (at == one).mean() for one in set(at.tolist())]
    return round(float(sum(gaps)), 4)


def figures(labels, logits):
    """Accuracy, macro F1, F1 of each label, mean cross-entropy, calibration error."""
    found = np.asarray(logits).argmax(1)
    scores = []
    for label in range(3):
        both = ((found == label) & (labels == label)).sum()
        scores.append(2 * both / max(1, (found == label).sum() + (labels == label).sum()))
    return {
        "accuracy": round(float((found == labels).mean()), 4),
        "macro_f1": round(float(np.mean(scores)), 4),
        "f1": [round(float(value), 4) for value in scores],
        "loss": round(loss_of(labels, logits), 4),
        "ece": expected_calibration_error(labels, logits),
    }


def paired(labels, one, other):
    """Rows that only one of two models has right, and how likely so uneven a split is by chance (exact sign test, McNemar)."""
    one, other = one.argmax(1) == labels, other.argmax(1) == labels
    only, lost = int((one & ~other).sum()), int((other & ~one).sum())
    tail = sum(math.comb(only + lost, count) for count in range(min(only, lost) + 1)) / 2 ** (only + lost)
    return {"only_this": only, "only_other": lost, "p": round(min(1.0, 2 * tail), 4)}


def temperature_of(labels, logits):
    """The divisor of the logits with the least cross-entropy, to a thousandth."""
    values = (round(0.3 + step / 1000, 3) for step in range(2701))
    return min(values, key=lambda value: loss_of(labels, np.asarray(logits) / value))


def write_manifest(folder, manifest):
    """Brings sizes and checksums of the files that a model's manifest names up to date."""
    for entry in manifest["files"]:
        content = (folder / entry["path"]).read_bytes()
        entry["bytes"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
