//! A new file among the migrations, which the macro cannot announce, builds the crate again.

#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
fn main() {
    println!("cargo::rerun-if-changed=../../../migrations");
}
