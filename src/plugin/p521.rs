//! ECDSA on the curve P-521 with SHA-512: the signatures of hosts, which ring does not verify.

use p521::ecdsa::signature::Verifier;
use p521::ecdsa::{DerSignature, Signature, VerifyingKey};
use tokio_rustls::rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

/// Verifies signatures in DER by keys that are points of the curve.
#[derive(Debug)]
pub(super) struct EcdsaP521Sha512;

/// The algorithm in the form that rustls expects.
pub(super) static ECDSA_P521_SHA512: EcdsaP521Sha512 = EcdsaP521Sha512;

impl SignatureVerificationAlgorithm for EcdsaP521Sha512 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature = DerSignature::try_from(signature).map_err(|_| InvalidSignature)?;
        let signature = Signature::try_from(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P521
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA512
    }
}
