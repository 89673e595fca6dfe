//! Settings: where they come from, and what is said of wrong ones.

use std::collections::BTreeMap;
use std::time::Duration;

use kitaab_core::testing::SeededChance;
use kitaab_http::settings::{Database, Missing, Settings, Sources, Wrong, read, read_file, secret_key};

fn with(flags: &[(&'static str, &str)], environment: &[(&str, &str)], file: &[(&str, &str)]) -> Result<Settings, Wrong> {
    let text = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> { pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect() };
    let flags = flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
    read(&Sources::new(flags, text(environment), text(file)))
}

#[test]
fn without_any_the_server_is_on_this_machine_with_sqlite() {
    let settings = with(&[], &[], &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.public_url, "http://127.0.0.1:8080");
    assert!(matches!(&settings.database, Database::Sqlite(path) if path.ends_with("kitaab-data/kitaab.db")));
    assert_eq!(settings.lifetimes.invitation, Duration::from_hours(7 * 24));
    assert_eq!(settings.core().message_edit_window, Duration::from_mins(15));
    assert!(settings.rate_limits && settings.docs && settings.warnings.is_empty());
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let file = [("listen", "127.0.0.1:1"), ("reset_ttl", "1h"), ("log", "debug")];
    let environment = [("KITAAB_LISTEN", "127.0.0.1:2"), ("KITAAB_RESET_TTL", "2h"), ("KITAAB_LOG", "")];
    let settings = with(&[("listen", "127.0.0.1:3")], &environment, &file).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.lifetimes.reset, Duration::from_hours(2));
    let window = |flags: &[(&'static str, &str)]| {
        let environment = [("KITAAB_MESSAGE_EDIT_WINDOW", "2m")];
        with(flags, &environment, &[("message_edit_window", "1m")]).unwrap().core().message_edit_window
    };
    assert_eq!([window(&[]), window(&[("message_edit_window", "3m")])], [Duration::from_mins(2), Duration::from_mins(3)]);
    assert_eq!(settings.log, "debug", "an empty variable says nothing");
}

#[test]
fn a_wrong_setting_says_which_and_what_would_do() {
    let table = [
        ("KITAAB_LISTEN", "localhost", "KITAAB_LISTEN: `localhost` is not an address and a port, as in 127.0.0.1:8080"),
        (
            "KITAAB_PUBLIC_URL",
            "kitaab.example.com",
            "KITAAB_PUBLIC_URL: give the address that people type, as in https://kitaab.example.com, without a path",
        ),
        (
            "KITAAB_PUBLIC_URL",
            "https://kitaab.example.com/app",
            "KITAAB_PUBLIC_URL: give the address that people type, as in https://kitaab.example.com, without a path",
        ),
        (
            "KITAAB_MAIL_FROM",
            "Kitaab <nobody>",
            "KITAAB_MAIL_FROM: `Kitaab <nobody>` is no sender; give one as in Kitaab <kitaab@example.com>",
        ),
        ("KITAAB_SMTP_URL", "smtps://mail.example.com", "KITAAB_MAIL_FROM: say whom mail is from, as in Kitaab <kitaab@example.com>"),
        (
            "KITAAB_SMTP_URL",
            "smtp://user:hunter2@mail.example.com:587",
            "KITAAB_SMTP_URL: this would send the password in the clear; add ?tls=required, or begin with smtps://",
        ),
        (
            "KITAAB_SMTP_URL",
            "smtp://user:hunter2@[2001:db8::1]:587?tls=opportunistic",
            "KITAAB_SMTP_URL: this would send the password in the clear; add ?tls=required, or begin with smtps://",
        ),
        ("KITAAB_RESET_TTL", "soon", "KITAAB_RESET_TTL: `soon` is no span of time; give one as in 250ms, 2s, 15m, 1h or 7d"),
        (
            "KITAAB_MESSAGE_EDIT_WINDOW",
            "a while",
            "KITAAB_MESSAGE_EDIT_WINDOW: `a while` is no span of time; give one as in 250ms, 2s, 15m, 1h or 7d",
        ),
        ("KITAAB_RATE_LIMITS", "maybe", "KITAAB_RATE_LIMITS: `maybe` is neither on nor off"),
        ("KITAAB_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "KITAAB_TRUSTED_PROXIES: `proxy` is no network; give them as in 10.0.0.0/8,::1"),
        ("KITAAB_CLAMD", "localhost:3310", "KITAAB_CLAMD: give tcp://host:port or unix:/path"),
        (
            "KITAAB_DATABASE_URL",
            "mysql://root:hunter2@db",
            "KITAAB_DATABASE_URL: give postgres://user:password@host/database, or sqlite:path/to/file",
        ),
        (
            "KITAAB_SMTP_URL",
            "mail://user:hunter2@host",
            "KITAAB_SMTP_URL: give smtps://user:password@host or smtp://user:password@host:587?tls=required",
        ),
    ];
    for (name, value, said) in table {
        assert_eq!(with(&[], &[(name, value)], &[]).unwrap_err().to_string(), said);
    }
    assert!(with(&[("listen", "x")], &[], &[]).unwrap_err().to_string().starts_with("--listen: "));
    assert!(with(&[], &[], &[("listen", "x")]).unwrap_err().to_string().starts_with("listen in kitaab.toml: "));
}

#[test]
fn a_password_may_go_to_a_mail_server_on_this_machine_and_with_tls_to_any() {
    for url in [
        "smtp://user:x@localhost:25",
        "smtp://user:x@127.0.0.1",
        "smtp://user:x@[::1]:25",
        "smtp://mail.example.com",
        "smtp://u:x@mail.example.com:587?tls=required",
    ] {
        let given = with(&[], &[("KITAAB_SMTP_URL", url), ("KITAAB_MAIL_FROM", "kitaab@example.com")], &[]);
        assert!(given.is_ok(), "{url}: {:?}", given.err());
    }
}

#[test]
fn secrets_are_never_printed() {
    let environment = [
        ("KITAAB_DATABASE_URL", "postgres://kitaab:hunter2@db/kitaab"),
        ("KITAAB_DATABASE_OWNER_URL", "postgres://owner:hunter2@db/kitaab"),
        ("KITAAB_SMTP_URL", "smtps://user:hunter2@mail"),
        ("KITAAB_MAIL_FROM", "kitaab@example.com"),
        ("KITAAB_SECRET_KEY", "hunter2"),
        ("KITAAB_SECRET_KEY_PREVIOUS", "hunter2"),
    ];
    let settings = with(&[], &environment, &[]).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
    let wrong = secret_key(&settings, &SeededChance::new(1), Missing::Make).unwrap_err().to_string();
    assert!(wrong.starts_with("KITAAB_SECRET_KEY: a key is 32 random bytes") && !wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn unusual_lifetimes_are_taken_with_a_warning() {
    let unusual = [
        ("KITAAB_INVITATION_TTL", "2s"),
        ("KITAAB_SESSION_IDLE", "60d"),
        ("KITAAB_MESSAGE_EDIT_WINDOW", "250ms"),
        ("KITAAB_RATE_LIMITS", "off"),
    ];
    let settings = with(&[], &unusual, &[]).unwrap();
    assert_eq!(settings.lifetimes.invitation, Duration::from_secs(2));
    assert!(settings.warnings.iter().any(|w| w.starts_with("KITAAB_INVITATION_TTL is unusually short")), "{:?}", settings.warnings);
    assert!(settings.warnings.iter().any(|w| w.contains("KITAAB_SESSION_ABSOLUTE")));
    assert_eq!(settings.core().message_edit_window, Duration::from_millis(250));
    assert!(settings.warnings.iter().any(|w| w.starts_with("KITAAB_MESSAGE_EDIT_WINDOW is unusually short")));
    assert!(settings.warnings.iter().any(|w| w.starts_with("KITAAB_RATE_LIMITS is off")));
}

#[test]
fn the_file_names_settings_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kitaab.toml");
    assert!(read_file(&path, false).unwrap().is_empty());
    assert!(read_file(&path, true).is_err());
    std::fs::write(&path, "listen = \"127.0.0.1:9\"\nrate_limits = false\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n").unwrap();
    let file = read_file(&path, true).unwrap();
    let pairs: Vec<(&str, &str)> = file.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let settings = with(&[], &[], &pairs).unwrap();
    assert_eq!((settings.listen.port(), settings.rate_limits, settings.trusted_proxies.len()), (9, false, 2));
    std::fs::write(&path, "lisen = \"127.0.0.1:9\"\n").unwrap();
    assert!(read_file(&path, true).unwrap_err().to_string().contains("there is no setting `lisen`"));
    std::fs::write(&path, "secret_key = \"hunter2\n").unwrap();
    assert!(!read_file(&path, true).unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn the_first_start_makes_a_key_for_its_owner_alone_and_later_ones_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let settings = with(&[("data_dir", folder.path().to_str().unwrap())], &[], &[]).unwrap();
    let first = secret_key(&settings, &SeededChance::new(1), Missing::Make).unwrap();
    let second = secret_key(&settings, &SeededChance::new(2), Missing::Make).unwrap();
    assert_eq!(first.fingerprint(), second.fingerprint());
    let path = folder.path().join("secret.key");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777, 0o600);
    let given = std::fs::read_to_string(&path).unwrap();
    let moved = with(&[("data_dir", "/nowhere")], &[("KITAAB_SECRET_KEY", given.trim())], &[]).unwrap();
    assert_eq!(secret_key(&moved, &SeededChance::new(3), Missing::Make).unwrap().fingerprint(), first.fingerprint());
}
