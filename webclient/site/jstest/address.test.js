import assert from "node:assert/strict";
import { test } from "node:test";

import { chatAddresses } from "../assets/js/net/address.js";

test("the chat is where the page's address says", () => {
  for (const [page, ...want] of [
    ["http://127.0.0.1:55151/", "ws://127.0.0.1:7272/"],
    ["http://[::1]:55151/", "ws://[::1]:7272/"],
    ["http://lab.example/", "ws://lab.example:7272/"],
    ["https://lab.example/", "wss://lab.example:7272/"],
    ["https://lab-55151.app.github.dev/", "wss://lab-7272.app.github.dev/", "wss://lab-55151.app.github.dev:7272/"],
    ["https://abc12-55151.euw.devtunnels.ms/?dialect=2014", "wss://abc12-7272.euw.devtunnels.ms/", "wss://abc12-55151.euw.devtunnels.ms:7272/"],
    ["https://55151-lab.ws-eu1.gitpod.io/", "wss://7272-lab.ws-eu1.gitpod.io/", "wss://55151-lab.ws-eu1.gitpod.io:7272/"],
    ["http://55151.lab.example:8080/", "ws://7272.lab.example:8080/", "ws://55151.lab.example:7272/"],
    ["https://x55151-155151.example/", "wss://x55151-155151.example:7272/"],
    ["https://code.example/proxy/55151/", "wss://code.example/proxy/7272/", "wss://code.example:7272/"],
    ["https://hub.example:8443/user/me/proxy/55151/index.html", "wss://hub.example:8443/user/me/proxy/7272/", "wss://hub.example:7272/"],
  ]) assert.deepEqual(chatAddresses(new URL(page), "55151", "7272"), want, page);
});
