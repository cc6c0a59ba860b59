"""Python's transformers on the same texts: python peers.py MODEL < {"headlines": [...], "mixed": [...], "texts": [...]}"""
import json
import sys
import time

START = time.time()
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

torch.set_num_threads(1)
folder, asked = sys.argv[1], json.load(sys.stdin)
weights = json.load(open(folder + "/manifest.json", encoding="utf-8"))["weights"]
tokenizer = BertTokenizerFast.from_pretrained(folder)
model = BertForSequenceClassification(BertConfig.from_pretrained(folder))
model.load_state_dict({name: tensor.float() for name, tensor in load_file(f"{folder}/{weights}").items()})
model.eval()


def logits(texts):
    with torch.inference_mode():
        return model(**tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")).logits.tolist()


def cost_ms(texts, size):
    logits(texts[:size])
    began = time.process_time()
    for at in range(0, len(texts), size):
        logits(texts[at:at + size])
    return (time.process_time() - began) * 1e3 / len(texts)


logits(asked["headlines"][:1])
start = time.time() - START
found = {"start_s": start, "alone": cost_ms(asked["headlines"][:256], 1), "batch": cost_ms(asked["headlines"], 32),
         "mixed": cost_ms(asked["mixed"], 32)}
found["logits"] = [logits([text])[0] for text in asked["texts"]]
status = open("/proc/self/status").read().split("VmRSS:")[1]
found["memory_mb"] = int(status.split()[0]) * 1024 / 1e6
print(json.dumps(found))
