//! Exim, as Debian packages it, on a port of its own with a certificate and a password, delivering into a folder.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const PROGRAM: &str = "/usr/sbin/exim4";

pub struct Exim {
    folder: TempDir,
    port: u16,
    server: Child,
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

fn configuration(folder: &str, port: u16) -> String {
    format!(
        r"
primary_hostname = localhost
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/exim.pid
tls_advertise_hosts = *
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
keep_environment =
queue_run_in_order = true
begin acl
rcpt:
  accept authenticated = *
  deny message = sign in first
begin routers
everybody:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = {folder}/spool/mail
  maildir_format
  create_directory
  user = Debian-exim
  group = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{kitaab}}}}{{eq{{$auth3}}{{secret}}}}}}}}
  server_set_id = $auth2
"
    )
}

impl Exim {
    /// Needs the package `exim4-daemon-light` and root, as which Debian runs it.
    pub async fn start() -> Self {
        assert!(Path::new(PROGRAM).exists(), "install exim4-daemon-light; scripts/test does");
        let folder = tempfile::Builder::new().prefix("kitaab-exim").tempdir().expect("a folder");
        let path = folder.path().to_str().expect("a plain path").to_owned();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let (key, certificate) = (format!("{path}/key.pem"), format!("{path}/cert.pem"));
        run(
            "openssl",
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout",
                &key,
                "-out",
                &certificate,
            ],
        );
        fs::create_dir(format!("{path}/spool")).expect("a spool");
        let configuration_file = format!("{path}/exim.conf");
        fs::write(&configuration_file, configuration(&path, port)).expect("a configuration");
        run("chown", &["-R", "Debian-exim:Debian-exim", &format!("{path}/spool"), &key, &certificate]);
        run("chmod", &["755", &path]);
        run("chown", &["root:root", &configuration_file]);
        let server = Command::new(PROGRAM)
            .args(["-C", &configuration_file, "-bdf", "-q1m"])
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("exim starts");
        let exim = Self { folder, port, server };
        exim.until(async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        exim
    }

    pub fn url(&self, user: &str, password: &str) -> String {
        format!("smtp://{user}:{password}@localhost:{}", self.port)
    }

    pub fn certificate(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("cert.pem")).expect("the certificate")
    }

    /// The first mail in the mailbox, once it is there.
    pub async fn delivered(&self) -> Vec<u8> {
        let mailbox: PathBuf = self.folder.path().join("spool/mail/new");
        self.until(async || {
            let first = fs::read_dir(&mailbox).ok()?.next()?.ok()?;
            fs::read(first.path()).ok()
        })
        .await
    }

    /// Looks again and again for what another program brings about, for ten seconds.
    async fn until<T>(&self, look: impl AsyncFn() -> Option<T>) -> T {
        for _ in 0..200 {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let log = fs::read_to_string(self.folder.path().join("spool/mainlog")).unwrap_or_default();
        panic!("exim did not do it in ten seconds: {log}");
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        // Also those of it that serve a connection or its queue: they would keep the folder, and what the test prints to.
        Command::new("sh").args(["-c", &format!("kill -s KILL -- -{}", self.server.id())]).status().ok();
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
