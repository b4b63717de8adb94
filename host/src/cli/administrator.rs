//! `tandem administrator`: a tenant's administrator for the pages, or a new password for the one there
//! is.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, OfTenant, Operator};
use crate::web::administrator::{self, Account};

/// Options of `tandem administrator`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    tenant: OfTenant,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (_, store) = options.operator.store().await?;
    let tenant = options.tenant.find(&store).await?;
    let account = administrator::make(&store.tenant(&tenant)).await?;
    println!("{}", told(&account));
    Ok(ExitCode::SUCCESS)
}

/// How to sign in, for the one time that the password is shown.
pub fn told(account: &Account) -> String {
    format!(
        "sign in as {} with the password {} (shown this once)",
        account.name,
        account.password()
    )
}
