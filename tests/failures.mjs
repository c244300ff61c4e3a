// Which tests failed, or were skipped, from the JSON reports of vitest and Playwright: one line each, with the first line
// of what was thrown and what was expected and found, so that the end of a long log names them.

import { stripVTControlCharacters } from "node:util";

const MAX_LETTERS = 600;

/** @param {string} text of an error, perhaps coloured */
function said(text) {
  const [first, ...others] = stripVTControlCharacters(text).trim().split("\n");
  const told = others.filter((other) => /^\s*(locator|expected|received)\b.*: /i.test(other));
  return [first, ...told.map((other) => other.trim().replace(/\s+/g, " "))].join(" · ").slice(0, MAX_LETTERS);
}

/** @param {string} name @param {string} state @param {string | undefined} message */
const line = (name, state, message) => `${name}: ${said(message ?? "") || state}`;

/** @param {any} report of vitest @param {string} root the checkout @returns {string[]} */
export function vitestFailures(report, root) {
  return report.testResults.flatMap((file) => {
    const path = file.name.replace(`${root}/`, "");
    const bad = file.assertionResults.filter((test) => test.status !== "passed");
    // a file that did not load has no tests
    if (bad.length === 0 && file.status === "failed") return [line(path, "did not load", file.message)];
    return bad.map((test) => line(`${path} › ${test.fullName}`, test.status, test.failureMessages?.[0]));
  });
}

/** @param {any} report of Playwright @returns {string[]} */
export function playwrightFailures(report) {
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
  const tests = report.suites.flatMap(specsOf).flatMap((spec) => spec.tests.map((test) => ({ spec, test })));
  const bad = tests
    .filter(({ test }) => test.status !== "expected")
    .map(({ spec, test }) => {
      const thrown = test.results.flatMap((result) => result.errors).map((error) => error.message);
      return line(`${spec.file}:${spec.line} › ${spec.title}`, test.status, thrown[0]);
    });
  return [...bad, ...report.errors.map((error) => line("Playwright", "error", error.message))];
}
