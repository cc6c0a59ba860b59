//! Tells the programs where their libraries lie: beside themselves when they are installed, where they were built otherwise.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    // Read by the fast program when it looks for its library.
    println!("cargo:rerun-if-env-changed=PROMPTPAL_ONNXRUNTIME_BUILT");
    if let Some(library) = env::var_os("PROMPTPAL_ONNXRUNTIME_BUILT") {
        println!(
            "cargo:rustc-env=PROMPTPAL_ONNXRUNTIME_BUILT={}",
            library.display()
        );
    }
    let origin = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        // Windows has no such paths: the libraries lie in the program's folder.
        Ok("windows") => return,
        Ok("macos") => "@loader_path",
        _ => "$ORIGIN",
    };
    if env::var_os("CARGO_FEATURE_EXACT").is_none() {
        return;
    }
    for place in ["", "/libtorch/lib", "/../lib/promptpal/libtorch/lib"] {
        println!("cargo:rustc-link-arg-bin=promptpal-sentiment=-Wl,-rpath,{origin}{place}");
    }
    if let Some(root) = env::var_os("LIBTORCH") {
        println!(
            "cargo:rustc-link-arg-bin=promptpal-sentiment=-Wl,-rpath,{}",
            Path::new(&root).join("lib").display()
        );
    }
}
