//! Makes closed enums whose members have one printed word each, the same in JSON, SQL, CLI and documents.

/// Declares an enum with `ALL`, `as_str`, `Display`, `FromStr` and serde by its words.
macro_rules! closed_enum {
    ($(#[$doc:meta])* $name:ident, $noun:literal { $($(#[$member_doc:meta])* $member:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$member_doc])* $member),* }

        impl $name {
            /// Every member, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$member),*];

            /// The word that stands for this member wherever it is printed or stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|member| member.as_str() == word).ok_or_else(|| $crate::vocabulary::UnknownWord {
                    noun: $noun,
                    word: word.to_owned(),
                    known: Self::ALL.iter().map(|member| member.as_str()).collect(),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::vocabulary::schema_of($noun, Self::ALL.iter().map(|member| member.as_str()))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use closed_enum;

/// The schema of a closed enum: one of its words.
#[cfg(feature = "openapi")]
pub(crate) fn schema_of(
    noun: &str,
    words: impl Iterator<Item = &'static str>,
) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    utoipa::openapi::schema::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some(noun))
        .enum_values(Some(words))
        .into()
}

/// A word that names no member of a closed enum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {noun} `{word}`; use one of {}", known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))]
pub struct UnknownWord {
    /// What the word should have named.
    pub noun: &'static str,
    /// The word found.
    pub word: String,
    /// The words there are.
    pub known: Vec<&'static str>,
}
