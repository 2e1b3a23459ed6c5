//! Targets: the URLs that guests may ask for, parsed once.
//!
//! Pure. What is matched, resolved and sent is this one parsed form. A URL that is not written in the normal form of
//! the WHATWG standard is refused rather than mended: two programs that read it could disagree on what it means.

use std::fmt;

use url::{Host, Url};

use crate::printable::excerpt;

/// The longest URL, in bytes.
const LONGEST: usize = 8 << 10;

/// Characters that must not come encoded in a path: a server may read them as separators, or as steps upwards.
const NEVER_ENCODED: [&str; 4] = ["%2e", "%2f", "%5c", "%00"];

/// Why a URL is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// More than anybody needs.
    #[error("the URL is longer than {LONGEST} bytes")]
    TooLong,
    /// No URL at all.
    #[error("`{0}` is no URL")]
    Malformed(String),
    /// Not of the web.
    #[error("the scheme must be https or http, not `{0}`")]
    Scheme(String),
    /// A name or a password before the host.
    #[error("a URL with a user or a password is refused")]
    UserInfo,
    /// A part that no server ever sees.
    #[error("a URL with a fragment is refused")]
    Fragment,
    /// A host whose name ends with a dot: the same host by another name.
    #[error("the host ends with a dot")]
    TrailingDot,
    /// A separator that is encoded.
    #[error("the path has an encoded dot, slash, backslash or zero")]
    EncodedSeparator,
    /// Written otherwise than it is meant.
    #[error("the URL is not in its normal form, which is `{0}`")]
    NotNormal(String),
}

/// A URL in its normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    /// Reads a URL as a guest or a contract wrote it.
    ///
    /// # Errors
    /// [`TargetError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        if text.len() > LONGEST {
            return Err(TargetError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| TargetError::Malformed(excerpt(text)))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(TargetError::Scheme(excerpt(url.scheme())));
        }
        if authority(text).contains('@') {
            return Err(TargetError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        if url.host_str().is_none_or(|host| host.ends_with('.')) {
            return Err(TargetError::TrailingDot);
        }
        let path = url.path().to_ascii_lowercase();
        if NEVER_ENCODED.iter().any(|encoded| path.contains(encoded)) {
            return Err(TargetError::EncodedSeparator);
        }
        // Of a URL without a path the slash may be left out.
        if url.as_str() != text && url.as_str().strip_suffix('/') != Some(text) {
            return Err(TargetError::NotNormal(excerpt(url.as_str())));
        }
        Ok(Self(url))
    }

    /// The whole URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host, in lower case, an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The host when it is an address rather than a name.
    #[must_use]
    pub fn address(&self) -> Option<std::net::IpAddr> {
        match self.0.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// The port, also where it is left out.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// The path, which begins with a slash; without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.path()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// What stands between the slashes after the scheme and the next delimiter.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_in_their_normal_form_are_targets() {
        for text in [
            "https://api.openai.com/v1/chat/completions",
            "https://api.openai.com",
            "https://api.openai.com:8443/?q=a%20b&x=../y",
            "http://127.0.0.1:8080/a%20b",
            "https://[2606:4700::1111]/",
            "https://xn--bcher-kva.example/",
        ] {
            let target = Target::parse(text).unwrap();
            assert!(target.to_string().starts_with(text), "{text}: {target}");
        }
        let target = Target::parse("https://[2606:4700::1111]:8/a/b?c").unwrap();
        assert_eq!((target.host(), target.port(), target.path()), ("[2606:4700::1111]", 8, "/a/b"));
        assert_eq!(target.address(), Some("2606:4700::1111".parse().unwrap()));
        assert_eq!(Target::parse("https://a.example").unwrap().port(), 443);
    }

    #[test]
    fn whatever_could_be_read_in_two_ways_is_none() {
        use TargetError::{EncodedSeparator, Fragment, NotNormal, Scheme, TrailingDot, UserInfo};
        let normal = |text: &str| NotNormal(text.to_owned());
        for (text, refused) in [
            ("ftp://a.example/", Scheme("ftp".into())),
            ("file:///etc/passwd", Scheme("file".into())),
            ("data:text/plain,x", Scheme("data".into())),
            ("https://a.example@evil.example/", UserInfo),
            ("https://user:pw@a.example/", UserInfo),
            ("https://@a.example/", UserInfo),
            ("https://a.example/#x", Fragment),
            ("https://a.example./v1", TrailingDot),
            ("https://a.example/v1/%2e%2e/admin", normal("https://a.example/admin")),
            ("https://a.example/v1%2fadmin", EncodedSeparator),
            ("https://a.example/v1%5Cadmin", EncodedSeparator),
            ("https://a.example/v1/a%2Eb", EncodedSeparator),
            ("https://a.example/v1/../admin", normal("https://a.example/admin")),
            ("https://a.example/v1/./x", normal("https://a.example/v1/x")),
            ("https://a.example\\v1", normal("https://a.example/v1")),
            ("https:a.example/v1", normal("https://a.example/v1")),
            ("https:///a.example/v1", normal("https://a.example/v1")),
            ("HTTPS://a.example/", normal("https://a.example/")),
            ("https://A.example/", normal("https://a.example/")),
            ("https://a.example:443/", normal("https://a.example/")),
            ("https://2130706433/", normal("https://127.0.0.1/")),
            ("https://0x7f.1/", normal("https://127.0.0.1/")),
            ("https://0177.0.0.1/", normal("https://127.0.0.1/")),
            ("https://[::ffff:127.0.0.1]/", normal("https://[::ffff:7f00:1]/")),
            ("https://bücher.example/", normal("https://xn--bcher-kva.example/")),
            ("https://a.exa\u{ad}mple/", normal("https://a.example/")),
            (" https://a.example/", normal("https://a.example/")),
            ("https://a.example/\tx", normal("https://a.example/x")),
            ("https://a.example/a b", normal("https://a.example/a%20b")),
        ] {
            assert_eq!(Target::parse(text), Err(refused), "{text}");
        }
        for text in [
            "",
            "a.example",
            "https://",
            "https://a b/",
            "https://a.example:99999/",
            "//a.example/",
            "https://[::1/",
        ] {
            assert!(matches!(Target::parse(text), Err(TargetError::Malformed(_))), "{text}");
        }
        assert_eq!(
            Target::parse(&format!("https://a.example/{}", "x".repeat(LONGEST))),
            Err(TargetError::TooLong)
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_target_or_refused(text in ".{0,60}", rest in "[a-z0-9./%@:\\\\#?\\[\\]-]{0,40}") {
            for text in [text, format!("https://{rest}"), format!("https://a.example/{rest}")] {
                if let Ok(target) = Target::parse(&text) {
                    prop_assert!(target.path().starts_with('/'));
                    prop_assert!(!target.host().is_empty() && !target.host().ends_with('.'));
                    prop_assert!(!target.path().split('/').any(|segment| segment == "." || segment == ".."));
                    prop_assert_eq!(Target::parse(target.url().as_str()), Ok(target));
                }
            }
        }
    }
}
