// What went over the wire between plugin and emulator in the tests, as the end-to-end tests leave it
// under target/wire/graph.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { prism, request } from "./prism.mjs";
import { Verdict } from "./verdict.mjs";

const [openapi, folder] = process.argv.slice(2);
const judge = await prism(openapi);
const verdict = new Verdict("traffic", judge);

const exchanges = [];
for (const file of (await readdir(folder)).sort()) {
  const place = join(folder, file);
  const { request: asked, response } = JSON.parse(await readFile(place, "utf8"));
  exchanges.push({
    place,
    asked: request(asked.method, asked.url, asked.headers, asked.body),
    answer: { statusCode: response.status, headers: response.headers, body: response.body ?? "" },
  });
}
for (const { place, asked, answer } of exchanges) await verdict.hear(asked, answer, place);
console.log(`${exchanges.length} exchanges in ${folder}`);
const code = verdict.tell([
  "GET /users/{id}/calendar",
  "GET /users/{id}/calendar/events",
  "GET /users/{id}/calendarView/delta",
  "GET /users/{id}/contacts",
  "GET /users/{id}/events/{id}",
  "POST /users/{id}/calendar/events",
  "PATCH /users/{id}/events/{id}",
  "DELETE /users/{id}/events/{id}",
  "GET /users/{id}/contacts/{id}",
  "POST /users/{id}/contacts",
  "PATCH /users/{id}/contacts/{id}",
  "DELETE /users/{id}/contacts/{id}",
]);

// A judge that lets everything pass is none: these are good exchanges with one thing made wrong.
const creation = exchanges.find(
  ({ asked, answer }) => asked.method === "post" && asked.url.path.endsWith("/events") && answer.statusCode === 201,
);
const { asked, answer } = creation;
const spoilt = [
  [{ ...asked, body: { ...asked.body, subjct: "Visit" } }, answer],
  [{ ...asked, body: { ...asked.body, showAs: "Busy" } }, answer],
  [{ ...asked, url: { ...asked.url, path: asked.url.path.replace("calendar", "calender") } }, answer],
  [asked, { ...answer, statusCode: 200 }],
  [asked, { ...answer, body: { ...answer.body, attendees: null } }],
  [asked, { ...answer, body: { ...answer.body, start: "2026-11-23T09:00:00" } }],
];
for (const [number, [request, answer]] of spoilt.entries()) {
  const { unlisted, violations } = await judge(request, answer);
  if (unlisted || violations.length > 0) continue;
  console.log(`the judge let pass what was spoilt (number ${number})`);
  process.exit(1);
}
process.exit(code);
