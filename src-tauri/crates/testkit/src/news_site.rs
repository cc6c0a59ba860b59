//! A news site: feeds and article pages on loopback.
