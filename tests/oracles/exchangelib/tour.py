"""A tour through the emulator with exchangelib: what it writes, and what it parses into its own types."""

from exchangelib import Body, CalendarItem, Contact, EWSDate, EWSDateTime, ExtendedProperty, HTMLBody
from exchangelib.errors import (
    ErrorInvalidSyncStateData,
    ErrorIrresolvableConflict,
    ErrorItemNotFound,
    ErrorNonExistentMailbox,
    ErrorOccurrenceCrossingBoundary,
)
from exchangelib.folders import Calendar
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.items import SEND_TO_NONE, Contact as ContactItem
from exchangelib.properties import ItemId
from exchangelib.recurrence import Recurrence, WeeklyPattern

from client import BERLIN, connect


class Marker(ExtendedProperty):
    property_set_id = "6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96"
    property_name = "Tour"
    property_type = "String"


CalendarItem.register("marker", Marker)
ContactItem.register("marker", Marker)


def at(day, hour, minute=0, month=11):
    return EWSDateTime(2026, month, day, hour, minute, tzinfo=BERLIN)


def refused(error, work):
    """The work has to fail with exchangelib's own error for the response code."""
    try:
        work()
    except error:
        return
    raise AssertionError(f"{error.__name__} was expected")


def quietly(item, *fields):
    item.save(update_fields=fields or None, send_meeting_invitations=SEND_TO_NONE)


def folders(anna):
    """The tree, rights, and a calendar of its own."""
    assert anna.calendar.effective_rights.modify
    assert anna.msg_folder_root.name == "Top of Information Store"
    names = {folder.name for folder in anna.msg_folder_root.walk()}
    assert {"Calendar", "Contacts", "Inbox", "Deleted Items"} <= names, names
    made = Calendar(parent=anna.msg_folder_root, name="Second")
    made.save()
    assert made.total_count in (0, None) and made.id
    return made


def single_items(anna, second):
    """Creation, reading, finding, changing, conflicts, moving, deletion."""
    item = CalendarItem(
        folder=anna.calendar,
        subject="Visit",
        body=Body("Ring twice.\nÄpfel & <Birnen>"),
        start=at(23, 9),
        end=at(23, 10, 30),
        location="Dock 4",
        legacy_free_busy_status="OOF",
        sensitivity="Private",
        reminder_is_set=False,
        categories=["Red"],
        marker="tour:1",
    )
    quietly(item)
    read = anna.calendar.get(subject="Visit")
    assert (read.start, read.end) == (at(23, 9), at(23, 10, 30))
    assert read._start_timezone == BERLIN
    assert read.text_body.replace("\r\n", "\n").strip() == "Ring twice.\nÄpfel & <Birnen>"
    assert (read.location, read.legacy_free_busy_status, read.sensitivity) == ("Dock 4", "OOF", "Private")
    assert (read.reminder_is_set, read.is_all_day, read.type) == (False, False, "Single")
    assert (read.categories, read.marker) == (["Red"], "tour:1")
    assert read.organizer.email_address == "anna@example.com"
    assert b"SUMMARY:Visit" in read.mime_content

    assert [found.id for found in anna.calendar.filter(marker="TOUR:1")] == [item.id]
    assert not list(anna.calendar.filter(marker="tour:2"))
    assert [found.id for found in anna.calendar.filter(subject__icontains="vis", start__gt=at(22, 0))] == [item.id]

    stale = anna.calendar.get(id=item.id, changekey=item.changekey)
    read.start, read.end = at(23, 11), at(23, 12)
    quietly(read, "start", "end")
    assert anna.calendar.get(id=item.id).start == at(23, 11)
    stale.subject = "Never"
    refused(
        ErrorIrresolvableConflict,
        lambda: stale.save(
            update_fields=["subject"],
            conflict_resolution="NeverOverwrite",
            send_meeting_invitations=SEND_TO_NONE,
        ),
    )
    former = read.id
    read.move(second)
    assert read.id != former
    refused(ErrorItemNotFound, lambda: anna.calendar.get(id=former))
    read.move(anna.calendar)
    read.refresh()
    assert read.subject == "Visit"

    html = CalendarItem(
        folder=anna.calendar, subject="Page", body=HTMLBody("<p>Hello</p>"), start=at(24, 8), end=at(24, 9)
    )
    quietly(html)
    assert anna.calendar.get(id=html.id).text_body.strip() == "Hello"
    gone = html.id
    html.delete(send_meeting_cancellations=SEND_TO_NONE)
    refused(ErrorItemNotFound, lambda: anna.calendar.get(id=gone))
    return read


def whole_days(anna):
    fair = CalendarItem(
        folder=anna.calendar,
        subject="Fair",
        is_all_day=True,
        start=EWSDate(2026, 11, 24),
        end=EWSDate(2026, 11, 25),
    )
    quietly(fair)
    read = anna.calendar.get(id=fair.id)
    assert (read.is_all_day, read.start, read.end) == (True, EWSDate(2026, 11, 24), EWSDate(2026, 11, 25)), read
    return read


def series(anna):
    """A weekly series, one occurrence moved, one renamed, one deleted."""
    master = CalendarItem(
        folder=anna.calendar,
        subject="Stand-up",
        start=at(25, 8),
        end=at(25, 8, 15),
        recurrence=Recurrence(
            pattern=WeeklyPattern(interval=1, weekdays=["Wednesday"]), start=EWSDate(2026, 11, 25), number=5
        ),
    )
    quietly(master)
    read = anna.calendar.get(id=master.id)
    assert read.type == "RecurringMaster"
    assert read.recurrence.boundary.number == 5
    assert read.first_occurrence.start == at(25, 8)
    assert read.last_occurrence.start == at(23, 8, month=12)

    second = master.occurrence(2)
    second.refresh()
    assert (second.type, second.start) == ("Occurrence", at(2, 8, month=12))
    second.start, second.end = at(3, 8, month=12), at(3, 9, month=12)
    quietly(second, "start", "end")
    third = master.occurrence(3)
    third.refresh()
    third.start, third.end = at(3, 10, month=12), at(3, 11, month=12)
    refused(ErrorOccurrenceCrossingBoundary, lambda: quietly(third, "start", "end"))
    third = master.occurrence(3)
    third.refresh()
    third.subject = "Stand-up with cake"
    quietly(third, "subject")
    fourth = master.occurrence(4)
    fourth.refresh()
    fourth.delete(send_meeting_cancellations=SEND_TO_NONE)

    read = anna.calendar.get(id=master.id)
    moved, renamed = read.modified_occurrences
    assert (moved.start, moved.original_start) == (at(3, 8, month=12), at(2, 8, month=12))
    assert renamed.original_start == at(9, 8, month=12)
    assert [gone.start for gone in read.deleted_occurrences] == [at(16, 8, month=12)]
    view = anna.calendar.view(start=at(25, 0), end=at(31, 0, month=12)).only("subject", "start", "type")
    seen = [(one.subject, one.start, one.type) for one in view if one.subject != "Fair"]
    assert seen == [
        ("Stand-up", at(25, 8), "Occurrence"),
        ("Stand-up", at(3, 8, month=12), "Exception"),
        ("Stand-up with cake", at(9, 8, month=12), "Exception"),
        ("Stand-up", at(23, 8, month=12), "Occurrence"),
    ], seen
    exception = next(one for one in anna.calendar.view(start=at(3, 0, month=12), end=at(4, 0, month=12)))
    found = exception.recurring_master()
    found.refresh()
    assert found.id == master.id
    return read


def changes(anna, visit, fair):
    """Rounds of changes, and a state that is not ours."""
    calendar = anna.calendar
    told = list(calendar.sync_items(only_fields=["subject"], max_changes_returned=2))
    assert {kind for kind, _ in told} == {"create"}
    assert sorted(item.subject for _, item in told) == ["Fair", "Stand-up", "Visit"]
    assert list(calendar.sync_items(only_fields=["subject"])) == []
    visit.subject = "Visit, moved"
    quietly(visit, "subject")
    gone = fair.id
    fair.move_to_trash(send_meeting_cancellations=SEND_TO_NONE)
    told = dict(calendar.sync_items(only_fields=["subject"]))
    assert told["update"].subject == "Visit, moved"
    assert isinstance(told["delete"], ItemId) and told["delete"].id == gone
    refused(ErrorInvalidSyncStateData, lambda: list(calendar.sync_items(sync_state="H4sI")))


def contacts(anna):
    made = Contact(
        folder=anna.contacts,
        display_name="Bo Berg",
        given_name="Bo",
        surname="Berg",
        company_name="Hafen Logistics",
        email_addresses=[EmailAddress(email="bo@example.org", label="EmailAddress1")],
        phone_numbers=[
            PhoneNumber(label="BusinessPhone", phone_number="+49 30 1234"),
            PhoneNumber(label="BusinessFax", phone_number="+49 30 9"),
        ],
        physical_addresses=[PhysicalAddress(label="Business", street="Hafen 1", city="Hamburg")],
        body="Likes herring",
        marker="tour:contact",
    )
    made.save()
    Contact(folder=anna.contacts, display_name="Al Ahlers", surname="Ahlers").save()
    listed = list(anna.contacts.all().order_by("surname").only("surname", "phone_numbers"))
    assert [contact.surname for contact in listed] == ["Ahlers", "Berg"]
    read = anna.contacts.get(surname="Berg")
    assert (read.display_name, read.marker, read.body.strip()) == ("Bo Berg", "tour:contact", "Likes herring")
    assert {phone.label: phone.phone_number for phone in read.phone_numbers} == {
        "BusinessPhone": "+49 30 1234",
        "BusinessFax": "+49 30 9",
    }
    assert (read.physical_addresses[0].street, read.physical_addresses[0].city) == ("Hafen 1", "Hamburg")
    read.job_title = "Cook"
    read.phone_numbers = [PhoneNumber(label="MobilePhone", phone_number="+49 170 1")]
    read.save(update_fields=["job_title", "phone_numbers"])
    again = anna.contacts.get(id=read.id)
    assert again.job_title == "Cook" and again.email_addresses[0].email == "bo@example.org"
    assert "MobilePhone" in {phone.label for phone in again.phone_numbers}
    gone = again.id
    again.delete()
    refused(ErrorItemNotFound, lambda: anna.contacts.get(id=gone))


def public_contacts(anna):
    """A folder for contacts among the public folders."""
    from exchangelib.folders import Contacts

    root = anna.public_folders_root
    folder = Contacts(parent=root, name="Customers")
    folder.save()
    Contact(folder=folder, display_name="Public", surname="Public").save()
    assert [contact.surname for contact in folder.all().only("surname")] == ["Public"]


def pages(anna, second):
    """More items than a page holds."""
    items = [
        CalendarItem(folder=second, subject=f"Item {number}", start=at(1, 8), end=at(1, 9))
        for number in range(260)
    ]
    anna.bulk_create(folder=second, items=items, send_meeting_invitations=SEND_TO_NONE)
    assert second.all().count() == 260
    second.all().page_size = 100
    found = {item.subject for item in second.filter(subject__startswith="Item").only("subject")}
    assert len(found) == 260
    query = second.all().only("subject").order_by("subject")
    query.page_size = 100
    assert len(list(query)) == 260


def zones_and_names(anna):
    (zone,) = list(anna.protocol.get_timezones(timezones=[BERLIN], return_full_timezone_data=True))
    assert zone.id == "W. Europe Standard Time"
    (resolved,) = anna.protocol.resolve_names(["anna@example.com"])
    assert resolved.email_address == "anna@example.com"
    accounts = [(anna, "Organizer", False)]
    (busy,) = anna.protocol.get_free_busy_info(accounts=accounts, start=at(23, 0), end=at(24, 0))
    assert [event.start for event in busy.calendar_events] == [at(23, 11)], busy
    assert busy.working_hours_timezone.bias == -60


def main():
    anna = connect("anna@example.com")
    second = folders(anna)
    visit = single_items(anna, second)
    fair = whole_days(anna)
    series(anna)
    changes(anna, visit, fair)
    contacts(anna)
    public_contacts(anna)
    zones_and_names(anna)
    pages(anna, second)
    refused(ErrorNonExistentMailbox, lambda: connect("nobody@example.com").calendar.refresh())
    print("exchangelib: the tour is done")


main()
