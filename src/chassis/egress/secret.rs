//! Secrets of a contract: which of the host's secrets go where, and how they are kept out of what comes back.
//!
//! Pure. The contract fixes place and form; a guest neither sees a secret nor says how it is sent. A secret travels
//! over https only.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Target;
use super::request::is_reserved;
use super::rule::{Pattern, RuleError};
use crate::hexadecimal::hexadecimal;
use crate::printable::excerpt;

/// The most secrets of a contract.
const MOST: usize = 16;
/// The shortest secret, in bytes: what is shorter could not be taken out of an answer without spoiling it.
const SHORTEST: usize = 8;
/// The longest secret, in bytes.
const LONGEST: usize = 4096;
/// Stands for the secret in a form.
const HERE: &str = "{}";

/// Why something about secrets is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No name.
    #[error("`{0}` is no name of a secret: 1 to 64 letters, digits and underscores, no digit first")]
    Name(String),
    /// No header.
    #[error("`{0}` is no header that a secret can be sent in")]
    Header(String),
    /// A form without a place for the secret, or with several.
    #[error("`{0}` is no form of a header: it must have {HERE} once")]
    Form(String),
    /// Where everybody could read along.
    #[error("a secret is sent over https only")]
    Plain,
    /// Two for one place: neither could be sent.
    #[error("the secrets {first} and {second} would both be sent in the header `{header}` of one request")]
    Twice {
        /// The one.
        first: SecretName,
        /// The other.
        second: SecretName,
        /// Where.
        header: String,
    },
    /// A URL that is none.
    #[error(transparent)]
    Url(#[from] RuleError),
    /// More than anybody can review.
    #[error("{0} secrets are listed, {MOST} are allowed")]
    TooMany(usize),
    /// A value that is too short or too long.
    #[error("it has {0} bytes, a secret has {SHORTEST} to {LONGEST}")]
    Length(usize),
    /// A value that no header takes.
    #[error(
        "it has characters that no header takes, such as a line break in the middle or a space at an end"
    )]
    Characters,
}

/// The name of a secret of the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

impl std::str::FromStr for SecretName {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for SecretName {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, SecretError> {
        let known = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let begins = !text.starts_with(|first: char| first.is_ascii_digit());
        if known && begins && (1..=64).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(SecretError::Name(excerpt(&text)))
        }
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The value of a secret. It is never shown, and wiped when it is no longer needed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value; a line end after it is not part of it.
    ///
    /// # Errors
    /// [`SecretError`] when it is too short, too long, or fits into no header. The message does not quote it.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let text = text.trim_end_matches(['\r', '\n']);
        if !(SHORTEST..=LONGEST).contains(&text.len()) {
            return Err(SecretError::Length(text.len()));
        }
        // A server drops spaces at the ends, and would echo what is not looked for.
        let is_trimmed = text.trim() == text;
        if !is_trimmed || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(SecretError::Characters);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The value, for where it is kept and sent.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret of the host that a contract has sent to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretUse {
    /// Which secret.
    pub name: SecretName,
    /// To which requests it is added: those that are allowed and covered by this URL.
    pub url: Pattern,
    /// In which header.
    #[serde(default = "authorization")]
    pub header: Header,
    /// In which form.
    #[serde(default = "bearer")]
    pub format: Form,
}

fn authorization() -> Header {
    Header(http::header::AUTHORIZATION)
}

fn bearer() -> Form {
    Form("Bearer {}".to_owned())
}

/// A header that a secret is sent in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Header(HeaderName);

impl TryFrom<String> for Header {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, SecretError> {
        let name = HeaderName::from_bytes(text.as_bytes()).ok().filter(|name| !is_reserved(name));
        name.map(Self).ok_or_else(|| SecretError::Header(excerpt(&text)))
    }
}

impl From<Header> for String {
    fn from(header: Header) -> Self {
        header.0.to_string()
    }
}

/// What is said around a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Form(String);

impl TryFrom<String> for Form {
    type Error = SecretError;

    fn try_from(text: String) -> Result<Self, SecretError> {
        let fits = text.matches(HERE).count() == 1 && HeaderValue::from_str(&text).is_ok();
        if fits { Ok(Self(text)) } else { Err(SecretError::Form(excerpt(&text))) }
    }
}

impl From<Form> for String {
    fn from(form: Form) -> Self {
        form.0
    }
}

/// Which secret, and where it goes.
impl fmt::Display for SecretUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} in {}", self.name, self.url, self.header.0)
    }
}

impl SecretUse {
    /// The header's name.
    #[must_use]
    pub fn header(&self) -> &HeaderName {
        &self.header.0
    }

    /// The header's value with the secret in it, which no log shows.
    ///
    /// # Errors
    /// [`SecretError::Characters`] when it fits into no header.
    pub fn value(&self, secret: &Secret) -> Result<HeaderValue, SecretError> {
        let text = Zeroizing::new(self.format.0.replace(HERE, secret.reveal()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| SecretError::Characters)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// All secrets that a contract has sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<SecretUse>")]
pub struct SecretUses(Vec<SecretUse>);

impl TryFrom<Vec<SecretUse>> for SecretUses {
    type Error = SecretError;

    fn try_from(uses: Vec<SecretUse>) -> Result<Self, SecretError> {
        if uses.len() > MOST {
            return Err(SecretError::TooMany(uses.len()));
        }
        if uses.iter().any(|one| !one.url.is_https()) {
            return Err(SecretError::Plain);
        }
        for (index, first) in uses.iter().enumerate() {
            let clashes =
                |second: &&SecretUse| first.header == second.header && first.url.overlaps(&second.url);
            if let Some(second) = uses[index + 1..].iter().find(clashes) {
                let (first, header) = (first.name.clone(), first.header.0.to_string());
                return Err(SecretError::Twice { first, second: second.name.clone(), header });
            }
        }
        Ok(Self(uses))
    }
}

impl SecretUses {
    /// Those that are added to a request for `target`.
    pub fn for_target<'s>(&'s self, target: &'s Target) -> impl Iterator<Item = &'s SecretUse> {
        self.0.iter().filter(|one| one.url.covers(target))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the contract's order.
    #[must_use]
    pub fn as_slice(&self) -> &[SecretUse] {
        &self.0
    }
}

/// Takes secrets out of what a service says: as they are, and in the encodings that services echo them in.
#[derive(Default)]
pub struct Scrubber {
    /// What is looked for, the longest first, and what is put in its place.
    needles: Vec<(Zeroizing<Vec<u8>>, String)>,
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").finish_non_exhaustive()
    }
}

impl Scrubber {
    /// Takes one more secret out, and all that is said around it in its header.
    pub fn add(&mut self, one: &SecretUse, secret: &Secret) {
        let whole = Zeroizing::new(one.format.0.replace(HERE, secret.reveal()));
        for text in [whole.as_str(), secret.reveal()] {
            self.add_forms(&one.name, text);
        }
    }

    fn add_forms(&mut self, name: &SecretName, plain: &str) {
        let json = serde_json::to_string(plain).unwrap_or_default();
        let percent = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect::<String>();
        let strict: String = plain.bytes().map(percent_encoded).collect();
        let reversed: String = plain.chars().rev().collect();
        let hex = hexadecimal(plain.as_bytes());
        let forms = [
            plain.to_owned(),
            json.trim_matches('"').to_owned(),
            percent.clone(),
            STANDARD.encode(plain),
            STANDARD_NO_PAD.encode(plain),
            URL_SAFE_NO_PAD.encode(plain),
            hex.to_uppercase(),
            hex,
            strict.to_lowercase(),
            strict,
            percent.to_lowercase(),
            json.trim_matches('"').replace('/', "\\/"),
            reversed,
        ];
        let shown = format!("[secret {name}]");
        self.needles.extend(forms.into_iter().map(|form| (Zeroizing::new(form.into_bytes()), shown.clone())));
        self.needles.sort_by_key(|(needle, _)| std::cmp::Reverse(needle.len()));
    }

    /// Whether there is anything to take out.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.needles.is_empty()
    }

    /// `said` without any secret.
    #[must_use]
    pub fn scrub(&self, mut said: Vec<u8>) -> Vec<u8> {
        for (needle, shown) in &self.needles {
            let finder = memchr::memmem::Finder::new(needle.as_slice());
            if finder.find(&said).is_none() {
                continue;
            }
            let (mut clean, mut from) = (Vec::with_capacity(said.len()), 0);
            for found in finder.find_iter(&said) {
                clean.extend_from_slice(&said[from..found]);
                clean.extend_from_slice(shown.as_bytes());
                from = found + needle.len();
            }
            clean.extend_from_slice(&said[from..]);
            said = clean;
        }
        said
    }

    /// The same for a text.
    #[must_use]
    pub fn scrub_text(&self, said: &str) -> String {
        String::from_utf8_lossy(&self.scrub(said.as_bytes().to_vec())).into_owned()
    }
}

/// As RFC 3986 has it: whatever is not unreserved is encoded.
fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_fits_into_a_header_and_is_never_shown() {
        let secret = Secret::new("sk-12345678\n").unwrap();
        assert_eq!((secret.reveal(), format!("{secret:?}").as_str()), ("sk-12345678", "Secret(…)"));
        assert_eq!(Secret::new("short"), Err(SecretError::Length(5)));
        assert_eq!(Secret::new(&"x".repeat(LONGEST + 1)), Err(SecretError::Length(LONGEST + 1)));
        for text in ["12345678\r\nHost: x", "1234567\u{e4}8", "1234\0 5678", "12345678 ", " 12345678"] {
            assert_eq!(Secret::new(text), Err(SecretError::Characters), "{text}");
        }
    }

    #[test]
    fn the_contract_fixes_place_and_form() {
        let uses: SecretUses = serde_yaml::from_str(
            "[{name: OPENAI, url: 'https://api.openai.com/v1'}, {name: OTHER, url: 'https://*.other.example/', header: X-Api-Key, format: 'key={}'}]",
        )
        .unwrap();
        let json = serde_json::to_string(&uses).unwrap();
        assert_eq!(serde_json::from_str::<SecretUses>(&json).unwrap(), uses);
        let secret = Secret::new("sk-12345678").unwrap();
        let sent = |url: &str| {
            let target = Target::parse(url).unwrap();
            uses.for_target(&target)
                .map(|one| {
                    (one.header().to_string(), one.value(&secret).unwrap().to_str().unwrap().to_owned())
                })
                .collect::<Vec<_>>()
        };
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(sent("https://api.openai.com/v1/chat"), pair("authorization", "Bearer sk-12345678"));
        assert_eq!(sent("https://a.other.example/"), pair("x-api-key", "key=sk-12345678"));
        for elsewhere in
            ["https://api.openai.com/v2", "http://api.openai.com/v1", "https://api.openai.com:444/v1"]
        {
            assert_eq!(sent(elsewhere), [], "{elsewhere}");
        }
    }

    #[test]
    fn what_could_leak_is_refused() {
        for (text, words) in [
            ("{name: A, url: 'http://a.example/'}", "over https only"),
            ("{name: 1A, url: 'https://a.example/'}", "no name of a secret"),
            ("{name: ../A, url: 'https://a.example/'}", "no name of a secret"),
            ("{name: A, url: 'https://a.example/', header: Host}", "no header that a secret"),
            ("{name: A, url: 'https://a.example/', header: 'a b'}", "no header that a secret"),
            ("{name: A, url: 'https://a.example/', format: Bearer}", "must have {} once"),
            ("{name: A, url: 'https://a.example/', format: '{} {}'}", "must have {} once"),
            ("{name: A, url: 'https://a.example/', format: \"{}\\r\\nHost: x\"}", "must have {} once"),
            ("{name: A, url: 'https://a.example/', value: x}", "unknown field"),
        ] {
            let refused = serde_yaml::from_str::<SecretUses>(&format!("[{text}]")).unwrap_err().to_string();
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }

    #[test]
    fn two_secrets_for_one_header_of_one_request_are_refused_by_name() {
        let both = |second: &str| {
            let text = format!("[{{name: ONE, url: 'https://*.a.example/v1'}}, {{name: TWO, {second}}}]");
            serde_yaml::from_str::<SecretUses>(&text).map_err(|error| error.to_string())
        };
        let refused = both("url: 'https://x.a.example/v1/chat', header: AUTHORIZATION").unwrap_err();
        let words = "the secrets ONE and TWO would both be sent in the header `authorization`";
        assert!(refused.contains(words), "{refused}");
        for fits in ["url: 'https://x.a.example/v2'", "url: 'https://x.a.example/v1', header: x-key"] {
            assert!(both(fits).is_ok(), "{fits}");
        }
    }

    #[test]
    fn no_echo_of_a_secret_is_left() {
        let plain = "s3cr\"t/\\+ value";
        let uses: SecretUses = serde_yaml::from_str("[{name: KEY, url: 'https://a.example/'}]").unwrap();
        let mut scrubber = Scrubber::default();
        scrubber.add(&uses.as_slice()[0], &Secret::new(plain).unwrap());
        let json = serde_json::to_string(plain).unwrap();
        let encoded = STANDARD.encode(plain);
        let said = format!("{plain}{plain} json {json} base64 {encoded} url s3cr%22t%2F%5C%2B+value end");
        assert_eq!(
            scrubber.scrub_text(&said),
            "[secret KEY][secret KEY] json \"[secret KEY]\" base64 [secret KEY] url [secret KEY] end"
        );
        let whole = STANDARD.encode(format!("Bearer {plain}"));
        let hex = hexadecimal(plain.as_bytes());
        let strict = "s3cr%22t%2F%5C%2B%20value";
        for echo in [whole, hex.to_uppercase(), hex, strict.to_owned(), strict.to_lowercase()] {
            assert_eq!(scrubber.scrub_text(&format!("<{echo}>")), "<[secret KEY]>", "{echo}");
        }
        let binary = [&[255, 0][..], plain.as_bytes(), &[254]].concat();
        assert_eq!(scrubber.scrub(binary), [&[255, 0][..], b"[secret KEY]", &[254]].concat());
        assert_eq!(Scrubber::default().scrub_text("as it is"), "as it is");
    }
}
