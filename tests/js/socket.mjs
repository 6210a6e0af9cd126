// A stand-in for socket.io's client: the test is the server.

export class Socket {
  constructor(namespace, options) {
    Object.assign(this, { namespace, options, connected: false, connects: 0, asked: [] });
    this.listeners = new Map();
    this.answers = new Map(); // event: what the server acknowledges, or a function of the message
  }

  on(name, listener) {
    this.listeners.set(name, listener);
  }

  onAny(listener) {
    this.any = listener;
  }

  connect() {
    this.connects += 1;
  }

  disconnect() {
    this.connected = false;
  }

  timeout(milliseconds) {
    this.patience = milliseconds;
    return this;
  }

  async emitWithAck(event, message) {
    this.asked.push([event, message]);
    const answer = this.answers.get(event);
    if (answer === undefined) throw new Error("operation has timed out");
    return typeof answer === "function" ? answer(message) : answer;
  }

  /** The server, or the library, says `name`. */
  async says(name, message) {
    if (name === "connect") this.connected = true;
    this.any?.(name, message);
    await this.listeners.get(name)(message);
  }
}

/** The sockets that were made, the latest last. */
export const sockets = [];

export function io(namespace, options) {
  const socket = new Socket(namespace, options);
  sockets.push(socket);
  return socket;
}
