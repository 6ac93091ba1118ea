//! Trust between host and plugin: certificates that live as long as this process, presented by both sides.
//!
//! The host passes its certificate in the environment and ours goes back in the handshake line. Its
//! certificate is one of a certificate authority, which rustls's usual verifier does not accept from a
//! client, so it is compared byte for byte. A certificate is public. The signature over the handshake is what
//! proves that the other side is the host.

use std::error::Error;
use std::sync::Arc;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::server::{NoServerSessionStorage, ParsedCertificate};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error as TlsError, ServerConfig,
    SignatureScheme,
};

use super::p521;

/// Our side of the trust, generated for each process.
pub(super) struct Identity {
    /// Our certificate in DER.
    pub(super) certificate: CertificateDer<'static>,
    /// Admits whoever has the host's key.
    pub(super) acceptor: TlsAcceptor,
}

/// Accepts one certificate only.
#[derive(Debug)]
struct Pinned(CertificateDer<'static>);

/// The signatures that a host makes: its key is on the curve P-521.
static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[&p521::ECDSA_P521_SHA512],
    mapping: &[(SignatureScheme::ECDSA_NISTP521_SHA512, &[&p521::ECDSA_P521_SHA512])],
};

impl Identity {
    /// A new key and certificate, for a host that presents the certificate in this PEM text.
    ///
    /// Fails if the text is not exactly one certificate.
    pub(super) fn new(host: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let host = only_certificate(host)?;
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::new(["localhost".to_owned()])?;
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = CertificateDer::from(parameters.self_signed(&key)?);

        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(Arc::new(Pinned(host)))
            .with_single_cert(vec![certificate.clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        // Newer hosts reject a server that does not name the protocol.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // Hosts never resume a session.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { certificate, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

fn only_certificate(pem: &str) -> Result<CertificateDer<'static>, Box<dyn Error + Send + Sync>> {
    if pem.matches("-----BEGIN ").count() != 1 {
        return Err("PLUGIN_CLIENT_CERT is not exactly one certificate".into());
    }
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| format!("PLUGIN_CLIENT_CERT is not a certificate: {error}"))?;
    ParsedCertificate::try_from(&certificate)
        .map_err(|error| format!("PLUGIN_CLIENT_CERT is not a certificate: {error}"))?;
    Ok(certificate)
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    /// The host made its certificate for this very process, so there is no chain to verify and no validity
    /// period to check.
    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, TlsError> {
        if end_entity.as_ref() == self.0.as_ref() {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(TlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signature, &SIGNATURES)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signature, &SIGNATURES)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        SIGNATURES.supported_schemes()
    }
}
