//! Single-use codes that log a browser in: `autocoder open` signs one with the token of its file, the server redeems it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::{Bearer, NoRandomness, Secret};

/// How long a code can be used, in seconds.
pub const CODE_TTL_S: i64 = 60;

/// A fresh code, `<end>.<nonce>.<signature>`, that `now` (seconds since 1970) makes valid for [`CODE_TTL_S`].
///
/// # Errors
/// When the machine gives no random bytes.
pub fn mint(token: &Bearer, now: i64) -> Result<String, NoRandomness> {
    let signed = format!("{}.{}", now + CODE_TTL_S, &Secret::generate()?.hash()[..32]);
    let signature = signature(token, &signed);
    Ok(format!("{signed}.{signature}"))
}

/// The codes that were used.
#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<String, i64>>);

impl Codes {
    /// Whether the code was signed with `token`, is not too old and is used for the first time.
    pub(super) fn redeem(&self, token: &Bearer, code: &str, now: i64) -> bool {
        let Some((signed, given)) = code.rsplit_once('.') else { return false };
        let end = signed.split('.').next().and_then(|end| end.parse::<i64>().ok()).unwrap_or(0);
        let right = verify(token, signed, given);
        if !right || end <= now || end > now + CODE_TTL_S {
            return false;
        }
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, end| *end > now);
        used.insert(signed.to_owned(), end).is_none()
    }
}

fn mac(token: &Bearer, signed: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.to_string().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    mac
}

fn signature(token: &Bearer, signed: &str) -> String {
    mac(token, signed).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn verify(token: &Bearer, signed: &str, given: &str) -> bool {
    use subtle::ConstantTimeEq;
    signature(token, signed).as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_for_a_minute() {
        let (codes, token) = (Codes::default(), Bearer::Local(Secret::generate().unwrap()));
        let other = Bearer::Local(Secret::generate().unwrap());
        let code = mint(&token, 1_000).unwrap();
        assert!(!codes.redeem(&other, &code, 1_000), "signed with another token");
        assert!(!codes.redeem(&token, &code, 1_060), "too late");
        assert!(!codes.redeem(&token, &code.replacen("1060", "1059", 1), 1_000), "its end was moved");
        assert!(codes.redeem(&token, &code, 1_059));
        assert!(!codes.redeem(&token, &code, 1_059), "a second time");
        for nonsense in ["", ".", "..", "1060", "x.y.z", &"9".repeat(5_000)] {
            assert!(!codes.redeem(&token, nonsense, 1_000), "{nonsense}");
        }
    }
}
