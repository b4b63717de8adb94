/** What the browser complains about while a page is used. */
import { expect } from "@playwright/test";

/** Watches a page from now on. */
export function watch(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`a script failed: ${error.message}`));
  page.on("console", (message) => {
    const isOfAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isOfAnswer) complaints.push(message.text());
  });
  page.on("response", (response) => {
    const isPage = response.request().resourceType() === "document";
    // A page may well refuse what was typed; only a fault of the program is none of its answers.
    const worst = isPage ? 500 : 400;
    if (response.status() >= worst) complaints.push(`${response.status()} ${response.url()}`);
  });
  return {
    expectNone: () => expect(complaints, "what the browser complains about").toEqual([]),
  };
}
