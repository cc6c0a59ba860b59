//! Whether a worker ran out of memory, by its last words: every part of it says so in words of its own, and none has a code for it.

/// What is said, in lower case.
const WORDS: [&str; 11] = [
    // Rust.
    "memory allocation of ",
    // The system; torch quotes it, and so does the loader of libraries.
    "cannot allocate memory",
    "can't allocate memory",
    // C++, and ONNX Runtime, which quotes it.
    "bad_alloc",
    "bad allocation",
    "failed to allocate memory",
    // MKL and OpenMP.
    "out of memory",
    // There was no room for the stack of one more thread: of OpenMP, of Rust.
    "thread creation failed",
    "failed to spawn thread",
    // Windows.
    "not enough memory",
    "paging file is too small",
];

/// The GNU loader, where the room for addresses is limited; it goes on with a colon where something else is wrong.
const NO_ROOM: &str = "failed to map segment from shared object";

/// The line of a report of an end, or of a message of a worker, that tells of memory which did not suffice, if there is one.
pub(crate) fn ran_out(report: &str) -> Option<String> {
    // What torch says is quoted, with its lines run together.
    report
        .split('\n')
        .flat_map(|line| line.split("\\n"))
        .map(str::trim)
        .find(|line| {
            let line = line.to_lowercase();
            WORDS.iter().any(|words| line.contains(words)) || line.ends_with(NO_ROOM)
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_from_other_ends() {
        let check =
            |report: &str, expected: bool| assert_eq!(ran_out(report).is_some(), expected, "{report}");
        check(
            "it ended with signal: 6 (SIGABRT): memory allocation of 93763584 bytes failed",
            true,
        );
        check(
            "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate \
             46881792 bytes. Error code 12 (Cannot allocate memory)",
            true,
        );
        check(
            "terminate called after throwing an instance of 'std::bad_alloc'",
            true,
        );
        check(
            "model.int8.onnx cannot be run: Exception during initialization: bad allocation",
            true,
        );
        check(
            "reading model.safetensors: Cannot allocate memory (os error 12)",
            true,
        );
        check(
            "error while loading shared libraries: libtorch_cpu.so: failed to map segment from shared object: Cannot allocate memory",
            true,
        );
        check(
            "error while loading shared libraries: libtorch_cpu.so: failed to map segment from shared object\n",
            true,
        );
        // A folder whose files may not be run.
        check(
            "error while loading shared libraries: libtorch_cpu.so: failed to map segment from shared object: Operation not permitted",
            false,
        );
        check(
            "error while loading shared libraries: libtorch_cpu.so: cannot open shared object file: No such file or directory",
            false,
        );
        check("it ended with signal: 9 (SIGKILL)", false);
        let long = "Torch(\"DefaultCPUAllocator: can't allocate memory: you tried to allocate 6217728 bytes.\\nframe #0: c10\")";
        assert_eq!(
            ran_out(long).as_deref(),
            Some("Torch(\"DefaultCPUAllocator: can't allocate memory: you tried to allocate 6217728 bytes.")
        );
    }
}
