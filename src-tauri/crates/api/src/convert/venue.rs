//! Venues.

use promptpal_app::VenueView;
use promptpal_domain::Venue;

use super::refused;
use crate::{ApiError, VenueDto};

/// A venue as the window names it; nothing for the default one.
///
/// # Errors
/// [`ErrorCode::Invalid`](crate::ErrorCode::Invalid) when it is no name of a venue.
pub fn venue(name: Option<String>) -> Result<Option<Venue>, ApiError> {
    let parse = |name: String| {
        name.parse()
            .map_err(|error| refused(error, "Choose one of the listed venues."))
    };
    name.map(parse).transpose()
}

impl From<VenueView> for VenueDto {
    fn from(view: VenueView) -> Self {
        let VenueView { venue, traits } = view;
        Self {
            id: venue.to_string(),
            name: traits.title.to_owned(),
            intervals: traits.intervals.iter().map(ToString::to_string).collect(),
            stream: traits.has_stream,
            archive: traits.has_archive,
            example: traits.example.to_owned(),
            page_candles: traits.page_candles.into(),
            note: traits.reach.to_owned(),
        }
    }
}
