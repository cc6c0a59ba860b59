//! The one file inside of a zip archive, read as it goes and held to what the archive says of it.
//!
//! The `zip` crate reads the directory; the entry itself is inflated here, because a reader that owns its file can be
//! handed on. What comes out is bounded before anything is allocated for it: by a limit in bytes and by how far a
//! compressed byte may swell. Size and checksum (CRC-32) are verified when the end is reached, so a reader that sees the
//! end without an error has seen the whole file.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// A candle file shrinks to a third or, when hardly anything was traded, a thirtieth. Deflate itself stops at 1032.
const MOST_SWELLING: u64 = 300;
/// Below this size the swelling is no matter.
const SMALL: u64 = 1 << 20;

/// Why an archive gives no file.
#[derive(Debug, thiserror::Error)]
pub enum ZipProblem {
    /// The disk gave nothing.
    #[error("the archive cannot be read")]
    Read(#[source] io::Error),
    /// Its directory cannot be read: no zip archive, or one that is cut off.
    #[error("not a whole zip archive: {0}")]
    Directory(String),
    /// It holds no file, or more than the one whose rows we want.
    #[error("the archive holds {0} files instead of one")]
    Files(usize),
    /// Locked by a password.
    #[error("the file in the archive is encrypted")]
    Encrypted,
    /// Packed in a way that candle archives are not.
    #[error("the file in the archive is packed with {0}, not with deflate")]
    Method(String),
    /// More bytes than a file of this kind can have.
    #[error("the file in the archive says it has {said} bytes, more than the {limit} that are read")]
    TooLarge {
        /// What the directory says.
        said: u64,
        /// What is read at the most.
        limit: u64,
    },
}

/// The file in an archive, decompressed as it is read.
pub(crate) struct Zipped<R: Read> {
    body: Body<R>,
    name: String,
    crc: Crc,
    expected_crc: u32,
    /// Bytes that the directory promises.
    size: u64,
    seen: u64,
    finished: bool,
}

enum Body<R: Read> {
    Stored(io::Take<R>),
    Deflated(Box<DeflateDecoder<io::Take<R>>>),
}

impl<R: Read> std::fmt::Debug for Zipped<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Zipped")
            .field("name", &self.name)
            .field("size", &self.size)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Zipped<R> {
    /// Finds the only file of an archive; folders do not count. `limit` is the most that it may have, decompressed.
    pub(crate) fn open(source: R, limit: u64) -> Result<Self, ZipProblem> {
        let mut archive = ZipArchive::new(source).map_err(directory)?;
        let mut files = Vec::new();
        for index in 0..archive.len() {
            if archive.by_index_raw(index).map_err(directory)?.is_file() {
                files.push(index);
            }
        }
        let [index] = files.as_slice() else {
            return Err(ZipProblem::Files(files.len()));
        };
        let entry = archive.by_index_raw(*index).map_err(directory)?;
        if entry.encrypted() {
            return Err(ZipProblem::Encrypted);
        }
        let method = entry.compression();
        let (size, packed, expected_crc) = (entry.size(), entry.compressed_size(), entry.crc32());
        if size > limit {
            return Err(ZipProblem::TooLarge { said: size, limit });
        }
        let swollen = packed.saturating_mul(MOST_SWELLING).max(SMALL);
        if size > swollen {
            return Err(ZipProblem::TooLarge {
                said: size,
                limit: swollen,
            });
        }
        let name = entry.name().map_err(directory)?.into_owned();
        let start = entry
            .data_start()
            .ok_or_else(|| ZipProblem::Directory("the file's beginning is not known".to_owned()))?;
        drop(entry);
        let mut source = archive.into_inner();
        source.seek(SeekFrom::Start(start)).map_err(ZipProblem::Read)?;
        let packed = source.take(packed);
        let body = match method {
            CompressionMethod::Stored => Body::Stored(packed),
            CompressionMethod::Deflated => Body::Deflated(Box::new(DeflateDecoder::new(packed))),
            other => return Err(ZipProblem::Method(other.to_string())),
        };
        Ok(Self {
            body,
            name,
            crc: Crc::new(),
            expected_crc,
            size,
            seen: 0,
            finished: false,
        })
    }

    /// Its name in the archive.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl<R: Read> Zipped<R> {
    /// At the end: whether it is the end that the directory promised.
    fn finish(&mut self) -> io::Result<usize> {
        if self.seen != self.size {
            return Err(damaged(format!(
                "the file in the archive ends after {} of {} bytes",
                self.seen, self.size
            )));
        }
        if self.crc.sum() != self.expected_crc {
            return Err(damaged(
                "the file in the archive is damaged: its CRC-32 does not match".to_owned(),
            ));
        }
        self.finished = true;
        Ok(0)
    }
}

impl<R: Read> Read for Zipped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.finished {
            return Ok(0);
        }
        let read = match &mut self.body {
            Body::Stored(body) => body.read(buffer)?,
            Body::Deflated(body) => body.read(buffer)?,
        };
        if read == 0 {
            return self.finish();
        }
        self.seen = self.seen.saturating_add(read as u64);
        if self.seen > self.size {
            return Err(damaged(format!(
                "the file in the archive has more than the {} bytes it says",
                self.size
            )));
        }
        self.crc.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn directory(error: ZipError) -> ZipProblem {
    match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => ZipProblem::Read(error),
        other => ZipProblem::Directory(other.to_string()),
    }
}

fn damaged(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests;
