//! What writes replaced: sealed, completed with the outcome, and gone after 7 days.

use tandem::contract::{Action, LinkChange, LinkTarget, Operation, PsaContent, Rule};
use tandem::psa::former;
use tandem::store::before_image::{self, BeforeImage, Left, Reverse, State};
use tandem::store::cycle_run;
use tandem::store::{Database, SecretKey, Store, StoreError};

use crate::place::{self, Place};
use crate::sample;

const DAY: i64 = 24 * sample::HOUR;
const CLEAR: &str = "Takeover of Globex";

fn image() -> BeforeImage {
    BeforeImage {
        operation: Operation {
            group: 0,
            link: LinkTarget::None,
            psa: Some(sample::psa("1")),
            exchange: None,
            action: Action::LinkOnly,
            after: LinkChange::Keep,
            rule: Rule::PsaItemMoved,
            evidence: sample::evidence(),
            remark: CLEAR.into(),
        },
        link: None,
        reverse: Reverse::Delete,
        left: None,
    }
}

on_each_database! {
    async fn an_image_is_noted_completed_and_put_back(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        for intent in [Some("i-1"), Some("i-2"), None] {
            before_image::note(&mut tx, &mailbox, "c", intent, &image()).await.unwrap();
        }
        let fields = former::of_content(&PsaContent::Appointment(sample::appointment("Visit"))).unwrap();
        let left = Left::Psa(sample::psa("1"), fields);
        before_image::done(&mut tx, "i-1", Some(left.clone())).await.unwrap();
        before_image::forget(&mut tx, &["i-2".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();
        let kept = before_image::of_cycle(&tenant, &mailbox, "c").await.unwrap();
        let states: Vec<State> = kept.iter().map(|kept| kept.state).collect();
        assert_eq!(states, [State::Done, State::Done]);
        assert_eq!(kept[0].image, BeforeImage { left: Some(left), ..image() });
        assert_eq!(kept[1].image, image());
        let mut tx = tenant.begin().await.unwrap();
        before_image::set_state(&mut tx, &[kept[1].id.clone()], State::Undone).await.unwrap();
        tx.commit().await.unwrap();
        let again = before_image::of_cycle(&tenant, &mailbox, "c").await.unwrap();
        assert_eq!((again[0].state, again[1].state), (State::Done, State::Undone));
        let other = place::tenant(&store, "other").await;
        assert!(before_image::of_cycle(&other, &mailbox, "c").await.unwrap().is_empty());
    }

    async fn an_image_is_nowhere_in_clear_and_another_key_is_refused(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        before_image::note(&mut tx, &mailbox, "c", None, &image()).await.unwrap();
        tx.commit().await.unwrap();
        let database = Database::open(&place.url).await.unwrap();
        let other = Store::new(database, SecretKey::generate()).tenant(tenant.id());
        let refused = before_image::of_cycle(&other, &mailbox, "c").await.unwrap_err();
        assert!(matches!(refused, StoreError::WrongKey { .. }), "{refused}");
        store.database().close().await;
        if let Some(file) = place.file() {
            for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                let found = bytes.windows(CLEAR.len()).any(|part| part == CLEAR.as_bytes());
                assert!(!found, "in clear on the disk");
            }
        }
    }

    async fn images_go_after_seven_days_and_the_last_cycle_is_known_by_them(place: &Place) {
        let store = place.store().await;
        let tenant = place::tenant(&store, "acme").await;
        let mailbox = place::mailbox_of(&tenant, "jane").await;
        let mut tx = tenant.begin().await.unwrap();
        let first = cycle_run::start(&mut tx, &mailbox, "abc", false).await.unwrap();
        let second = cycle_run::start(&mut tx, &mailbox, "abc", false).await.unwrap();
        let undoing = cycle_run::start(&mut tx, &mailbox, "abc", false).await.unwrap();
        cycle_run::set_undoes(&mut tx, &undoing, &second).await.unwrap();
        for cycle in [&first, &second, &undoing] {
            before_image::note(&mut tx, &mailbox, cycle, None, &image()).await.unwrap();
        }
        cycle_run::start(&mut tx, &mailbox, "abc", false).await.unwrap();
        tx.commit().await.unwrap();
        let last = async || cycle_run::last_that_wrote(&tenant, &mailbox).await.unwrap();
        assert_eq!(last().await.map(|run| run.id), Some(second));
        let run = cycle_run::get(&tenant, &undoing).await.unwrap();
        assert_eq!(run.undoes, last().await.map(|run| run.id));
        store.database().set_clock_offset(6 * DAY);
        assert_eq!(before_image::prune(store.database()).await.unwrap(), 0);
        store.database().set_clock_offset(8 * DAY);
        assert_eq!(before_image::prune(store.database()).await.unwrap(), 3);
        // Nobody counted what those did.
        assert_eq!(last().await, None);
    }
}
