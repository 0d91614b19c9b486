// A round that is over is left by loading the page again, once: a server that still
// calls the new page's round over must not have it load for ever.

// leave loads the page again, and tells whether it does.
export function leave(round, storage, reload) {
  try {
    if (storage.getItem("left") === round) return false;
    storage.setItem("left", round);
  } catch {
    return false; // no storage, no end
  }
  reload();
  return true;
}
