//! Rows of plain numbers, which nearly all are, in one pass over their bytes.

use super::POWERS;

/// A number as a whole of its decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Plain {
    pub(super) units: u64,
    pub(super) decimals: usize,
}

/// Time, open, high, low, close, volume.
pub(super) type Row = [Plain; 6];

/// Digits that an `f64` holds exactly, whatever they are.
const MOST_DIGITS: usize = 15;

impl Plain {
    /// The nearest `f64`: both operands are exact, so the quotient is rounded once.
    pub(super) fn value(self) -> f64 {
        self.units as f64 / POWERS.get(self.decimals).copied().unwrap_or(f64::NAN)
    }
}

/// Reads a row up to its line's end and hands back what follows. None when any of our fields is missing or anything but up to
/// 15 digits with a point.
pub(super) fn row<'t>(text: &'t [u8], places: &[Option<usize>]) -> Option<(Row, &'t [u8])> {
    // A column that the file does not have counts as there: only the volume may be missing.
    let mut row = Row::default();
    let mut missing = 0_u8;
    for column in places.iter().flatten() {
        missing |= 1 << column;
    }
    let mut rest = text;
    for place in places {
        let (number, length) = match place {
            Some(_) => number(rest)?,
            None => (Plain::default(), skipped(rest)),
        };
        if let Some(column) = place {
            *row.get_mut(*column)? = number;
            missing &= !(1 << column);
        }
        match rest.get(length..) {
            Some([b',', after @ ..]) => rest = after,
            Some([b'\n', after @ ..] | [b'\r', b'\n', after @ ..]) => {
                return (missing == 0).then_some((row, after));
            }
            _ => return None,
        }
    }
    None
}

/// Length of a field that is not looked at.
fn skipped(text: &[u8]) -> usize {
    text.iter()
        .position(|byte| matches!(byte, b',' | b'\n' | b'\r'))
        .unwrap_or(text.len())
}

/// A number at the beginning of a text, and how long it is.
fn number(text: &[u8]) -> Option<(Plain, usize)> {
    let (whole, before) = digits(text)?;
    let Some([b'.', after @ ..]) = text.get(before..) else {
        let plain = Plain {
            units: whole,
            decimals: 0,
        };
        return (before > 0).then_some((plain, before));
    };
    let (part, decimals) = digits(after)?;
    if !(1..=MOST_DIGITS).contains(&(before + decimals)) {
        return None;
    }
    let units = whole * TENS.get(decimals)? + part;
    Some((Plain { units, decimals }, before + 1 + decimals))
}

/// Powers of ten.
const TENS: [u64; MOST_DIGITS + 1] = {
    let mut tens = [1; MOST_DIGITS + 1];
    let mut at = 1;
    while at < tens.len() {
        tens[at] = tens[at - 1] * 10;
        at += 1;
    }
    tens
};

/// The digits at the beginning of a text as a number, and how many they are. None where they are more than [`MOST_DIGITS`].
fn digits(text: &[u8]) -> Option<(u64, usize)> {
    let (mut units, mut count) = few_digits(text);
    if count == EIGHT {
        let (more, length) = few_digits(text.get(EIGHT..).unwrap_or_default());
        units = units * TENS.get(length)? + more;
        count += length;
    }
    (count <= MOST_DIGITS).then_some((units, count))
}

const EIGHT: usize = 8;

/// The same for at most eight digits. They are looked at together as one word: how many there are is different from field to field,
/// and a loop that ends where no processor expects it costs more than the digits do.
fn few_digits(text: &[u8]) -> (u64, usize) {
    let bytes = match text.first_chunk::<EIGHT>() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; EIGHT];
            for (byte, from) in bytes.iter_mut().zip(text) {
                *byte = *from;
            }
            bytes
        }
    };
    let values = u64::from_le_bytes(bytes) ^ of_each(b'0');
    // The high bit of each byte that is no digit: what is above nine reaches it.
    let others = (((values & of_each(0x7f)) + of_each(0x7f - 9)) | values) & of_each(0x80);
    let count = others.trailing_zeros() / 8;
    // Noughts in front instead of what follows. The shift by a whole word is that of no digits.
    let eight = values.checked_shl(64 - count * 8).unwrap_or(0);
    // Neighbours become pairs, pairs become fours, and those the number (D. Lemire, "Quickly parsing eight digits", 2018).
    let pairs = (eight.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul((10_000 << 32) + 1) >> 32;
    (number, count as usize)
}

const fn of_each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; EIGHT])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_up_to_what_is_none() {
        for (text, expected) in [
            ("", Some((0, 0))),
            (",12", Some((0, 0))),
            ("7", Some((7, 1))),
            ("1234567,", Some((1_234_567, 7))),
            ("12345678", Some((12_345_678, 8))),
            ("99999999/", Some((99_999_999, 8))),
            ("00000009:", Some((9, 8))),
            ("1577836800000,3", Some((1_577_836_800_000, 13))),
            ("999999999999999.", Some((999_999_999_999_999, 15))),
            ("1234567890123456", None),
            ("12345678901234567890", None),
            ("1\u{80}2", Some((1, 1))),
        ] {
            assert_eq!(digits(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn whatever_a_byte_is_it_is_a_digit_or_none() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"11111111";
                text[place] = byte;
                let count = if byte.is_ascii_digit() { 8 } else { place };
                assert_eq!(few_digits(&text).1, count, "{byte} at {place}");
            }
        }
    }
}
