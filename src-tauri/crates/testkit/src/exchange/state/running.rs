//! A script under way.

use promptpal_domain::{Interval, Timestamp};

use super::super::script::{Action, Script, When};
use super::State;

/// A script and how far it has come.
#[derive(Debug)]
pub(super) struct Running {
    events: Vec<(When, Action)>,
    began: Timestamp,
    frames_before: usize,
    requests_before: usize,
}

impl Running {
    /// The instant of an event that is a matter of time.
    fn instant(&self, when: When) -> Option<Timestamp> {
        match when {
            When::Candles(0) => Some(self.began),
            When::Candles(count) => {
                let minute = Interval::Minute1.floor(self.began);
                Some(minute.plus_millis(count.saturating_mul(Interval::Minute1.nominal_millis())))
            }
            When::Seconds(seconds) => Some(self.began.plus_millis(seconds.saturating_mul(1000))),
            When::Frames(_) | When::Requests(_) => None,
        }
    }
}

impl State {
    pub(crate) fn run_script(&mut self, script: &Script) {
        self.script = Some(Running {
            events: script.events.clone(),
            began: self.moved,
            frames_before: self.stats.events,
            requests_before: self.requests.len(),
        });
        self.fire();
    }

    pub(crate) fn script_is_running(&self) -> bool {
        self.script.is_some()
    }

    /// The instant before or at `target` up to which nothing of the script is due.
    pub(super) fn next_stop(&self, target: Timestamp) -> Timestamp {
        let Some(running) = &self.script else {
            return target;
        };
        let times = running
            .events
            .iter()
            .filter_map(|(when, _)| running.instant(*when));
        times
            .filter(|at| *at > self.moved)
            .min()
            .map_or(target, |at| at.min(target))
    }

    /// Does what the script says by now.
    pub(crate) fn fire(&mut self) {
        loop {
            let (moved, frames, requests) = (self.moved, self.stats.events, self.requests.len());
            let Some(running) = &mut self.script else { return };
            let is_due = |when: When| match when {
                When::Frames(count) => frames - running.frames_before >= count,
                When::Requests(count) => requests - running.requests_before >= count,
                timed => running.instant(timed).is_some_and(|at| at <= moved),
            };
            let Some(due) = running.events.iter().position(|(when, _)| is_due(*when)) else {
                return;
            };
            let (_, action) = running.events.remove(due);
            let is_over = running.events.is_empty() || action == Action::End;
            if let Action::Fault(fault) = action {
                self.inject(fault);
            }
            if is_over {
                self.script = None;
                self.behave();
            }
        }
    }
}
