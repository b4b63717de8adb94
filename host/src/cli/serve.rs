//! `tandem serve`: the schedule, the pages, the JSON interface, mails and webhooks, until it is told to
//! stop.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use tokio::sync::watch;

use super::{Failure, Operator};
use crate::cycle::scheduler::schedule;
use crate::cycle::tidy::tidy_for_ever;
use crate::host::Host;
use crate::outbox::sender::{self as mails, send_for_ever};
use crate::outbox::smtp::Smtp;
use crate::store::dialect::Dialect;
use crate::web::{WebState, administrator};
use crate::webhook::sender::{self as webhooks, tell_for_ever};

/// Options of `tandem serve`.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    operator: Operator,
}

pub async fn run(options: Options) -> Result<ExitCode, Failure> {
    let (file, host) = options.operator.open(None).await?;
    if host.store.database().dialect() == Dialect::Sqlite {
        // One host holds the file: a lease in it is one of a host that is no more.
        host.store.leases().void_all().await?;
    }
    let smtp = file.smtp()?;
    let listener = tokio::net::TcpListener::bind(file.listen)
        .await
        .map_err(|error| {
            format!(
                "{} cannot be listened on: {error}; choose another in `listen`",
                file.listen
            )
        })?;
    println!("tandem serves http://{}", file.listen);
    for tenant in host.store.tenants().list().await? {
        let made = administrator::of_first_start(&host.store.tenant(&tenant.id)).await?;
        if let Some(account) = made {
            println!("{}", super::administrator::told(&account));
        }
    }
    until_stopped(host, listener, file.scheduler.at_once, smtp).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, schedules, sends mails and calls webhooks until the process is asked to end; what is under
/// way comes to its end. Without a mail server the mails stay in the database.
pub async fn until_stopped(
    host: Host,
    listener: tokio::net::TcpListener,
    at_once: usize,
    smtp: Option<Smtp>,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let mails = smtp.map(|smtp| {
        let store = host.store.clone();
        let pace = mails::Pace::default();
        tokio::spawn(send_for_ever(store, smtp, pace, stopped.clone()))
    });
    let webhooks = tokio::spawn(tell_for_ever(
        host.store.clone(),
        host.http.clone(),
        webhooks::Pace::default(),
        stopped.clone(),
    ));
    let tidying = tokio::spawn(tidy_for_ever(host.store.clone(), stopped.clone()));
    let cycles = tokio::spawn(schedule(host.clone(), at_once, stopped));
    let on_loopback = listener.local_addr()?.ip().is_loopback();
    let pages = crate::web::router(WebState::new(host.clone(), on_loopback));
    let router = crate::api::router(crate::api::ApiState { host }).merge(pages);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(asked_to_end())
        .await;
    let _ = stop.send(true);
    cycles.await?;
    tidying.await?;
    webhooks.await?;
    if let Some(mails) = mails {
        mails.await?;
    }
    served?;
    Ok(())
}

async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
