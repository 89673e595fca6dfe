//! Reading every setting, with what would do where one is wrong.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use kitaab_core::provider::is_sender;
use secrecy::SecretString;

use super::source::Given;
use super::{Database, Lifetimes, Settings, Sources, Wrong, duration, key};
use crate::app::Site;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Reads and checks every setting.
pub fn read(sources: &Sources) -> Result<Settings, Wrong> {
    let mut warnings = Vec::new();
    let data_dir = sources.get("data_dir").map_or_else(|| PathBuf::from("./kitaab-data"), |given| given.value.into());
    let secret = |name| sources.get(name).map(|given| key::secret(given.value));
    let listen: SocketAddr =
        parsed(sources, "listen", "an address and a port, as in 127.0.0.1:8080")?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
    let public_url = public_url(sources, &mut warnings)?;
    if sources.get("public_url").is_none() && listen.port() != 8080 {
        let port = listen.port();
        warnings.push(format!(
            "KITAAB_PUBLIC_URL is not set, so links in mails lead to port 8080 and not to {port}. Set it to where people reach this server."
        ));
    }
    let settings = Settings {
        listen,
        public_url,
        database: database(sources, &data_dir)?,
        database_owner: owner(sources)?,
        secret_key: secret("secret_key"),
        secret_key_file: sources.get("secret_key_file").map(|given| given.value.into()),
        secret_key_previous: secret("secret_key_previous"),
        smtp: smtp(sources)?,
        mail_from: mail_from(sources)?,
        lifetimes: lifetimes(sources, &mut warnings)?,
        clamd: clamd(sources)?,
        link_preview_allow: parsed(sources, "link_preview_allow", "an address and a port, as in 127.0.0.1:9000")?,
        rate_limits: switch(sources, "rate_limits", true)?,
        trusted_proxies: proxies(sources)?,
        log: sources.get("log").map_or_else(|| "info".into(), |given| given.value),
        docs: switch(sources, "docs", true)?,
        data_dir,
        warnings: Vec::new(),
    };
    if !settings.rate_limits {
        warnings.push("KITAAB_RATE_LIMITS is off: nothing is limited in number or delayed. For trying out only.".into());
    }
    if let Some(address) = settings.link_preview_allow {
        warnings.push(format!("KITAAB_LINK_PREVIEW_ALLOW lets link previews reach {address}. For trying out only."));
    }
    Ok(Settings { warnings, ..settings })
}

/// A value of some form, or what the form is.
fn parsed<T: FromStr>(sources: &Sources, name: &'static str, form: &str) -> Result<Option<T>, Wrong> {
    let Some(given) = sources.get(name) else { return Ok(None) };
    given.value.parse().map(Some).map_err(|_| Wrong::new(given.place, format!("`{}` is not {form}", given.value)))
}

fn switch(sources: &Sources, name: &'static str, default: bool) -> Result<bool, Wrong> {
    let Some(given) = sources.get(name) else { return Ok(default) };
    match given.value.to_ascii_lowercase().as_str() {
        "on" | "true" | "1" | "yes" => Ok(true),
        "off" | "false" | "0" | "no" => Ok(false),
        _ => Err(Wrong::new(given.place, format!("`{}` is neither on nor off", given.value))),
    }
}

fn public_url(sources: &Sources, warnings: &mut Vec<String>) -> Result<String, Wrong> {
    let Some(Given { value, place }) = sources.get("public_url") else { return Ok("http://127.0.0.1:8080".into()) };
    let url = value.trim_end_matches('/');
    let form = "give the address that people type, as in https://kitaab.example.com, without a path";
    let rest = url.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let plain = !rest.contains(['/', '?', '#', '@', ' ']);
    let site = Site::parse(url).filter(|_| plain).ok_or_else(|| Wrong::new(place, form))?;
    if !site.https && !site.is_loopback() {
        warnings.push(
            "KITAAB_PUBLIC_URL is plain http and not on this machine: no cookies are set, so the pages keep nobody signed in. Use https."
                .into(),
        );
    }
    Ok(url.to_owned())
}

fn database(sources: &Sources, data_dir: &std::path::Path) -> Result<Database, Wrong> {
    let Some(given) = sources.get("database_url") else { return Ok(Database::Sqlite(data_dir.join("kitaab.db"))) };
    if is_postgres(&given.value) {
        return Ok(Database::Postgres(key::secret(given.value)));
    }
    match given.value.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Ok(Database::Sqlite(path.trim_start_matches("//").into())),
        _ => Err(Wrong::new(given.place, "give postgres://user:password@host/database, or sqlite:path/to/file")),
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn owner(sources: &Sources) -> Result<Option<SecretString>, Wrong> {
    let Some(given) = sources.get("database_owner_url") else { return Ok(None) };
    let served = sources.get("database_url").is_some_and(|served| is_postgres(&served.value));
    if !is_postgres(&given.value) || !served {
        return Err(Wrong::new(given.place, "this is for PostgreSQL: give postgres://… here and in KITAAB_DATABASE_URL"));
    }
    Ok(Some(key::secret(given.value)))
}

fn smtp(sources: &Sources) -> Result<Option<SecretString>, Wrong> {
    let Some(given) = sources.get("smtp_url") else { return Ok(None) };
    if !given.value.starts_with("smtp://") && !given.value.starts_with("smtps://") {
        return Err(Wrong::new(given.place, "give smtps://user:password@host or smtp://user:password@host:587?tls=required"));
    }
    if shows_its_password(&given.value) {
        let how = "this would send the password in the clear; add ?tls=required, or begin with smtps://";
        return Err(Wrong::new(given.place, how));
    }
    Ok(Some(key::secret(given.value)))
}

/// Whether a password goes to another machine without TLS.
fn shows_its_password(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some((_, host)) = place.split('/').next().unwrap_or_default().rsplit_once('@') else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    let here = name == "localhost" || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    !here && !query.split('&').any(|pair| pair == "tls=required")
}

fn mail_from(sources: &Sources) -> Result<String, Wrong> {
    let Some(given) = sources.get("mail_from") else {
        return match sources.get("smtp_url") {
            Some(_) => Err(Wrong::new("KITAAB_MAIL_FROM", "say whom mail is from, as in Kitaab <kitaab@example.com>")),
            None => Ok(kitaab_core::Settings::default().mail_from),
        };
    };
    if is_sender(&given.value) {
        return Ok(given.value);
    }
    Err(Wrong::new(given.place, format!("`{}` is no sender; give one as in Kitaab <kitaab@example.com>", given.value)))
}

fn clamd(sources: &Sources) -> Result<Option<String>, Wrong> {
    let Some(given) = sources.get("clamd") else { return Ok(None) };
    let tcp =
        given.value.strip_prefix("tcp://").is_some_and(|rest| rest.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()));
    let unix = given.value.strip_prefix("unix:").is_some_and(|path| path.starts_with('/'));
    if tcp || unix { Ok(Some(given.value)) } else { Err(Wrong::new(given.place, "give tcp://host:port or unix:/path")) }
}

fn proxies(sources: &Sources) -> Result<Vec<IpNet>, Wrong> {
    let Some(given) = sources.get("trusted_proxies") else { return Ok(Vec::new()) };
    let names = given.value.split([',', ' ']).filter(|name| !name.is_empty());
    let network = |name: &str| name.parse::<IpNet>().ok().or_else(|| name.parse::<IpAddr>().ok().map(IpNet::from));
    names
        .map(|name| {
            network(name).ok_or_else(|| Wrong::new(&given.place, format!("`{name}` is no network; give them as in 10.0.0.0/8,::1")))
        })
        .collect()
}

fn lifetimes(sources: &Sources, warnings: &mut Vec<String>) -> Result<Lifetimes, Wrong> {
    let mut span = |name, default, least| lifetime(sources, name, default, least, warnings);
    let lifetimes = Lifetimes {
        invitation: span("invitation_ttl", 7 * DAY, HOUR)?,
        reset: span("reset_ttl", 30 * MINUTE, 5 * MINUTE)?,
        verification: span("verification_ttl", DAY, HOUR)?,
        session_idle: span("session_idle", 7 * DAY, 15 * MINUTE)?,
        session_absolute: span("session_absolute", 30 * DAY, HOUR)?,
        message_edit_window: span("message_edit_window", 15 * MINUTE, MINUTE)?,
        download_url: span("download_url_ttl", 5 * MINUTE, 30 * MINUTE / 60)?,
        event_retention: span("event_retention", 30 * DAY, DAY)?,
    };
    if lifetimes.invitation > 30 * DAY {
        warnings.push("KITAAB_INVITATION_TTL is unusually long: over 30 days.".into());
    }
    if lifetimes.session_idle > lifetimes.session_absolute {
        warnings.push("KITAAB_SESSION_IDLE is longer than KITAAB_SESSION_ABSOLUTE, which ends a session anyway.".into());
    }
    Ok(lifetimes)
}

fn lifetime(
    sources: &Sources,
    name: &'static str,
    default: Duration,
    least: Duration,
    warnings: &mut Vec<String>,
) -> Result<Duration, Wrong> {
    let Some(given) = sources.get(name) else { return Ok(default) };
    let wrong = || Wrong::new(&given.place, format!("`{}` is no span of time; give one as in 250ms, 2s, 15m, 1h or 7d", given.value));
    let span = duration::parse(&given.value).ok_or_else(wrong)?;
    if span < least {
        warnings.push(format!("{} is unusually short: {}.", given.place, given.value));
    }
    Ok(span)
}
