/** The tab Resources: a row for each user. */
import { answered } from "./answered.mjs";

const PATH = "/admin/exchange/resources";

export class Resources {
  constructor(page, world) {
    this.page = page;
    this.world = world;
  }

  /** Opens the tab. */
  static async open(page, world) {
    const resources = new Resources(page, world);
    await resources.again();
    return resources;
  }

  /** Opens the tab anew, with everybody. */
  async again() {
    await this.page.goto(this.world.at(PATH));
  }

  /** A user's row. */
  row(name) {
    return this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name }) });
  }

  /** A user's check box. */
  box(name) {
    return this.page.getByRole("checkbox", { name: `Enable ${name}` });
  }

  /** The check box in the header. */
  get header() {
    return this.page.getByRole("checkbox", { name: "Enable all, as chosen above" });
  }

  async save() {
    await answered(this.page, () => this.page.getByRole("button", { name: "Save" }).first().click());
  }

  async search(text) {
    await this.page.getByLabel("Search by name or address").fill(text);
    await answered(this.page, () => this.page.getByRole("button", { name: "Search" }).click());
  }

  /** Presses a user's button. */
  async synchronise(name) {
    const button = this.page.getByRole("button", { name: `Synchronise ${name} now` });
    await answered(this.page, () => button.click());
  }

  /** What the page says of a save. */
  get notice() {
    return this.page.getByRole("status");
  }
}
