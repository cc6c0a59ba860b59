"""Writes the logits that Python's transformers gives for a list of texts, for the worker's conformance test.

    pip install torch==2.4.0 transformers==4.46.3 "numpy<2"
    python training/golden.py models/minilm-finance TEXTS.json OUT.json

TEXTS.json is a list of strings, or an earlier OUT.json. Each text is scored by itself, in 32-bit floats, on one thread.
"""
import hashlib
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file

folder, source, target = map(pathlib.Path, sys.argv[1:4])
texts = json.loads(source.read_text(encoding="utf-8"))
texts = [row[0] for row in texts["rows"]] if isinstance(texts, dict) else texts
manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
weights = folder / manifest["weights"]

torch.set_num_threads(1)
tokenizer = transformers.BertTokenizer.from_pretrained(folder)
model = transformers.BertForSequenceClassification(transformers.BertConfig.from_pretrained(folder))
model.load_state_dict({name: tensor.float() for name, tensor in load_file(weights).items()})
model.eval()

logits, pieces = [], []
with torch.inference_mode():
    for text in texts:
        encoded = tokenizer(text, truncation=True, max_length=manifest["max_pieces"], return_tensors="pt")
        pieces.append(len(tokenizer(text, truncation=False, verbose=False)["input_ids"]))
        logits.append([round(value, 7) for value in model(**encoded).logits[0].tolist()])

rows = [json.dumps(list(row), ensure_ascii=False) for row in zip(texts, pieces, logits)]
header = {
    "made_by": f"training/golden.py with torch {torch.__version__}, transformers {transformers.__version__}",
    "model_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    "columns": ["text", "word pieces before truncation", "logits of positive, negative, neutral"],
}
body = json.dumps(header, ensure_ascii=False, indent=1).rstrip("\n}") + ',\n "rows": [\n  ' + ",\n  ".join(rows) + "\n ]\n}\n"
target.write_text(body, encoding="utf-8")
print(f"{len(texts)} texts, longest {max(pieces)} word pieces")
