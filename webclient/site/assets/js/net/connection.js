// A WebSocket that comes back: after each failure the pause doubles, up to half a
// minute, with some chance in it so that a class does not return all at once. Of
// several addresses each is tried, and the one that serves is kept.

const firstPause = 1000;
const longestPause = 30000;
// The server asks for a sign of life after ten seconds of silence, so a longer
// silence of its own means that it is gone.
const deadAfter = 40000;
// What does not answer at all in this time may never: it is said, and it gets longer
// the next time, twice as long each time up to longestPause.
const firstAttempt = 4000;

export class Connection {
  // on: {open(), text(string), state(name, seconds), closed(code), over()}
  // gate is asked before each connection: "open" lets it be made, "over" never again,
  // "away" later.
  constructor(urls, on, gate = async () => "open") {
    Object.assign(this, { urls, on, gate, at: 0, failures: 0, socket: null, timer: null, watchdog: null, heartbeat: true, served: false });
    addEventListener("online", () => this.retry());
  }

  async connect() {
    clearTimeout(this.timer);
    this.timer = null;
    this.on.state("connecting");
    const answer = await this.gate();
    if (answer === "open") return this.attempt(0);
    if (answer === "away") return this.later();
    this.on.state("over");
    this.on.over();
  }

  // attempt connects to the address of that index, and if that fails to the next.
  attempt(at) {
    const socket = new WebSocket(this.urls[at]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.at = at;
    const failed = (code) => {
      clearTimeout(patience);
      if (socket !== this.socket) return;
      if (socket.onopen && at + 1 < this.urls.length) this.attempt(at + 1);
      else this.lost(socket, code);
    };
    const patience = setTimeout(() => {
      socket.close();
      failed(1006);
    }, Math.min(longestPause, firstAttempt * 2 ** this.failures));
    socket.onopen = () => {
      clearTimeout(patience);
      socket.onopen = null;
      this.heard();
      this.on.open();
    };
    socket.onmessage = (e) => {
      if (socket !== this.socket) return;
      this.heard();
      this.on.text(typeof e.data === "string" ? e.data : new TextDecoder().decode(e.data));
    };
    socket.onclose = (e) => failed(e.code);
  }

  // established ends the growth of the pauses: the server not only took the
  // connection, it let us in.
  established() {
    this.failures = 0;
    this.served = true;
    this.urls = [this.urls[this.at]];
    this.at = 0;
    this.on.state("open");
  }

  lost(socket, code) {
    if (socket !== this.socket) return;
    clearTimeout(this.watchdog);
    this.socket = null;
    const again = code === 1012 && this.served; // restart: what it serves has changed
    this.served = false;
    this.on.closed(code);
    if (again) this.connect();
    else this.later();
  }

  // later connects after a pause.
  later() {
    const pause = Math.min(longestPause, firstPause * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures++;
    this.until = performance.now() + pause;
    this.tick();
  }

  tick() {
    const left = this.until - performance.now();
    if (left <= 0) return this.connect();
    this.on.state("waiting", Math.ceil(left / 1000));
    this.timer = setTimeout(() => this.tick(), Math.min(left, 1000));
  }

  // renew connects anew: what is asked for has changed.
  renew() {
    const { socket } = this;
    this.socket = null; // what it tells from here on is not heard
    socket?.close();
    clearTimeout(this.watchdog);
    this.connect();
  }

  // retry does not wait any longer.
  retry() {
    if (this.timer) this.connect();
  }

  heard() {
    clearTimeout(this.watchdog);
    if (!this.heartbeat) return;
    const socket = this.socket;
    this.watchdog = setTimeout(() => {
      socket.close();
      this.lost(socket, 1006); // the closing handshake would wait for the dead
    }, deadAfter);
  }

  send(text) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(text);
    return true;
  }
}
