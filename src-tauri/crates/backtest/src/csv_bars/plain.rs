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
    let (mut units, mut length, mut point) = (0_u64, 0, None);
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            units = units.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if byte == b'.' && point.is_none() {
            point = Some(length);
        } else {
            break;
        }
        length += 1;
    }
    let digits = length - usize::from(point.is_some());
    let decimals = point.map_or(0, |point| length - point - 1);
    ((1..=MOST_DIGITS).contains(&digits)).then_some((Plain { units, decimals }, length))
}
