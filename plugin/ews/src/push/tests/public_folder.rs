//! The public folder of all contacts: found by its names, and without deleted items.

use sync::contract::{MailboxKind, MissingThing, NotFound};

use super::*;
use crate::script::good;

/// A folder that a search finds.
fn found(id: &str, name: &str) -> String {
    good(&format!(
        "<m:RootFolder IndexedPagingOffset=\"1\" TotalItemsInView=\"1\" IncludesLastItemInRange=\"true\"><t:Folders>\
         <t:ContactsFolder><t:FolderId Id=\"{id}\" ChangeKey=\"k\"/><t:DisplayName>{name}</t:DisplayName></t:ContactsFolder>\
         </t:Folders></m:RootFolder>"
    ))
}

fn nothing_found() -> String {
    good(
        "<m:RootFolder TotalItemsInView=\"0\" IncludesLastItemInRange=\"true\"><t:Folders/></m:RootFolder>",
    )
}

fn push_there(script: &Script, operations: Vec<PushOperation>) -> Vec<Outcome> {
    let folder = Mailbox {
        kind: MailboxKind::PublicContacts,
        ..mailbox()
    };
    let settings = Settings {
        relative_path: "hosting".into(),
        public_contacts_folder: "Company/Customers".into(),
        ..settings()
    };
    push_to(script, folder, settings, operations)
}

fn contact() -> Contact {
    Contact {
        prefix: String::new(),
        given_name: "Ann".into(),
        middle_name: String::new(),
        surname: String::new(),
        suffix: String::new(),
        job_title: String::new(),
        organisation: String::new(),
        emails: Vec::new(),
        business_phones: Vec::new(),
        mobile_phone: String::new(),
        home_phone: String::new(),
        business_fax: String::new(),
        business_address: PostalAddress {
            street: String::new(),
            city: String::new(),
            state: String::new(),
            postal_code: String::new(),
            country: String::new(),
        },
        notes: String::new(),
    }
}

fn creation(key: u8) -> PushOperation {
    operation(key, PushAction::Create(ExchangeContent::Contact(contact())))
}

#[test]
fn a_contact_is_made_in_the_folder_to_which_the_names_lead() {
    let made = "<t:Contact><t:ItemId Id=\"c\" ChangeKey=\"c-1\"/><t:GivenName>Ann</t:GivenName></t:Contact>";
    let script = Script::new()
        .then("FindFolder", &[found("f1", "Hosting")])
        .then("FindFolder", &[found("f2", "Company")])
        .then("FindFolder", &[found("f3", "customers")])
        .then("CreateItem", &[item(made)])
        .then("GetItem", &[item(made)]);
    let outcomes = push_there(&script, vec![creation(1)]);
    assert!(matches!(outcomes[0], Outcome::Done(_)), "{outcomes:?}");
    let places = [
        (
            0,
            "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"publicfoldersroot\"/>",
        ),
        (1, "<m:ParentFolderIds><t:FolderId Id=\"f1\"/>"),
        (2, "<m:ParentFolderIds><t:FolderId Id=\"f2\"/>"),
        (3, "<m:SavedItemFolderId><t:FolderId Id=\"f3\"/>"),
    ];
    for (number, place) in places {
        let sent = script.sent(number);
        assert!(sent.contains(place), "{sent}");
    }
}

#[test]
fn without_the_folder_nothing_is_sent_and_its_name_is_told() {
    let script = Script::new()
        .then("FindFolder", &[found("f1", "hosting")])
        .then("FindFolder", &[nothing_found()]);
    let outcomes = push_there(&script, vec![creation(1), creation(2)]);
    for outcome in &outcomes {
        let (Outcome::Failed(fault) | Outcome::NotSent(fault)) = outcome else {
            panic!("{outcome:?}")
        };
        let Fault::NotFound(NotFound { thing, answer }) = fault else {
            panic!("{fault:?}")
        };
        assert_eq!(*thing, MissingThing::Folder);
        assert_eq!(
            answer.text,
            "there is no folder \"Company\" in the public folder hosting"
        );
    }
}

#[test]
fn what_is_deleted_there_can_be_recovered() {
    let deletion = ExchangeDeletion {
        target: reference("c"),
        version: version(""),
        proof: proof(""),
        kind: ItemKind::Contact,
    };
    let script = Script::new().then("DeleteItem", &[good("")]);
    let deleted = operation(1, PushAction::Delete(deletion));
    let outcomes = push_there(&script, vec![deleted]);
    assert_eq!(done(&outcomes[0]).item, EchoedItem::Gone);
    let sent = script.sent(0);
    assert!(sent.contains("DeleteType=\"SoftDelete\""), "{sent}");
}
