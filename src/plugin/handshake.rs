//! The host's settings in the environment, and the line with which the plugin answers.

use std::env::{self, VarError};
use std::ffi::OsString;
use std::io::{self, Write};
use std::ops::RangeInclusive;
#[cfg(unix)]
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;
use super::tls::Identity;

/// What a host sets before it starts a plugin.
#[derive(Debug, Default)]
pub(super) struct Environment {
    cookie: Option<OsString>,
    versions: Option<String>,
    client_certificate: Option<OsString>,
    min_port: Option<String>,
    max_port: Option<String>,
    multiplex: bool,
    /// The directory in which the host wants the socket.
    #[cfg(unix)]
    pub(super) socket_directory: Option<PathBuf>,
}

/// The line that tells a host how to connect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Handshake(String);

/// Shows that a program was started by a host, not by a person. It is not a secret.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The version of the plugin system itself.
const CORE_VERSION: u32 = 1;

/// The only version of the provider protocol that this plugin supports.
pub(super) const PROTOCOL_VERSION: &str = "6";

/// Why there is no handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum HandshakeError {
    /// The host's certificate is not Unicode.
    #[error("PLUGIN_CLIENT_CERT is not text")]
    CertificateNotText,
}

impl Environment {
    /// Reads the environment of this process. An empty variable counts as absent.
    pub(super) fn read() -> Self {
        let text = |name| match env::var(name) {
            Ok(text) if !text.is_empty() => Some(text),
            Ok(_) | Err(VarError::NotPresent | VarError::NotUnicode(_)) => None,
        };
        let raw = |name| env::var_os(name).filter(|value| !value.is_empty());
        Self {
            cookie: raw("TF_PLUGIN_MAGIC_COOKIE"),
            versions: text("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: raw("PLUGIN_CLIENT_CERT"),
            min_port: text("PLUGIN_MIN_PORT"),
            max_port: text("PLUGIN_MAX_PORT"),
            multiplex: raw("PLUGIN_MULTIPLEX_GRPC").is_some(),
            #[cfg(unix)]
            socket_directory: raw("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
        }
    }

    /// Whether a host started this process.
    pub(super) fn has_cookie(&self) -> bool {
        self.cookie.as_deref().is_some_and(|cookie| cookie == COOKIE)
    }

    /// The certificate, in PEM, that the host will present; `None` if it does not want TLS.
    ///
    /// Fails if the variable contains anything else, because serving without TLS would then help an attacker.
    pub(super) fn client_certificate(&self) -> Result<Option<String>, HandshakeError> {
        let certificate = self.client_certificate.clone().map(OsString::into_string).transpose();
        certificate.map_err(|_| HandshakeError::CertificateNotText)
    }

    /// The ports on which to listen where there are no Unix sockets. 0 means any.
    pub(super) fn ports(&self) -> RangeInclusive<u16> {
        let port = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        match (port(&self.min_port), port(&self.max_port)) {
            (Some(min), Some(max)) if min <= max => min..=max,
            _ => 0..=0,
        }
    }

    /// Whether the host supports our version of the protocol. Very old hosts do not state theirs.
    fn offers_our_version(&self) -> bool {
        let Some(versions) = self.versions.as_deref() else { return true };
        versions.split(',').any(|version| version.trim() == PROTOCOL_VERSION)
    }
}

impl Handshake {
    /// The line for a host of that environment.
    ///
    /// It names our version even if the host does not support it, because the host then reports both to the
    /// user.
    pub(super) fn new(environment: &Environment, address: &Address, identity: Option<&Identity>) -> Self {
        if !environment.offers_our_version() {
            log::error!("The host does not support version {PROTOCOL_VERSION} of the provider protocol");
        }
        let certificate =
            identity.map(|identity| STANDARD_NO_PAD.encode(&identity.certificate)).unwrap_or_default();
        let Address { network, text } = address;
        // Older hosts take a seventh field for a part of the sixth.
        let multiplex = if environment.multiplex { "|false" } else { "" };
        Self(format!("{CORE_VERSION}|{PROTOCOL_VERSION}|{network}|{text}|grpc|{certificate}{multiplex}\n"))
    }

    /// Prints the line. Nothing else is written to standard output.
    pub(super) fn send(self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(self.0.as_bytes())?;
        stdout.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address { network: "unix", text: "/dir/socket".to_owned() }
    }

    #[test]
    fn without_tls_the_sixth_field_is_empty() {
        let line = Handshake::new(&Environment::default(), &address(), None);
        assert_eq!(line.0, "1|6|unix|/dir/socket|grpc|\n");
    }

    #[test]
    fn the_seventh_field_only_when_asked() {
        let environment = Environment { multiplex: true, ..Environment::default() };
        assert_eq!(Handshake::new(&environment, &address(), None).0, "1|6|unix|/dir/socket|grpc||false\n");
    }

    #[test]
    fn versions_in_any_order() {
        for (versions, expected) in
            [("5,6", true), ("6,5", true), ("6", true), ("5", false), ("16,60", false), ("", false)]
        {
            let environment = Environment { versions: Some(versions.to_owned()), ..Environment::default() };
            assert_eq!(environment.offers_our_version(), expected, "{versions}");
        }
    }

    #[test]
    fn a_host_that_does_not_say_its_versions_may_speak_ours() {
        assert!(Environment::default().offers_our_version());
    }

    #[test]
    fn ports_are_a_range_or_any() {
        let ports = |min: Option<&str>, max: Option<&str>| {
            let environment = Environment {
                min_port: min.map(str::to_owned),
                max_port: max.map(str::to_owned),
                ..Environment::default()
            };
            environment.ports()
        };
        assert_eq!(ports(Some("10000"), Some("25000")), 10000..=25000);
        assert_eq!(ports(None, None), 0..=0);
        assert_eq!(ports(Some("10000"), None), 0..=0);
        assert_eq!(ports(Some("2"), Some("1")), 0..=0);
        assert_eq!(ports(Some("x"), Some("70000")), 0..=0);
    }

    #[test]
    fn the_cookie_has_to_match() {
        let with =
            |cookie: &str| Environment { cookie: Some(cookie.into()), ..Environment::default() }.has_cookie();
        assert!(with(COOKIE));
        assert!(!with("d602"));
        assert!(!Environment::default().has_cookie());
    }
}
