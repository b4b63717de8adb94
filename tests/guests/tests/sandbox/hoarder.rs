use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tandem::capability::storage::{StorageFailure, StorageSource};

use crate::setting::{config, load, order};

const URL: &str = "http://127.0.0.1:1";

/// What earlier cycles kept.
struct Kept(BTreeMap<String, Vec<u8>>);

impl StorageSource for Kept {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, StorageFailure>> {
        async { Ok(self.0.get(key).cloned()) }.boxed()
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, StorageFailure>> {
        let keys = self.0.keys().filter(move |key| key.starts_with(prefix));
        async { Ok(keys.cloned().collect()) }.boxed()
    }
}

fn kept(pairs: &[(&str, &str)]) -> Arc<Kept> {
    Arc::new(Kept(
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec()))
            .collect(),
    ))
}

#[tokio::test]
async fn a_space_takes_a_thousand_keys_those_kept_before_included() {
    let component = load(guests::HOARDER).await;
    let mut config = config(&component, URL);
    config.storage = kept(&[("earlier", "x"), ("key-0000", "old")]);
    let (findings, record) = order(&component, config, URL, "keys").await;
    // 1,000 less the one that the guest did not write over.
    assert_eq!(findings[0].text, "999");
    assert_eq!(record.storage_writes.len(), 999);
}

#[tokio::test]
async fn keys_and_values_have_their_sizes() {
    let component = load(guests::HOARDER).await;
    let (findings, record) = order(&component, config(&component, URL), URL, "values").await;
    let texts: Vec<_> = findings.iter().map(|f| f.text.as_str()).collect();
    let too_large = "Err(StorageError::TooLarge)";
    assert_eq!(texts, [too_large, too_large, too_large, "Ok(())"]);
    assert_eq!(record.storage_writes.len(), 1);
}

#[tokio::test]
async fn reads_see_writes_and_the_writes_are_handed_over() {
    let component = load(guests::HOARDER).await;
    let mut config = config(&component, URL);
    config.storage = kept(&[("old", "2"), ("kept", "3")]);
    let (findings, record) = order(&component, config, URL, "overlay").await;
    let texts: Vec<_> = findings.iter().map(|f| f.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "Ok(Some([49]))",
            "Ok(None)",
            "Ok(Some([51]))",
            r#"Ok(["kept", "new"])"#
        ]
    );
    assert_eq!(
        record.storage_writes,
        BTreeMap::from([
            ("new".to_owned(), Some(b"1".to_vec())),
            ("old".to_owned(), None)
        ])
    );
}

#[tokio::test]
async fn notices_are_counted() {
    let component = load(guests::HOARDER).await;
    let (findings, record) = order(&component, config(&component, URL), URL, "notices").await;
    assert_eq!(findings[0].text, "100");
    assert_eq!(record.notices.len(), 100);
    assert_eq!(record.notices[0].code, "again");
}
