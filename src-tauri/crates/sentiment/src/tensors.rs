//! Tensors as places in a file, and `.safetensors` files made of them: eight bytes of length, a header in JSON, the numbers.
//! <https://github.com/huggingface/safetensors#format>

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::ModelError;

/// No header is longer.
const MAX_HEADER_BYTES: u64 = 16 << 20;
/// Copied at a time; between two pieces it is looked whether to go on.
const PIECE: usize = 1 << 20;

/// What the numbers of a tensor are, by the names of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TensorKind {
    F64,
    F32,
    F16,
    #[serde(rename = "BF16")]
    Bf16,
    I64,
    I32,
    U8,
    #[serde(rename = "BOOL")]
    Bool,
}

impl TensorKind {
    pub(crate) const fn bytes(self) -> u64 {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::U8 | Self::Bool => 1,
        }
    }

    /// Whether weights can be so. Whole numbers cannot.
    pub(crate) const fn is_fraction(self) -> bool {
        matches!(self, Self::F64 | Self::F32 | Self::F16 | Self::Bf16)
    }
}

/// A tensor in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TensorPlace {
    pub(crate) kind: TensorKind,
    pub(crate) shape: Vec<u64>,
    /// Where its numbers begin, in bytes from the beginning of the file.
    pub(crate) at: u64,
    /// How many bytes they take.
    pub(crate) bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    dtype: TensorKind,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// The tensors of a `.safetensors` file.
///
/// # Errors
/// [`ModelError::Unfit`] when it is none or is cut off; [`ModelError::File`].
pub(crate) fn read_safetensors(path: &Path) -> Result<HashMap<String, TensorPlace>, ModelError> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let unfit = |what: &str| ModelError::unfit(format!("{name} {what}"));
    let mut file = File::open(path).map_err(ModelError::file("open", path))?;
    let length = file.metadata().map_err(ModelError::file("read", path))?.len();
    let mut header_length = [0; 8];
    file.read_exact(&mut header_length)
        .map_err(|_| unfit("is no safetensors file"))?;
    let header_length = u64::from_le_bytes(header_length);
    if header_length > MAX_HEADER_BYTES || header_length + 8 > length {
        return Err(unfit("is no safetensors file, or is cut off"));
    }
    let mut header = Vec::new();
    file.take(header_length)
        .read_to_end(&mut header)
        .map_err(ModelError::file("read", path))?;
    let mut entries: HashMap<String, serde_json::Value> =
        serde_json::from_slice(&header).map_err(|_| unfit("is no safetensors file"))?;
    entries.remove("__metadata__");
    let begin = 8 + header_length;
    let place = |(tensor, entry): (String, serde_json::Value)| {
        let Entry {
            dtype,
            shape,
            data_offsets: [from, to],
        } = serde_json::from_value(entry)
            .map_err(|_| unfit(&format!("describes '{tensor}' in a way that is not known")))?;
        let numbers = shape.iter().try_fold(1_u64, |all, side| all.checked_mul(*side));
        let bytes = numbers.and_then(|numbers| numbers.checked_mul(dtype.bytes()));
        if to.checked_sub(from) != bytes || bytes.is_none() || to > length - begin {
            return Err(unfit(&format!("is cut off: '{tensor}' is not whole")));
        }
        let found = TensorPlace {
            kind: dtype,
            shape,
            at: begin + from,
            bytes: to - from,
        };
        Ok((tensor, found))
    };
    entries.into_iter().map(place).collect()
}

/// Writes tensors of a file as a `.safetensors` file, by their names. `go_on` is asked between pieces.
///
/// # Errors
/// [`ModelError::File`], [`ModelError::Cancelled`]
pub(crate) fn write_safetensors(
    from: &Path,
    tensors: &BTreeMap<String, TensorPlace>,
    to: &Path,
    go_on: &dyn Fn() -> bool,
) -> Result<(), ModelError> {
    let mut end = 0;
    let header: BTreeMap<&str, Entry> = tensors
        .iter()
        .map(|(name, place)| {
            let begin = end;
            end += place.bytes;
            let entry = Entry {
                dtype: place.kind,
                shape: place.shape.clone(),
                data_offsets: [begin, end],
            };
            (name.as_str(), entry)
        })
        .collect();
    let mut header = serde_json::to_vec(&header).map_err(|error| ModelError::unfit(error.to_string()))?;
    // The numbers begin at a multiple of eight.
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut source = File::open(from).map_err(ModelError::file("open", from))?;
    let mut target = File::create(to).map_err(ModelError::file("write", to))?;
    let write =
        |target: &mut File, bytes: &[u8]| target.write_all(bytes).map_err(ModelError::file("write", to));
    write(&mut target, &(header.len() as u64).to_le_bytes())?;
    write(&mut target, &header)?;
    let mut piece = vec![0; PIECE];
    for place in tensors.values() {
        source
            .seek(SeekFrom::Start(place.at))
            .map_err(ModelError::file("read", from))?;
        let mut left = place.bytes;
        while left > 0 {
            if !go_on() {
                return Err(ModelError::Cancelled);
            }
            let length = usize::try_from(left.min(PIECE as u64)).unwrap_or(PIECE);
            let piece = piece.get_mut(..length).unwrap_or_default();
            source.read_exact(piece).map_err(ModelError::file("read", from))?;
            write(&mut target, piece)?;
            left -= length as u64;
        }
    }
    target.sync_all().map_err(ModelError::file("write", to))
}
