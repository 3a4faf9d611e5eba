// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of every page: no word in the console, no request elsewhere, its language, no sideways scrolling
// from a phone to a wall, on paper, no violation that axe-core knows in either scheme, nothing green that is not known.
"use strict";
const fs = require("fs");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// A page's policy forbids what axe needs; the debugger may evaluate all the same.
async function violations(session, rules) {
	const answer = await session.send("Runtime.evaluate", {
		expression: "axe.run(document, " + JSON.stringify(Object.assign({ preload: false }, rules)) + ").then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].target.join(' '), v.nodes[0].failureSummary])))",
		awaitPromise: true, returnByValue: true,
	});
	return JSON.parse(answer.result.value || '[["axe did not run"]]');
}

exports.look = async function (site, context, tab, page) {
	const { want } = site, name = site.name + " " + page;
	const size = () => tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
	const fits = async (what) => {
		await tab.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, { timeout: 3000 }).catch(() => 0);
		const [is, may] = await size();
		want(name + ": no sideways scrolling " + what, is <= may, [is, may]);
	};
	tab.findings.length = 0;
	await tab.emulateMedia({ colorScheme: "light", media: null });
	await tab.setViewportSize({ width: 1280, height: 900 });
	await tab.goto(site.address(page));
	await tab.waitForFunction(() => !document.querySelector(".charts") || document.querySelector(".ranges"));
	want(name + ": language", (await tab.getAttribute("html", "lang")) === site.language);
	await fits("at 1280");
	want(name + ": one heading, a title, a main part", (await tab.evaluate(() => document.querySelectorAll("h1").length === 1 && document.title.length > 3 && document.querySelectorAll("main").length === 1)));
	want(name + ": valid until", (await tab.locator("#fresh time").count()) === 2);
	want(name + ": no name became markup", (await tab.evaluate(() => document.querySelectorAll("main img, main iframe, main script, main b[onload], main [onerror]").length)) === 0);
	want(name + ": no name ran a script", await tab.evaluate(() => window.pwned === undefined));
	want(name + ": green is only what is good", await tab.evaluate(() => {
		const green = getComputedStyle(document.documentElement).getPropertyValue("--ok").trim();
		return Array.from(document.querySelectorAll(".s-unknown, .s-unreachable, .s-late, .s-critical")).every((e) => getComputedStyle(e).getPropertyValue("--s").trim() !== green);
	}));
	const session = await context.newCDPSession(tab);
	await session.send("Runtime.evaluate", { expression: axe });
	const all = await violations(session, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
	want(name + ": axe", all.length === 0, all);
	await tab.emulateMedia({ colorScheme: "dark" });
	const dark = await violations(session, { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } });
	want(name + ": axe in the dark", dark.length === 0, dark);
	await tab.setViewportSize({ width: 360, height: 800 });
	await fits("at 360");
	want(name + ": its drawing is whole on a phone", await tab.evaluate(() => Array.from(document.querySelectorAll(".burn > .scroll")).every((e) => e.scrollWidth <= e.clientWidth)));
	const phone = await violations(session, { runOnly: { type: "rule", values: ["color-contrast", "scrollable-region-focusable", "aria-hidden-focus"] } });
	want(name + ": axe on a phone", phone.length === 0, phone);
	await tab.setViewportSize({ width: 2560, height: 1440 });
	await fits("at 2560");
	await tab.emulateMedia({ colorScheme: "light", media: "print" });
	await tab.setViewportSize({ width: 760, height: 1080 });
	await fits("on paper");
	want(name + ": paper needs no navigation", !(await tab.locator("nav").isVisible().catch(() => false)));
	want(name + ": nothing in the console", tab.findings.length === 0, tab.findings);
	await session.detach();
};
