use std::time::Duration;

use tandem::runtime::{RuntimeError, Session};

use crate::setting::{config, load, settings};

const URL: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn a_guest_that_waits_for_ever_is_given_up_by_the_wall_clock() {
    let component = load(guests::SLEEPER).await;
    let mut config = config(&component, URL);
    config.limits.call_time = Duration::from_millis(300);
    let mut session = Session::open(&component, config).await.unwrap();
    let error = session.validate_config(&settings(URL, "")).await;
    let error = error.unwrap_err();
    assert!(matches!(error, RuntimeError::TimedOut { .. }), "{error}");
    assert!(session.is_dead());
}

#[tokio::test]
async fn a_call_that_the_host_gives_up_ends_its_session() {
    let component = load(guests::SLEEPER).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    let settings = settings(URL, "");
    let call = session.validate_config(&settings);
    assert!(
        tokio::time::timeout(Duration::from_millis(100), call)
            .await
            .is_err()
    );
    let again = session.validate_config(&settings).await;
    assert_eq!(again.unwrap_err(), RuntimeError::Dead);
}

#[tokio::test]
async fn more_sessions_than_places_are_told_to_wait() {
    use tandem::runtime::{Component, Engine, EngineSettings};
    let engine = Engine::new(&EngineSettings {
        sessions: 1,
        ..EngineSettings::default()
    })
    .unwrap();
    let component = Component::from_file(&engine, std::path::Path::new(guests::SLEEPER))
        .await
        .unwrap();
    let first = Session::open(&component, config(&component, URL)).await;
    assert!(first.is_ok());
    let second = Session::open(&component, config(&component, URL)).await;
    assert_eq!(second.err(), Some(RuntimeError::Busy));
    drop(first);
    assert!(
        Session::open(&component, config(&component, URL))
            .await
            .is_ok()
    );
}
