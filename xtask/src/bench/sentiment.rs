//! What scoring costs and how right it is: both engines, beside Python's transformers with the same weights.
//!
//! The headlines are those of `training/`; the labelled sets are reference data that is not part of the repository, and without
//! it their lines say so. Everything runs on one thread.

mod worker;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use self::worker::{Logits, Worker};
use super::python::{self, Set};
use super::table::{Reach, Table};
use crate::builds;
use crate::places::Places;
use crate::shell;

/// Measured and never shipped, in a process of their own. With what torch asks for it is some 3 GB.
const PYTHON: Set = Set {
    folder: "bench-python-sentiment",
    packages: &[
        "numpy==1.26.4",
        "safetensors==0.8.0",
        "torch==2.4.0",
        "transformers==4.46.3",
    ],
    modules: &["torch", "transformers", "safetensors"],
};
/// A Python that has all of that already.
const PYTHON_ENV: &str = "PROMPTPAL_BENCH_PYTHON_SENTIMENT";
const PEER_SCRIPT: &str = include_str!("sentiment/peers.py");
/// Prints the labelled sets; labels are 0 positive, 1 negative, 2 neutral.
const SETS_SCRIPT: &str = "import json, sys; sys.path.insert(0, sys.argv[1]); import sentiment_data; \
                           print(json.dumps(list(sentiment_data.tests(sys.argv[2]).items())))";
/// Texts whose logits are compared one by one.
const COMPARED: usize = 1000;
const MIXED: usize = 256;

/// Texts to be scored.
struct Texts {
    headlines: Vec<String>,
    /// One to twelve headlines in a row.
    mixed: Vec<String>,
    compared: Vec<String>,
}

/// A labelled set: its name, its texts, their labels.
type Labelled = (String, Vec<(String, usize)>);

/// What an engine costs and says.
struct Measured {
    start_s: f64,
    memory_mb: f64,
    /// CPU ms for a headline alone, in requests of 32, and for a text of mixed length.
    costs: [f64; 3],
    /// By how much a score in company differs from the one alone.
    company: f64,
    compared: Vec<Logits>,
    sets: Vec<Vec<Logits>>,
}

/// Runs all of it and prints the table.
pub(super) fn run(places: &Places) -> Result<()> {
    let mut table = Table::default();
    if cfg!(target_os = "linux") {
        measured(places, &mut table)?;
    } else {
        table.not_run("scoring", "costs of a running process are only read on Linux");
    }
    table.print();
    if table.failed.is_empty() {
        return Ok(());
    }
    bail!("{}", table.failed.join("; "))
}

fn measured(places: &Places, table: &mut Table) -> Result<()> {
    shell::show(builds::worker(places, "build"))?;
    let model = places.root.join("models/minilm-finance");
    let texts = texts(&places.root.join("training/crypto_headlines.csv"))?;
    let sets = labelled(places).unwrap_or_else(|reason| {
        table.not_run("labelled texts", &reason);
        Vec::new()
    });
    let peer = peer(places, &model, &texts);
    if let Err(reason) = &peer {
        table.not_run("beside Python's transformers", reason);
    }
    let peer = peer.ok();
    let exact = of_engine(&builds::worker_program(places), &model, &texts, &sets)?;
    let fast = of_engine(&builds::fast_worker_program(places), &model, &texts, &sets)?;
    costs(table, &exact, &fast, peer.as_ref());
    if let Some(theirs) = peer.as_ref().and_then(|peer| logits(&peer["logits"])) {
        let far = farthest(&exact.compared, &theirs);
        table.add(
            "exact: farthest logit from Python's",
            "",
            (far, None),
            far,
            Reach::AtMost(1e-4),
        );
        let flipped = (COMPARED - same(&exact.compared, &theirs)) as f64;
        table.add(
            "exact: other labels than Python, of 1,000",
            "texts",
            (flipped, None),
            flipped,
            Reach::Exactly(0.0),
        );
    }
    for (name, engine) in [("exact", &exact), ("fast", &fast)] {
        let case = format!("{name}: farthest logit of a text in company from the one alone");
        table.add(
            &case,
            "",
            (engine.company, None),
            engine.company,
            Reach::AtMost(1e-4),
        );
    }
    rightness(table, &sets, &exact, &fast);
    Ok(())
}

fn costs(table: &mut Table, exact: &Measured, fast: &Measured, peer: Option<&Value>) {
    let of_peer = |name: &str| peer.and_then(|peer| peer[name].as_f64());
    let cases = [
        ("alone", "a headline alone", 1.0),
        ("batch", "a headline in requests of 32", 1.0),
        ("mixed", "a text of mixed length", 1.5),
    ];
    for (name, engine) in [("exact", exact), ("fast", fast)] {
        for (ours, (key, case, floor)) in engine.costs.into_iter().zip(cases) {
            let floor = if name == "fast" { 4.0 } else { floor };
            let theirs = of_peer(key);
            let (ratio, reach) = match theirs {
                Some(theirs) => (theirs / ours, Reach::AtLeast(floor)),
                None => (0.0, Reach::Any),
            };
            table.add(&format!("{name}: {case}"), "CPU ms", (ours, theirs), ratio, reach);
        }
        let theirs = of_peer("memory_mb");
        let (ratio, reach) = match theirs {
            Some(theirs) => (engine.memory_mb / theirs, Reach::AtMost(0.5)),
            None => (0.0, Reach::Any),
        };
        table.add(
            &format!("{name}: memory after all of it"),
            "MB",
            (engine.memory_mb, theirs),
            ratio,
            reach,
        );
        let case = format!("{name}: from nothing to the first score");
        table.add(
            &case,
            "s",
            (engine.start_s, of_peer("start_s")),
            engine.start_s,
            Reach::AtMost(1.5),
        );
    }
}

fn rightness(table: &mut Table, sets: &[Labelled], exact: &Measured, fast: &Measured) {
    let (mut texts, mut alike) = (0, 0);
    for ((name, rows), (exact, fast)) in sets.iter().zip(exact.sets.iter().zip(&fast.sets)) {
        let floors = match name.as_str() {
            "TFNS validation" => (Reach::AtLeast(0.86), Reach::AtLeast(0.83)),
            "SEntFiN held out" => (Reach::AtLeast(0.87), Reach::Any),
            _ => (Reach::Any, Reach::Any),
        };
        let (right, f1) = judged(rows, exact);
        let (right_fast, f1_fast) = judged(rows, fast);
        table.add(
            &format!("exact: {name}: accuracy"),
            "",
            (right, None),
            right,
            floors.0,
        );
        table.add(&format!("exact: {name}: macro F1"), "", (f1, None), f1, floors.1);
        table.add(
            &format!("fast: {name}: macro F1"),
            "",
            (f1_fast, Some(f1)),
            f1_fast,
            Reach::Any,
        );
        let points = (right_fast - right).abs() * 100.0;
        let case = format!("fast: {name}: accuracy, and points from the exact engine's");
        table.add(&case, "", (right_fast, Some(right)), points, Reach::AtMost(0.3));
        texts += rows.len();
        alike += same(exact, fast);
    }
    let alike_here = same(&exact.compared, &fast.compared) as f64;
    let part = alike_here / COMPARED as f64;
    table.add(
        "fast: labels of the exact engine, of our 1,000 texts",
        "texts",
        (alike_here, None),
        part,
        Reach::AtLeast(0.99),
    );
    if texts > 0 {
        let part = alike as f64 / texts as f64;
        let case = format!("fast: labels of the exact engine, of {texts} labelled texts");
        table.add(&case, "texts", (alike as f64, None), part, Reach::AtLeast(0.99));
    }
}

fn of_engine(program: &Path, model: &Path, texts: &Texts, sets: &[Labelled]) -> Result<Measured> {
    let first = texts.headlines.get(..1).context("there are no headlines")?;
    // The best of three: the first one also reads the files from the disk.
    let mut start_s = f64::INFINITY;
    for _ in 0..3 {
        let mut worker = Worker::start(program, model)?;
        worker.score(first, 1)?;
        start_s = start_s.min(worker.age_s());
    }
    let mut worker = Worker::start(program, model)?;
    worker.score(first, 1)?;
    let alone = texts.headlines.get(..256).unwrap_or(&texts.headlines);
    let mut costs = [f64::INFINITY; 3];
    for _ in 0..2 {
        for (cost, (texts, size)) in
            costs
                .iter_mut()
                .zip([(alone, 1), (&texts.headlines, 32), (&texts.mixed, MIXED)])
        {
            let before = worker.cpu_s()?;
            worker.score(texts, size)?;
            *cost = cost.min((worker.cpu_s()? - before) * 1e3 / texts.len() as f64);
        }
    }
    let compared = worker.score(&texts.compared, 1)?;
    let company = farthest(&compared, &worker.score(&texts.compared, 512)?);
    let memory_mb = worker.memory_mb()?;
    let sets = sets
        .iter()
        .map(|(_, rows)| {
            let texts: Vec<String> = rows.iter().map(|(text, _)| text.clone()).collect();
            worker.score(&texts, 256)
        })
        .collect::<Result<_>>()?;
    Ok(Measured {
        start_s,
        memory_mb,
        costs,
        company,
        compared,
        sets,
    })
}

fn texts(file: &Path) -> Result<Texts> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let headlines: Vec<String> = text.lines().skip(1).map(first_field).collect();
    let several = |at: usize| {
        let rows = headlines.iter().cycle().skip(at).take(1 + at * 7 % 12);
        rows.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    let mixed: Vec<String> = (0..MIXED).map(several).collect();
    let more = (MIXED..)
        .map(several)
        .take(COMPARED.saturating_sub(headlines.len()));
    let compared = headlines.iter().cloned().chain(more).take(COMPARED).collect();
    Ok(Texts {
        headlines,
        mixed,
        compared,
    })
}

/// The first field of a line of CSV.
fn first_field(line: &str) -> String {
    let Some(quoted) = line.strip_prefix('"') else {
        return line.split(',').next().unwrap_or_default().to_owned();
    };
    let end = quoted.find("\",").unwrap_or(quoted.len());
    quoted.get(..end).unwrap_or(quoted).replace("\"\"", "\"")
}

/// The labelled sets, where the reference data is.
fn labelled(places: &Places) -> Result<Vec<Labelled>, String> {
    let data = places
        .shared("data/sentiment")
        .ok_or("there is no data/sentiment in PROMPTPAL_SHARED or beside the checkout")?;
    let python = ["python3", "python"].into_iter().find_map(shell::which);
    let mut command = shell::command(places, python.ok_or("no Python 3 is on the path")?);
    command
        .args(["-c", SETS_SCRIPT])
        .arg(places.root.join("training"))
        .arg(data);
    let read = shell::answer(command).and_then(|answer| Ok(serde_json::from_str(&answer)?));
    read.map_err(|error| format!("{error:#}"))
}

fn peer(places: &Places, model: &Path, texts: &Texts) -> Result<Value, String> {
    let python = match std::env::var_os(PYTHON_ENV) {
        Some(named) => PathBuf::from(named),
        None => python::ready(places, &PYTHON)?,
    };
    let ask = || -> Result<Value> {
        let mut child = shell::command(places, python)
            .args(["-c", PEER_SCRIPT])
            .arg(model)
            .env("OMP_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting Python")?;
        let asked = json!({ "headlines": texts.headlines, "mixed": texts.mixed, "texts": texts.compared });
        let mut stdin = child.stdin.take().context("no input")?;
        stdin.write_all(asked.to_string().as_bytes())?;
        drop(stdin);
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("Python ended with {}", output.status);
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    };
    ask().map_err(|error| format!("{error:#}"))
}

/// Python's logits, if it gave those of all texts.
fn logits(value: &Value) -> Option<Vec<Logits>> {
    let found: Vec<Logits> = serde_json::from_value(value.clone()).ok()?;
    (found.len() == COMPARED).then_some(found)
}

fn farthest(a: &[Logits], b: &[Logits]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Which of the three is likeliest.
fn label(logits: &Logits) -> usize {
    let mut best = 0;
    for at in 1..logits.len() {
        if logits[at] > logits[best] {
            best = at;
        }
    }
    best
}

fn same(a: &[Logits], b: &[Logits]) -> usize {
    a.iter().zip(b).filter(|(a, b)| label(a) == label(b)).count()
}

/// Accuracy and macro F1.
fn judged(rows: &[(String, usize)], found: &[Logits]) -> (f64, f64) {
    let pairs: Vec<(usize, usize)> = rows
        .iter()
        .zip(found)
        .map(|((_, truth), logits)| (*truth, label(logits)))
        .collect();
    let count =
        |holds: &dyn Fn(&(usize, usize)) -> bool| pairs.iter().filter(|pair| holds(pair)).count() as f64;
    let f1: f64 = (0..3)
        .map(|of| {
            let both = count(&|(truth, found)| *truth == of && *found == of);
            let either = count(&|(truth, _)| *truth == of) + count(&|(_, found)| *found == of);
            if either > 0.0 { 2.0 * both / either } else { 0.0 }
        })
        .sum();
    (
        count(&|(truth, found)| truth == found) / pairs.len() as f64,
        f1 / 3.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_with_their_quotes() {
        let check = |line: &str, expected: &str| assert_eq!(first_field(line), expected);
        check("up,positive", "up");
        check("\"down, \"\"far\"\" down\",negative", "down, \"far\" down");
    }

    #[test]
    fn answers_are_judged_as_by_hand() {
        let rows: Vec<(String, usize)> = [0, 0, 1, 2].map(|label| (String::new(), label)).into();
        let found = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let (accuracy, f1) = judged(&rows, &found);
        assert_eq!(accuracy, 0.75);
        assert!((f1 - (2.0 / 3.0 + 2.0 / 3.0 + 1.0) / 3.0).abs() < 1e-12);
        assert_eq!((same(&found, &found), farthest(&found, &found)), (4, 0.0));
    }
}
