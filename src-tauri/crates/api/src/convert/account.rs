//! The session.

use promptpal_app::SessionView;
use promptpal_app::causes::{Contact, SessionState};

use crate::{ProfileDto, SessionDto};

impl From<SessionView> for SessionDto {
    fn from(view: SessionView) -> Self {
        match view {
            SessionView::NotConfigured => Self::NotConfigured,
            SessionView::State(SessionState::SignedOut) => Self::SignedOut,
            SessionView::State(SessionState::SigningIn) => Self::SigningIn,
            SessionView::State(SessionState::SignedIn { profile, contact }) => Self::SignedIn {
                profile: ProfileDto {
                    subject: profile.subject,
                    name: profile.name,
                    email: profile.email,
                },
                offline_since: match contact {
                    Contact::Fresh => None,
                    Contact::OfflineSince(at) => Some(at.into()),
                },
            },
            SessionView::State(SessionState::Expired) => Self::Expired,
            SessionView::State(SessionState::SecretStoreMissing { advice }) => {
                Self::SecretStoreMissing { advice }
            }
        }
    }
}
