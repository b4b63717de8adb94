/** docs/law.md names every test here, and a test for every field that the tabs show. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { Settings } from "../pages/settings.mjs";
import { expect, test } from "../test.mjs";
import { ROOT } from "../world/place.mjs";
import { EXCHANGE_SERVER, OWN_PASSWORDS } from "../world/tenant.mjs";

/** Fields that are one row together. */
const TOGETHER = {
  "Credentials": ["Directory (tenant) id", "Application (client) id", "Client secret", "Account", "Password"],
  "Exports": ["Export appointments", "Export to-dos", "Export service calls", "Export contacts"],
  "Own password": ["Own account"],
  "Past and recurring days": ["Past calendar items (days)", "Recurring calendar items (days)"],
};

test("The law: names the tests that there are, and no others", async () => {
  const named = (await law()).map(({ page, row, seen }) => `${page}: ${row}: ${seen}`);
  expect((await titles()).sort()).toEqual(named.sort());
});

test.describe("with every field shown", () => {
  test.use({ office: { settings: () => ({ ...EXCHANGE_SERVER(), hosted: true }) } });

  test("The law: has a row for each field of the administrators' tabs", async ({ admin, world }) => {
    for (const tab of ["General", "Synchronization"]) {
      await Settings.open(admin, world, tab);
      await expectRows(tab.toLowerCase(), admin);
    }
  });
});

test.describe("where users sign in alone", () => {
  test.use({ office: { settings: OWN_PASSWORDS } });

  test("The law: has a row for each field of a user's tab", async ({ admin, world }) => {
    await admin.goto(world.at("/users/anna/profile"));
    await expectRows("profile", admin);
  });
});

async function expectRows(page, tab) {
  const rows = (await law()).filter((it) => it.page === page).map((it) => it.row.replace(/ \((basic|OAuth)\)$/, ""));
  const labels = await tab.locator("fieldset .field").evaluateAll((fields) =>
    // A choice of which all are shown has a label of its own, before those of the choices.
    fields.map((field) => field.querySelector(".label, label").firstChild.textContent.trim()),
  );
  expect(labels.length).toBeGreaterThan(5);
  for (const label of labels) {
    const row = rows.find((row) => row === label || TOGETHER[row]?.includes(label));
    expect(row, `the row of ${label} in docs/law.md`).toBeDefined();
  }
}

/** The table of docs/law.md that this page is about. */
async function law() {
  const text = await readFile(`${ROOT}/docs/law.md`, "utf8");
  const [, section] = text.split("### In a browser\n");
  const [table] = section.split("\n#");
  const rows = [...table.matchAll(/^\| `(?<page>\w+)` \| (?<row>.+?) \| (?<seen>.+) \|$/gm)];
  return rows.map(({ groups }) => groups);
}

/** All tests that there are, as the law names them. */
async function titles() {
  const list = promisify(execFile)("node_modules/.bin/playwright", ["test", "--list", "--reporter=json"]);
  const { suites } = JSON.parse((await list).stdout);
  return suites.flatMap(specs).map(({ file, title }) => `${basename(file, ".spec.mjs")}: ${title}`);
}

function specs({ specs: own = [], suites = [] }) {
  return [...own, ...suites.flatMap(specs)];
}
