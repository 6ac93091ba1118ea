//! The log: lines on standard error in the format that hosts understand, at the level that the user requested
//! from the host.
//!
//! A log is not protected, so no record may contain values of a configuration.

use std::env;
use std::time::SystemTime;

use log::kv::{Error, Key, Value, VisitSource};
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::{Map, Value as Json};
use time::OffsetDateTime;

use super::limits::MAX_MESSAGE_BYTES;
use super::stderr;

/// Writes the records of this process to standard error from now on.
pub(super) fn install() {
    let level = level(|name| env::var(name).ok());
    // Fails only if there is a logger already, which is acceptable.
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(level);
    }
}

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            stderr::write(line(record, OffsetDateTime::from(SystemTime::now())));
        }
    }

    fn flush(&self) {
        stderr::flush();
    }
}

/// The level that the user requested: the provider's own variable comes first. Without either, the host drops
/// everything, so only errors are worth writing.
fn level(variable: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let asked =
        ["TF_LOG_PROVIDER", "TF_LOG"].into_iter().filter_map(variable).find(|level| !level.is_empty());
    match asked.map(|level| level.to_ascii_uppercase()).as_deref() {
        None | Some("ERROR") => LevelFilter::Error,
        Some("OFF") => LevelFilter::Off,
        Some("WARN") => LevelFilter::Warn,
        Some("INFO") => LevelFilter::Info,
        Some("DEBUG") => LevelFilter::Debug,
        // JSON means trace, and hosts treat an unknown word as JSON too.
        Some(_) => LevelFilter::Trace,
    }
}

/// The record as a line. Level, message and time have to be strings: anything else would crash the host.
fn line(record: &Record<'_>, time: OffsetDateTime) -> String {
    let level = match record.level() {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
        Level::Trace => "trace",
    };
    let mut members = Map::new();
    // First, so that no key of a record can take the place of what follows.
    let _ = record.key_values().visit(&mut Members(&mut members));
    members.insert("@level".to_owned(), level.into());
    members.insert("@message".to_owned(), shortened(record.args().to_string()).into());
    members.insert("@module".to_owned(), record.target().into());
    members.insert("@timestamp".to_owned(), timestamp(time).into());
    format!("{}\n", Json::from(members))
}

struct Members<'a>(&'a mut Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Members<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.0.insert(key.to_string(), shortened(value.to_string()).into());
        Ok(())
    }
}

fn shortened(text: String) -> String {
    if text.len() <= MAX_MESSAGE_BYTES { text } else { text.chars().take(MAX_MESSAGE_BYTES / 4).collect() }
}

fn timestamp(time: OffsetDateTime) -> String {
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, microsecond) = time.to_hms_micro();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{microsecond:06}Z", u8::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(1_769_860_800_012_345_678).unwrap()
    }

    #[test]
    fn a_record_is_one_line_of_json() {
        let pairs: [(&str, Value<'_>); 2] = [("tf_rpc", "Read".into()), ("@level", 7.into())];
        let mut record = Record::builder();
        record.level(Level::Warn).target("module").key_values(&pairs);
        let line = line(&record.args(format_args!("two\nlines")).build(), time());
        assert_eq!(
            line,
            concat!(
                r#"{"@level":"warn","@message":"two\nlines","@module":"module","#,
                r#""@timestamp":"2026-01-31T12:00:00.012345Z","tf_rpc":"Read"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_line_stays_below_what_a_host_takes() {
        let long = "\u{1}é".repeat(100_000);
        let line = line(&Record::builder().args(format_args!("{long}")).build(), time());
        assert!(line.len() < 64 << 10, "{}", line.len());
    }

    #[test]
    fn levels() {
        let of = |provider: Option<&str>, all: Option<&str>| {
            level(|name| if name == "TF_LOG" { all } else { provider }.map(str::to_owned))
        };
        assert_eq!(of(None, None), LevelFilter::Error);
        assert_eq!(of(Some(""), Some("debug")), LevelFilter::Debug);
        assert_eq!(of(Some("INFO"), Some("trace")), LevelFilter::Info);
        assert_eq!(of(Some("off"), Some("trace")), LevelFilter::Off);
        assert_eq!(of(None, Some("JSON")), LevelFilter::Trace);
        assert_eq!(of(None, Some("1")), LevelFilter::Trace);
    }
}
