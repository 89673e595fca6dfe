//! The program.

use clap::Parser;
use kitaab_http::command::Cli;

fn main() -> std::process::ExitCode {
    // What the program writes (the database, mail in the outbox, backups, the key) is its owner's alone to read.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    // Two providers of cryptography in one program panic at their first use, so one is named here.
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    match kitaab_http::command::run(Cli::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kitaab: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
