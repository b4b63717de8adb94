/** A user's tab: for an administrator the User Profile Advanced Settings. */
import { expect } from "@playwright/test";
import { answered } from "./answered.mjs";

/** The boxes of the tab, each with what the tenant may switch off. */
export const BOXES = {
  "Synchronise appointments to the PSA": "Import Exchange appointments",
  "Export appointments": "Export appointments",
  "Export to-dos": "Export to-dos",
  "Export service calls": "Export service calls",
  "Export contacts": "Export contacts",
};

export class Profile {
  constructor(page, world, user) {
    this.page = page;
    this.world = world;
    this.user = user;
  }

  /** Opens a user's tab. */
  static async open(page, world, user) {
    const profile = new Profile(page, world, user);
    await page.goto(world.at(`/users/${user}/profile`));
    return profile;
  }

  field(label) {
    const exactly = label.replace(/[()]/g, "\\$&");
    return this.page.getByLabel(new RegExp(`^${exactly}( \\(required\\))?$`));
  }

  async save() {
    await answered(this.page, () => this.page.getByRole("button", { name: "Save" }).click());
  }

  async saveWell() {
    await this.save();
    await expect(this.page.getByRole("status")).toContainText("Saved.");
  }

  async saveInVain() {
    await this.save();
    await expect(this.page.getByRole("alert")).toContainText("Nothing was saved.");
  }

  async expectError(label, ...texts) {
    await expect(this.field(label)).toHaveAttribute("aria-invalid", "true");
    for (const text of ["Error:", ...texts]) {
      await expect(this.field(label)).toHaveAccessibleDescription(new RegExp(text, "i"));
    }
  }

  async testConnection() {
    await answered(this.page, () => this.page.getByRole("button", { name: "Test connection" }).click());
  }
}
