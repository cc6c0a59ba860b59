//! A real OpenID provider, started as a child process.
