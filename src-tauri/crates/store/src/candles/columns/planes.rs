//! A column of numbers as compressed byte planes.
//!
//! A column is a byte with the number of planes, then for each plane, the lowest byte of all numbers first: its length as
//! a varint, shifted left by one, whose lowest bit says that zstd was applied, and its bytes. Planes of low bytes are
//! noise and stay as they are; the high ones hold the little that differs. A column of zeros has no plane.

use zstd::bulk::{Compressor, Decompressor};

/// Above this nothing is gained over planes of 1,440 bytes, but time is lost.
const LEVEL: i32 = 3;

/// Bytes of a number.
const MAX_PLANES: usize = 8;

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
    /// The planes of a column that zstd was applied to, one behind the other.
    unpacked: Vec<u8>,
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
            unpacked: Vec::new(),
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
        take_byte(&mut self.rest)
    }

    pub(super) fn varint(&mut self) -> Result<u64, Damaged> {
        take_varint(&mut self.rest)
    }

    /// Replaces `values` by the next column, of `count` numbers.
    pub(super) fn column(&mut self, count: usize, values: &mut Vec<u64>) -> Result<(), Damaged> {
        let number = usize::from(self.byte()?);
        if number > MAX_PLANES {
            return Err(Damaged);
        }
        let mut plain: [Option<&'d [u8]>; MAX_PLANES] = [None; MAX_PLANES];
        self.unpacked.resize(number * count, 0);
        let mut room = self.unpacked.as_mut_slice();
        for plane in plain.iter_mut().take(number) {
            let head = take_varint(&mut self.rest)?;
            let length = usize::try_from(head >> 1).map_err(|_| Damaged)?;
            let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
            self.rest = rest;
            let written = if head & 1 == 1 {
                let (own, others) = room.split_at_mut_checked(count).ok_or(Damaged)?;
                room = others;
                self.zstd.decompress_to_buffer(bytes, own).ok()
            } else {
                *plane = Some(bytes);
                Some(length)
            };
            if written != Some(count) {
                return Err(Damaged);
            }
        }
        let mut unpacked = self.unpacked.chunks_exact(count.max(1));
        let mut planes: [&[u8]; MAX_PLANES] = [&[]; MAX_PLANES];
        for (plane, plain) in planes.iter_mut().zip(plain).take(number) {
            *plane = plain.or_else(|| unpacked.next()).unwrap_or(&[]);
        }
        join(count, planes.get(..number).unwrap_or(&[]), values);
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

fn take_byte(rest: &mut &[u8]) -> Result<u8, Damaged> {
    let (first, others) = rest.split_first().ok_or(Damaged)?;
    *rest = others;
    Ok(*first)
}

fn take_varint(rest: &mut &[u8]) -> Result<u64, Damaged> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(rest)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Damaged)
}

/// Replaces `values` by the `count` numbers that planes are of. The numbers of planes that are usual take one pass.
fn join(count: usize, planes: &[&[u8]], values: &mut Vec<u64>) {
    values.clear();
    let wide = |byte: &u8| u64::from(*byte);
    match *planes {
        [] => values.resize(count, 0),
        [a] => values.extend(a.iter().map(wide)),
        [a, b] => values.extend(a.iter().zip(b).map(|(a, b)| wide(a) | wide(b) << 8)),
        [a, b, c] => values.extend(
            a.iter()
                .zip(b)
                .zip(c)
                .map(|((a, b), c)| wide(a) | wide(b) << 8 | wide(c) << 16),
        ),
        [a, b, c, d, ref others @ ..] => {
            let pairs = a.iter().zip(b).zip(c.iter().zip(d));
            values
                .extend(pairs.map(|((a, b), (c, d))| wide(a) | wide(b) << 8 | wide(c) << 16 | wide(d) << 24));
            for (plane, shift) in others.iter().zip((32..64).step_by(8)) {
                for (value, byte) in values.iter_mut().zip(*plane) {
                    *value |= wide(byte) << shift;
                }
            }
        }
    }
}

/// Small numbers of both signs as small numbers.
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

pub(super) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}
