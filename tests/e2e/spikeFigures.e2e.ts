import { expect, type Page, test } from "@playwright/test";
import { syntheticSln } from "../cases/slnFolder.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

const tab = (page: Page, title: string) => page.locator(".dv-tab", { hasText: new RegExp(`^${title}$`) });
const picture = (page: Page, kind: string) => page.getByTestId(`picture-${kind}`);

test("spikes of several localizers are held against each other, and their α is seen along the axes, around the anchor and over time", async ({
  page,
}) => {
  const { files } = syntheticSln("depth-lateral", 400);
  await page.goto("/?compute=cpu");
  await drop(page, [folderOf(Object.entries(files).map(([path, bytes]) => ({ path, bytes })))]);
  await page.getByTestId("step-localize").getByTestId("run").click({ timeout: 30_000 });
  await expect(page.getByTestId("outcome-0")).toContainText("spikes", { timeout: 90_000 });

  await tab(page, "Agreement").click();
  await painted(page, "agreement");
  await expect(page.getByTestId("agreement-reference-set").locator("option:checked")).toHaveText("monopolar");
  const look = () => picture(page, "agreement").screenshot();
  await page.getByTestId("agreement-own-set").selectOption({ label: "centre of mass" });
  const before = await look();
  await page.getByTestId("agreement-own-set").selectOption({ label: "peak channel" });
  await expect.poll(async () => (await look()).equals(before)).toBe(false);
  await page.getByTestId("agreement-own-set").selectOption({ label: "centre of mass" });
  const box = (await picture(page, "agreement").boundingBox())!;
  await page.mouse.click(box.x + box.width / 5, box.y + box.height / 4);
  await expect(page.getByTestId("selected-spike")).toHaveText(/^spike/);

  await tab(page, "Displacement").click();
  await painted(page, "displacement");
  await painted(page, "displacement-lengths");
  await page.getByTestId("displacement-target-set").selectOption({ label: "centre of mass" });
  await page.getByTestId("displacement-wheel").selectOption("safe");
  expect(await axeViolations(page)).toEqual([]);

  await tab(page, "α").click();
  await painted(page, "alpha-axes");
  await page.getByTestId("show-alpha-local").click();
  await painted(page, "alpha-local");
  await page.getByTestId("show-alpha-variability").click();
  await page.getByTestId("alpha-bin").selectOption("2");
  await painted(page, "alpha-variability");

  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("export-displacement-svg").click(),
  ]);
  expect(download.suggestedFilename()).toBe("displacement.svg");
});
