"""Answers of trafilatura (of htmldate where a set is about dates) for the pages of a set: a line of JSON each, with CPU ms."""
import gzip
import json
import logging
import pathlib
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
folder = pathlib.Path(sys.argv[1])
if folder.name.startswith("date"):
    from htmldate import find_date
    from htmldate.utils import decode_file

    def answer(page, url):
        return {"date": find_date(decode_file(page), url=url, original_date=True, extensive_search=True)}
else:
    import trafilatura

    def answer(page, url):
        return {"text": trafilatura.extract(page, url=url, include_comments=False, include_tables=True)}


for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
    row = json.loads(line)
    page = gzip.open(folder / row["path"]).read()
    began = time.process_time()
    try:
        found = answer(page, row["url"] or None)
    except Exception:
        found = {}
    found = {name: value or "" for name, value in found.items()}
    print(json.dumps({**found, "id": row["id"], "ms": (time.process_time() - began) * 1000}))
