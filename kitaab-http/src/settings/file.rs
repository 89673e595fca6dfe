//! `kitaab.toml`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::Wrong;

/// What the file says, by name.
pub type File = BTreeMap<String, String>;

/// Every setting, by its name in the file; in the environment it is upper case with `KITAAB_` before it.
pub(super) const NAMES: [&str; 24] = [
    "listen",
    "public_url",
    "data_dir",
    "database_url",
    "database_owner_url",
    "secret_key",
    "secret_key_file",
    "secret_key_previous",
    "smtp_url",
    "mail_from",
    "invitation_ttl",
    "reset_ttl",
    "verification_ttl",
    "session_idle",
    "session_absolute",
    "message_edit_window",
    "download_url_ttl",
    "event_retention",
    "clamd",
    "link_preview_allow",
    "rate_limits",
    "trusted_proxies",
    "log",
    "docs",
];

/// Reads the file, if it is there. One that was asked for by name must be.
pub fn read_file(path: &Path, asked_for: bool) -> Result<File, Wrong> {
    let place = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => return Ok(File::new()),
        Err(error) => return Err(Wrong::new(place, format!("the file cannot be read: {error}"))),
    };
    // The reason that the parser gives repeats the line, which may hold a secret.
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| Wrong::new(&place, format!("this is no TOML: {}", error.message())))?;
    let mut file = File::new();
    for (name, value) in table {
        if !NAMES.contains(&name.as_str()) {
            let names = NAMES.join(", ");
            return Err(Wrong::new(&place, format!("there is no setting `{name}`. There are: {names}.")));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(true) => "on".into(),
            toml::Value::Boolean(false) => "off".into(),
            toml::Value::Array(items) => {
                let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
                texts.ok_or_else(|| Wrong::new(&place, format!("`{name}` is a list of texts")))?.join(",")
            }
            _ => return Err(Wrong::new(&place, format!("`{name}` is a text"))),
        };
        file.insert(name, text);
    }
    Ok(file)
}
