//! A PostgreSQL for tests, on a socket in a folder of its own, which goes when its process goes.
//!
//! A shell stands between: it waits for the end of a pipe whose other end this process holds, and then stops the server
//! and removes the folder. So nothing is left behind even if the process is killed. Statements go through `psql`: this
//! crate knows no database.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// PostgreSQL refuses to run as root; a socket's path may have 107 bytes; `C.UTF-8`, because under plain `C` no letter
/// beyond ASCII is one. Interrupts are for the tests: who waits to clear up must outlive them.
const KEEPER: &str = r#"
set -u
trap '' INT HUP TERM
dir=$(mktemp -d /tmp/kitaab.XXXXXX) || exit 1
as=
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as='setpriv --reuid=postgres --regid=postgres --clear-groups --'; fi
chmod 755 "$dir"; cd "$dir"
fail() { echo "failed: $(tail -n 3 "$dir.log" | tr '\n' ' ')"; rm -rf "$dir" "$dir.log"; exit 1; }
$as "$1/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 || fail
$as "$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=200 -c fsync="$2" -c full_page_writes="$2" \
    -c synchronous_commit="$2" </dev/null >"$dir.log" 2>&1 &
until grep -qs ready "$dir/data/postmaster.pid"; do kill -0 $! 2>/dev/null || fail; sleep 0.02; done
echo "$dir"
read -r end
kill -INT "$(head -n 1 "$dir/data/postmaster.pid")"; wait
rm -rf "$dir" "$dir.log"
"#;

/// Whether what is committed is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in life.
    Full,
    /// Flushes are left out, for speed.
    None,
}

/// A server that is stopped when this is dropped, or when the process ends.
#[derive(Debug)]
pub struct TemporaryPostgres {
    url: String,
    keeper: Option<Child>,
}

impl TemporaryPostgres {
    /// The one of this process: started when first asked for, or the one that `KITAAB_TEST_DATABASE_URL` names.
    ///
    /// # Panics
    /// If there is none and none can be started.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<TemporaryPostgres> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var("KITAAB_TEST_DATABASE_URL") {
            Ok(url) => Self { url, keeper: None },
            Err(_) => Self::start(Durability::None).expect("a temporary PostgreSQL"),
        })
    }

    /// Starts a server.
    pub fn start(durability: Durability) -> io::Result<Self> {
        let flushes = if durability == Durability::Full { "on" } else { "off" };
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sh"]).arg(programs()?).arg(flushes);
        // A group of its own: what stops the tests from a terminal must not stop the keeper before the server.
        keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper = keeper.spawn()?;
        let mut line = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let folder = line.trim();
        if !folder.starts_with('/') {
            return Err(io::Error::other(format!("PostgreSQL did not start: {folder}")));
        }
        Ok(Self { url: format!("postgres://postgres@localhost/postgres?host={folder}"), keeper: Some(keeper) })
    }

    /// For a superuser, in the database `postgres`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// If the server refuses.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        self.copy_of("template1")
    }

    /// A new database as `prepare` makes one of an empty one. It is prepared once for each server and test program, and
    /// copied from then on: that takes half the time of applying migrations.
    ///
    /// # Panics
    /// If the server refuses.
    pub async fn prepared<F: Future<Output = ()>>(&self, prepare: impl FnOnce(String) -> F) -> TestDatabase {
        static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let program = std::env::current_exe().expect("the path of this program");
        let built = program.metadata().and_then(|file| file.modified()).expect("when it was built");
        let name = format!("kitaab_template_{:016x}", hash((&self.url, &program, built)));
        // One test makes it and the others wait: those of this process here, those of others at the file.
        let making = MAKING.lock().await;
        let others = self.keeper.is_none().then(|| File::create(program.with_extension("lock")).expect("a file to lock"));
        if let Some(file) = &others {
            file.lock().expect("its lock");
        }
        let known = psql(&self.url, &format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate"));
        if known.expect("the list of databases").is_empty() {
            psql(&self.url, &format!("DROP DATABASE IF EXISTS {name}")).expect("nothing half made");
            psql(&self.url, &format!("CREATE DATABASE {name}")).expect("an empty database");
            prepare(self.url_of(&name)).await;
            psql(&self.url, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).expect("a prepared database");
        }
        drop((making, others));
        self.copy_of(&name)
    }

    fn copy_of(&self, template: &str) -> TestDatabase {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("kitaab_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        psql(&self.url, &format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a new database");
        let server = self.keeper.is_none().then(|| self.url.clone());
        TestDatabase { url: self.url_of(&name), name, server }
    }

    fn url_of(&self, database: &str) -> String {
        let (address, settings) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let (server, _) = address.rsplit_once('/').unwrap_or((address, ""));
        format!("{server}/{database}?{settings}")
    }
}

impl Drop for TemporaryPostgres {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            keeper.wait().ok();
        }
    }
}

/// A database for one test.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    name: String,
    /// A server that goes on takes its databases back.
    server: Option<String>,
}

impl TestDatabase {
    /// For a superuser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Says something to it as a superuser; what it answers, a line for each row.
    pub fn say(&self, sql: &str) -> io::Result<String> {
        psql(&self.url, sql)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            psql(server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).ok();
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn psql(url: &str, sql: &str) -> io::Result<String> {
    let done = Command::new("psql").args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]).output()?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&done.stderr).into_owned()))
    }
}

/// Where the server's programs are: beside the `initdb` on the path, or where Debian has them, the newest first.
fn programs() -> io::Result<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some((version.as_ref().ok()?.file_name().to_str()?.parse().ok()?, version.ok()?.path().join("bin"))))
        .collect();
    debian.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    on_path
        .chain(debian.into_iter().map(|(_, folder)| folder))
        .filter_map(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(PathBuf::from))
        .find(|folder| folder.join("postgres").exists())
        .ok_or_else(|| io::Error::other("PostgreSQL's server programs were not found (Debian and Ubuntu: apt-get install postgresql)"))
}
