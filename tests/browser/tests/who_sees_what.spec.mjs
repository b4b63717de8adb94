/** Which pages are for whom. */
import { expect, test } from "../test.mjs";
import { letIn } from "../pages/let_in.mjs";
import { ADMIN_PAGES } from "../pages/all.mjs";

test("A user: sees the own calendar and profile, and nothing of others or of the administrators' pages", async ({
  admin,
  world,
  browser,
}) => {
  const context = await browser.newContext();
  try {
    const page = await letIn(admin, world, await context.newPage(), "anna");
    const menu = page.getByRole("navigation", { name: "Menu" });
    await expect(menu.getByRole("link")).toHaveText(["Calendar", "Profile: MS Exchange", "Password"]);
    await expect(menu).not.toContainText("Admin");
    await menu.getByRole("link", { name: "Profile: MS Exchange" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("MS Exchange");
    await expect(page.getByRole("navigation", { name: "Where this page is" })).toContainText("Miscellaneous");
    await expect(page.getByRole("navigation", { name: "Of this user" })).toHaveCount(0);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("status")).toContainText("Saved.");
    for (const path of [...ADMIN_PAGES, "/users/bela/profile", "/users/bela/calendar"]) {
      await page.goto(world.at(path));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("This page is not for you");
      await expect(page.locator("body")).not.toContainText("Béla");
    }
  } finally {
    await context.close();
  }
});

test("Who is not enabled: is told whom to ask", async ({ admin, world, browser }) => {
  await world.tandem.api("POST", "/resources", { id: "dora", name: "Dora Lind", email: "dora@example.com" });
  const context = await browser.newContext();
  try {
    const page = await letIn(admin, world, await context.newPage(), "dora");
    await page.getByRole("link", { name: "Profile: MS Exchange" }).click();
    await expect(page.getByText("You are not enabled for synchronisation yet. Ask an administrator")).toBeVisible();
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  } finally {
    await context.close();
  }
});

test("An administrator: finds every tab by its place in the menu", async ({ admin, world }) => {
  await admin.goto(world.at("/"));
  const menu = admin.getByRole("navigation", { name: "Menu" });
  await expect(menu).toContainText("Admin › Extensions & Integrations › Microsoft Extensions › MS Exchange");
  for (const tab of ["General", "Synchronization", "Resources"]) {
    await menu.getByRole("link", { name: tab }).click();
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText(tab);
    await expect(menu.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
  }
});

test("Who is not signed in: is led to the sign-in page, and from there to what was wanted", async ({ page, world }) => {
  const { name, password } = world.tandem.administrator;
  await page.goto(world.at("/admin/exchange/synchronization"));
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill("a guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("The name or the password is not right.");
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Synchronization");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await page.goto(world.at("/admin/exchange/synchronization"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
});
