use tandem::runtime::{RuntimeError, Session};

use crate::setting::{codes, config, load, order, settings};

const URL: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn a_guest_that_takes_all_memory_is_stopped_at_its_limit() {
    let component = load(guests::GLUTTON).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    let error = session
        .validate_config(&settings(URL, "1000"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, RuntimeError::OutOfMemory { limit, .. } if limit == 64 << 20),
        "{error}"
    );
    assert!(error.to_string().contains("64 MiB"), "{error}");
}

#[tokio::test]
async fn a_guest_below_its_limit_goes_on() {
    let component = load(guests::GLUTTON).await;
    let (findings, _) = order(&component, config(&component, URL), URL, "30").await;
    assert_eq!(codes(&findings), ["held"]);
}
