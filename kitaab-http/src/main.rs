//! The program.

use clap::Parser;
use kitaab_http::command::Cli;

fn main() -> std::process::ExitCode {
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
