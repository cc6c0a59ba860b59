//! The connections that are open, read as one.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::Stream;
use tokio::time::Instant;

use super::connection::{Route, Told, connection};
use super::line::ConnectionId;

struct Connection {
    id: ConnectionId,
    line: usize,
    telling: Pin<Box<dyn Stream<Item = Told> + Send>>,
    last_frame: Instant,
}

/// Few enough to be asked in turn: one carries 1,024 streams.
#[derive(Default)]
pub(crate) struct Connections {
    open: Vec<Connection>,
    next_id: ConnectionId,
    turn: usize,
}

impl Connections {
    /// Begins a connection.
    pub(crate) fn begin(&mut self, line: usize, route: Route) -> ConnectionId {
        self.next_id += 1;
        self.open.push(Connection {
            id: self.next_id,
            line,
            telling: Box::pin(connection(route)),
            last_frame: Instant::now(),
        });
        self.next_id
    }

    /// What one of them tells next, with its number and its line. Waits for ever when there is none.
    pub(crate) async fn next(&mut self) -> (ConnectionId, usize, Told) {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<(ConnectionId, usize, Told)> {
        let count = self.open.len();
        for step in 0..count {
            // Whoever told something comes last in the next round.
            let at = (self.turn + step) % count;
            let Some(connection) = self.open.get_mut(at) else {
                continue;
            };
            if let Poll::Ready(Some(told)) = connection.telling.as_mut().poll_next(context) {
                connection.last_frame = Instant::now();
                let (id, line) = (connection.id, connection.line);
                self.turn = at + 1;
                if matches!(told, Told::Ended(_)) {
                    self.open.swap_remove(at);
                }
                return Poll::Ready((id, line, told));
            }
        }
        Poll::Pending
    }

    /// Drops a connection.
    pub(crate) fn let_go(&mut self, id: ConnectionId) {
        self.open.retain(|connection| connection.id != id);
    }

    /// Drops those of a line.
    pub(crate) fn let_go_of_line(&mut self, line: usize) {
        self.open.retain(|connection| connection.line != line);
    }

    /// One that has not told anything since, with its line.
    pub(crate) fn silent_since(&self, since: Instant) -> Option<(ConnectionId, usize)> {
        let silent = self.open.iter().find(|connection| connection.last_frame <= since);
        silent.map(|connection| (connection.id, connection.line))
    }
}
