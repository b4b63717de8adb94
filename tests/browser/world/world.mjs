/** A tenant's whole world for one test: an emulator, the program, and people who sign in. */
import { Emulator } from "./emulator.mjs";
import { Tandem } from "./tandem.mjs";
import { MICROSOFT_365, USERS, tenantFile } from "./tenant.mjs";

export class World {
  /**
   * @param {{ settings?: Function | null, users?: import("./tenant.mjs").User[], mailboxes?: string[] }} office
   *   `settings`: what {@link MICROSOFT_365} stands for; null where nobody saved any yet.
   *   `mailboxes`: those that Exchange has; by default the users'.
   */
  static async open({ settings = MICROSOFT_365, users = USERS, mailboxes = users.map((it) => it.mailbox) }) {
    const world = new World();
    world.emulator = await Emulator.start(mailboxes);
    try {
      const file = tenantFile(settings?.(world.emulator.app), users);
      world.tandem = await Tandem.serve(world.emulator.url, file);
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** The demo, as somebody starts it who wants to look. */
  static async demo() {
    const world = new World();
    world.tandem = await Tandem.demo();
    world.emulator = new Emulator(world.tandem.exchange);
    return world;
  }

  /** The address of a page. */
  at(path) {
    return `${this.tandem.url}${path}`;
  }

  async close() {
    await this.tandem?.stop();
    await this.emulator.stop();
  }
}
