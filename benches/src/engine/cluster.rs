//! A PostgreSQL whose data is where one wants it: on a disk, in memory, or where every flush is slow.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use crate::process;

/// As `kitaab_core::testing` starts one, with a folder given. It waits for the end of a pipe whose other end this process
/// holds, so nothing is left behind even if this is killed. The socket is apart: its path may have 107 bytes.
const KEEPER: &str = r#"
set -u
trap '' INT HUP TERM
dir=$(mktemp -d "$2/postgres.XXXXXX") && door=$(mktemp -d /tmp/kitaab.XXXXXX) || exit 1
as=
if [ "$(id -u)" = 0 ]; then chown postgres "$dir" "$door"; as='setpriv --reuid=postgres --regid=postgres --clear-groups --'; fi
chmod 755 "$dir" "$door"; cd "$dir"
fail() { echo "failed: $(tail -n 3 "$door.log" | tr '\n' ' ')"; rm -rf "$dir" "$door" "$door.log"; exit 1; }
$as "$1/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$door.log" 2>&1 || fail
$as "$1/postgres" -D "$dir/data" -k "$door" -c listen_addresses= -c max_connections=200 </dev/null >"$door.log" 2>&1 &
until grep -qs ready "$dir/data/postmaster.pid"; do kill -0 $! 2>/dev/null || fail; sleep 0.02; done
echo "$door $(head -n 1 "$dir/data/postmaster.pid")"
read -r end
kill -INT "$(head -n 1 "$dir/data/postmaster.pid")"; wait
rm -rf "$dir" "$door" "$door.log"
"#;

/// A server that is stopped when this is dropped, or when the process ends.
pub struct Cluster {
    url: String,
    postmaster: u32,
    keeper: Child,
}

impl Cluster {
    /// Starts a server that flushes as in life.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(programs()?)
            .arg(folder.canonicalize()?)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().context("its words")?).read_line(&mut line)?;
        let (door, postmaster) = line.trim().split_once(' ').filter(|_| line.starts_with('/')).context(line.clone())?;
        Ok(Self { url: format!("postgres://postgres@localhost/postgres?host={door}"), postmaster: postmaster.parse()?, keeper })
    }

    /// For a superuser, in the database `postgres`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Seconds of processor time of the server's processes, also of those that have ended.
    pub fn cpu(&self) -> f64 {
        process::cpu_of_family(self.postmaster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

/// Where Debian has the server's programs, the newest first, or else where the path has them.
fn programs() -> anyhow::Result<PathBuf> {
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some((version.as_ref().ok()?.file_name().to_str()?.parse().ok()?, version.ok()?.path().join("bin"))))
        .collect();
    debian.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    debian
        .into_iter()
        .map(|(_, folder)| folder)
        .chain(on_path)
        .find(|folder| folder.join("postgres").exists() && folder.join("initdb").exists())
        .context("PostgreSQL's server programs were not found (Debian and Ubuntu: apt-get install postgresql)")
}
