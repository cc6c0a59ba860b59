//! A new file among the migrations, which the macro cannot announce, builds the crate again.

fn main() {
    println!("cargo::rerun-if-changed=../../../migrations");
}
