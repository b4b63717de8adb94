use tandem::contract::Instant;
use tandem::runtime::{RuntimeError, Session};

use crate::setting::{batch, config, fetch_request, load, settings};

const URL: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn a_panic_names_the_export_and_what_the_guest_said() {
    let component = load(guests::CRASHER).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    let error = session
        .validate_config(&settings(URL, "this"))
        .await
        .unwrap_err();
    let RuntimeError::Trapped { export, text } = &error else {
        panic!("{error}");
    };
    assert_eq!(*export, "validate-config");
    assert!(text.contains("no way to go on with this"), "{text}");
    assert!(error.to_string().contains("tell the plugin's author"));
}

#[tokio::test]
async fn nothing_of_a_session_that_broke_off_is_kept() {
    let component = load(guests::CRASHER).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    let error = session.fetch(&[fetch_request(URL)]).await.unwrap_err();
    assert!(matches!(error, RuntimeError::Trapped { .. }), "{error}");
    assert!(session.is_dead());
    assert!(session.finish().storage_writes.is_empty());
}

#[tokio::test]
async fn an_abort_in_transform_is_a_trap_like_any_other() {
    let component = load(guests::CRASHER).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    let batch = batch(Instant { microseconds: 0 }, URL);
    let error = session.transform(&batch).await.unwrap_err();
    assert!(matches!(
        error,
        RuntimeError::Trapped {
            export: "transform",
            ..
        }
    ));
}
