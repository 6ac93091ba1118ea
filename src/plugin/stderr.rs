//! Standard error, written without blocking: a host that does not read its pipe does not delay any call.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::Builder;

use super::limits::{LOG_STACK_BYTES, MAX_END_WAIT, MAX_WAITING_TEXTS};

enum Message {
    Text(String),
    /// Completed when everything before it is written.
    Flush(SyncSender<()>),
}

/// The channel to the thread that writes; `None` if no thread can be started.
static WRITER: OnceLock<Option<SyncSender<Message>>> = OnceLock::new();

/// Texts that were dropped because too many were waiting.
static DROPPED: AtomicUsize = AtomicUsize::new(0);

/// Writes whole lines, soon. If nothing reads them, they are counted and dropped.
pub(super) fn write(text: String) {
    let Some(writer) = WRITER.get_or_init(start) else {
        print(&text);
        return;
    };
    if let Err(TrySendError::Full(_)) = writer.try_send(Message::Text(text)) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits until everything is written, but not for long.
pub(super) fn flush() {
    let Some(Some(writer)) = WRITER.get() else { return };
    let (sender, flushed) = sync_channel(1);
    if writer.try_send(Message::Flush(sender)).is_ok() {
        let _ = flushed.recv_timeout(MAX_END_WAIT);
    }
}

fn start() -> Option<SyncSender<Message>> {
    let (sender, receiver) = sync_channel(MAX_WAITING_TEXTS);
    let thread = Builder::new().name("stderr".to_owned()).stack_size(LOG_STACK_BYTES);
    thread.spawn(move || work(&receiver)).ok().map(|_| sender)
}

fn work(messages: &Receiver<Message>) {
    for message in messages {
        match message {
            Message::Text(text) => print(&text),
            Message::Flush(done) => {
                let _ = done.try_send(());
            }
        }
        let dropped = DROPPED.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            print(&format!(
                "{{\"@level\":\"warn\",\"@message\":\"{dropped} log records were dropped because nobody read them\"}}\n"
            ));
        }
    }
}

/// One write for each text, because threads share the pipe. It fails if the host has exited, and then there
/// is nowhere to report it.
fn print(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
