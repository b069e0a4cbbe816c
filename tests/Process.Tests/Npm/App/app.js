// An app on the published client for Dapr, over HTTP. It checks each building block and ends with 0 when all of them hold.
const assert = require("node:assert/strict");
const { DaprClient, DaprServer, CommunicationProtocolEnum, HttpMethod, AbstractActor, ActorProxyBuilder, ActorId, StateConcurrencyEnum } = require("@dapr/dapr");

const [appPort, daprPort] = process.argv.slice(2);
const logger = { level: "warn" };
const seen = { events: [], bulk: [], raw: [], routed: [], ticks: 0, reminders: [], timers: [], turned: 0 };

class Counter extends AbstractActor {
  async add(amount) {
    const [, total] = await this.getStateManager().tryGetState("total");
    await this.getStateManager().setState("total", (total ?? 0) + amount);
    return (total ?? 0) + amount;
  }

  async fail() {
    throw new Error("never");
  }

  async remind() {
    await this.registerActorReminder("wake", "PT0.2S", "PT0.2S", "PT5S", "up");
  }

  async forget() {
    await this.unregisterActorReminder("wake");
  }

  async time() {
    await this.registerActorTimer("tock", "onTimer", "PT0.1S", "PT0.1S", "PT5S", 7);
  }

  async untime() {
    await this.unregisterActorTimer("tock");
  }

  async receiveReminder(data) {
    seen.reminders.push(data);
  }

  async onTimer(data) {
    seen.timers.push(data);
  }
}

async function eventually(holds, what) {
  for (let left = 300; !(await holds()); left--) {
    assert.ok(left > 0, `${what} never came`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

const options = { serverHost: "127.0.0.1", serverPort: appPort, communicationProtocol: CommunicationProtocolEnum.HTTP, logger };
const server = new DaprServer({ ...options, clientOptions: { daprHost: "127.0.0.1", daprPort, logger } });
const client = new DaprClient({ daprHost: "127.0.0.1", daprPort, communicationProtocol: CommunicationProtocolEnum.HTTP, logger });
const checks = {
  "state: save, get, delete": async () => {
    assert.deepEqual(await client.state.save("store", [{ key: "a", value: { n: 1 } }, { key: "b", value: "text" }]), {});
    assert.deepEqual(await client.state.get("store", "a"), { n: 1 });
    assert.equal(await client.state.get("store", "b"), "text");
    assert.deepEqual(await client.state.delete("store", "a"), {});
    assert.equal(await client.state.get("store", "a"), "");
  },
  "state: bulk": async () => {
    await client.state.save("store", [{ key: "x", value: 1 }, { key: "y", value: [2] }]);
    const items = await client.state.getBulk("store", ["x", "y", "none"], { parallelism: 2 });
    assert.deepEqual(items.map(({ key, data }) => [key, data]).sort(), [["none", undefined], ["x", 1], ["y", [2]]]);
  },
  "state: ETag": async () => {
    await client.state.save("store", [{ key: "e", value: 1 }]);
    const [{ etag }] = await client.state.getBulk("store", ["e"]);
    const stale = { key: "e", value: 3, etag: "0", options: { concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE } };
    const fresh = { key: "e", value: 2, etag, options: { concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE } };
    assert.equal(JSON.parse((await client.state.save("store", [stale])).error.message).status, 409);
    assert.deepEqual(await client.state.save("store", [fresh]), {});
    assert.equal(await client.state.get("store", "e"), 2);
    assert.equal(JSON.parse((await client.state.delete("store", "e", { etag })).error.message).status, 409);
  },
  "state: transaction": async () => {
    await client.state.save("store", [{ key: "t1", value: 1 }]);
    await client.state.transaction("store", [
      { operation: "delete", request: { key: "t1" } },
      { operation: "upsert", request: { key: "t2", value: { in: "one go" } } },
    ]);
    assert.equal(await client.state.get("store", "t1"), "");
    assert.deepEqual(await client.state.get("store", "t2"), { in: "one go" });
    const conflict = client.state.transaction("store", [
      { operation: "upsert", request: { key: "t3", value: 1 } },
      { operation: "upsert", request: { key: "t2", value: 1, etag: "0", options: { concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE } } },
    ]);
    await assert.rejects(conflict);
    assert.equal(await client.state.get("store", "t3"), "");
  },
  "pub/sub: published events arrive": async () => {
    assert.deepEqual(await client.pubsub.publish("pubsub", "orders", { id: 1 }), {});
    assert.deepEqual(await client.pubsub.publish("pubsub", "orders", "plain"), {});
    await eventually(() => seen.events.length >= 2, "an event");
    assert.deepEqual(seen.events, [{ id: 1 }, "plain"]);
  },
  "pub/sub: bulk, raw and routed": async () => {
    assert.deepEqual(await client.pubsub.publishBulk("pubsub", "batch", [{ n: 1 }, { n: 2 }, "three"]), { failedMessages: [] });
    await eventually(() => seen.bulk.length >= 3, "a batch");
    assert.deepEqual(seen.bulk.map((item) => JSON.stringify(item)).sort(), ['"three"', '{"n":1}', '{"n":2}']);
    await client.pubsub.publish("pubsub", "raw", { as: "it is" }, { metadata: { rawPayload: "true" } });
    await eventually(() => seen.raw.length, "a raw event");
    assert.deepEqual(seen.raw[0], { as: "it is" });
    await client.pubsub.publish("pubsub", "routed", { id: "r", type: "vip", source: "npm", specversion: "1.0", data: 5 }, { contentType: "application/cloudevents+json" });
    await eventually(() => seen.routed.length, "a routed event");
    assert.deepEqual(seen.routed, [5]);
    assert.ok((await client.pubsub.publish("nobus", "orders", 1)).error);
  },
  "pub/sub: RETRY brings an event again": async () => {
    await client.pubsub.publish("pubsub", "again", 1);
    await eventually(() => seen.turned >= 2, "the second delivery");
  },
  "invocation": async () => {
    assert.deepEqual(await client.invoker.invoke("npm", "echo", HttpMethod.POST, { hello: "there" }), { got: { hello: "there" } });
    assert.deepEqual(await client.invoker.invoke("npm", "where?q=1", HttpMethod.GET), { query: "/where?q=1" });
    await assert.rejects(client.invoker.invoke("npm", "nowhere", HttpMethod.GET), /404/);
    await assert.rejects(client.invoker.invoke("nobody", "echo", HttpMethod.POST, {}), /ERR_DIRECT_INVOKE/);
  },
  "secrets": async () => {
    assert.deepEqual(await client.secret.get("secrets", "password"), { password: "s3cret" });
    assert.deepEqual(await client.secret.getBulk("secrets"), { password: { password: "s3cret" }, "db:user": { "db:user": "me" } });
    await assert.rejects(client.secret.get("nosecrets", "password"));
  },
  "bindings: out to files and HTTP, in from cron": async () => {
    await client.binding.send("files", "create", "kept as it is", { fileName: "note.txt" });
    assert.equal(await client.binding.send("files", "get", undefined, { fileName: "note.txt" }), "kept as it is");
    assert.deepEqual(await client.binding.send("web", "get", undefined, { path: "/where" }), { query: "/where" });
    await eventually(() => seen.ticks > 0, "a tick");
  },
  "actors: methods and state": async () => {
    const actor = new ActorProxyBuilder(Counter, client).build(new ActorId("one"));
    assert.equal(await actor.add(2), 2);
    assert.equal(await actor.add(3), 5);
    assert.equal(await new ActorProxyBuilder(Counter, client).build(new ActorId("two")).add(1), 1);
    await assert.rejects(actor.fail());
  },
  "actors: reminders and timers": async () => {
    const actor = new ActorProxyBuilder(Counter, client).build(new ActorId("three"));
    await actor.remind();
    await actor.time();
    await eventually(() => seen.reminders.length >= 2 && seen.timers.length >= 2, "a reminder and a timer");
    assert.equal(seen.reminders[0], "up");
    assert.equal(seen.timers[0], 7);
    await actor.forget();
    await actor.untime();
  },
  "lock": async () => {
    assert.deepEqual(await client.lock.lock("locks", "door", "me", 60), { success: true });
    assert.deepEqual(await client.lock.lock("locks", "door", "you", 60), { success: false });
    assert.equal((await client.lock.unlock("locks", "door", "you")).status, 2);
    assert.equal((await client.lock.unlock("locks", "door", "me")).status, 0);
    assert.equal((await client.lock.unlock("locks", "door", "me")).status, 1);
  },
  "metadata and health": async () => {
    const metadata = await client.metadata.get();
    assert.equal(metadata.id, "npm");
    assert.ok(metadata.components.some(({ name }) => name === "store"));
    assert.ok(await client.metadata.set("colour", "blue"));
    assert.equal((await client.metadata.get()).extended.colour, "blue");
    assert.ok(await client.health.isHealthy());
  },
  // The client has the configuration API over gRPC alone and says so.
  "configuration is refused by the client": () => assert.rejects(client.configuration.get("config", ["a"])),
};

async function main() {
  await server.pubsub.subscribe("pubsub", "orders", async (data) => void seen.events.push(data));
  await server.pubsub.subscribeBulk("pubsub", "batch", async (data) => void seen.bulk.push(data), { maxMessagesCount: 10, maxAwaitDurationMs: 50 });
  await server.pubsub.subscribe("pubsub", "raw", async (data) => void seen.raw.push(data), "raw", { rawPayload: true });
  await server.pubsub.subscribe("pubsub", "again", async () => (++seen.turned > 1 ? "SUCCESS" : "RETRY"));
  await server.pubsub.subscribeWithOptions("pubsub", "routed", {
    callback: async (data) => void seen.routed.push(data),
    route: { default: "others", rules: [{ match: 'event.type == "vip"', path: "vips" }] },
  });
  await server.invoker.listen("echo", async ({ body }) => ({ got: JSON.parse(body) }), { method: HttpMethod.POST });
  await server.invoker.listen("where", async ({ query }) => ({ query }));
  await server.binding.receive("tick", async () => void seen.ticks++);
  await server.actor.registerActor(Counter);
  await server.actor.init();
  await server.start();
  await client.start();
  const actors = () => client.metadata.get().then(({ actorRuntime }) => actorRuntime?.runtimeStatus === "RUNNING");
  await eventually(actors, "the actor runtime");

  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok   ${name}`);
    } catch (fault) {
      failed++;
      console.log(`FAIL ${name}: ${fault.stack}`);
    }
  }

  process.exit(failed ? 1 : 0);
}

main();
