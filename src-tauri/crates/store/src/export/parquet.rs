//! Parquet without Arrow: one row group a page, zstd, exact decimals.
//!
//! In a single file a decimal column is an `INT64` with the logical type `DECIMAL(18, scale)`, or, where the series holds
//! a number of more than 18 digits, a `FIXED_LEN_BYTE_ARRAY(16)` with `DECIMAL(38, scale)`. In partitions, which are read
//! together, all of them are `DECIMAL(38, 18)`: DuckDB takes the scale of one file for all and would round the others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, FixedLenByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use promptpal_domain::{Decimal, Interval, SeriesKey};

use super::atomic_file::AtomicFile;
use super::{Partition, Sink};
use crate::StoreError;
use crate::candles::{ReadPage, Scales, Ticks};

/// Numbers below this have at most 18 digits.
const NARROW_LIMIT: i64 = 1_000_000_000_000_000_000;

/// What a file's columns must hold.
pub(super) struct Shape {
    key: SeriesKey,
    scales: Scales,
    price: Width,
    volume: Width,
    quote: Width,
}

/// How a decimal column is stored.
#[derive(Clone, Copy)]
enum Width {
    Narrow,
    Wide,
}

impl Shape {
    /// For a series of these scales whose largest price, amount and quote amount in ticks are known.
    pub(super) fn new(key: SeriesKey, scales: Scales, largest: [i64; 3], partition: Partition) -> Self {
        if partition == Partition::Hive {
            let most = Decimal::MAX_SCALE;
            let scales = Scales {
                price: most,
                volume: most,
                quote: most,
            };
            return Self {
                key,
                scales,
                price: Width::Wide,
                volume: Width::Wide,
                quote: Width::Wide,
            };
        }
        let [price, volume, quote] = largest.map(|units| {
            if units < NARROW_LIMIT {
                Width::Narrow
            } else {
                Width::Wide
            }
        });
        Self {
            key,
            scales,
            price,
            volume,
            quote,
        }
    }

    /// The message type in the notation of the format's specification.
    fn schema(&self) -> String {
        let decimal = |width, scale: u8| match width {
            Width::Narrow => ("int64", format!("DECIMAL(18,{scale})")),
            Width::Wide => ("fixed_len_byte_array(16)", format!("DECIMAL(38,{scale})")),
        };
        let mut schema = String::from("message candle { required int64 open_time (TIMESTAMP(MILLIS,true)); ");
        let price = decimal(self.price, self.scales.price);
        let volume = decimal(self.volume, self.scales.volume);
        let quote = decimal(self.quote, self.scales.quote);
        let columns = [
            ("required", "open", &price),
            ("required", "high", &price),
            ("required", "low", &price),
            ("required", "close", &price),
            ("required", "volume", &volume),
        ];
        let later = [
            ("optional", "quote_volume", &quote),
            ("optional", "taker_base_volume", &volume),
            ("optional", "taker_quote_volume", &quote),
        ];
        for (repetition, name, (physical, logical)) in columns.into_iter().chain(later) {
            schema.push_str(&format!("{repetition} {physical} {name} ({logical}); "));
        }
        schema.push_str("optional int64 trades; optional int64 close_time (TIMESTAMP(MILLIS,true)); }");
        schema
    }
}

pub(super) struct ParquetSink {
    shape: Shape,
    out: PathBuf,
    partition: Partition,
    open: Option<OpenFile>,
    files: Vec<PathBuf>,
}

struct OpenFile {
    writer: SerializedFileWriter<AtomicFile>,
    path: PathBuf,
    /// `None` where all years go into one file.
    year: Option<i16>,
}

impl ParquetSink {
    pub(super) fn new(shape: Shape, out: PathBuf, partition: Partition) -> Self {
        Self {
            shape,
            out,
            partition,
            open: None,
            files: Vec::new(),
        }
    }

    fn year_of(&self, row: &Ticks) -> Option<i16> {
        match self.partition {
            Partition::SingleFile => None,
            Partition::Hive => Some(
                jiff::Timestamp::from_millisecond(row.open_time)
                    .map_or(0, |at| at.to_zoned(jiff::tz::TimeZone::UTC).year()),
            ),
        }
    }

    fn path_of(&self, year: Option<i16>) -> PathBuf {
        let Some(year) = year else { return self.out.clone() };
        let key = &self.shape.key;
        let interval = match key.interval {
            Interval::Month1 => "1mo",
            other => other.as_str(),
        };
        self.out
            .join(format!("symbol={}", escaped(key.symbol.as_str())))
            .join(format!("interval={interval}"))
            .join(format!("year={year}"))
            .join(format!("{}.parquet", key.venue))
    }

    /// The file of a year; the one before it is completed.
    fn file_of(&mut self, year: Option<i16>) -> Result<&mut OpenFile, StoreError> {
        if self.open.as_ref().is_some_and(|open| open.year != year) {
            self.complete()?;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.create(year)?,
        };
        Ok(self.open.insert(open))
    }

    fn create(&self, year: Option<i16>) -> Result<OpenFile, StoreError> {
        let path = self.path_of(year);
        let broken = |source| StoreError::Parquet {
            path: path.clone(),
            source,
        };
        let schema = parse_message_type(&self.shape.schema()).map_err(broken)?;
        let key = &self.shape.key;
        let named = |name: &str, value: String| KeyValue::new(name.to_owned(), value);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("promptpal ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(vec![
                named("promptpal.venue", key.venue.to_string()),
                named("promptpal.symbol", key.symbol.to_string()),
                named("promptpal.interval", key.interval.to_string()),
            ]))
            .build();
        let file = AtomicFile::create(&path)?;
        let writer =
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).map_err(broken)?;
        Ok(OpenFile { writer, path, year })
    }

    fn complete(&mut self) -> Result<(), StoreError> {
        if let Some(open) = self.open.take() {
            let path = open.path;
            let file = open.writer.into_inner().map_err(|error| failed(&path, error))?;
            self.files.push(file.commit()?);
        }
        Ok(())
    }

    /// The page at scales that are none finer than those of the files.
    fn fitting(&self, page: ReadPage) -> Result<ReadPage, StoreError> {
        let (files, found) = (self.shape.scales, page.scales);
        if found.price <= files.price && found.volume <= files.volume && found.quote <= files.quote {
            return Ok(page);
        }
        let rows = page
            .rows
            .into_iter()
            .map(|row| Ticks::from_candle(&row.to_candle(found), files));
        let rows = rows
            .collect::<Result<_, _>>()
            .map_err(|(at, source)| StoreError::DoesNotFit {
                series: self.shape.key.clone(),
                at,
                source,
            })?;
        Ok(ReadPage { scales: files, rows })
    }

    /// How the three kinds of decimals of a page at these scales are written.
    fn columns(&self, page: Scales) -> Columns {
        let files = self.shape.scales;
        let column = |width, file: u8, page: u8| DecimalColumn {
            width,
            factor: 10_i128.pow(u32::from(file.saturating_sub(page))),
        };
        Columns {
            price: column(self.shape.price, files.price, page.price),
            volume: column(self.shape.volume, files.volume, page.volume),
            quote: column(self.shape.quote, files.quote, page.quote),
        }
    }
}

/// How a page's ticks become a column's units.
#[derive(Clone, Copy)]
struct DecimalColumn {
    width: Width,
    /// 1 where the column is narrow.
    factor: i128,
}

#[derive(Clone, Copy)]
struct Columns {
    price: DecimalColumn,
    volume: DecimalColumn,
    quote: DecimalColumn,
}

/// Times and counts.
const PLAIN: DecimalColumn = DecimalColumn {
    width: Width::Narrow,
    factor: 1,
};

impl Sink for ParquetSink {
    fn write(&mut self, page: ReadPage) -> Result<(), StoreError> {
        let page = self.fitting(page)?;
        let (columns, rows) = (self.columns(page.scales), page.rows);
        let years: Vec<Option<i16>> = rows.iter().map(|row| self.year_of(row)).collect();
        let mut rest = rows.as_slice();
        for same_year in years.chunk_by(|a, b| a == b) {
            let (rows, later) = rest.split_at(same_year.len());
            rest = later;
            let open = self.file_of(same_year.first().copied().flatten())?;
            write_group(&mut open.writer, rows, columns).map_err(|error| failed(&open.path, error))?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<PathBuf>, StoreError> {
        if self.partition == Partition::SingleFile {
            // No candles still make a file with the columns.
            self.file_of(None)?;
        }
        self.complete()?;
        Ok(self.files)
    }
}

fn write_group(
    writer: &mut SerializedFileWriter<AtomicFile>,
    rows: &[Ticks],
    Columns { price, volume, quote }: Columns,
) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    let all = |value: fn(&Ticks) -> i64| rows.iter().map(value).collect::<Vec<i64>>();
    write_required(&mut group, PLAIN, &all(|row| row.open_time))?;
    write_required(&mut group, price, &all(|row| row.open))?;
    write_required(&mut group, price, &all(|row| row.high))?;
    write_required(&mut group, price, &all(|row| row.low))?;
    write_required(&mut group, price, &all(|row| row.close))?;
    write_required(&mut group, volume, &all(|row| row.volume))?;
    write_optional(&mut group, quote, rows, |row| row.quote_volume)?;
    write_optional(&mut group, volume, rows, |row| row.taker_base_volume)?;
    write_optional(&mut group, quote, rows, |row| row.taker_quote_volume)?;
    write_optional(&mut group, PLAIN, rows, |row| row.trades)?;
    write_optional(&mut group, PLAIN, rows, |row| row.close_time)?;
    group.close()?;
    Ok(())
}

type Group<'a> = SerializedRowGroupWriter<'a, AtomicFile>;

fn write_required(group: &mut Group<'_>, column: DecimalColumn, values: &[i64]) -> Result<(), ParquetError> {
    write_column(group, column, values, None)
}

fn write_optional(
    group: &mut Group<'_>,
    column: DecimalColumn,
    rows: &[Ticks],
    value: fn(&Ticks) -> Option<i64>,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = rows.iter().map(|row| i16::from(value(row).is_some())).collect();
    let values: Vec<i64> = rows.iter().filter_map(value).collect();
    write_column(group, column, &values, Some(&levels))
}

fn write_column(
    group: &mut Group<'_>,
    column: DecimalColumn,
    values: &[i64],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    match column.width {
        Width::Narrow => write_typed::<Int64Type>(group, values, levels),
        Width::Wide => {
            let wide: Vec<FixedLenByteArray> = values
                .iter()
                .map(|units| {
                    ByteArray::from((i128::from(*units) * column.factor).to_be_bytes().to_vec()).into()
                })
                .collect();
            write_typed::<FixedLenByteArrayType>(group, &wide, levels)
        }
    }
}

fn write_typed<T: DataType>(
    group: &mut Group<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General(
            "the schema has fewer columns than are written".to_owned(),
        ));
    };
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

/// Characters that mean something in a Hive path or to a file system, as `%XX`.
fn escaped(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '/' | '\\' | '%' | '=' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => {
                path.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => path.push(c),
        }
    }
    path
}

fn failed(path: &Path, error: ParquetError) -> StoreError {
    match error {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(source) => StoreError::File {
                path: path.to_owned(),
                source: *source,
            },
            Err(source) => StoreError::Parquet {
                path: path.to_owned(),
                source: ParquetError::External(source),
            },
        },
        source => StoreError::Parquet {
            path: path.to_owned(),
            source,
        },
    }
}
