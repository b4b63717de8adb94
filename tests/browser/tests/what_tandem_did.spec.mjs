/** What administrators see of what Tandem did, and what waits for them. */
import { answered } from "../pages/answered.mjs";
import { Resources } from "../pages/resources.mjs";
import { Settings } from "../pages/settings.mjs";
import { expect, test } from "../test.mjs";
import { ANNA } from "../world/tenant.mjs";

const MEETINGS = Array.from({ length: 12 }, (_, number) => `Meeting ${number}`);

test("Many deletions: they wait, are looked at, approved, and then done", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  const row = resources.row(ANNA.name);
  await expect(row).toContainText("succeeded");
  const day = tomorrow();
  for (const [number, subject] of MEETINGS.entries()) {
    const minute = String(number * 5).padStart(2, "0");
    await world.emulator.book(ANNA.mailbox, subject, `${day}T09:${minute}:00`, `${day}T10:${minute}:00`);
  }
  await resources.synchronise(ANNA.name);
  await expect(row).toContainText("PSA 12,");
  for (const subject of MEETINGS.slice(0, 6)) await world.emulator.remove(ANNA.mailbox, subject);
  await resources.synchronise(ANNA.name);
  await expect(row).toContainText("PSA 0,");
  expect(await copies(world)).toHaveLength(12);

  await admin.getByRole("link", { name: "Waiting for you" }).click();
  await admin.getByRole("link", { name: `Look and approve: ${ANNA.mailbox}` }).click();
  for (const subject of MEETINGS.slice(0, 6)) {
    await expect(admin.getByRole("region", { name: "Planned" }).getByRole("rowheader", { name: subject })).toBeVisible();
  }
  await answered(admin, () => admin.getByRole("button", { name: "Approve all 6" }).click());
  await expect(admin.getByRole("status")).toContainText("Approved. 6 deletions go ahead");
  await resources.again();
  // The schedule may be faster than the button.
  await resources.synchronise(ANNA.name);
  await expect(async () => expect((await copies(world)).sort()).toEqual(MEETINGS.slice(6).sort())).toPass();
});

test("Undo: what the last synchronisation wrote goes back after a look, and is not written again unasked", async ({
  admin,
  world,
}) => {
  const resources = await lunchCameOver(admin, world);
  await admin.goto(world.at(`/admin/exchange/cycles?user=${ANNA.id}`));
  await admin.getByRole("link", { name: "Undo the last one" }).click();
  await answered(admin, () => admin.getByRole("button", { name: "Look what would be undone" }).click());
  await expect(admin.getByRole("region", { name: "Planned" }).getByRole("rowheader", { name: "Lunch" })).toBeVisible();
  expect(await copies(world)).toEqual(["Lunch"]);
  await answered(admin, () => admin.getByRole("button", { name: "Undo this write now" }).click());
  await expect(admin.getByRole("status")).toContainText("The synchronisation is undone.");
  expect(await copies(world)).toEqual([]);

  await resources.again();
  await resources.synchronise(ANNA.name);
  await expect(resources.row(ANNA.name)).toContainText("stopped and asks");
  expect(await copies(world)).toEqual([]);
  await admin.getByRole("link", { name: "Waiting for you" }).click();
  await admin.getByRole("link", { name: `Look and approve: ${ANNA.mailbox}` }).click();
  await answered(admin, () => admin.getByRole("button", { name: "It is meant: let the next cycle do it" }).click());
  await resources.again();
  await resources.synchronise(ANNA.name);
  await expect(async () => expect(await copies(world)).toEqual(["Lunch"])).toPass();
});

test("Remove all copies: after a look, and only where no synchronisation makes them again", async ({ admin, world }) => {
  const resources = await lunchCameOver(admin, world);
  await resources.box(ANNA.name).uncheck();
  await resources.save();
  await admin.goto(world.at(`/admin/exchange/resources/${ANNA.id}/plan`));
  await answered(admin, () => admin.getByRole("button", { name: "Look which copies would go" }).click());
  await expect(admin.getByRole("region", { name: "Planned" }).getByRole("rowheader", { name: "Lunch" })).toBeVisible();
  expect(await copies(world)).toEqual(["Lunch"]);
  await answered(admin, () => admin.getByRole("button", { name: "Remove these copies now" }).click());
  expect(await copies(world)).toEqual([]);
  expect((await world.emulator.events(ANNA.mailbox)).map((it) => it.subject)).toEqual(["Lunch"]);
});

test("Pause: nothing runs for anybody until it goes on", async ({ admin, world }) => {
  const resources = await Resources.open(admin, world);
  await expect(resources.row(ANNA.name)).toContainText("succeeded");
  await admin.getByRole("link", { name: "Cycles" }).click();
  await answered(admin, () => admin.getByRole("button", { name: "Pause synchronisation for everybody" }).click());
  await expect(admin.getByRole("status")).toContainText("Synchronisation is paused for everybody.");
  await resources.again();
  await resources.synchronise(ANNA.name);
  await expect(admin.getByRole("status")).toContainText(/paused/);
  await admin.getByRole("link", { name: "Cycles" }).click();
  await answered(admin, () => admin.getByRole("button", { name: "Let synchronisation go on" }).click());
  await resources.again();
  await resources.synchronise(ANNA.name);
  await expect(resources.row(ANNA.name)).toContainText("succeeded");
});

test("A cycle that fails: it is told under Cycles, and under Mails to whom it was written", async ({
  admin,
  world,
}) => {
  const general = await Settings.open(admin, world, "General");
  await general.field("Error notifications to").fill("it@acme.example");
  await general.saveWell();
  const resources = await Resources.open(admin, world);
  await expect(resources.row(ANNA.name)).toContainText("succeeded");
  await world.emulator.fault({ mailbox: ANNA.mailbox, path: "delta", count: 0, effect: { kind: "status", status: 403 } });
  await resources.synchronise(ANNA.name);
  await expect(resources.row(ANNA.name)).toContainText("failed");
  await admin.getByRole("link", { name: "Cycles" }).click();
  await expect(admin.getByRole("row").nth(1)).toContainText("403");
  await admin.getByRole("link", { name: "Mails" }).click();
  const mail = admin.getByRole("row").filter({ hasText: "it@acme.example" });
  await mail.locator("summary").click();
  await expect(mail.locator(".text")).toBeVisible();
  await expect(mail.locator(".text")).toContainText(ANNA.mailbox);
});

/** Anna booked a lunch in Outlook, and the PSA has its copy. */
async function lunchCameOver(admin, world) {
  const resources = await Resources.open(admin, world);
  const row = resources.row(ANNA.name);
  await expect(row).toContainText("succeeded");
  const day = tomorrow();
  await world.emulator.book(ANNA.mailbox, "Lunch", `${day}T12:00:00`, `${day}T12:30:00`);
  await resources.synchronise(ANNA.name);
  await expect(row).toContainText("PSA 1,");
  return resources;
}

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

/** The titles of the PSA's copies in Anna's calendar. */
async function copies(world) {
  const { items } = await world.tandem.api("GET", `/appointments?resource=${ANNA.id}`);
  return items.map((it) => it.title);
}
