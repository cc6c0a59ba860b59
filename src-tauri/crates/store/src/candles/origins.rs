//! The table `origins`: where candles came from, or who said that there are none.

use promptpal_domain::CandleSource;
use sqlx::SqliteConnection;

use crate::StoreError;
use crate::error::Fault;
use crate::names::unreadable;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) id: i64,
    pub(super) source: CandleSource,
    pub(super) name: String,
    /// Empty where the source is no file.
    pub(super) sha256: String,
}

impl Origin {
    /// The origin of this source, made where there is none.
    pub(super) async fn ensure(
        connection: &mut SqliteConnection,
        source: CandleSource,
        name: &str,
        sha256: Option<&str>,
    ) -> Result<Self, Fault> {
        let sha256 = sha256.unwrap_or_default();
        let find = "SELECT id FROM origins WHERE source = ?1 AND name = ?2 AND sha256 = ?3";
        let bound = || {
            sqlx::query_scalar(find)
                .bind(source.as_str())
                .bind(name)
                .bind(sha256)
        };
        let mut found: Option<i64> = bound().fetch_optional(&mut *connection).await?;
        if found.is_none() {
            sqlx::query("INSERT INTO origins (source, name, sha256) VALUES (?1, ?2, ?3)")
                .bind(source.as_str())
                .bind(name)
                .bind(sha256)
                .execute(&mut *connection)
                .await?;
            found = bound().fetch_optional(&mut *connection).await?;
        }
        Ok(Self {
            id: found.ok_or(sqlx::Error::RowNotFound)?,
            source,
            name: name.to_owned(),
            sha256: sha256.to_owned(),
        })
    }

    pub(super) fn from_row(id: i64, source: &str, name: String, sha256: String) -> Result<Self, StoreError> {
        Ok(Self {
            id,
            source: source_of(source)?,
            name,
            sha256,
        })
    }
}

/// The source of this name in the tables.
pub(super) fn source_of(name: &str) -> Result<CandleSource, StoreError> {
    CandleSource::from_name(name).ok_or_else(|| unreadable("origins.source", name))
}

/// A checksum as it is handed out.
pub(super) fn checksum(sha256: &str) -> Option<String> {
    Some(sha256.to_owned()).filter(|text| !text.is_empty())
}
