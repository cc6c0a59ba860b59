//! Feeds and robots.txt files that were collected from the wild, and how many are read as they should be.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use promptpal_news::{parse_feed, robots};
use serde_json::Value;

/// All feeds below a folder, and those that could not be parsed.
pub(crate) fn feeds(folder: &Path) -> (usize, Vec<PathBuf>) {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let all = paths.len();
    paths.retain(|path| parse_feed(&fs::read(path).unwrap(), None).is_err());
    (all, paths)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "xml") {
            found.push(path);
        }
    }
}

/// How many answers are those of protego, and of how many, in every `step`th robots.txt.
pub(crate) fn robots_as_protego(file: &Path, step: usize) -> (u32, u32) {
    let file = MultiGzDecoder::new(fs::File::open(file).unwrap());
    let (mut same, mut all) = (0_u32, 0_u32);
    for line in BufReader::new(file).lines().step_by(step) {
        let row: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let body: Vec<u8> = row["body_latin1"]
            .as_str()
            .unwrap()
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let agent = row["agent"].as_str().unwrap();
        let expected = row["protego_allows"].as_array().unwrap();
        for (url, expected) in row["urls"].as_array().unwrap().iter().zip(expected) {
            let ours = robots::allowed(&body, agent, url.as_str().unwrap());
            same += u32::from(ours == expected.as_bool().unwrap());
            all += 1;
        }
    }
    (same, all)
}
