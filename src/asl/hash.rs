//! The hash algorithms of Step Functions: of `States.Hash` in JSONPath and of `$hash` in JSONata.

use std::fmt::Write;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::limits::MAX_HASH_CHARACTERS;

/// The hash of a text as Step Functions gives it, in lower-case hexadecimal. `None` for an algorithm that it
/// does not know or a text that it rejects.
#[must_use]
pub fn hash(text: &str, algorithm: &str) -> Option<String> {
    if text.chars().count() > MAX_HASH_CHARACTERS {
        return None;
    }
    Some(match algorithm {
        "MD5" => hex(&Md5::digest(text)),
        "SHA-1" => hex(&Sha1::digest(text)),
        "SHA-256" => hex(&Sha256::digest(text)),
        "SHA-384" => hex(&Sha384::digest(text)),
        "SHA-512" => hex(&Sha512::digest(text)),
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn every_algorithm_has_its_known_answer() {
        for (algorithm, start, length) in [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72", 32),
            ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d", 40),
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a3", 64),
            ("SHA-384", "cb00753f45a35e8bb5a03d699ac65007272c32ab", 96),
            ("SHA-512", "ddaf35a193617abacc417349ae20413112e6fa4e", 128),
        ] {
            let answer = hash("abc", algorithm).unwrap();
            assert!(answer.starts_with(start) && answer.len() == length, "{algorithm}: {answer}");
        }
    }

    #[test]
    fn what_step_functions_refuses_has_no_hash() {
        assert_eq!(hash("abc", "sha-256"), None);
        assert_eq!(hash(&"x".repeat(10_001), "MD5"), None);
        assert!(hash(&"é".repeat(10_000), "MD5").is_some());
    }
}
