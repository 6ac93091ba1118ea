//! The certificates that hosts make: self-signed, on the curve P-521, and those of a certificate authority.
//!
//! Neither rcgen nor rustls signs on that curve without a library in C, so both are done here.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{Signature, SigningKey};
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::sign::{self, CertifiedKey};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    ClientConfig, Error as TlsError, RootCertStore, SignatureAlgorithm, SignatureScheme,
};
use yasna::models::{GeneralizedTime, ObjectIdentifier};
use yasna::{DERWriter, Tag, construct_der};

/// A certificate, and a key that need not be the certificate's.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    key: Key,
}

#[derive(Debug, Clone)]
struct Key(Arc<SigningKeyOf>);

/// Keeps the key out of the output of a failing test, and gives it a `Debug`.
struct SigningKeyOf(SigningKey);

impl std::fmt::Debug for SigningKeyOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key on P-521")
    }
}

impl Identity {
    /// One for each number, always the same.
    pub(crate) fn new(number: u8) -> Self {
        let mut scalar = [number; 66];
        // The first byte of a scalar of this curve has one bit only.
        scalar[0] = 0;
        let key = SigningKey::from_slice(&scalar).unwrap();
        let certificate = CertificateDer::from(self_signed(&key));
        Self { certificate, key: Key(Arc::new(SigningKeyOf(key))) }
    }

    /// This certificate with the key of another.
    pub(crate) fn with_key_of(&self, other: &Self) -> Self {
        Self { certificate: self.certificate.clone(), key: other.key.clone() }
    }

    /// The certificate as a host passes it to a plugin.
    pub(crate) fn pem(&self) -> String {
        let body = STANDARD.encode(&self.certificate);
        let lines: Vec<_> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }
}

/// What a host sets up to call a plugin that showed this certificate, in DER. Without an identity it shows
/// none itself.
pub(crate) fn client_config(server: &[u8], identity: Option<&Identity>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(server.to_vec())).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(identity) => config.with_client_cert_resolver(Arc::new(identity.clone())),
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::new(CertifiedKey::new(vec![self.certificate.clone()], Arc::new(self.key.clone()))))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl sign::SigningKey for Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn sign::Signer>> {
        offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512).then(|| Box::new(self.clone()) as Box<_>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl sign::Signer for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TlsError> {
        let signature: Signature = self.0.0.sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

/// A certificate as hosts make it: for localhost, of a certificate authority, for both sides of a connection.
fn self_signed(key: &SigningKey) -> Vec<u8> {
    let point = p521::ecdsa::VerifyingKey::from(key).to_sec1_point(false);
    let to_be_signed = construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_tagged(Tag::context(0), |writer| writer.write_u8(2));
            writer.next().write_u32(0x0102_0304);
            write_algorithm(writer.next());
            write_name(writer.next());
            writer.next().write_sequence(|writer| {
                for time in [&b"20200101000000Z"[..], b"20991231235959Z"] {
                    writer.next().write_generalized_time(&GeneralizedTime::parse(time).unwrap());
                }
            });
            write_name(writer.next());
            writer.next().write_sequence(|writer| {
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&ObjectIdentifier::from_slice(&[1, 2, 840, 10045, 2, 1]));
                    writer.next().write_oid(&ObjectIdentifier::from_slice(&[1, 3, 132, 0, 35]));
                });
                writer.next().write_bitvec_bytes(point.as_bytes(), point.len() * 8);
            });
            writer.next().write_tagged(Tag::context(3), |writer| {
                writer.write_sequence(|writer| {
                    // Key usage: signature, key encipherment, key agreement, certificate signing.
                    write_extension(writer.next(), &[2, 5, 29, 15], true, &|writer| {
                        writer.write_bitvec_bytes(&[0b1010_1100], 6);
                    });
                    // Extended key usage: client and server.
                    write_extension(writer.next(), &[2, 5, 29, 37], false, &|writer| {
                        writer.write_sequence(|writer| {
                            for purpose in [2, 1] {
                                let oid = ObjectIdentifier::from_slice(&[1, 3, 6, 1, 5, 5, 7, 3, purpose]);
                                writer.next().write_oid(&oid);
                            }
                        });
                    });
                    // Basic constraints: a certificate authority.
                    write_extension(writer.next(), &[2, 5, 29, 19], true, &|writer| {
                        writer.write_sequence(|writer| writer.next().write_bool(true));
                    });
                    // Alternative names: localhost.
                    write_extension(writer.next(), &[2, 5, 29, 17], false, &|writer| {
                        writer.write_sequence(|writer| {
                            writer.next().write_tagged_implicit(Tag::context(2), |writer| {
                                writer.write_ia5_string("localhost")
                            });
                        });
                    });
                });
            });
        });
    });
    let signature: Signature = key.sign(&to_be_signed);
    let signature = signature.to_der();
    construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_der(&to_be_signed);
            write_algorithm(writer.next());
            writer.next().write_bitvec_bytes(signature.as_bytes(), signature.as_bytes().len() * 8);
        });
    })
}

/// ECDSA with SHA-512.
fn write_algorithm(writer: DERWriter<'_>) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&ObjectIdentifier::from_slice(&[1, 2, 840, 10045, 4, 3, 4]));
    });
}

/// CN = localhost.
fn write_name(writer: DERWriter<'_>) {
    writer.write_sequence(|writer| {
        writer.next().write_set(|writer| {
            writer.next().write_sequence(|writer| {
                writer.next().write_oid(&ObjectIdentifier::from_slice(&[2, 5, 4, 3]));
                writer.next().write_utf8_string("localhost");
            });
        });
    });
}

fn write_extension(writer: DERWriter<'_>, oid: &[u64], critical: bool, value: &dyn Fn(DERWriter<'_>)) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&ObjectIdentifier::from_slice(oid));
        if critical {
            writer.next().write_bool(true);
        }
        writer.next().write_bytes(&construct_der(value));
    });
}
