//! How somebody came to a page.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use crate::app::App;
use crate::extract::decode;

/// Machines that open links before people do: scanners of mail, previews of messengers, crawlers. Their own names are
/// what they say in `User-Agent`; those that pretend to be people cannot be told from them.
const MACHINES: [&str; 20] = [
    "barracuda",
    "proofpoint",
    "mimecast",
    "safelinks",
    "bingpreview",
    "googleimageproxy",
    "yahoomailproxy",
    "bitdefender",
    "symantec",
    "trendmicro",
    "fireeye",
    "cloudmark",
    "facebookexternalhit",
    "whatsapp",
    "skypeuripreview",
    "preview",
    "scanner",
    "crawler",
    "spider",
    "bot",
];

/// The token of a link and whether a person seems to have opened it.
pub(super) struct Visit {
    /// Empty without one.
    pub(super) token: String,
    /// Neither HEAD, nor a prefetch, nor a known machine.
    pub(super) by_person: bool,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let pairs = parts.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let token = pairs.filter(|(name, _)| *name == "token").find_map(|(_, value)| decode(value)).unwrap_or_default();
        Ok(Self { token, by_person: by_person(parts) })
    }
}

fn by_person(parts: &Parts) -> bool {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let early = ["sec-purpose", "purpose", "x-moz", "x-purpose"].iter().any(|name| {
        let said = header(name);
        said.contains("prefetch") || said.contains("prerender") || said.contains("preview")
    });
    let agent = header("user-agent");
    parts.method == Method::GET && !early && !MACHINES.iter().any(|machine| agent.contains(machine))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn visit(method: Method, header: (&str, &str)) -> bool {
        let request = Request::builder().method(method).header(header.0, header.1).body(()).unwrap();
        by_person(&request.into_parts().0)
    }

    #[test]
    fn heads_prefetches_and_scanners_are_no_persons() {
        let firefox = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        assert!(visit(Method::GET, firefox));
        assert!(!visit(Method::HEAD, firefox));
        for header in [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("user-agent", "Mozilla/5.0 BingPreview/1.0b"),
            ("user-agent", "Slackbot-LinkExpanding 1.0"),
        ] {
            assert!(!visit(Method::GET, header), "{header:?}");
        }
    }
}
