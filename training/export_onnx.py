"""Writes the weights of a BERT classifier as `model.int8.onnx`, which the fast scoring engine runs, and names it in the manifest.

    pip install -r training/requirements-onnx.txt
    python training/export_onnx.py models/minilm-finance [OUT_FOLDER] [--agreement SAME/TEXTS]

The graph is built here, operator by operator, from config.json and the safetensors file, so that the same weights give the same
bytes and torch is not needed. It takes one text, `input_ids` of shape [1, pieces] without padding, and gives `logits` of shape
[1, labels]: activations are quantised over the whole tensor, so that the neighbours of a text in a batch would change its scores.

What is quantised: matrices of the encoder to signed integers with a scale for each output (see WEIGHT_LIMIT), activations to 8 bits
when they are computed, word embeddings to 8 bits with a scale for each word. Positions, norms, biases, pooler and classifier stay in
32-bit floats. Of the last layer only the row of [CLS] is computed, because nothing else is read from it.

A few channels of BERT's activations are far larger than the others and would leave them few of the 256 steps. Each channel is
therefore divided by a factor that its weights are multiplied by (SmoothQuant, Xiao et al. 2022, equation 4), found on the headlines
in crypto_headlines.csv; their labels are not looked at.
"""
import argparse
import csv
import hashlib
import json
import pathlib
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

NAME = "model.int8.onnx"
MICROSOFT = "com.microsoft"
# Processors without VNNI add two products of 8 bits in 16: 255 * 127 * 2 would overflow there, 255 * 64 * 2 does not, so that
# every processor gives the same sums.
WEIGHT_LIMIT = 64
# How much of the difficulty goes from activations to weights; the best of 0.4 to 0.95 on texts of TFNS and SEntFiN.
SMOOTHING = 0.8
CALIBRATION = pathlib.Path(__file__).with_name("crypto_headlines.csv")


class Range(NamedTuple):
    """The activations of each channel: the largest, and the mean."""
    largest: np.ndarray
    mean: np.ndarray


class Graph:
    """Nodes and constants, each named once. `ranges` has the range of what a matrix is multiplied with by its name."""

    def __init__(self, ranges=None):
        self.nodes, self.constants, self.ranges, self.inputs = [], {}, ranges, {}

    def constant(self, name, value):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind, inputs, name, domain="", **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def factor(self, weight, name):
        """By what each input channel of a matrix is divided. Steps of an eighth of a power of two hide how sums were rounded."""
        of_inputs, of_weights = np.maximum(self.ranges[name].largest, 1e-5), np.maximum(np.abs(weight).max(axis=0), 1e-5)
        raw = np.log2(of_inputs) * SMOOTHING - np.log2(of_weights) * (1 - SMOOTHING)
        return np.exp2(np.rint((raw - raw.mean()) * 8) / 8).astype(np.float32)


def rows_quantised(matrix, limit):
    """(integers, scale of each row): the largest of a row becomes `limit`."""
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12).astype(np.float32) / np.float32(limit)
    return np.clip(np.rint(matrix / scale[:, None]), -limit, limit).astype(np.int8), scale


def linear(graph, value, weight, bias, name, divided_before=None):
    """value @ weight.T + bias; weight is [outputs, inputs] as in the safetensors file. In floats while ranges are looked for."""
    if graph.ranges is None:
        graph.inputs[name] = value
        found = graph.node("MatMul", [value, graph.constant(name + ".weight", weight.T)], name + ".product")
        return graph.node("Add", [found, graph.constant(name + ".bias", bias)], name)
    factor = divided_before
    if factor is None:
        factor = graph.factor(weight, name)
        value = graph.node("Mul", [value, graph.constant(name + ".factor", 1 / factor)], name + ".smooth")
    integers, scale = rows_quantised(weight * factor, WEIGHT_LIMIT)
    # What rounding the weights adds on average is taken off again.
    lost = weight * factor - integers * scale[:, None]
    bias = bias + lost @ (graph.ranges[name].mean / factor)
    inputs = [value, graph.constant(name + ".weight", integers.T), graph.constant(name + ".scale", scale), "",
              graph.constant(name + ".bias", bias)]
    return graph.node("DynamicQuantizeMatMul", inputs, name, MICROSOFT)


def normed_sum(graph, value, skip, tensors, prefix, epsilon, name):
    inputs = [value, skip, graph.constant(name + ".gamma", tensors[prefix + ".weight"]),
              graph.constant(name + ".beta", tensors[prefix + ".bias"])]
    return graph.node("SkipLayerNormalization", inputs, name, MICROSOFT, epsilon=epsilon)


def embeddings(graph, tensors, epsilon):
    prefix = "bert.embeddings."
    words, scale = rows_quantised(tensors[prefix + "word_embeddings.weight"], 127)
    found = graph.node("Gather", [graph.constant("words", words), "input_ids"], "words.found")
    found = graph.node("Cast", [found], "words.float", to=TensorProto.FLOAT)
    scales = graph.node("Gather", [graph.constant("words.scale", scale[:, None]), "input_ids"], "words.scales")
    found = graph.node("Mul", [found, scales], "words.value")
    # A single text: its pieces are all of type 0, which is added to the positions once and for all.
    places = tensors[prefix + "position_embeddings.weight"] + tensors[prefix + "token_type_embeddings.weight"][0]
    shape = graph.node("Shape", ["input_ids"], "shape")
    length = graph.node("Slice", [shape, graph.constant("one", np.array([1], np.int64)),
                                  graph.constant("two", np.array([2], np.int64))], "length")
    places = graph.node("Slice", [graph.constant("places", places[None]), graph.constant("zero", np.array([0], np.int64)), length,
                                  graph.constant("axis", np.array([1], np.int64))], "places.used")
    return normed_sum(graph, found, places, tensors, prefix + "LayerNorm", epsilon, "embedded")


def first_row(graph, value, name):
    inputs = [value, graph.constant("zero", np.array([0], np.int64)), graph.constant("one", np.array([1], np.int64)),
              graph.constant("axis", np.array([1], np.int64))]
    return graph.node("Slice", inputs, name)


def layer(graph, tensors, config, number, value, last):
    prefix, name = f"bert.encoder.layer.{number}.", f"layer{number}."
    epsilon, heads, hidden = config["layer_norm_eps"], config["num_attention_heads"], config["hidden_size"]
    output = {end: tensors[f"{prefix}attention.output.dense.{end}"] for end in ("weight", "bias")}
    # What comes out of the attention is a mean of values: their matrix divides, and nothing has to be done in between.
    divided = None if graph.ranges is None else graph.factor(output["weight"], name + "attention.output")

    def joined(kinds, end):
        parts = []
        for kind in kinds:
            part = tensors[f"{prefix}attention.self.{kind}.{end}"]
            if kind == "value" and divided is not None:
                part = part / (divided[:, None] if end == "weight" else divided)
            parts.append(part)
        return np.concatenate(parts)

    def parts(kinds, value):
        found = linear(graph, value, joined(kinds, "weight"), joined(kinds, "bias"), name + "_".join(kinds))
        names = [name + kind for kind in kinds]
        sizes = graph.constant(f"split{len(kinds)}", np.array([hidden] * len(kinds)))
        graph.nodes.append(helper.make_node("Split", [found, sizes], names, name=name + "split", axis=2))
        return names

    if last:
        key, values = parts(["key", "value"], value)
        value = first_row(graph, value, name + "first")
        query = linear(graph, value, joined(["query"], "weight"), joined(["query"], "bias"), name + "query")
    else:
        query, key, values = parts(["query", "key", "value"], value)
    seen = graph.node("MultiHeadAttention", [query, key, values], name + "attention", MICROSOFT, num_heads=heads)
    seen = linear(graph, seen, output["weight"], output["bias"], name + "attention.output", divided)
    value = normed_sum(graph, seen, value, tensors, prefix + "attention.output.LayerNorm", epsilon, name + "attended")
    wide = linear(graph, value, tensors[prefix + "intermediate.dense.weight"], tensors[prefix + "intermediate.dense.bias"], name + "wide")
    wide = graph.node("Gelu", [wide], name + "gelu", MICROSOFT)
    narrow = linear(graph, wide, tensors[prefix + "output.dense.weight"], tensors[prefix + "output.dense.bias"], name + "narrow")
    return normed_sum(graph, narrow, value, tensors, prefix + "output.LayerNorm", epsilon, name + "out")


def network(tensors, config, title, ranges=None):
    """The model, and by the name of each matrix the name of what it is multiplied with."""
    graph = Graph(ranges)
    value = embeddings(graph, tensors, config["layer_norm_eps"])
    layers = config["num_hidden_layers"]
    for number in range(layers):
        value = layer(graph, tensors, config, number, value, number == layers - 1)
    value = graph.node("Squeeze", [value, graph.constant("axis", np.array([1], np.int64))], "cls")
    pooled = graph.node("Gemm", [value, graph.constant("pooler.weight", tensors["bert.pooler.dense.weight"]),
                                 graph.constant("pooler.bias", tensors["bert.pooler.dense.bias"])], "pooler", transB=1)
    pooled = graph.node("Tanh", [pooled], "pooled")
    graph.node("Gemm", [pooled, graph.constant("classifier.weight", tensors["classifier.weight"]),
                        graph.constant("classifier.bias", tensors["classifier.bias"])], "logits", transB=1)
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(tensors["classifier.bias"])])]
    outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None]) for name in dict.fromkeys(graph.inputs.values())]
    made = helper.make_graph(
        graph.nodes, title, [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "pieces"])], outputs,
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=opsets, ir_version=8, producer_name="promptpal")
    onnx.checker.check_model(model, full_check=False)
    return model, graph.inputs


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def ranges_of(folder, tensors, config, max_pieces):
    """The range of each channel on the calibration texts, by the name of the matrix that it is multiplied with."""
    model, inputs = network(tensors, config, "ranges")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_pieces)
    runs, names = session(model), list(dict.fromkeys(inputs.values()))
    largest, total, pieces = {}, {}, {}
    with open(CALIBRATION, encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for text in texts:
        values = runs.run(names, {"input_ids": np.array([tokenizer.encode(text).ids], np.int64)})
        for name, value in zip(names, values):
            largest[name] = np.maximum(largest.get(name, 0), np.abs(value[0]).max(axis=0))
            total[name] = total.get(name, 0) + value[0].sum(axis=0, dtype=np.float64)
            pieces[name] = pieces.get(name, 0) + len(value[0])
    means = {name: (total[name] / pieces[name]).astype(np.float32) for name in names}
    return {matrix: Range(largest[name], means[name]) for matrix, name in inputs.items()}


def export(folder, manifest):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu" or config.get("position_embedding_type", "absolute") != "absolute":
        raise SystemExit("only BERT with absolute positions and gelu can be exported")
    tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(folder / manifest["weights"]).items()}
    ranges = ranges_of(folder, tensors, config, manifest["max_pieces"])
    model, _ = network(tensors, config, manifest["id"], ranges)
    # The file says of which weights it was made.
    weights = next(file["sha256"] for file in manifest["files"] if file["path"] == manifest["weights"])
    helper.set_model_props(model, {"weights_sha256": weights})
    return model.SerializeToString(deterministic=True)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=pathlib.Path)
    words.add_argument("out", type=pathlib.Path, nargs="?", help="another folder for the weights and the manifest")
    words.add_argument("--agreement", metavar="SAME/TEXTS", help="what was measured with these weights: texts with the same label")
    given = words.parse_args()
    out = given.out or given.folder
    manifest = json.loads((given.folder / "manifest.json").read_text(encoding="utf-8"))
    content = export(given.folder, manifest)
    (out / NAME).write_bytes(content)
    entry = {"path": NAME, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    files = [file for file in manifest.pop("files") if file["path"] != NAME]
    manifest["fast_weights"] = NAME
    # Of other weights it would not be true.
    manifest.pop("fast_agreement", None)
    if given.agreement:
        same, texts = map(int, given.agreement.split("/"))
        manifest["fast_agreement"] = {"texts": texts, "same_label": same}
    manifest["files"] = files + [entry]
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{NAME}: {len(content)} bytes, sha256 {entry['sha256']}")


main()
