//! Somebody with a client.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// A person, who says who they are with a token or not at all.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub id: String,
    base: String,
    client: Client,
    headers: HeaderMap,
}

impl Person {
    pub fn new(base: String, token: Option<String>) -> Self {
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(30)).build().unwrap();
        let person = Self { name: "somebody".into(), id: String::new(), base, client, headers: HeaderMap::new() };
        match token {
            Some(token) => person.with("authorization", &format!("Bearer {token}")),
            None => person,
        }
    }

    pub fn known_as(mut self, name: &str, id: &str) -> Self {
        (self.name, self.id) = (name.into(), id.into());
        self
    }

    /// Sends this header with everything.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        self
    }

    /// Without this header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn token(&self) -> String {
        self.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned()
    }

    /// The same person in a browser: a cookie instead of the header.
    pub fn in_browser(&self) -> Self {
        let token = self.token();
        self.clone().without("authorization").with("cookie", &format!("kitaab={token}"))
    }

    /// A request to the API, or to a page if the path has a `!` before it.
    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = match path.strip_prefix('!') {
            Some(page) => format!("{}{page}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        self.client.request(method, url).headers(self.headers.clone())
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.ask(Method::GET, path)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.ask(Method::PUT, path).json(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.ask(Method::POST, path).json(body)).await
    }

    pub async fn post_nothing(&self, path: &str) -> Reply {
        Reply::of(self.ask(Method::POST, path)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.ask(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.ask(Method::DELETE, path)).await
    }

    /// Sends a form of one of our own pages.
    pub async fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let own = self.clone().with("sec-fetch-site", "same-origin");
        Reply::of(own.form(path, fields)).await
    }

    /// A form, from wherever the headers say.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let encode = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let form = self.ask(Method::POST, &format!("!{path}")).header("content-type", "application/x-www-form-urlencoded");
        form.header("accept", "text/html").body(body.join("&"))
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// The same, having made sure of the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The same, having made sure of status and code of a problem.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let reply = self.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{}", reply.body);
        assert_eq!(reply.text("/code"), code, "{}", reply.body);
        reply
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// A part of the body, by its pointer.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_else(|| panic!("no {pointer} in {}", self.body))
    }

    /// A text of the body, by its pointer. Leaks, as tests may.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &'static str {
        let value = self.at(pointer);
        let text = value.as_str().unwrap_or_else(|| panic!("{pointer} is no text in {}", self.body)).to_owned();
        Box::leak(text.into_boxed_str())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// `field code` of every bad field, sorted.
    pub fn fields(&self) -> Vec<String> {
        let fields = self.at("/fields");
        let one = |field: &Value| format!("{} {}", field["field"].as_str().unwrap(), field["code"].as_str().unwrap());
        let mut found: Vec<String> = fields.as_array().unwrap().iter().map(one).collect();
        found.sort();
        found
    }

    /// The problem without what differs from request to request.
    pub fn without_id(&self) -> String {
        let mut body = self.json();
        body.as_object_mut().unwrap().remove("request_id");
        body.to_string()
    }

    /// The session cookie that was set, as `name=value`.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
        set.filter_map(|line| line.split(';').next()).find(|pair| pair.contains("kitaab=")).map(str::to_owned)
    }
}
