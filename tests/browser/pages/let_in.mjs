/** How an administrator lets a user in: by a link with which the user chooses a password. */
import { expect } from "@playwright/test";
import { answered } from "./answered.mjs";

const PASSWORD = "nine green bottles";

/**
 * Signs a user in who never was before.
 *
 * @param {import("@playwright/test").Page} admin where an administrator is signed in
 * @param {import("@playwright/test").Page} page the user's own
 * @returns the user's page
 */
export async function letIn(admin, world, page, user) {
  await admin.goto(world.at(`/admin/exchange/resources/${user}/sign-in`));
  await answered(admin, () => admin.getByRole("button", { name: "Make a link" }).click());
  await page.goto(await admin.locator("#link").innerText());
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("The same again").fill(PASSWORD);
  await answered(page, () => page.getByRole("button", { name: "Choose it and sign in" }).click());
  await expect(page.getByText("Signed in as")).toBeVisible();
  return page;
}
