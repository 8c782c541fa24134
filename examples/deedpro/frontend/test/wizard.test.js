import assert from "node:assert/strict";
import { test } from "node:test";
import { missing, next, progress } from "../src/wizard.js";

const whole = { type: "grant_deed", grantor: "A", grantee: "B", county: "Orange", legal_description: "Lot 1" };

test("wizard: a step names what is missing", () => {
  assert.deepEqual(missing("parties", { grantor: "A", grantee: " " }), ["grantee"]);
});

test("wizard: an unknown step is refused", () => {
  assert.throws(() => missing("payment", {}), RangeError);
});

test("wizard: an incomplete step is not left", () => {
  assert.equal(next("type", {}), "type");
  assert.equal(next("type", whole), "parties");
});

test("wizard: the last step is the last", () => {
  assert.equal(next("review", whole), "review");
});

test("wizard: progress counts complete steps", () => {
  assert.equal(progress({}), 25);
  assert.equal(progress(whole), 100);
});
