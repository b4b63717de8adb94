// A tour through the emulator with Microsoft's Graph client: its own query options, pages, batches
// and errors.

import assert from "node:assert/strict";
import {
  AuthenticationHandler,
  BatchRequestContent,
  BatchResponseContent,
  Client,
  GraphError,
  PageIterator,
  RedirectHandler,
  RetryHandler,
} from "@microsoft/microsoft-graph-client";

const { EXCHANGE: server, TOKEN: token } = process.env;
// The client believes that it speaks with https://graph.microsoft.com, for it gives its token to
// nobody else; only the last hop leads to the emulator, whose links name Graph too.
const toEmulator = {
  async execute(context) {
    const url = context.request.replace("https://graph.microsoft.com", server);
    context.response = await fetch(url, context.options);
  },
};
const provider = { getAccessToken: async () => token };
const client = Client.initWithMiddleware({
  middleware: [new AuthenticationHandler(provider), new RetryHandler(), new RedirectHandler(), toEmulator],
});
const anna = "/users/anna@example.com";
const property = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Tour";
const berlin = (dateTime) => ({ dateTime, timeZone: "W. Europe Standard Time" });
const window = { startDateTime: "2026-11-01T00:00:00Z", endDateTime: "2026-12-31T00:00:00Z" };
const refused = (request, statusCode, code) =>
  assert.rejects(request, (error) => {
    assert.ok(error instanceof GraphError);
    assert.deepEqual([error.statusCode, error.code], [statusCode, code]);
    assert.match(error.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });

// One event, with everything that the plugin asks of an event.
const draft = {
  subject: "Visit",
  body: { contentType: "text", content: "Ring twice.\nÄpfel & <Birnen>" },
  start: berlin("2026-11-23T09:00:00"),
  end: berlin("2026-11-23T10:30:00"),
  transactionId: "tour-1",
  singleValueExtendedProperties: [{ id: property, value: "tour:1" }],
};
const visit = await client.api(`${anna}/calendar/events`).post(draft);
assert.equal((await client.api(`${anna}/calendar/events`).post(draft)).id, visit.id);
const read = await client
  .api(`${anna}/events/${visit.id}`)
  .header("Prefer", 'outlook.timezone="Pacific Standard Time", outlook.body-content-type="text"')
  .select(["subject", "start", "body"])
  .expand(`singleValueExtendedProperties($filter=id eq '${property}')`)
  .get();
assert.deepEqual(read.start, { dateTime: "2026-11-23T00:00:00.0000000", timeZone: "Pacific Standard Time" });
assert.equal(read.body.content.replaceAll("\r\n", "\n").trim(), draft.body.content);
assert.deepEqual(read.singleValueExtendedProperties, draft.singleValueExtendedProperties);
assert.equal(read.end, undefined);
const marked = (value) =>
  client.api(`${anna}/events`).filter(`singleValueExtendedProperties/any(p: p/id eq '${property}' and p/value eq '${value}')`).get();
assert.deepEqual((await marked("tour:1")).value.map((event) => event.id), [visit.id]);
assert.deepEqual((await marked("tour:2")).value, []);
const etag = (await client.api(`${anna}/events/${visit.id}`).get())["@odata.etag"];
const one = client.api(`${anna}/events/${visit.id}`);
assert.equal((await one.header("If-Match", etag).patch({ subject: "Visit, moved" })).subject, "Visit, moved");
await refused(client.api(`${anna}/events/${visit.id}`).header("If-Match", etag).patch({ subject: "Late" }), 412, "ErrorIrresolvableConflict");

// A series and its instances.
const series = await client.api(`${anna}/events`).post({
  subject: "Stand-up",
  start: berlin("2026-11-25T08:00:00"),
  end: berlin("2026-11-25T08:15:00"),
  recurrence: {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["wednesday"] },
    range: { type: "endDate", startDate: "2026-11-25", endDate: "2026-12-16" },
  },
});
const { value: instances } = await client.api(`${anna}/events/${series.id}/instances`).query(window).get();
assert.deepEqual(
  instances.map((event) => event.start.dateTime.slice(0, 16)).sort(),
  ["2026-11-25T07:00", "2026-12-02T07:00", "2026-12-09T07:00", "2026-12-16T07:00"],
);
await client.api(`${anna}/events/${instances[1].id}`).delete();
const { value: view } = await client.api(`${anna}/calendarView`).query(window).top(50).get();
assert.equal(view.length, 4);

// Lists in order, over pages.
const subjects = [];
const page = await client.api(`${anna}/events`).orderby("start/dateTime desc").top(1).count(true).get();
assert.equal(page["@odata.count"], 2);
await new PageIterator(client, page, (event) => subjects.push(event.subject) > 0).iterate();
assert.deepEqual(subjects, ["Stand-up", "Visit, moved"]);

// A delta over pages to its link, and what comes after it.
async function round(begin) {
  const rows = [];
  const pages = new PageIterator(client, begin, (event) => rows.push(event) > 0, { headers: { Prefer: "odata.maxpagesize=2" } });
  await pages.iterate();
  return { rows, link: pages.getDeltaLink() };
}
const first = await round(await client.api(`${anna}/calendarView/delta`).query(window).header("Prefer", "odata.maxpagesize=2").get());
assert.deepEqual(
  first.rows.map((event) => event.type).sort(),
  ["occurrence", "occurrence", "occurrence", "seriesMaster", "singleInstance"],
);
await client.api(`${anna}/events/${visit.id}`).delete();
const second = await round(await client.api(first.link).get());
assert.deepEqual(second.rows.map((event) => [event.id, event["@removed"]?.reason]), [[visit.id, "deleted"]]);
assert.deepEqual((await client.api(second.link).get()).value, []);
await refused(client.api(`${anna}/events/${visit.id}`).get(), 404, "ErrorItemNotFound");

// Contacts.
const contact = await client.api(`${anna}/contacts`).post({ givenName: "Bo", surname: "Berg", businessPhones: ["+49 30 1234"] });
assert.equal(contact.displayName, "Bo Berg");
assert.equal((await client.api(`${anna}/contacts/${contact.id}`).patch({ title: "Dr." })).title, "Dr.");
assert.deepEqual((await client.api(`${anna}/contacts`).select("surname").get()).value.map((row) => row.surname), ["Berg"]);
await client.api(`${anna}/contacts/${contact.id}`).delete();

// A batch whose parts depend on each other. The client keeps the path; a part's begins below the version.
const part = (method, path, body) =>
  new Request(`https://graph.microsoft.com${anna}${path}`, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
const lunch = { subject: "Lunch", start: berlin("2026-11-26T12:00:00"), end: berlin("2026-11-26T13:00:00") };
const content = new BatchRequestContent([
  { id: "make", request: part("POST", "/events", lunch) },
  { id: "fail", request: part("GET", "/events/no-id"), dependsOn: ["make"] },
  { id: "wait", request: part("GET", "/calendar"), dependsOn: ["fail"] },
]);
const answers = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
const statuses = ["make", "fail", "wait"].map((id) => answers.getResponseById(id).status);
assert.deepEqual(statuses, [201, 400, 424]);
assert.equal((await answers.getResponseById("make").json()).subject, "Lunch");

console.log("microsoft-graph-client: the tour is done");
