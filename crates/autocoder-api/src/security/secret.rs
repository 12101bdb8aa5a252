//! The secrets that bearers show: how they are made, written down, read, hashed and compared.

use std::fmt;
use std::fmt::Write;
use std::str::FromStr;

use autocoder_core::ids::TokenId;
use autocoder_core::token::Access;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How many random bytes a secret has.
const BYTES: usize = 32;

/// 256 random bits in lower-case hex. Neither `Debug` nor an error shows it, and `==` does not tell how much is right.
#[derive(Clone, Eq)]
pub struct Secret(String);

/// What a caller shows: `ac_local_<secret>`, or `ac_<access>_<id>_<secret>`. It prints itself in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// The token of this installation's own file; it may do everything.
    Local(Secret),
    /// A token that the store knows. Only the id and the secret count: what it may do stands in the store.
    Issued {
        /// What it may do, as it claims.
        access: Access,
        /// Which token it is.
        id: TokenId,
        /// Its secret.
        secret: Secret,
    },
}

/// The text is no token of Autocoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a token of autocoder; one looks like `ac_editor_12_` with 64 hex digits behind it")]
pub struct NotAToken;

/// The machine gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the machine gives no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        Ok(Self(hex(&bytes)))
    }

    /// What is kept of it: its SHA-256, in hex.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }

    /// Whether it is the one that was kept, in a time that does not tell how much of it is right.
    #[must_use]
    pub fn matches(&self, hash: &str) -> bool {
        self.hash().as_bytes().ct_eq(hash.as_bytes()).into()
    }

    /// The token that is shown to its owner once.
    #[must_use]
    pub const fn issued(self, access: Access, id: TokenId) -> Bearer {
        Bearer::Issued { access, id, secret: self }
    }

    fn parse(text: &str) -> Result<Self, NotAToken> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == BYTES * 2 && text.bytes().all(is_hex) { Ok(Self(text.to_owned())) } else { Err(NotAToken) }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(secret) => write!(f, "ac_local_{}", secret.0),
            Self::Issued { access, id, secret } => write!(f, "ac_{access}_{id}_{}", secret.0),
        }
    }
}

impl FromStr for Bearer {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let rest = text.strip_prefix("ac_").ok_or(NotAToken)?;
        let (kind, rest) = rest.split_once('_').ok_or(NotAToken)?;
        if kind == "local" {
            return Secret::parse(rest).map(Self::Local);
        }
        let (id, secret) = rest.split_once('_').ok_or(NotAToken)?;
        let access = kind.parse().map_err(|_| NotAToken)?;
        let number = id.parse().ok().filter(|number: &i64| *number > 0 && number.to_string() == id);
        Ok(Secret::parse(secret)?.issued(access, TokenId(number.ok_or(NotAToken)?)))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        let secret = Secret::generate().unwrap();
        for access in Access::ALL {
            let bearer = secret.clone().issued(*access, TokenId(12));
            assert!(bearer.to_string().starts_with(&format!("ac_{access}_12_")), "{bearer}");
            assert_eq!(bearer.to_string().parse(), Ok(bearer));
        }
        let local = Bearer::Local(secret);
        assert_eq!((local.to_string().len(), local.to_string().parse()), (9 + 64, Ok(local)));
    }

    #[test]
    fn anything_else_is_refused() {
        let good = "0".repeat(64);
        for bad in [
            String::new(),
            good.clone(),
            format!("ac_{good}"),
            format!("ac_local_{}", &good[1..]),
            format!("ac_local_{good}0"),
            format!("ac_local_{}", "0".repeat(63) + "F"),
            format!("ac_local_{}é", &good[2..]),
            format!("ac_owner_1_{good}"),
            format!("ac_editor_{good}"),
            format!("ac_editor_0_{good}"),
            format!("ac_editor_-1_{good}"),
            format!("ac_editor_+1_{good}"),
            format!("ac_editor_01_{good}"),
            format!("ac_editor_9223372036854775808_{good}"),
            format!(" ac_editor_1_{good}"),
            format!("ac_editor_1_{good}\n"),
        ] {
            assert_eq!(bad.parse::<Bearer>(), Err(NotAToken), "{bad:?}");
        }
    }

    #[test]
    fn only_the_secret_itself_matches_its_hash() {
        let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert!(one.matches(&one.hash()));
        for wrong in [other.hash(), one.hash().to_uppercase(), one.hash()[1..].to_owned(), one.0.clone(), String::new()]
        {
            assert!(!one.matches(&wrong), "{wrong}");
        }
        let known = Secret("0".repeat(64));
        assert_eq!(known.hash(), "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
    }

    #[test]
    fn a_secret_is_not_shown_by_accident() {
        let secret = Secret::generate().unwrap();
        let shown = format!("{:?} {:?}", secret.clone(), secret.clone().issued(Access::Admin, TokenId(1)));
        assert!(!shown.contains(&secret.0), "{shown}");
    }
}
