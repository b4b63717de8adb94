use tandem::runtime::{RuntimeError, Session};

use crate::setting::{config, load};

const URL: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn an_answer_that_does_not_match_its_question_breaks_the_contract() {
    let component = load(guests::LIAR).await;
    let mut session = Session::open(&component, config(&component, URL))
        .await
        .unwrap();
    // On a task of its own, as in a host: its futures can move between threads.
    let task = tokio::spawn(async move {
        let error = session.fetch(&[]).await.unwrap_err();
        (error, session)
    });
    let (error, session) = task.await.unwrap();
    assert!(
        matches!(&error, RuntimeError::BrokeContract { export: "fetch", text } if text.contains("0 requests and answered 1")),
        "{error}"
    );
    assert!(session.is_dead());
}
