/** The tabs General and Synchronization: fields with what was found at them, and what a save answers. */
import { expect } from "@playwright/test";
import { answered } from "./answered.mjs";

const PATHS = {
  General: "/admin/exchange/general",
  Synchronization: "/admin/exchange/synchronization",
};

export class Settings {
  /**
   * @param {import("@playwright/test").Page} page in which an administrator is signed in
   * @param {"General" | "Synchronization"} tab
   */
  constructor(page, world, tab) {
    this.page = page;
    this.world = world;
    this.tab = tab;
  }

  /** Opens a tab. */
  static async open(page, world, tab) {
    const settings = new Settings(page, world, tab);
    await settings.again();
    return settings;
  }

  /** Opens the tab anew: what was typed and not saved is gone. */
  async again() {
    await this.page.goto(this.world.at(PATHS[this.tab]));
  }

  /** The field with this label, whether it is required or not. */
  field(label) {
    const exactly = label.replace(/[()]/g, "\\$&");
    return this.page.getByLabel(new RegExp(`^${exactly}( \\(required\\))?$`));
  }

  /** One of several choices that are all shown. */
  choice(label) {
    return this.page.getByRole("radio", { name: label });
  }

  /** Saves, and waits for the answer. */
  async save() {
    await answered(this.page, () => this.page.getByRole("button", { name: "Save", exact: true }).click());
  }

  /** Saves, and it is done. */
  async saveWell() {
    await this.save();
    await expect(this.notice("Saved.")).toBeVisible();
  }

  /** Saves, and it is refused: nothing is stored of it. */
  async saveInVain() {
    const before = await this.world.tandem.settings();
    await this.save();
    await expect(this.notice("Nothing was saved.")).toBeVisible();
    expect(await this.world.tandem.settings()).toEqual(before);
  }

  /** Saves what starts something that is announced first, and starts it. */
  async saveConfirmed() {
    await this.save();
    const confirmation = this.page.getByLabel("Start it");
    if (await confirmation.isVisible()) {
      await confirmation.check();
      await answered(this.page, () => this.page.getByRole("button", { name: "Save and start it" }).click());
    }
    await expect(this.notice("Saved.")).toBeVisible();
  }

  /** The browser itself does not let go what was typed: it leads to the field and says why. */
  async expectKeptByTheBrowser(label) {
    await this.page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(this.field(label)).toBeFocused();
    expect(await this.field(label).evaluate((it) => it.validationMessage)).not.toBe("");
  }

  /** From here on to the next page the browser lets everything go, as one that is made otherwise would. */
  async withoutTheBrowsersChecks() {
    await this.page.locator("#settings").evaluate((form) => (form.noValidate = true));
  }

  /** What the page says above the fields. */
  notice(text) {
    return this.page.locator(".message").filter({ hasText: text });
  }

  /** A field was found wrong: it says so itself, with what is wrong and what to do, and has the icon. */
  async expectError(label, ...texts) {
    await expect(this.field(label)).toHaveAttribute("aria-invalid", "true");
    await this.#expectFound(label, "Error:", texts);
  }

  /** Something about a field could not be checked, or deserves attention. */
  async expectWarning(label, ...texts) {
    await expect(this.field(label)).not.toHaveAttribute("aria-invalid", "true");
    await this.#expectFound(label, "Warning:", texts);
  }

  async #expectFound(label, word, texts) {
    for (const text of [word, ...texts]) {
      await expect(this.field(label)).toHaveAccessibleDescription(new RegExp(text, "i"));
    }
    const name = await this.field(label).getAttribute("id");
    await expect(this.page.locator(`[id="${name}-found"] svg.icon`).first()).toBeVisible();
  }

  /** A field cannot be changed, and says why. */
  async expectGreyed(label, reason) {
    await expect(this.field(label)).toBeDisabled();
    await expect(this.field(label)).toHaveAccessibleDescription(new RegExp(reason));
  }
}
