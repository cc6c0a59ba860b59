//! An exchange: REST and WebSocket on loopback over one deterministic tape.
