//! The program `tandem`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tandem::capability::http::install_tls();
    tandem::cli::run().await
}
