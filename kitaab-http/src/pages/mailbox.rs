//! Mails that were written to a folder, since no mail server is set. Only for whoever sits at this machine.

use std::path::Path;

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, FORWARDED, HOST, X_FRAME_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kitaab_core::Error;
use mail_parser::{Message, MessageParser};

use super::answer::page;
use super::view::{CapturedMail, MailLine, Mailbox, Moment, paths};
use crate::app::{App, is_loopback_name, split_port};
use crate::extract::Context;
use crate::problem::{Answer, Problem};

/// Mails that are listed; older ones stay in the folder.
const MOST: usize = 200;
/// A frame of our own, for the mail's HTML.
const FRAMING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// What a mail may do: be looked at, with its own styles.
const FRAMED: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'");

/// Somebody at this very machine, while there is a mailbox. To everybody else it does not exist.
pub(super) struct Here;

impl FromRequestParts<App> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let context = Context::from_request_parts(parts, app).await.unwrap_or_default();
        let peer = context.peer.is_some_and(|peer| peer.is_loopback());
        let public = app.config.mailbox.is_some() && app.site.is_loopback() && app.config.trusted_proxies.is_empty();
        let direct = !parts.headers.contains_key(FORWARDED) && !parts.headers.keys().any(|name| name.as_str().starts_with("x-forwarded-"));
        if public && peer && direct && asked_here(parts) { Ok(Self) } else { Err(Error::NotFound.into()) }
    }
}

/// Whether the request names this machine: another site's name could lead here too (DNS rebinding).
fn asked_here(parts: &Parts) -> bool {
    let mut lines = parts.headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let authority = parts.uri.authority().map(axum::http::uri::Authority::as_str);
    let (Some(host), None) = (lines.next().or(authority), lines.next()) else { return false };
    split_port(host).is_some_and(|(name, _)| is_loopback_name(name))
}

/// All mails, newest first.
pub(super) async fn list(State(app): State<App>, _: Here) -> Answer<Response> {
    let folder = app.config.mailbox.clone().ok_or(Error::NotFound)?;
    let mails = tokio::task::spawn_blocking(move || lines(&folder)).await.map_err(Error::internal)?;
    Ok(page(StatusCode::OK, &Mailbox { mails }))
}

/// One mail.
pub(super) async fn show(State(app): State<App>, _: Here, params: RawPathParams) -> Answer<Response> {
    let (name, bytes) = read(&app, &params).await?;
    let mail = MessageParser::default().parse(&bytes).ok_or(Error::NotFound)?;
    let text = mail.body_text(0).unwrap_or_default().into_owned();
    let captured = CapturedMail {
        subject: subject(&mail),
        to: addresses(mail.to()),
        from: addresses(mail.from()),
        at: at(&mail),
        links: text.split_whitespace().filter(|word| word.contains("://")).map(str::to_owned).collect(),
        html_src: mail.body_html(0).map(|_| format!("{}/{name}/html", paths::MAILBOX)),
        text,
    };
    let mut response = page(StatusCode::OK, &captured);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, FRAMING);
    Ok(response)
}

/// The HTML part of a mail, for a frame without any right.
pub(super) async fn html(State(app): State<App>, _: Here, params: RawPathParams) -> Answer<Response> {
    let (_, bytes) = read(&app, &params).await?;
    let mail = MessageParser::default().parse(&bytes).ok_or(Error::NotFound)?;
    let html = mail.body_html(0).ok_or(Error::NotFound)?.into_owned();
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, FRAMED),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    Ok((headers, html).into_response())
}

async fn read(app: &App, params: &RawPathParams) -> Answer<(String, Vec<u8>)> {
    let folder = app.config.mailbox.clone().ok_or(Error::NotFound)?;
    let name = params.iter().next().map(|(_, name)| name.to_owned()).filter(|name| is_name(name)).ok_or(Error::NotFound)?;
    let bytes = tokio::fs::read(folder.join(format!("{name}.eml"))).await.map_err(|_| Error::NotFound)?;
    Ok((name, bytes))
}

/// Names as the outbox gives them; nothing that could leave the folder.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn lines(folder: &Path) -> Vec<MailLine> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let names = files.filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(".eml").map(str::to_owned));
    // The id of a mail begins with its time, so the newest has the largest name.
    let mut names: Vec<String> = names.filter(|name| is_name(name)).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(MOST);
    names.iter().filter_map(|name| line(folder, name)).collect()
}

fn line(folder: &Path, name: &str) -> Option<MailLine> {
    let bytes = std::fs::read(folder.join(format!("{name}.eml"))).ok()?;
    let mail = MessageParser::default().parse(&bytes)?;
    Some(MailLine { href: format!("{}/{name}", paths::MAILBOX), to: addresses(mail.to()), subject: subject(&mail), at: at(&mail) })
}

fn subject(mail: &Message) -> String {
    mail.subject().unwrap_or("(no subject)").to_owned()
}

fn addresses(list: Option<&mail_parser::Address>) -> String {
    let all = list.into_iter().flat_map(|list| list.iter().filter_map(|address| address.address()));
    all.collect::<Vec<_>>().join(", ")
}

fn at(mail: &Message) -> Moment {
    let moment = mail.date().map(mail_parser::DateTime::to_timestamp).map(|seconds| seconds.saturating_mul(1_000_000));
    moment.map(|micros| super::answer::moment(kitaab_core::time::Timestamp::from_micros(micros))).unwrap_or_default()
}
