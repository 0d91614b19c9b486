// Whether a page may still connect: its own server says so at an address that stands
// for what the page was made for, such as one lesson. A tab of an earlier one must not
// come back: it would speak in the place of a new one.

const patience = 30000;

// permission gives "open" if the server at path has what the page was made for, "over"
// if it no longer does, and "away" if it cannot be asked. Where that has no name, the
// chat can be there without the page's server. unknown is said of a server that knows no
// such thing.
export async function permission(path, named, unknown = "over") {
  let status = 0;
  try {
    ({ status } = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(patience) }));
  } catch {
    // the server is away: it may come back
  }
  if (status === 410) return "over";
  if (status === 404 && named) return unknown;
  return status === 204 || !named ? "open" : "away";
}
