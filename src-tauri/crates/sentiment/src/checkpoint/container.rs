//! The two forms of a checkpoint: a zip, and a sequence of pickles.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use zip::{CompressionMethod, ZipArchive};

use super::{Fault, Storage, pickle, placed, value};
use crate::tensors::TensorPlace;

/// What a sequence of pickles begins with, and the only version of it.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const PROTOCOL: i64 = 1001;
/// The pickle of a zip is no longer.
const LONGEST_PICKLE: u64 = 64 << 20;

pub(super) fn is_zip(file: &mut File) -> std::io::Result<bool> {
    let mut start = [0; 4];
    let read = file.read(&mut start)?;
    file.rewind()?;
    Ok(read == 4 && start == *b"PK\x03\x04")
}

/// `NAME/data.pkl` says what the tensors are, `NAME/data/KEY` holds the numbers.
pub(super) fn read_zip(file: File) -> Result<HashMap<String, TensorPlace>, Fault> {
    let broken = |error: zip::result::ZipError| Fault::Broken(error.to_string());
    let length = file.metadata()?.len();
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let mut folder = None;
    let mut entries = HashMap::new();
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        if let Some(before) = name.strip_suffix("data.pkl") {
            folder = Some(before.to_owned());
        }
        let stored =
            entry.compression() == CompressionMethod::Stored && entry.size() == entry.compressed_size();
        let place = entry
            .data_start()
            .filter(|_| stored)
            .map(|start| (start, entry.size()));
        entries.insert(name, (at, place));
    }
    let folder = folder.ok_or_else(|| Fault::Unknown("it has no data.pkl".to_owned()))?;
    if let Some((at, _)) = entries.get(&format!("{folder}byteorder")) {
        let mut order = String::new();
        let entry = zip.by_index(*at).map_err(broken)?;
        entry.take(16).read_to_string(&mut order)?;
        if order.trim() != "little" {
            return Err(Fault::Unknown(format!("its numbers are {order}-endian")));
        }
    }
    let (at, _) = entries
        .get(&format!("{folder}data.pkl"))
        .ok_or_else(|| Fault::Unknown("it has no data.pkl".to_owned()))?;
    let pickle = pickle::read(&mut BufReader::new(
        zip.by_index(*at).map_err(broken)?.take(LONGEST_PICKLE),
    ))?;
    let tensors = pickle.tensors()?;
    let mut storages = HashMap::new();
    for (name, tensor) in &tensors {
        let (key, kind) = (&tensor.storage.key, tensor.storage.kind);
        let (_, place) = entries
            .get(&format!("{folder}data/{key}"))
            .ok_or_else(|| Fault::Broken(format!("the numbers of '{name}' are missing")))?;
        let (start, bytes) =
            place.ok_or_else(|| Fault::Unknown(format!("the numbers of '{name}' are packed")))?;
        let numbers = bytes / kind.bytes();
        // The directory of the zip says how long an entry is, and may say anything.
        let is_there = start.checked_add(bytes).is_some_and(|end| end <= length);
        if !is_there || numbers < tensor.storage.numbers {
            return Err(Fault::Broken(format!("the numbers of '{name}' end early")));
        }
        storages.insert(
            key.to_string(),
            Storage {
                kind,
                at: start,
                numbers,
            },
        );
    }
    placed(tensors, &storages)
}

/// Four pickles (a magic number, a version, facts of the machine, the tensors), a fifth with the keys of the storages, and for each its
/// count and its numbers.
pub(super) fn read_legacy(file: File) -> Result<HashMap<String, TensorPlace>, Fault> {
    let length = file.metadata()?.len();
    let mut from = BufReader::new(file);
    let mut start = [0; 15];
    from.read_exact(&mut start)
        .map_err(|_| Fault::Broken("it is too short".to_owned()))?;
    // A pickle of one long number: version, step, length, the number, end.
    let [_, _, 0x8a, 10, magic @ .., b'.'] = start else {
        return Err(Fault::Unknown(
            "it is neither a zip nor a sequence of pickles".to_owned(),
        ));
    };
    if magic != MAGIC {
        return Err(Fault::Unknown(
            "it is neither a zip nor a sequence of pickles".to_owned(),
        ));
    }
    if pickle::read(&mut from)?.number() != Some(PROTOCOL) {
        return Err(Fault::Unknown("it is of another version".to_owned()));
    }
    let _machine = pickle::read(&mut from)?;
    let tensors = pickle::read(&mut from)?.tensors()?;
    let keys = pickle::read(&mut from)?.texts()?;
    let named: HashMap<&str, &value::StorageName> = tensors
        .iter()
        .map(|(_, tensor)| (&*tensor.storage.key, &tensor.storage))
        .collect();
    let mut storages = HashMap::new();
    for key in keys {
        let mut count = [0; 8];
        from.read_exact(&mut count)?;
        let numbers = u64::from_le_bytes(count);
        let storage = named
            .get(key.as_str())
            .ok_or_else(|| Fault::Broken("it holds numbers of no tensor".to_owned()))?;
        let at = from.stream_position()?;
        let end = numbers
            .checked_mul(storage.kind.bytes())
            .and_then(|bytes| bytes.checked_add(at))
            .ok_or(Fault::TooLarge)?;
        if end > length || numbers < storage.numbers {
            return Err(Fault::Broken("its numbers end early".to_owned()));
        }
        from.seek(SeekFrom::Start(end))?;
        storages.insert(
            key,
            Storage {
                kind: storage.kind,
                at,
                numbers,
            },
        );
    }
    placed(tensors, &storages)
}
