//! Telling a worker that hangs from one that is not given the processor. It stands back behind every other program, so that on a busy
//! machine a second's work may take minutes; killed for that, it would begin again and never end.

use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// How many times as long a worker that gets some processor time, but little, is waited for.
pub(super) const LONGEST: u32 = 20;

/// Whether a process that gave no sign of progress for `waited` and was given `processor` meanwhile is at work. One that hangs is
/// given nothing, or all there is when it runs in a circle.
pub(super) fn starves(processor: Duration, waited: Duration) -> bool {
    processor > waited / 1_000 && processor < waited / 2
}

/// The processor time of a process since its start, of all its threads. `None` when the system does not tell.
pub(super) fn processor_time(process: u32) -> Option<Duration> {
    let process = Pid::from_u32(process);
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[process]),
        false,
        ProcessRefreshKind::nothing().with_cpu(),
    );
    Some(Duration::from_millis(
        system.process(process)?.accumulated_cpu_time(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_little_processor_time_is_hunger() {
        let check = |processor: u64, hungry: bool| {
            let found = starves(Duration::from_millis(processor), Duration::from_secs(30));
            assert_eq!(found, hungry, "{processor} ms of 30 s");
        };
        check(0, false);
        check(20, false);
        check(90, true);
        check(10_000, true);
        check(20_000, false);
        check(60_000, false);
    }

    #[test]
    fn the_time_of_this_process_grows_with_its_work() {
        let before = processor_time(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while processor_time(std::process::id()).unwrap() < before + Duration::from_millis(30) {
            sum = (0..200_000_u64).fold(sum, |sum, next| std::hint::black_box(sum ^ next));
        }
        assert!(processor_time(u32::MAX).is_none(), "nobody has this number");
    }
}
