// A tour through the emulator with ews-javascript-api, a port of Microsoft's EWS Managed API.

import assert from "node:assert/strict";
import ews from "ews-javascript-api";

const {
  Appointment, BasePropertySet, BodyType, CalendarView, ConflictResolutionMode, ConnectingIdType, Contact,
  DateTime, DayOfTheWeek, DeleteMode, EmailAddress, EmailAddressKey, ExchangeService, ExchangeVersion,
  ExtendedPropertyDefinition, Folder, FolderId, ImpersonatedUserId, ItemId, ItemSchema, ItemView,
  MapiPropertyType, MessageBody, PhoneNumberKey, PropertySet, Recurrence, SearchFilter, SendInvitationsMode,
  SendInvitationsOrCancellationsMode, SendCancellationsMode, ServiceError, SyncFolderItemsScope, Uri,
  WebCredentials, WellKnownFolderName, ChangeType, AppointmentSchema, AppointmentType, Guid, TimeZoneInfo,
} = ews;

const { EXCHANGE: server, ACCOUNT: account } = process.env;
const [name, password] = account.split(":");
const service = new ExchangeService(ExchangeVersion.Exchange2013, TimeZoneInfo.Utc);
service.Url = new Uri(`${server}/EWS/Exchange.asmx`);
service.Credentials = new WebCredentials(name, password);
service.ImpersonatedUserId = new ImpersonatedUserId(ConnectingIdType.SmtpAddress, "anna@example.com");

const property = new ExtendedPropertyDefinition(
  new Guid("6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96"), "Tour", MapiPropertyType.String,
);
const details = new PropertySet(BasePropertySet.FirstClassProperties, [property]);
details.RequestedBodyType = BodyType.Text;
const at = (text) => new DateTime(text);
const instant = (time) => new Date(time.TotalMilliSeconds).toISOString();
const refused = (request, code) =>
  assert.rejects(request, (error) => {
    assert.equal(ServiceError[error.ErrorCode], code, error);
    return true;
  });

// One appointment: made, read, found, changed. (This client does not escape `&` and `<` in what it writes.)
const draft = new Appointment(service);
draft.Subject = "Visit";
draft.Body = new MessageBody(BodyType.Text, "Ring twice.\nÄpfel und Birnen");
draft.Start = at("2026-11-23T08:00:00Z");
draft.End = at("2026-11-23T09:30:00Z");
draft.Location = "Dock 4";
draft.SetExtendedProperty(property, "tour:1");
await draft.Save(WellKnownFolderName.Calendar, SendInvitationsMode.SendToNone);
const visit = await Appointment.Bind(service, draft.Id, details);
assert.equal(visit.Subject, "Visit");
assert.equal(visit.Body.Text.replaceAll("\r\n", "\n").trim(), "Ring twice.\nÄpfel und Birnen");
assert.deepEqual([instant(visit.Start), instant(visit.End)], ["2026-11-23T08:00:00.000Z", "2026-11-23T09:30:00.000Z"]);
assert.equal(visit.AppointmentType, AppointmentType.Single);
assert.equal(visit.Organizer.Address, "anna@example.com");

const search = async (value) => {
  const filter = new SearchFilter.IsEqualTo(property, value);
  const found = await service.FindItems(WellKnownFolderName.Calendar, filter, new ItemView(10));
  return found.Items.map((item) => item.Id.UniqueId);
};
assert.deepEqual([await search("TOUR:1"), await search("tour:2")], [[visit.Id.UniqueId], []]);

const stale = await Appointment.Bind(service, draft.Id);
visit.Subject = "Visit, moved";
visit.Start = at("2026-11-23T10:00:00Z");
visit.End = at("2026-11-23T11:00:00Z");
await visit.Update(ConflictResolutionMode.NeverOverwrite, SendInvitationsOrCancellationsMode.SendToNone);
stale.Subject = "Never";
await refused(
  stale.Update(ConflictResolutionMode.NeverOverwrite, SendInvitationsOrCancellationsMode.SendToNone),
  "ErrorIrresolvableConflict",
);
assert.equal(instant((await Appointment.Bind(service, draft.Id)).Start), "2026-11-23T10:00:00.000Z");

// A weekly series, one occurrence renamed and one deleted.
const weekly = new Appointment(service);
weekly.Subject = "Stand-up";
weekly.Start = at("2026-11-25T08:00:00Z");
weekly.End = at("2026-11-25T08:15:00Z");
weekly.Recurrence = new Recurrence.WeeklyPattern(at("2026-11-25T08:00:00Z"), 1, [DayOfTheWeek.Wednesday]);
weekly.Recurrence.NumberOfOccurrences = 4;
await weekly.Save(WellKnownFolderName.Calendar, SendInvitationsMode.SendToNone);
const second = await Appointment.BindToOccurrence(service, weekly.Id, 2);
second.Subject = "Stand-up with cake";
await second.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendToNone);
const third = await Appointment.BindToOccurrence(service, weekly.Id, 3);
await third.Delete(DeleteMode.MoveToDeletedItems, SendCancellationsMode.SendToNone);
await refused(
  Appointment.BindToOccurrence(service, weekly.Id, 3),
  "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
);
const view = new CalendarView(at("2026-11-25T00:00:00Z"), at("2026-12-31T00:00:00Z"));
const seen = await service.FindAppointments(WellKnownFolderName.Calendar, view);
assert.deepEqual(
  seen.Items.map((item) => [item.Subject, AppointmentType[item.AppointmentType]]),
  [["Stand-up", "Occurrence"], ["Stand-up with cake", "Exception"], ["Stand-up", "Occurrence"]],
);
const master = await Appointment.Bind(service, weekly.Id, details);
assert.equal(master.AppointmentType, AppointmentType.RecurringMaster);
assert.equal(master.Recurrence.NumberOfOccurrences, 4);
assert.equal(master.ModifiedOccurrences.Count, 1);
assert.equal(instant(master.DeletedOccurrences.Items[0].OriginalStart), "2026-12-09T08:00:00.000Z");

// Changes page by page.
const rounds = async (state) => {
  const changes = [];
  for (;;) {
    const page = await service.SyncFolderItems(
      new FolderId(WellKnownFolderName.Calendar), PropertySet.IdOnly, [], 1, SyncFolderItemsScope.NormalItems, state,
    );
    changes.push(...page.GetEnumerator().map((change) => ChangeType[change.ChangeType]));
    state = page.SyncState;
    if (!page.MoreChangesAvailable) return [changes, state];
  }
};
const [first, state] = await rounds("");
assert.deepEqual(first, ["Create", "Create"]);
await visit.Delete(DeleteMode.MoveToDeletedItems, SendCancellationsMode.SendToNone);
master.Subject = "Stand-up, renamed";
await master.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendToNone);
assert.deepEqual((await rounds(state))[0], ["Delete", "Update"]);
await refused(Appointment.Bind(service, draft.Id), "ErrorItemNotFound");

// A contact.
const person = new Contact(service);
person.GivenName = "Bo";
person.Surname = "Berg";
person.EmailAddresses._setItem(EmailAddressKey.EmailAddress1, new EmailAddress("bo@example.org"));
person.PhoneNumbers._setItem(PhoneNumberKey.BusinessFax, "+49 30 9");
await person.Save(WellKnownFolderName.Contacts);
const bo = await Contact.Bind(service, person.Id);
assert.equal(bo.DisplayName, "Bo Berg");
assert.equal(bo.PhoneNumbers._getItem(PhoneNumberKey.BusinessFax), "+49 30 9");
await bo.Delete(DeleteMode.HardDelete);
await refused(Contact.Bind(service, person.Id), "ErrorItemNotFound");

const calendar = await Folder.Bind(service, WellKnownFolderName.Calendar);
assert.equal(calendar.TotalCount, 1);
console.log("ews-javascript-api: the tour is done");
