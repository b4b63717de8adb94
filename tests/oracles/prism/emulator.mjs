// The emulator's Graph face, called directly through Prism.

import assert from "node:assert/strict";
import { prism, request } from "./prism.mjs";
import { Verdict } from "./verdict.mjs";

const [openapi] = process.argv.slice(2);
const { EXCHANGE: server, TOKEN: token } = process.env;
const verdict = new Verdict("emulator", await prism(openapi, `${server}/v1.0`));
const anna = "/users/anna@example.com";

async function call(expected, method, target, body, headers = {}) {
  const sent = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }), ...headers };
  const answer = await verdict.hear(request(method, target, sent, body), undefined, `${method} ${target}`);
  assert.equal(answer.statusCode, expected, `${method} ${target}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const get = (target, headers) => call(200, "GET", target, undefined, headers);
const below = (link) => link.slice(server.length);
const berlin = (dateTime) => ({ dateTime, timeZone: "W. Europe Standard Time" });
const property = { id: "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Judge", value: "prism" };
const expand = `$expand=singleValueExtendedProperties($filter=id eq '${property.id}')`;
const view = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z";

await get(anna);
await get(`${anna}/mailboxSettings?$select=timeZone`);
await get(`${anna}/calendar?$select=id,name,canEdit`);
await get(`${anna}/calendars?$top=5`);

// Events of every kind.
const visit = await call(201, "POST", `${anna}/calendar/events`, {
  subject: "Visit",
  body: { contentType: "text", content: "one\ntwo" },
  start: berlin("2026-11-23T09:00:00"),
  end: berlin("2026-11-23T10:00:00"),
  location: { displayName: "Room 1" },
  showAs: "busy",
  sensitivity: "private",
  isReminderOn: false,
  transactionId: "prism-1",
  singleValueExtendedProperties: [property],
});
const fair = await call(201, "POST", `${anna}/events`, {
  subject: "Fair",
  isAllDay: true,
  start: berlin("2026-11-24T00:00:00"),
  end: berlin("2026-11-26T00:00:00"),
});
const pattern = { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" };
const range = { type: "numbered", startDate: "2026-11-23", numberOfOccurrences: 4 };
const series = await call(201, "POST", `${anna}/events`, {
  subject: "Stand-up",
  start: berlin("2026-11-23T08:00:00"),
  end: berlin("2026-11-23T08:15:00"),
  recurrence: { pattern, range },
});
const meeting = await call(201, "POST", `${anna}/events`, {
  subject: "Review",
  isOnlineMeeting: true,
  start: berlin("2026-11-27T08:00:00"),
  end: berlin("2026-11-27T09:00:00"),
  attendees: [{ type: "required", emailAddress: { name: "Bela", address: "bela@example.com" } }],
});

// Reading them.
const plain = { prefer: 'outlook.timezone="UTC", outlook.body-content-type="text", IdType="ImmutableId"' };
await get(`${anna}/events/${visit.id}`);
await get(`${anna}/calendar/events/${visit.id}?$select=id,subject,start,end`, plain);
assert.deepEqual((await get(`${anna}/events/${visit.id}?${expand}`)).singleValueExtendedProperties, [property]);
await get(`${anna}/events/${series.id}?$select=id,cancelledOccurrences`);
await get(`${anna}/events/${meeting.id}`, plain);
const sorted = await get(`${anna}/events?$orderby=subject desc&$top=2&$count=true`);
assert.deepEqual(sorted.value.map((event) => event.subject), ["Visit", "Stand-up"]);
assert.equal(sorted["@odata.count"], 4);
assert.equal((await get(below(sorted["@odata.nextLink"]))).value.length, 2);
await get(`${anna}/calendar/events?$filter=start/dateTime ge '2026-11-27T00:00:00'&$select=id`);
assert.equal((await get(`${anna}/calendar/calendarView?${view}&$top=50`)).value.length, 7);
await get(`${anna}/calendarView?${view}`, plain);
const instances = await get(`${anna}/events/${series.id}/instances?${view}`);
assert.equal(instances.value.length, 4);

// Changing them, and the changes as a delta tells them.
async function round(target) {
  const page = await get(target, { prefer: "odata.maxpagesize=3" });
  const next = page["@odata.nextLink"];
  if (!next) return { rows: page.value, link: below(page["@odata.deltaLink"]) };
  const rest = await round(below(next));
  return { rows: [...page.value, ...rest.rows], link: rest.link };
}
const first = await round(`${anna}/calendarView/delta?${view}`);
assert.ok(first.rows.length >= 7);
const moved = await call(
  200,
  "PATCH",
  `${anna}/events/${visit.id}`,
  { start: berlin("2026-11-23T11:00:00"), end: berlin("2026-11-23T12:00:00") },
  { "if-match": (await get(`${anna}/events/${visit.id}`))["@odata.etag"] },
);
assert.equal(moved.start.dateTime, "2026-11-23T10:00:00.0000000");
await call(200, "PATCH", `${anna}/events/${instances.value[1].id}`, { subject: "Stand-up, later" });
await call(204, "DELETE", `${anna}/events/${instances.value[2].id}`);
await call(204, "DELETE", `${anna}/events/${fair.id}`);
await call(202, "POST", `${anna}/events/${meeting.id}/cancel`, { comment: "Not this week." });
const second = await round(first.link);
assert.ok(second.rows.some((row) => row.id === fair.id && row["@removed"]));

// Contacts.
const contact = await call(201, "POST", `${anna}/contacts`, {
  givenName: "Bo",
  surname: "Berg",
  title: "Dr.",
  emailAddresses: [{ name: "Bo Berg", address: "bo@example.org" }],
  businessPhones: ["+49 30 1234"],
  businessAddress: { street: "Hafen 1", city: "Hamburg" },
});
await get(`${anna}/contacts?$orderby=surname&$top=5&$count=true`);
await get(`${anna}/contacts/${contact.id}`);
await call(200, "PATCH", `${anna}/contacts/${contact.id}`, { jobTitle: "Cook" });
await call(204, "DELETE", `${anna}/contacts/${contact.id}`);

// A batch, and refusals.
const requests = [{ id: "1", method: "GET", url: `${anna}/calendar` }];
assert.equal((await call(200, "POST", "/$batch", { requests })).responses[0].status, 200);
await call(404, "GET", `${anna}/events/${fair.id}`);
await call(400, "GET", `${anna}/events/no-id`);
await call(404, "GET", "/users/nobody@example.com/events");
await call(412, "PATCH", `${anna}/events/${visit.id}`, { subject: "Late" }, { "if-match": 'W/"old"' });
await call(401, "GET", `${anna}/events`, undefined, { authorization: "Bearer none" });
await call(404, "DELETE", `${anna}/contacts/${contact.id}`);

process.exit(verdict.tell(["GET /users/{id}/calendarView/delta", "GET /users/{id}/events/{id}/instances"]));
