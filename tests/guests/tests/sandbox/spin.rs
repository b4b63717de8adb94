use tandem::contract::Instant;
use tandem::runtime::{Limits, RuntimeError, Session};

use crate::setting::{batch, config, load, settings};

const URL: &str = "http://127.0.0.1:1";

fn limits() -> Limits {
    Limits {
        cpu_ticks: 20,
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_guest_that_computes_for_ever_is_stopped_in_every_phase() {
    let component = load(guests::SPIN).await;
    let mut session = Session::open(&component, {
        let mut config = config(&component, URL);
        config.limits = limits();
        config
    })
    .await
    .unwrap();
    let error = session
        .transform(&batch(Instant { microseconds: 0 }, URL))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            RuntimeError::OutOfCpu {
                export: "transform",
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("0.2 s"), "{error}");
}

#[tokio::test]
async fn a_stopped_session_is_over_and_says_so() {
    let component = load(guests::SPIN).await;
    let mut config = config(&component, URL);
    config.limits = limits();
    let mut session = Session::open(&component, config).await.unwrap();
    let first = session.validate_config(&settings(URL, "")).await;
    assert!(matches!(first, Err(RuntimeError::OutOfCpu { .. })));
    assert!(session.is_dead());
    let second = session.validate_config(&settings(URL, "")).await;
    assert_eq!(second.unwrap_err(), RuntimeError::Dead);
}

#[tokio::test]
async fn a_guest_that_computes_for_ever_holds_up_nobody_else() {
    let component = load(guests::SPIN).await;
    let mut config = config(&component, URL);
    config.limits = limits();
    let mut session = Session::open(&component, config).await.unwrap();
    // On a runtime with one thread: were the guest not to yield, the other task would come last.
    let other = tokio::spawn(async { tokio::time::Instant::now() });
    let _ = session.validate_config(&settings(URL, "")).await;
    let stopped = tokio::time::Instant::now();
    assert!(other.await.unwrap() < stopped);
}
