// Where the chat may be, seen from the page's own address: a list, likeliest first.
//
// Tunnels give each port a name, or a path, with the port's number in it:
//
//   https://lab-55151.app.github.dev/           wss://lab-7272.app.github.dev/
//   https://55151-lab.ws-eu1.gitpod.io/         wss://7272-lab.ws-eu1.gitpod.io/
//   https://code.example/proxy/55151/           wss://code.example/proxy/7272/
//
// Elsewhere it is at its port of the same host. What is served over https can connect
// by wss only.

const word = (port) => new RegExp(`(?<![0-9A-Za-z])${port}(?![0-9A-Za-z])`);

export function chatAddresses({ protocol, hostname, port, pathname }, pagePort, chatPort) {
  const scheme = protocol === "https:" ? "wss" : "ws";
  const own = port ? `:${port}` : "";
  const found = [];
  if (word(pagePort).test(hostname)) found.push(`${scheme}://${hostname.replace(word(pagePort), chatPort)}${own}/`);
  const path = pathname.split("/");
  const at = path.lastIndexOf(String(pagePort));
  if (at > 0) found.push(`${scheme}://${hostname}${own}${[...path.slice(0, at), chatPort, ""].join("/")}`);
  found.push(`${scheme}://${hostname}:${chatPort}/`);
  return found;
}
