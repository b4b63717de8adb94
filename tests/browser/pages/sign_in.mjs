/** The page where one signs in. */
import { expect } from "@playwright/test";
import { answered } from "./answered.mjs";

/**
 * Signs in by name and password.
 *
 * @param {import("../world/world.mjs").World} world
 */
export async function signIn(page, world, { name, password }) {
  await page.goto(world.at("/sign-in"));
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await answered(page, () => page.getByRole("button", { name: "Sign in" }).click());
  await expect(page.getByText("Signed in as")).toBeVisible();
}
