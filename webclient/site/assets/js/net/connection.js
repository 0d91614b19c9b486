// A WebSocket that comes back: after each failure the pause doubles, up to half a
// minute, with some chance in it so that a class does not return all at once.

const firstPause = 1000;
const longestPause = 30000;
// The server asks for a sign of life after ten seconds of silence, so a longer
// silence of its own means that it is gone.
const deadAfter = 40000;

export class Connection {
  // on: {open(), text(string), state(name, seconds), closed(code)}
  constructor(url, on) {
    Object.assign(this, { url, on, failures: 0, socket: null, timer: null, watchdog: null, heartbeat: true });
    addEventListener("online", () => this.retry());
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = null;
    this.on.state("connecting");
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.heard();
      this.on.open();
    };
    socket.onmessage = (e) => {
      this.heard();
      this.on.text(typeof e.data === "string" ? e.data : new TextDecoder().decode(e.data));
    };
    socket.onclose = (e) => this.lost(socket, e.code);
  }

  // established ends the growth of the pauses: the server not only took the
  // connection, it let us in.
  established() {
    this.failures = 0;
    this.on.state("open");
  }

  lost(socket, code) {
    if (socket !== this.socket) return;
    clearTimeout(this.watchdog);
    this.socket = null;
    this.on.closed(code);
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
