//! EWS: contacts, in the mailbox and in a public folder.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use support::ews::{Answer, MARKER_PATH, shape};
use support::{ANNA, Server};

const CONTACT: &str = "<t:Body BodyType=\"Text\">notes</t:Body><t:ExtendedProperty><t:ExtendedFieldURI PropertyTag=\"0x3A45\" PropertyType=\"String\"/>\
     <t:Value>Dr.</t:Value></t:ExtendedProperty><t:GivenName>Ada</t:GivenName><t:CompanyName>Example Ltd</t:CompanyName>\
     <t:EmailAddresses><t:Entry Key=\"EmailAddress1\">ada@example.com</t:Entry><t:Entry Key=\"EmailAddress3\">home@example.com</t:Entry></t:EmailAddresses>\
     <t:PhysicalAddresses><t:Entry Key=\"Business\"><t:Street>Main St 1</t:Street><t:City>Berlin</t:City></t:Entry></t:PhysicalAddresses>\
     <t:PhoneNumbers><t:Entry Key=\"BusinessFax\">111</t:Entry><t:Entry Key=\"BusinessPhone\">222</t:Entry><t:Entry Key=\"MobilePhone\">333</t:Entry></t:PhoneNumbers>\
     <t:JobTitle>Engineer</t:JobTitle><t:Surname>Lovelace</t:Surname>";

fn create(server: &Server, folder: &str, fields: &str) -> Answer {
    server.soap(&format!(
        "<m:CreateItem><m:SavedItemFolderId>{folder}</m:SavedItemFolderId><m:Items><t:Contact>{fields}</t:Contact></m:Items></m:CreateItem>"
    ))
}

const OWN: &str = "<t:DistinguishedFolderId Id=\"contacts\"/>";

fn update(server: &Server, made: &Answer, updates: &str) -> Answer {
    server.soap(&format!(
        "<m:UpdateItem ConflictResolution=\"NeverOverwrite\"><m:ItemChanges><t:ItemChange><t:ItemId Id=\"{}\" ChangeKey=\"{}\"/>\
         <t:Updates>{updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>",
        made.id(),
        made.change_key()
    ))
}

fn find(server: &Server, folder: &str, restriction: &str) -> Answer {
    server.soap(&format!(
        "<m:FindItem Traversal=\"Shallow\">{}{restriction}<m:ParentFolderIds>{folder}</m:ParentFolderIds></m:FindItem>",
        shape(&["contacts:Surname"])
    ))
}

#[test]
fn a_contact_is_the_same_in_both_faces() {
    let server = Server::start();
    let made = create(&server, OWN, CONTACT);
    assert_eq!(made.code(), "NoError");
    let graph = server
        .anna("/contacts?$expand=singleValueExtendedProperties($filter=id eq 'String 0x3A24')")
        .json();
    let contact = &graph["value"][0];
    assert_eq!(
        [
            &contact["title"],
            &contact["givenName"],
            &contact["surname"]
        ],
        ["Dr.", "Ada", "Lovelace"]
    );
    assert_eq!(contact["emailAddresses"].as_array().unwrap().len(), 2);
    assert_eq!(contact["businessAddress"]["city"], "Berlin");
    assert_eq!(contact["businessPhones"][0], "222");
    assert_eq!(contact["singleValueExtendedProperties"][0]["value"], "111");
    assert_eq!(contact["personalNotes"], "notes");

    let all = server.soap(&format!(
        "<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ItemIds><t:ItemId Id=\"{}\"/></m:ItemIds></m:GetItem>",
        made.id()
    ));
    let entries = all.pieces("t:PhoneNumbers")[0].attributes("t:Entry", "Key");
    assert_eq!(entries, ["BusinessFax", "BusinessPhone", "MobilePhone"]);
    assert_eq!(
        all.pieces("t:EmailAddresses")[0].attributes("t:Entry", "Key"),
        ["EmailAddress1", "EmailAddress3"]
    );
    let some = server.get_item(
        &[&made.id()],
        &[
            "<t:IndexedFieldURI FieldURI=\"contacts:PhoneNumber\" FieldIndex=\"MobilePhone\"/>",
            "<t:IndexedFieldURI FieldURI=\"contacts:PhysicalAddress:City\" FieldIndex=\"Business\"/>",
        ],
    );
    assert_eq!(
        some.attributes("t:Entry", "Key"),
        ["Business", "MobilePhone"]
    );
    assert!(some.text.contains("<t:City>Berlin</t:City>") && !some.text.contains("t:Street"));
    assert_eq!(all.text("t:Title"), "Dr.");
    assert_eq!(all.text("t:DisplayName"), "Ada Lovelace");
}

#[test]
fn entries_of_a_contact_are_set_and_taken_out_one_by_one() {
    let server = Server::start();
    let made = create(&server, OWN, CONTACT);
    let changed = update(
        &server,
        &made,
        "<t:SetItemField><t:IndexedFieldURI FieldURI=\"contacts:EmailAddress\" FieldIndex=\"EmailAddress1\"/><t:Contact><t:EmailAddresses>\
         <t:Entry Key=\"EmailAddress1\">new@example.com</t:Entry></t:EmailAddresses></t:Contact></t:SetItemField>\
         <t:SetItemField><t:IndexedFieldURI FieldURI=\"contacts:PhysicalAddress:City\" FieldIndex=\"Business\"/><t:Contact><t:PhysicalAddresses>\
         <t:Entry Key=\"Business\"><t:City>Potsdam</t:City></t:Entry></t:PhysicalAddresses></t:Contact></t:SetItemField>\
         <t:DeleteItemField><t:IndexedFieldURI FieldURI=\"contacts:PhoneNumber\" FieldIndex=\"BusinessFax\"/></t:DeleteItemField>\
         <t:DeleteItemField><t:IndexedFieldURI FieldURI=\"contacts:PhoneNumber\" FieldIndex=\"BusinessPhone\"/></t:DeleteItemField>\
         <t:DeleteItemField><t:FieldURI FieldURI=\"contacts:JobTitle\"/></t:DeleteItemField>",
    );
    assert_eq!(changed.code(), "NoError", "{}", changed.text);
    let contact = server.anna("/contacts").json()["value"][0].clone();
    assert_eq!(contact["emailAddresses"][0]["address"], "new@example.com");
    assert_eq!(contact["emailAddresses"][1]["address"], "home@example.com");
    assert_eq!(contact["businessAddress"]["street"], "Main St 1");
    assert_eq!(contact["businessAddress"]["city"], "Potsdam");
    assert!(contact["businessPhones"].as_array().unwrap().is_empty());
    assert!(contact["jobTitle"].is_null());
    let fourth = "<t:SetItemField><t:IndexedFieldURI FieldURI=\"contacts:EmailAddress\" FieldIndex=\"EmailAddress4\"/><t:Contact><t:EmailAddresses>\
         <t:Entry Key=\"EmailAddress4\">x@example.com</t:Entry></t:EmailAddresses></t:Contact></t:SetItemField>";
    assert_eq!(
        update(&server, &changed, fourth).code(),
        "ErrorSchemaValidation"
    );
    assert_eq!(
        update(
            &server,
            &made,
            "<t:DeleteItemField><t:FieldURI FieldURI=\"item:Body\"/></t:DeleteItemField>"
        )
        .code(),
        "ErrorIrresolvableConflict"
    );
}

#[test]
fn contacts_are_found_told_and_deleted() {
    let server = Server::start();
    let marked = format!(
        "<t:ExtendedProperty>{MARKER_PATH}<t:Value>t1:contact:7:1</t:Value></t:ExtendedProperty><t:Surname>Marked</t:Surname>"
    );
    create(&server, OWN, &marked);
    create(&server, OWN, "<t:Surname>Other</t:Surname>");
    let restriction = format!(
        "<m:Restriction><t:IsEqualTo>{MARKER_PATH}<t:FieldURIOrConstant><t:Constant Value=\"t1:contact:7:1\"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>"
    );
    let found = find(&server, OWN, &restriction);
    assert_eq!(found.texts("t:Surname"), ["Marked"]);
    let sync = |state: &str| {
        server.soap(&format!(
            "<m:SyncFolderItems>{}<m:SyncFolderId>{OWN}</m:SyncFolderId><m:SyncState>{state}</m:SyncState><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>",
            shape(&[])
        ))
    };
    let first = sync("");
    assert_eq!(first.ids().len(), 2);
    let deleted = server.soap(&format!(
        "<m:DeleteItem DeleteType=\"MoveToDeletedItems\"><m:ItemIds><t:ItemId Id=\"{}\"/></m:ItemIds></m:DeleteItem>",
        found.id()
    ));
    assert_eq!(deleted.code(), "NoError");
    assert_eq!(
        sync(&first.text("m:SyncState")).pieces("t:Delete")[0].ids(),
        found.ids()
    );
    assert_eq!(server.exchange.person(ANNA).contacts().unwrap().len(), 1);
}

const PUBLIC_ROOT: &str = "<t:DistinguishedFolderId Id=\"publicfoldersroot\"/>";

#[test]
fn a_public_folder_holds_contacts_and_tells_no_changes() {
    let server = Server::start();
    let make = |parent: &str, folder: &str| {
        server.soap(&format!(
            "<m:CreateFolder><m:ParentFolderId>{parent}</m:ParentFolderId><m:Folders>{folder}</m:Folders></m:CreateFolder>"
        ))
    };
    let folder_id = |answer: &Answer| {
        let id = answer.attributes("t:FolderId", "Id")[0].clone();
        format!("<t:FolderId Id=\"{id}\"/>")
    };
    let company = make(
        PUBLIC_ROOT,
        "<t:Folder><t:DisplayName>Company</t:DisplayName></t:Folder>",
    );
    let customers = make(
        &folder_id(&company),
        "<t:ContactsFolder><t:DisplayName>Customers</t:DisplayName></t:ContactsFolder>",
    );
    let again = make(
        PUBLIC_ROOT,
        "<t:Folder><t:DisplayName>company</t:DisplayName></t:Folder>",
    );
    assert_eq!(again.code(), "ErrorFolderExists");
    let below = |traversal: &str, parent: &str| {
        server.ok(&format!(
            "<m:FindFolder Traversal=\"{traversal}\"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>{parent}</m:ParentFolderIds></m:FindFolder>"
        ))
    };
    assert_eq!(
        below("Shallow", PUBLIC_ROOT).texts("t:DisplayName"),
        ["Company"]
    );
    assert_eq!(
        below("Deep", PUBLIC_ROOT).texts("t:DisplayName"),
        ["Company", "Customers"]
    );
    let named = server.ok(&format!(
        "<m:FindFolder Traversal=\"Shallow\"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:Restriction><t:IsEqualTo>\
         <t:FieldURI FieldURI=\"folder:DisplayName\"/><t:FieldURIOrConstant><t:Constant Value=\"customers\"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>\
         <m:ParentFolderIds>{}</m:ParentFolderIds></m:FindFolder>",
        folder_id(&company)
    ));
    assert_eq!(folder_id(&named), folder_id(&customers));

    let place = folder_id(&customers);
    let made = create(&server, &place, CONTACT);
    assert_eq!(made.code(), "NoError");
    assert_eq!(find(&server, &place, "").texts("t:Surname"), ["Lovelace"]);
    let seen = server
        .exchange
        .public_contacts("company/Customers")
        .unwrap();
    assert_eq!(seen[0]["surname"], "Lovelace");
    assert!(server.exchange.person(ANNA).contacts().unwrap().is_empty());
    let changed = update(
        &server,
        &made,
        "<t:SetItemField><t:FieldURI FieldURI=\"contacts:Surname\"/><t:Contact><t:Surname>King</t:Surname></t:Contact></t:SetItemField>",
    );
    assert_eq!(changed.code(), "NoError");
    let sync = server.soap(&format!(
        "<m:SyncFolderItems>{}<m:SyncFolderId>{place}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>",
        shape(&[])
    ));
    assert_eq!(sync.code(), "ErrorInvalidOperation");
    let deleted = server.soap(&format!(
        "<m:DeleteItem DeleteType=\"HardDelete\"><m:ItemIds><t:ItemId Id=\"{}\"/></m:ItemIds></m:DeleteItem>",
        made.id()
    ));
    assert_eq!(deleted.code(), "NoError");
    assert!(find(&server, &place, "").ids().is_empty());
    let appointment = server.soap(&format!(
        "<m:CreateItem SendMeetingInvitations=\"SendToNone\"><m:SavedItemFolderId>{place}</m:SavedItemFolderId><m:Items><t:CalendarItem>{}</t:CalendarItem></m:Items></m:CreateItem>",
        support::ews::hour_in_berlin("x", "2026-11-23T09:00:00")
    ));
    assert_eq!(
        appointment.code(),
        "ErrorCannotCreateCalendarItemInNonCalendarFolder"
    );
}

#[test]
fn an_administrator_makes_a_public_folder_with_those_above_it() {
    let server = Server::start();
    for path in [
        "Company/Customers",
        "Company/Suppliers",
        "company/customers",
    ] {
        let made = server.post(
            "/control/public-folders",
            &serde_json::json!({ "path": path }),
        );
        assert_eq!(made.status, 200, "{}", made.text);
    }
    let found = server.ok(&format!(
        "<m:FindFolder Traversal=\"Deep\"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>{PUBLIC_ROOT}</m:ParentFolderIds></m:FindFolder>"
    ));
    assert_eq!(
        found.texts("t:DisplayName"),
        ["Company", "Customers", "Suppliers"]
    );
    let read = server.get("/control/public-folders?path=Company/Customers");
    assert_eq!(read.text, "[]");
    assert_eq!(
        server.get("/control/public-folders?path=Nowhere").status,
        404
    );
}
