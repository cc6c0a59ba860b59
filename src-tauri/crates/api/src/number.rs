//! Numbers as TypeScript sees them.

use promptpal_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970 in UTC; a whole number that JavaScript represents exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(transparent)]
pub struct TimeMs(#[specta(type = specta_typescript::Number)] pub i64);

impl From<Timestamp> for TimeMs {
    fn from(at: Timestamp) -> Self {
        Self(at.millis())
    }
}

impl From<TimeMs> for Timestamp {
    fn from(at: TimeMs) -> Self {
        Self::from_millis(at.0)
    }
}
