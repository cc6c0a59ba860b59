//! A column of numbers as compressed byte planes.
//!
//! A column is a byte with the number of planes, then for each plane, the lowest byte of all numbers first: its length as
//! a varint, shifted left by one, whose lowest bit says that zstd was applied, and its bytes. Planes of low bytes are
//! noise and stay as they are; the high ones hold the little that differs. A column of zeros has no plane.

use zstd::bulk::{Compressor, Decompressor};

/// Above this nothing is gained over planes of 1,440 bytes, but time is lost.
const LEVEL: i32 = 3;

/// The bytes are not what [`Encoder`] wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// Writes columns.
pub(super) struct Encoder {
    zstd: Compressor<'static>,
    plane: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

/// Reads columns.
pub(super) struct Decoder<'d> {
    zstd: Decompressor<'static>,
    plane: Vec<u8>,
    rest: &'d [u8],
}

impl Encoder {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {
            zstd: Compressor::new(LEVEL)?,
            plane: Vec::new(),
            bytes: Vec::new(),
        })
    }

    /// A single number.
    pub(super) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub(super) fn column(&mut self, values: &[u64]) -> std::io::Result<()> {
        let all = values.iter().fold(0, |bits, value| bits | value);
        let planes = (64 - all.leading_zeros()).div_ceil(8);
        self.bytes.push(planes as u8);
        for plane in 0..planes {
            self.plane.clear();
            self.plane
                .extend(values.iter().map(|value| (value >> (8 * plane)) as u8));
            let packed = self.zstd.compress(&self.plane)?;
            // What saves less than a sixteenth is not worth the time to read it.
            if packed.len() + self.plane.len() / 16 < self.plane.len() {
                self.varint((packed.len() as u64) << 1 | 1);
                self.bytes.extend_from_slice(&packed);
            } else {
                self.varint((self.plane.len() as u64) << 1);
                self.bytes.extend_from_slice(&self.plane);
            }
        }
        Ok(())
    }

    /// Numbers of which some are missing: 0 none is there, 1 all are, 2 those that a column of ones says.
    pub(super) fn optional(&mut self, values: &[Option<u64>]) -> std::io::Result<()> {
        let there = values.iter().flatten().count();
        let kind = if there == 0 {
            0
        } else if there == values.len() {
            1
        } else {
            2
        };
        self.bytes.push(kind);
        if kind == 2 {
            let flags: Vec<u64> = values.iter().map(|value| u64::from(value.is_some())).collect();
            self.column(&flags)?;
        }
        if kind > 0 {
            let numbers: Vec<u64> = values.iter().map(|value| value.unwrap_or(0)).collect();
            self.column(&numbers)?;
        }
        Ok(())
    }
}

impl<'d> Decoder<'d> {
    pub(super) fn new() -> Result<Self, Damaged> {
        Ok(Self {
            zstd: Decompressor::new().map_err(|_| Damaged)?,
            plane: Vec::new(),
            rest: &[],
        })
    }

    /// Begins with other bytes.
    pub(super) const fn begin(&mut self, bytes: &'d [u8]) {
        self.rest = bytes;
    }

    /// All was read.
    pub(super) const fn end(&self) -> Result<(), Damaged> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Damaged)
        }
    }

    fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.rest.split_first().ok_or(Damaged)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn varint(&mut self) -> Result<u64, Damaged> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }

    /// Replaces `values` by the next column, of `count` numbers.
    pub(super) fn column(&mut self, count: usize, values: &mut Vec<u64>) -> Result<(), Damaged> {
        let planes = self.byte()?;
        if planes > 8 {
            return Err(Damaged);
        }
        values.clear();
        values.resize(count, 0);
        for plane in 0..planes {
            let head = self.varint()?;
            let length = usize::try_from(head >> 1).map_err(|_| Damaged)?;
            let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
            self.rest = rest;
            let bytes = if head & 1 == 1 {
                self.plane.resize(count, 0);
                let written = self.zstd.decompress_to_buffer(bytes, self.plane.as_mut_slice());
                if written.ok() != Some(count) {
                    return Err(Damaged);
                }
                self.plane.as_slice()
            } else {
                bytes
            };
            if bytes.len() != count {
                return Err(Damaged);
            }
            let shift = 8 * u32::from(plane);
            for (value, byte) in values.iter_mut().zip(bytes) {
                *value |= u64::from(*byte) << shift;
            }
        }
        Ok(())
    }

    /// The next column of numbers of which some are missing.
    pub(super) fn optional(&mut self, count: usize) -> Result<Vec<Option<u64>>, Damaged> {
        let (mut flags, mut numbers) = (vec![1; count], Vec::new());
        match self.byte()? {
            0 => return Ok(vec![None; count]),
            1 => {}
            2 => self.column(count, &mut flags)?,
            _ => return Err(Damaged),
        }
        self.column(count, &mut numbers)?;
        let values = flags.iter().zip(&numbers);
        Ok(values
            .map(|(flag, number)| (*flag != 0).then_some(*number))
            .collect())
    }
}

/// Small numbers of both signs as small numbers.
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub(super) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
