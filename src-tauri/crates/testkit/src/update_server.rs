//! An update server: latest.json and packages on loopback.
