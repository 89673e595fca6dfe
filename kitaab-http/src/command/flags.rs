//! Settings on the command line. Secrets are none of them: everybody on a machine can read its processes' arguments.
#![expect(clippy::doc_markdown, reason = "the lines below are shown on terminals, as they stand")]

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;

use clap::Args;

use crate::settings::{Settings, Sources, Wrong, read, read_file};

const HEADING: &str = "Settings";

/// Those settings that are no secrets.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = HEADING)]
pub(super) struct Flags {
    /// Read settings from this file [default: ./kitaab.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Where people reach the server; all links begin with it [default: http://127.0.0.1:8080]
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Database, files, secret key [default: ./kitaab-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// A file with the secret key
    #[arg(long, global = true, value_name = "FILE")]
    secret_key_file: Option<String>,
    /// Whom mails are from: "Kitaab <kitaab@example.com>"
    #[arg(long, global = true, value_name = "MAILBOX")]
    mail_from: Option<String>,
    /// How long an invitation is good [default: 7d]
    #[arg(long, global = true, value_name = "SPAN")]
    invitation_ttl: Option<String>,
    /// How long a link for a new password is good [default: 30m]
    #[arg(long, global = true, value_name = "SPAN")]
    reset_ttl: Option<String>,
    /// How long a link that verifies an email is good [default: 24h]
    #[arg(long, global = true, value_name = "SPAN")]
    verification_ttl: Option<String>,
    /// A session ends when it was not used for this long [default: 7d]
    #[arg(long, global = true, value_name = "SPAN")]
    session_idle: Option<String>,
    /// A session ends after this long in any case [default: 30d]
    #[arg(long, global = true, value_name = "SPAN")]
    session_absolute: Option<String>,
    /// How long a message can be edited [default: 15m]
    #[arg(long, global = true, value_name = "SPAN")]
    message_edit_window: Option<String>,
    /// How long a link to a file is good [default: 5m]
    #[arg(long, global = true, value_name = "SPAN")]
    download_url_ttl: Option<String>,
    /// How long the event log is kept [default: 30d]
    #[arg(long, global = true, value_name = "SPAN")]
    event_retention: Option<String>,
    /// The virus scanner: tcp://host:port or unix:/path
    #[arg(long, global = true, value_name = "URL")]
    clamd: Option<String>,
    /// The one address that link previews may reach besides public ones, for trying out
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    link_preview_allow: Option<String>,
    /// `off` stops everything that limits or delays, for trying out [default: on]
    #[arg(long, global = true, value_name = "on|off")]
    rate_limits: Option<String>,
    /// Networks whose X-Forwarded-For is believed: 10.0.0.0/8,::1
    #[arg(long, global = true, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// What is logged: `debug`, `warn`, `info,kitaab_core=debug` [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// `off` takes the API reference page away [default: on]
    #[arg(long, global = true, value_name = "on|off")]
    docs: Option<String>,
}

impl Flags {
    /// All settings, from here, the environment and the file.
    pub(super) fn settings(self) -> Result<Settings, Wrong> {
        let environment: BTreeMap<String, String> = env::vars().filter(|(name, _)| name.starts_with("KITAAB_")).collect();
        let named = self.config.clone().or_else(|| environment.get("KITAAB_CONFIG").map(PathBuf::from));
        let file = read_file(named.as_deref().unwrap_or("kitaab.toml".as_ref()), named.is_some())?;
        read(&Sources::new(self.values(), environment, file))
    }

    fn values(self) -> BTreeMap<&'static str, String> {
        let flags = [
            ("listen", self.listen),
            ("public_url", self.public_url),
            ("data_dir", self.data_dir),
            ("secret_key_file", self.secret_key_file),
            ("mail_from", self.mail_from),
            ("invitation_ttl", self.invitation_ttl),
            ("reset_ttl", self.reset_ttl),
            ("verification_ttl", self.verification_ttl),
            ("session_idle", self.session_idle),
            ("session_absolute", self.session_absolute),
            ("message_edit_window", self.message_edit_window),
            ("download_url_ttl", self.download_url_ttl),
            ("event_retention", self.event_retention),
            ("clamd", self.clamd),
            ("link_preview_allow", self.link_preview_allow),
            ("rate_limits", self.rate_limits),
            ("trusted_proxies", self.trusted_proxies),
            ("log", self.log),
            ("docs", self.docs),
        ];
        flags.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
