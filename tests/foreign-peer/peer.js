// A worker and a client that others wrote, on the embedded engine. Usage: node peer.js HOST:PORT [--serve]
// With --serve there is the worker alone, for clients of another make.
import { TaskHubGrpcClient, TaskHubGrpcWorker } from "@dapr/durabletask-js";
import tasks from "@dapr/durabletask-js/task/index.js";

// The library tells a lot about each turn.
console.log = console.info = console.error = () => {};
const say = (line) => process.stdout.write(`${line}\n`);
const address = process.argv[2];
const client = new TaskHubGrpcClient(address);
const worker = new TaskHubGrpcWorker(address);
const [RUNNING, COMPLETED, FAILED, TERMINATED, SUSPENDED] = [0, 1, 3, 5, 7];
const PATIENCE = 30;

worker.addNamedActivity("plusOne", (_, n) => n + 1);
worker.addNamedActivity("fail", () => { throw new Error("on purpose"); });
worker.addNamedOrchestrator("chain", async function* (context, n) {
  for (let i = 0; i < 5; i++) n = yield context.callActivity("plusOne", n);
  return n;
});
worker.addNamedOrchestrator("fanOut", async function* (context) {
  const calls = [];
  for (let i = 1; i <= 20; i++) calls.push(context.callActivity("plusOne", i));
  const results = yield tasks.whenAll(calls);
  return results.reduce((a, b) => a + b, 0);
});
worker.addNamedOrchestrator("failing", async function* (context) {
  yield context.callActivity("fail", 1);
});
worker.addNamedOrchestrator("timer", async function* (context) {
  yield context.createTimer(0.2);
  return "fired";
});
worker.addNamedOrchestrator("waiting", async function* (context) {
  context.setCustomStatus("waits");
  const said = yield context.waitForExternalEvent("go");
  return `heard ${said}`;
});
worker.addNamedOrchestrator("parent", async function* (context) {
  return yield context.callSubOrchestrator("chain", 10);
});
worker.addNamedOrchestrator("renewing", async function* (context, n) {
  yield context.callActivity("plusOne", n);
  if (n < 5) context.continueAsNew(n + 1, true);
  else return n;
});

async function ended(id) {
  return client.waitForOrchestrationCompletion(id, true, PATIENCE);
}

async function until(id, status) {
  for (const deadline = Date.now() + PATIENCE * 1000; Date.now() < deadline; ) {
    const state = await client.getOrchestrationState(id, true);
    if (state?.runtimeStatus === status) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${id} has not reached status ${status}`);
}

function same(expected, actual, what) {
  if (expected !== actual) throw new Error(`${what}: expected ${expected}, was ${actual}`);
}

async function returns(name, input, output) {
  const state = await ended(await client.scheduleNewOrchestration(name, input));
  same(COMPLETED, state.runtimeStatus, "status");
  same(JSON.stringify(output), state.serializedOutput, "output");
}

const cases = {
  "runs a chain of activities": () => returns("chain", 1, 6),
  "runs activities side by side": () => returns("fanOut", undefined, 230),
  "fires a timer": () => returns("timer", undefined, "fired"),
  "runs a child": () => returns("parent", undefined, 15),
  "continues as new": () => returns("renewing", 1, 5),
  "tells a failure": async () => {
    const state = await ended(await client.scheduleNewOrchestration("failing"));
    same(FAILED, state.runtimeStatus, "status");
    same(true, state.failureDetails.message.includes("on purpose"), "message names the cause");
  },
  "delivers an event": async () => {
    const id = await client.scheduleNewOrchestration("waiting");
    same(JSON.stringify("waits"), JSON.stringify((await until(id, RUNNING)).serializedCustomStatus.replaceAll('"', "")), "custom status");
    await client.raiseOrchestrationEvent(id, "go", "you");
    same('"heard you"', (await ended(id)).serializedOutput, "output");
  },
  "suspends and resumes": async () => {
    const id = await client.scheduleNewOrchestration("waiting");
    await client.suspendOrchestration(id);
    await until(id, SUSPENDED);
    await client.raiseOrchestrationEvent(id, "go", "me");
    await client.resumeOrchestration(id);
    same('"heard me"', (await ended(id)).serializedOutput, "output");
  },
  "terminates and purges": async () => {
    const id = await client.scheduleNewOrchestration("waiting");
    await client.terminateOrchestration(id, "enough");
    const state = await ended(id);
    same(TERMINATED, state.runtimeStatus, "status");
    same('"enough"', state.serializedOutput, "output");
    same(1, (await client.purgeOrchestration(id)).deletedInstanceCount, "deleted");
    same(undefined, await client.getOrchestrationState(id, false), "state");
  },
  "runs many at once": () => Promise.all(Array.from({ length: 50 }, (_, n) => returns("chain", n + 1, n + 6))),
};

await worker.start();
if (process.argv.includes("--serve")) await new Promise(() => {});
let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    say(`  ok    ${name}`);
  } catch (e) {
    failed++;
    say(`  FAIL  ${name}: ${e.message}`);
  }
}
say(`Total: ${Object.keys(cases).length}, Errors: 0, Failed: ${failed}, Skipped: 0`);
process.exit(failed ? 1 : 0);
