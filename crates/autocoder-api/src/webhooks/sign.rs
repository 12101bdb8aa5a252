//! Signatures after Standard Webhooks, and the secrets behind them.

use autocoder_core::error::Refused;
use autocoder_core::time::Timestamp;
use standardwebhooks::Webhook as Signer;

/// What stands in front of every secret.
const PREFIX: &str = "whsec_";
/// The characters of Base64.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A new secret of 33 random bytes: 44 characters of 6 bits each, which need no padding.
///
/// # Errors
/// The system gives no random bytes.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 44];
    getrandom::fill(&mut bytes)?;
    let character = |byte: u8| char::from(ALPHABET[usize::from(byte & 63)]);
    Ok(PREFIX.chars().chain(bytes.into_iter().map(character)).collect())
}

/// A secret that a person brings.
///
/// # Errors
/// It is not `whsec_` with the Base64 of 24 to 64 bytes. The secret itself is not repeated.
pub fn check_secret(secret: &str) -> Result<(), Refused> {
    let text = secret.strip_prefix(PREFIX).filter(|text| Signer::new(text).is_ok());
    let bytes = text.map(|text| text.trim_end_matches('=').len() * 3 / 4);
    match bytes {
        Some(24..=64) => Ok(()),
        Some(_) | None => {
            let rule = format!("must be `{PREFIX}` and the base64 of 24 to 64 bytes; leave it out to get a new one");
            Err(Refused::field("secret", rule))
        }
    }
}

/// The headers that show who sent a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `webhook-id`: the same at every try.
    pub id: String,
    /// `webhook-timestamp`: seconds, the time of this try.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
}

/// The headers of one try.
///
/// # Errors
/// The secret is not what [`check_secret`] lets in.
pub fn sign(secret: &str, id: String, at: Timestamp, body: &str) -> Result<SignedHeaders, Refused> {
    let timestamp = at.seconds();
    let signed = Signer::new(secret).and_then(|signer| signer.sign(&id, timestamp, body.as_bytes()));
    let signature = signed.map_err(|_| Refused::field("secret", "cannot be used to sign"))?;
    Ok(SignedHeaders { id, timestamp, signature })
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    #[test]
    fn new_secrets_differ_and_are_good() {
        let [one, two] = [new_secret().unwrap(), new_secret().unwrap()];
        assert_ne!(one, two);
        assert_eq!(one.len(), 50);
        check_secret(&one).unwrap();
    }

    #[test]
    fn a_secret_is_the_base64_of_24_to_64_bytes() {
        for good in ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &format!("whsec_{}AA==", "A".repeat(84))] {
            check_secret(good).unwrap();
        }
        let (short, long) = (format!("whsec_{}AA=", "A".repeat(29)), format!("whsec_{}", "A".repeat(88)));
        let bare = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        for bad in ["", "whsec_", "whsec_ä", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La aSw", bare, &short, &long] {
            let refused = check_secret(bad).unwrap_err().to_string();
            assert!(bad.len() < 7 || !refused.contains(bad), "{refused}");
        }
    }

    #[test]
    fn a_signature_is_the_hmac_of_id_time_and_body() {
        // 32 characters of `A` are 24 bytes of 0.
        let secret = format!("whsec_{}", "A".repeat(32));
        let signed = sign(&secret, "msg_1".to_owned(), Timestamp(1_700_000_000_999_999), "{\"a\":1}").unwrap();
        assert_eq!((signed.id.as_str(), signed.timestamp), ("msg_1", 1_700_000_000));
        let mut mac = Hmac::<Sha256>::new_from_slice(&[0; 24]).unwrap();
        mac.update(b"msg_1.1700000000.{\"a\":1}");
        let expected = mac.finalize().into_bytes();
        let text = signed.signature.strip_prefix("v1,").unwrap().trim_end_matches('=');
        let bits = text.bytes().map(|c| ALPHABET.iter().position(|known| *known == c).unwrap());
        let (bytes, ..) = bits.fold((Vec::new(), 0_usize, 0), |(mut bytes, held, count), six| {
            let (held, count) = ((held << 6) | six, count + 6);
            if count < 8 {
                return (bytes, held, count);
            }
            bytes.push((held >> (count - 8)) as u8);
            (bytes, held & ((1 << (count - 8)) - 1), count - 8)
        });
        assert_eq!(bytes, expected[..]);
    }
}
