//! Tells the program where its libtorch lies: beside itself when it is installed, where it was built against otherwise.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    let origin = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        // Windows has no such paths: the libraries lie in the program's folder.
        Ok("windows") => return,
        Ok("macos") => "@loader_path",
        _ => "$ORIGIN",
    };
    for place in ["", "/libtorch/lib", "/../lib/promptpal/libtorch/lib"] {
        println!("cargo:rustc-link-arg-bins=-Wl,-rpath,{origin}{place}");
    }
    if let Some(root) = env::var_os("LIBTORCH") {
        println!(
            "cargo:rustc-link-arg-bins=-Wl,-rpath,{}",
            Path::new(&root).join("lib").display()
        );
    }
}
