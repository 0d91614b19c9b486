// A secret that a link brings: it says who opens it, so it must not stay in the
// address, where others read it and a bookmark keeps it.

// secretOf gives the value of ?name= or #name= in the address, or "", and takes it out.
export function secretOf(location, history, name) {
  const url = new URL(location.href);
  const hash = new URLSearchParams(url.hash.slice(1));
  const secret = url.searchParams.get(name) ?? hash.get(name);
  if (secret === null) return "";
  url.searchParams.delete(name);
  if (hash.has(name)) {
    hash.delete(name);
    url.hash = hash.toString();
  }
  history.replaceState(null, "", url.href.replace(/#$/, ""));
  return secret;
}
