//! The part of the client that asks over HTTP.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use reqwest::{Client, Method, Url};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::shapes::{Channel, Message, Page, Person, Problem, SignedIn};

/// The server, and who one is to it.
pub struct Api {
    http: Client,
    base: Url,
    token: String,
}

impl Api {
    /// Signs in; the token of the session goes with all that follows.
    pub async fn sign_in(server: &str, email: &str, password: &str) -> anyhow::Result<(Self, SignedIn)> {
        let mut base = Url::parse(server).context("--server wants a URL such as http://127.0.0.1:8080")?;
        if !matches!(base.scheme(), "http" | "https") {
            bail!("--server wants http:// or https://");
        }
        base.path_segments_mut().map_err(|()| anyhow!("--server wants a URL"))?.pop_if_empty().extend(["api", "v1"]);
        let http = Client::builder().timeout(Duration::from_secs(10)).build()?;
        let mut api = Self { http, base, token: String::new() };
        let signed_in: SignedIn = api.ask(Method::POST, &["auth", "sign-in"], Some(json!({"email": email, "password": password}))).await?;
        api.token.clone_from(&signed_in.session.token);
        Ok((api, signed_in))
    }

    /// Ends the session.
    pub async fn sign_out(&self) -> anyhow::Result<()> {
        self.ask(Method::POST, &["auth", "sign-out"], None).await
    }

    /// The channels that one is in.
    pub async fn channels(&self, workspace: &str) -> anyhow::Result<Vec<Channel>> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut url = self.url(&["workspaces", workspace, "channels"]);
            url.query_pairs_mut().append_pair("limit", "200").extend_pairs(cursor.iter().map(|cursor| ("cursor", cursor)));
            let page: Page<Channel> = self.send(Method::GET, url, None).await?;
            all.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    /// Who is in a channel.
    pub async fn members(&self, workspace: &str, channel: &str) -> anyhow::Result<Vec<Person>> {
        let page: Page<Person> = self.ask(Method::GET, &["workspaces", workspace, "channels", channel, "members"], None).await?;
        Ok(page.items)
    }

    /// A page of a channel, oldest first: `query` is one of `before`, `after` and `around` with a number, or `limit` alone.
    pub async fn messages(&self, workspace: &str, channel: &str, query: &[(&str, i64)]) -> anyhow::Result<Page<Message>> {
        let mut url = self.url(&["workspaces", workspace, "channels", channel, "messages"]);
        url.query_pairs_mut().extend_pairs(query.iter().map(|(name, value)| (name, value.to_string())));
        self.send(Method::GET, url, None).await
    }

    /// Does something to a message: `rest` is what follows its id in the path.
    pub async fn message(&self, method: Method, workspace: &str, id: &str, rest: &[&str], body: Option<Value>) -> anyhow::Result<()> {
        let path: Vec<_> = ["workspaces", workspace, "messages", id].into_iter().chain(rest.iter().copied()).collect();
        self.ask::<Value>(method, &path, body).await.map(drop)
    }

    /// Where the socket is, and the token that opens it.
    pub fn socket(&self) -> anyhow::Result<(Url, String)> {
        let mut url = self.url(&["ws"]);
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        url.set_scheme(scheme).map_err(|()| anyhow!("this URL has no WebSocket"))?;
        Ok((url, self.token.clone()))
    }

    /// Segments are percent-encoded, so that an emoji may be one.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &[&str], body: Option<Value>) -> anyhow::Result<T> {
        self.send(method, self.url(path), body).await
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, url: Url, body: Option<Value>) -> anyhow::Result<T> {
        let mut request = self.http.request(method, url);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| anyhow!("the server does not answer: {}", error.without_url()))?;
        let (status, text) = (response.status(), response.text().await?);
        if !status.is_success() {
            let said = serde_json::from_str::<Problem>(&text).map(|problem| problem.said());
            bail!(said.unwrap_or_else(|_| status.to_string()));
        }
        let text = if text.is_empty() { "null" } else { text.as_str() };
        serde_json::from_str(text).context("the server answers something else than Kitaab")
    }
}
