// Without one of its scripts or style sheets the page is dead, and nothing else would say
// so: a browser gives up what it loads where the network changes meanwhile, as on a
// laptop that joins another Wi-Fi. So the page is loaded again, three times at most, and
// then says it. It stands in the page itself, of which a browser tells the failure.
{
  const tries = () => {
    try {
      return Number(sessionStorage.getItem("again"));
    } catch {
      return 3; // no storage, no end
    }
  };
  const say = () => (document.getElementById("failed").hidden = false);
  let failed = false;
  const again = (e) => {
    if (e.target !== window && e.target.tagName !== "SCRIPT" && e.target.rel !== "stylesheet") return;
    removeEventListener("error", again, true);
    failed = true;
    const before = tries();
    if (before < 3) {
      sessionStorage.setItem("again", before + 1);
      setTimeout(() => location.reload(), 500 << before);
    } else if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else say();
  };
  addEventListener("error", again, true);
  addEventListener("started", () => {
    removeEventListener("error", again, true);
    if (!failed && tries() > 0) sessionStorage.removeItem("again");
  });
}
