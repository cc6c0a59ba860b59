//! The socket below a live connection, which is looked at every 30 ms, or every 70 ms where much arrives.
//!
//! Whoever waits for a socket is woken by every packet, and being woken costs more than reading a frame: with some thousand
//! packets a second most of the time went into it. Here whatever has arrived is read at once, and then nothing is waited for
//! but the clock.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Interval, MissedTickBehavior, interval};
use url::{Host, Url};

/// From one look to the next.
const LOOK_EVERY: Duration = Duration::from_millis(30);
/// The same after a look that found [`MUCH`]: what arrives is of many symbols then, and each look costs some wakings.
const LOOK_LESS_OFTEN: Duration = Duration::from_millis(70);
/// Bytes of some thirty frames.
const MUCH: usize = 8 * 1024;

/// A TCP connection.
#[derive(Debug)]
pub(crate) struct Socket {
    tcp: TcpStream,
    // One for each way: who reads and who writes may be different tasks, and a clock wakes one.
    reads: Interval,
    writes: Interval,
    /// Bytes read since the last look that found nothing.
    found: usize,
}

impl Socket {
    /// Connects to the host of an address.
    pub(crate) async fn connect(url: &Url) -> io::Result<Self> {
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(io::Error::from(io::ErrorKind::InvalidInput)),
        };
        let port = url.port_or_known_default().unwrap_or(443);
        let tcp = tokio::net::TcpStream::connect((host, port)).await?;
        tcp.set_nodelay(true)?;
        // It stays non-blocking.
        let tcp = tcp.into_std()?;
        Ok(Self {
            tcp,
            reads: looks(),
            writes: looks(),
            found: 0,
        })
    }
}

fn looks() -> Interval {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks
}

/// Does what the socket can do now, or nothing where it would have to wait.
fn try_now<T>(mut work: impl FnMut() -> io::Result<T>) -> Option<io::Result<T>> {
    loop {
        match work() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return None,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return Some(done),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self {
            tcp, reads, found, ..
        } = &mut *self;
        let room = buffer.initialize_unfilled();
        loop {
            if let Some(read) = try_now(|| tcp.read(room)) {
                let count = read?;
                *found += count;
                buffer.advance(count);
                return Poll::Ready(Ok(()));
            }
            match std::mem::take(found) {
                0 => {}
                MUCH.. => reads.reset_after(LOOK_LESS_OFTEN),
                _ => reads.reset_after(LOOK_EVERY),
            }
            ready!(reads.poll_tick(context));
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { tcp, writes, .. } = &mut *self;
        loop {
            if let Some(written) = try_now(|| tcp.write(bytes)) {
                return Poll::Ready(written);
            }
            ready!(writes.poll_tick(context));
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.tcp.shutdown(Shutdown::Write) {
            Err(error) if error.kind() != io::ErrorKind::NotConnected => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn what_is_sent_arrives_both_ways_and_the_end_is_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("ws://{}/", listener.local_addr().unwrap())).unwrap();
        // Much more than the buffers of both sockets hold.
        let sent: Vec<u8> = (0..8_000_000_u32).map(|at| (at % 251) as u8).collect();
        let echo = tokio::spawn(async move {
            let (peer, _) = listener.accept().await.unwrap();
            let (mut from, mut to) = peer.into_split();
            tokio::io::copy(&mut from, &mut to).await.unwrap();
        });
        let (mut from, mut to) = tokio::io::split(Socket::connect(&url).await.unwrap());
        let whole = sent.clone();
        let writing = tokio::spawn(async move {
            to.write_all(&whole).await.unwrap();
            to.shutdown().await.unwrap();
        });
        let mut received = Vec::new();
        from.read_to_end(&mut received).await.unwrap();
        writing.await.unwrap();
        echo.await.unwrap();
        assert!(received == sent);
    }

    #[tokio::test]
    async fn nobody_there_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("ws://{}/", listener.local_addr().unwrap())).unwrap();
        drop(listener);
        let error = Socket::connect(&url).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
}
