//! The desktop host: start-up order, commands, the event channel, updates. It holds no domain logic.
//!
//! # Invariants
//! - The only package that names `tauri`.
//! - A command is at most ten lines: parse, call a use case of [`promptpal_app`], map the error.
//! - The window can do only what `command_list.rs` names; `build.rs` makes a permission of each entry.

mod commands;
mod events;
mod follow;
mod start;
mod update;

pub use start::run;

use commands::account::*;
use commands::backtest::*;
use commands::file::*;
use commands::job::*;
use commands::live::*;
use commands::market::*;
use commands::model::*;
use commands::news::*;
use commands::sweep::*;
use commands::system::*;
use commands::update::*;

macro_rules! command_list {
    ($($name:ident),+ $(,)?) => { tauri_specta::collect_commands![$($name),+] };
}

/// The typed table of commands, shared by the program and by the generator of the TypeScript.
fn command_table() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::<tauri::Wry>::new()
        .disable_serde_phases()
        .commands(include!("command_list.rs"))
}

#[cfg(test)]
mod tests {
    /// Writes the TypeScript side; `git diff --exit-code` after it shows whether the committed file was stale.
    #[test]
    fn export_bindings() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/backend/bindings.ts");
        super::command_table()
            .export(specta_typescript::Typescript::default(), file)
            .expect("the types have a TypeScript form");
    }
}
