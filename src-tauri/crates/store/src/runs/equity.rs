//! The equity curve as a blob: zlib over `u64` count, `i64` time differences, `f64` equity, `f64` benchmark, all
//! little-endian and column by column. Anyone's zlib and `struct` read it; docs/data-format.md shows how.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::EquityCurve;
use crate::StoreError;
use crate::names::unreadable;

/// Packs a curve.
///
/// # Errors
/// [`StoreError::UnevenColumns`].
pub(super) fn pack(curve: &EquityCurve) -> Result<Vec<u8>, StoreError> {
    let doing = "store a run";
    let count = curve.time.len();
    if curve.equity.len() != count || curve.benchmark.len() != count {
        return Err(StoreError::UnevenColumns { doing });
    }
    let mut bytes = Vec::with_capacity(8 + count * 24);
    bytes.extend((count as u64).to_le_bytes());
    let mut before = 0_i64;
    for at in &curve.time {
        bytes.extend(at.wrapping_sub(before).to_le_bytes());
        before = *at;
    }
    for value in curve.equity.iter().chain(&curve.benchmark) {
        bytes.extend(value.to_le_bytes());
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(&bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| StoreError::Sql {
            doing,
            source: sqlx::Error::Io(error),
        })
}

/// Unpacks what [`pack`] made.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub(super) fn unpack(blob: &[u8]) -> Result<EquityCurve, StoreError> {
    let broken = || unreadable("run_results.equity", format!("{} bytes", blob.len()));
    let mut bytes = Vec::new();
    ZlibDecoder::new(blob)
        .read_to_end(&mut bytes)
        .map_err(|_| broken())?;
    let (count, columns) = bytes.split_first_chunk::<8>().ok_or_else(broken)?;
    let count = usize::try_from(u64::from_le_bytes(*count)).map_err(|_| broken())?;
    if count.checked_mul(24) != Some(columns.len()) {
        return Err(broken());
    }
    let mut words = columns.as_chunks::<8>().0.iter();
    let mut at = 0_i64;
    let mut curve = EquityCurve {
        time: Vec::with_capacity(count),
        equity: Vec::with_capacity(count),
        benchmark: Vec::with_capacity(count),
    };
    for word in words.by_ref().take(count) {
        at = at.wrapping_add(i64::from_le_bytes(*word));
        curve.time.push(at);
    }
    curve
        .equity
        .extend(words.by_ref().take(count).map(|word| f64::from_le_bytes(*word)));
    curve
        .benchmark
        .extend(words.map(|word| f64::from_le_bytes(*word)));
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn unpack_undoes_pack(rows in proptest::collection::vec((any::<i64>(), any::<i32>(), any::<i32>()), 0..50)) {
            let curve = EquityCurve {
                time: rows.iter().map(|row| row.0).collect(),
                equity: rows.iter().map(|row| f64::from(row.1) / 7.0).collect(),
                benchmark: rows.iter().map(|row| f64::from(row.2) / 3.0).collect(),
            };
            prop_assert_eq!(unpack(&pack(&curve).unwrap()).unwrap(), curve);
        }

        #[test]
        fn unpack_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes);
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&bytes).unwrap();
            let _ = unpack(&encoder.finish().unwrap());
        }
    }

    #[test]
    fn uneven_columns_are_refused() {
        let curve = EquityCurve {
            time: vec![1, 2],
            equity: vec![1.0],
            benchmark: vec![1.0, 2.0],
        };
        assert!(matches!(pack(&curve), Err(StoreError::UnevenColumns { .. })));
    }
}
